"""A driver's planned graph, with what is worked out of it once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType

from flyte._engine.compiled.fragments import Fragments
from flyte._engine.compiled.homes import Home, find_plain_function, home_of_helper
from flyte._engine.compiled.signatures import Signature
from flyte._engine.plan_calls import find_module
from flyte_plan.plan import OutputOperand, PlannedGraph, PlannedHelper


class CompiledGraph:
    """One driver's graph, run any number of times in a process."""

    def __init__(self, planned: PlannedGraph) -> None:
        self.planned = planned
        self.fragments = Fragments()
        self._helpers: dict[str, CompiledHelper] = {}
        self._planned_helpers = {helper.id: helper for helper in planned.helpers}

    def helper(self, identity: str) -> CompiledHelper:
        """A helper of the graph; its module is imported at its first use."""
        helper = self._helpers.get(identity)
        if helper is None:
            helper = self._helpers[identity] = _compile(self._planned_helpers[identity])
        return helper

    @cached_property
    def read_once(self) -> frozenset[str]:
        """The nodes whose value has one reader."""
        counts = Counter(_nodes_read(self.planned))
        return frozenset(node for node, count in counts.items() if count == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledHelper:
    """A helper, and where its Python runs."""

    planned: PlannedHelper
    home: Home
    signature: Signature
    function: FunctionType | None
    """The function itself, where its module has it by name: its defaults are asked for."""

    @property
    def called(self) -> str:
        """How Python names it in what it says about a call."""
        return f"{self.planned.module}.{self.home.qualname}()"


def _compile(planned: PlannedHelper) -> CompiledHelper:
    home = home_of_helper(planned)
    is_local = "<locals>" in planned.function
    module = find_module(planned.module)
    return CompiledHelper(
        planned=planned,
        home=home,
        signature=Signature(planned.signature, home, is_async=planned.is_async),
        function=None if is_local else find_plain_function(module, planned.function),
    )


def _nodes_read(record: object) -> list[str]:
    """The node of each output operand in a record of a plan, once for each place."""
    if isinstance(record, OutputOperand):
        return [record.node]
    if isinstance(record, tuple):
        return [node for each in record for node in _nodes_read(each)]
    fields = getattr(record, "__struct_fields__", ())
    return [node for field in fields for node in _nodes_read(getattr(record, field))]
