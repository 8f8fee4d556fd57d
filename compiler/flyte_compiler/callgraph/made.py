"""Environments by the call that makes them: those that syntax knows, and those that only a value
leads to."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.model import Environment
from flyte_compiler.callgraph.values import Made
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.arguments import argument_named, arguments_of
from flyte_compiler.syntax.model import EnvironmentDef, ModuleIndex
from flyte_compiler.syntax.tree import dotted


class Environments:
    """The environments of one program."""

    def __init__(self, modules: Mapping[str, ModuleIndex]) -> None:
        self.declared = tuple(
            Environment(module=module, definition=found)
            for module, index in sorted(modules.items())
            for found in index.environments
        )
        """Those that an assignment makes, by the text of its module alone."""
        self._by_span: dict[Span, Environment] = {
            each.definition.span: each for each in self.declared
        }

    def of(self, made: Made) -> Environment:
        """The environment that a call makes; one without a variable where nothing names it."""
        span = made.code.index.positions.span(made.node)
        if span not in self._by_span:
            self._by_span[span] = _followed(made, span)
        return self._by_span[span]

    def named(self) -> tuple[Environment, ...]:
        """Those with a variable, in source order."""
        named = [each for each in self._by_span.values() if each.definition.variable]
        return tuple(sorted(named, key=lambda each: (each.module, each.definition.span)))


def _followed(made: Made, span: Span) -> Environment:
    index = made.code.index
    arguments = arguments_of(made.node, index.positions) if isinstance(made.node, cst.Call) else ()
    name = argument_named(arguments, "name", position=0)
    return Environment(
        module=index.module,
        definition=EnvironmentDef(
            variable=_variable(made.node, made.code),
            name=name.literal if name and isinstance(name.literal, str) else None,
            arguments=arguments,
            exclusive=(),
            span=span,
            name_span=name.span if name else span,
        ),
    )


def _variable(node: cst.CSTNode, code: Body) -> str:
    """The module's variable that an environment is always assigned to."""
    assignment = code.parents.get(id(node))
    match assignment:
        case cst.Assign(targets=[cst.AssignTarget(target=target), *_]):
            found = target
        case cst.AnnAssign(target=target):
            found = target
        case _:
            return ""
    line = code.parents.get(id(assignment))
    is_plain = code.function is None and id(line) not in code.parents
    return (dotted(found) or "") if is_plain else ""
