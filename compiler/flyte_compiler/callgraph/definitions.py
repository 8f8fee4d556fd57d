"""Environments and definitions: what decorators make of functions, across modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.made import Environments
from flyte_compiler.callgraph.model import Definition, Environment, Kind
from flyte_compiler.callgraph.names import External, Meaning, Member, Names
from flyte_compiler.callgraph.solve import settled, solve
from flyte_compiler.callgraph.values import Decorates, Made, Outside
from flyte_compiler.syntax.model import Decorator, ModuleIndex

_KINDS: dict[tuple[str, ...], Kind] = {
    ("task",): Kind.TASK,
    ("compiled_task",): Kind.COMPILED_TASK,
}
"""What an environment's attributes make of a function."""
_TRACE = "flyte.trace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Every function of a program, helpers that reach no task among them."""

    names: Names
    flow: Flow
    environments: tuple[Environment, ...]
    of_code: Mapping[Body, Definition]
    """In source order."""

    def owner_of(self, code: Body) -> Definition | None:
        """The definition whose body some code is; None for a module's own."""
        return self.of_code.get(code)

    def is_kept_plain(self, definition: Definition) -> bool:
        """Whether its own name still means the plain function: `t = env.task(f)` leaves `f`."""
        return any(code in self.flow.wraps for code in self._codes_of(definition))

    def _codes_of(self, definition: Definition) -> Iterator[Body]:
        yield self.flow.codes.of_function(definition.function.tree)


def collect_definitions(modules: Mapping[str, ModuleIndex]) -> Definitions:
    """Find what each function is, environments first: decorators may come from any module."""
    names = Names(modules)
    environments = Environments(modules)
    for environment in environments.declared:
        names.add(environment)
    flow = solve(modules)
    of_code = {
        code: _definition(code, names, flow, environments)
        for code in flow.codes
        if code.function is not None
    }
    for definition in of_code.values():
        names.add(definition)
    return Definitions(names=names, flow=flow, environments=environments.named(), of_code=of_code)


def _definition(code: Body, names: Names, flow: Flow, environments: Environments) -> Definition:
    assert code.function is not None
    kind, environment = _declared(code, names, flow, environments)
    return Definition(
        module=code.index.module, function=code.function, kind=kind, environment=environment
    )


def _declared(
    code: Body, names: Names, flow: Flow, environments: Environments
) -> tuple[Kind, Environment | None]:
    """What the decorator nearest to the function that says anything makes of it; else what a call
    like `env.task(f)` does."""
    assert code.function is not None
    decorators = zip(code.function.decorators, code.function.tree.decorators, strict=True)
    for decorator, node in reversed(list(decorators)):
        meaning = _decorator_meaning(decorator, code, names)
        if meaning == External(_TRACE):
            return Kind.TRACE, None
        if isinstance(meaning, Member) and isinstance(meaning.target, Environment):
            if (kind := _KINDS.get(meaning.rest)) is not None:
                return kind, meaning.target
        elif (found := _followed(node, flow.codes.around(code), flow, environments)) is not None:
            return found
    for wrap in flow.wraps.get(code, ()):
        if wrap.made is None:
            return wrap.kind, None
        return wrap.kind, environments.of(wrap.made)
    return Kind.HELPER, None


def _followed(
    node: cst.Decorator, around: Body, flow: Flow, environments: Environments
) -> tuple[Kind, Environment | None] | None:
    """What a decorator is whose environment is a value: `@envs["gpu"].task`."""
    values = settled(flow, node.decorator, around)
    if Outside(_TRACE) in values:
        return Kind.TRACE, None
    found = [value for value in values if isinstance(value, Decorates)]
    if not found:
        return None
    made = found[0].made if len(found) == 1 else Made(node, around)
    kinds = {value.kind for value in found}
    kind = Kind.COMPILED_TASK if kinds == {Kind.COMPILED_TASK} else Kind.TASK
    return kind, environments.of(made)


def _decorator_meaning(decorator: Decorator, code: Body, names: Names) -> Meaning:
    """A decorator's name is looked up in the class around the function, then in the functions
    around it, then in the module."""
    if not decorator.target or code.function is None:
        return None
    parts = decorator.target.split(".")
    scope = code.function.name.rpartition(".")[0]
    if scope and not scope.endswith("<locals>"):
        member = names.member(code.index.module, parts, prefix=f"{scope}.")
        if member is not None:
            return member
    for frame in code.frames[1:]:
        if parts[0] in frame.local:
            return names.member(code.index.module, parts, prefix=frame.prefix)
    return names.meaning(code.index.module, parts)
