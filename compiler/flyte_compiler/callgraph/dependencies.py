"""Which environments say that they depend on which, and which may depend on more than is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.definitions import Definitions
from flyte_compiler.callgraph.model import Dependencies, Dependency, Environment, LibraryCall
from flyte_compiler.callgraph.names import Member
from flyte_compiler.callgraph.solve import settled
from flyte_compiler.callgraph.targets import meaning_of
from flyte_compiler.callgraph.values import Made
from flyte_compiler.source.span import Span

_MAKERS = {
    "TaskEnvironment": 1,
    "TaskEnvironment.from_task": None,
    "TaskEnvironment.clone_with": None,
}
"""What makes an environment, and the position of `depends_on` among its arguments."""
_CLONE = "TaskEnvironment.clone_with"
_ADD = "add_dependency"
_BRANCHES = (
    *(cst.If, cst.IfExp, cst.BooleanOperation, cst.Match, cst.Try, cst.TryStar),
    *(cst.For, cst.While, cst.Lambda, cst.ListComp, cst.GeneratorExp),
)
_CHANGED = re.compile(r"\.depends_on\b|\badd_dependency\b(?!\s*\()")
"""What may change an environment's dependencies without a call that can be read."""


def dependencies_among(found: Definitions, library: Sequence[LibraryCall]) -> Dependencies:
    """The dependencies of a program's environments."""
    if not found.environments:
        return Dependencies()
    reader = _Reader(found, {call.span: call for call in library if call.name in _MAKERS})
    for environment in found.environments:
        reader.read_made(environment)
    for body in found.flow.codes:
        for call in body.calls:
            func = call.node.func
            if isinstance(func, cst.Attribute) and func.attr.value == _ADD:
                reader.read_added(call.node, func.value, body)
    texts = (index.source.text for index in found.flow.codes.modules.values())
    if any(_CHANGED.search(text) for text in texts):
        reader.unsure.update(reader.known)
    said = sorted(reader.said, key=lambda each: each.span)
    return Dependencies(said=tuple(said), unsure=frozenset(reader.unsure))


class _Reader:
    """What is known so far."""

    def __init__(self, found: Definitions, makers: Mapping[Span, LibraryCall]) -> None:
        self.known: Mapping[Span, Environment] = {
            each.definition.span: each for each in found.environments
        }
        self.said: list[Dependency] = []
        self.unsure: set[Span] = set()
        self._found = found
        self._makers = makers
        self._read: set[Span] = set()
        self._bodies = {id(call.node): body for body in found.flow.codes for call in body.calls}

    def read_made(self, environment: Environment) -> None:
        """What the call that makes an environment says, once."""
        span = environment.definition.span
        if span in self._read:
            return
        self._read.add(span)
        call = self._makers.get(span)
        if call is None or any(argument.star for argument in call.arguments):
            self.unsure.add(span)
            return
        given = _depends_on(call.tree, _MAKERS[call.name])
        if given is not None:
            self._read_list(environment, given, self._bodies[id(call.tree)])
        elif call.name == _CLONE:
            if isinstance(call.owner, Environment):
                self._inherit(environment, call.owner)
            else:
                self.unsure.add(span)

    def read_added(self, call: cst.Call, owner: cst.BaseExpression, body: Body) -> None:
        """What `environment.add_dependency(...)` says; where nobody knows of which, all may."""
        named = self._named(owner, body)
        environments = (named,) if named else tuple(self._followed(owner, body))
        if not environments:
            self.unsure.update(self.known)
        is_certain = named is not None and _always_runs(call, body)
        for environment in environments:
            for argument in call.args:
                self._say(environment, argument, body, is_certain=is_certain)

    def _read_list(self, environment: Environment, given: cst.BaseExpression, body: Body) -> None:
        if not isinstance(given, cst.List | cst.Tuple | cst.Set):
            self.unsure.add(environment.definition.span)
            return
        is_certain = body.function is None and not environment.definition.exclusive
        for element in given.elements:
            self._say(environment, element, body, is_certain=is_certain)

    def _say(
        self,
        environment: Environment,
        given: cst.Arg | cst.BaseElement,
        body: Body,
        *,
        is_certain: bool,
    ) -> None:
        is_starred = isinstance(given, cst.StarredElement) or (
            isinstance(given, cst.Arg) and bool(given.star)
        )
        named = None if is_starred else self._named(given.value, body)
        others = (named,) if named else tuple(self._followed(given.value, body))
        if is_starred or len(others) != 1:
            self.unsure.add(environment.definition.span)
        span = body.index.positions.span(given.value)
        for other in others:
            self.said.append(
                Dependency(
                    environment=environment,
                    on=other,
                    span=span,
                    is_certain=is_certain and other is named and not other.definition.exclusive,
                )
            )

    def _inherit(self, environment: Environment, origin: Environment) -> None:
        """A clone depends on what its origin did when it was cloned, at the least."""
        self.read_made(origin)
        if origin.definition.span in self.unsure:
            self.unsure.add(environment.definition.span)
        span = environment.definition.span
        self.said.extend(
            Dependency(environment=environment, on=each.on, span=span, is_certain=each.is_certain)
            for each in tuple(self.said)
            if each.environment is origin
        )

    def _named(self, node: cst.BaseExpression, body: Body) -> Environment | None:
        """The environment that an expression is by its name."""
        match meaning_of(node, frozenset(), body, self._found.names):
            case Member(target=Environment() as environment, rest=()):
                return environment
            case _:
                return None

    def _followed(self, node: cst.BaseExpression, body: Body) -> Iterator[Environment]:
        """The environments that may reach an expression."""
        for value in settled(self._found.flow, node, body):
            if isinstance(value, Made):
                span = value.code.index.positions.span(value.node)
                if span in self.known:
                    yield self.known[span]


def _always_runs(call: cst.Call, body: Body) -> bool:
    """Whether a call runs whenever its module is loaded."""
    node: cst.CSTNode | None = call
    while node is not None:
        if isinstance(node, _BRANCHES):
            return False
        node = body.parents.get(id(node))
    return body.function is None


def _depends_on(call: cst.Call, position: int | None) -> cst.BaseExpression | None:
    for place, argument in enumerate(call.args):
        if argument.keyword is not None:
            if argument.keyword.value == "depends_on":
                return argument.value
        elif place == position:
            return argument.value
    return None
