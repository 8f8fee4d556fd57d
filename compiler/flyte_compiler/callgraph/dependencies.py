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
        environments = tuple(self._environments(owner, body))
        if not environments:
            self.unsure.update(self.known)
        for environment in environments:
            for argument in call.args:
                others = () if argument.star else tuple(self._environments(argument.value, body))
                self._say(environment, others, argument.value, body)

    def _read_list(self, environment: Environment, given: cst.BaseExpression, body: Body) -> None:
        if not isinstance(given, cst.List | cst.Tuple | cst.Set):
            self.unsure.add(environment.definition.span)
            return
        for element in given.elements:
            is_star = isinstance(element, cst.StarredElement)
            others = () if is_star else tuple(self._environments(element.value, body))
            self._say(environment, others, element.value, body)

    def _say(
        self,
        environment: Environment,
        others: Sequence[Environment],
        node: cst.CSTNode,
        body: Body,
    ) -> None:
        if len(others) != 1:
            self.unsure.add(environment.definition.span)
        span = body.index.positions.span(node)
        self.said.extend(
            Dependency(environment=environment, on=other, span=span) for other in others
        )

    def _inherit(self, environment: Environment, origin: Environment) -> None:
        """A clone depends on what its origin did when it was cloned, at the least."""
        self.read_made(origin)
        if origin.definition.span in self.unsure:
            self.unsure.add(environment.definition.span)
        span = environment.definition.span
        self.said.extend(
            Dependency(environment=environment, on=each.on, span=span)
            for each in tuple(self.said)
            if each.environment is origin
        )

    def _environments(self, node: cst.BaseExpression, body: Body) -> Iterator[Environment]:
        """What an expression may be; by its name where that is certain."""
        meaning = meaning_of(node, frozenset(), body, self._found.names)
        if isinstance(meaning, Member) and isinstance(meaning.target, Environment):
            if not meaning.rest:
                yield meaning.target
            return
        for value in settled(self._found.flow, node, body):
            if isinstance(value, Made):
                span = value.code.index.positions.span(value.node)
                if span in self.known:
                    yield self.known[span]


def _depends_on(call: cst.Call, position: int | None) -> cst.BaseExpression | None:
    for place, argument in enumerate(call.args):
        if argument.keyword is not None:
            if argument.keyword.value == "depends_on":
                return argument.value
        elif place == position:
            return argument.value
    return None
