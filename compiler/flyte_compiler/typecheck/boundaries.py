"""Every boundary of a program: the arguments of its calls, what maps iterate over, defaults and
triggers, and what tasks and traces return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Form, Kind, ValueCall
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import FunctionDef
from flyte_compiler.typecheck.annotations.trees import Trees
from flyte_compiler.typecheck.boundary import Boundary, BoundaryKind, Origin
from flyte_compiler.typecheck.doubt import is_doubtful
from flyte_compiler.typecheck.expected import literal_mismatch, result_expectation
from flyte_compiler.typecheck.explain import explain
from flyte_compiler.typecheck.handed import (
    Handed,
    declared_defaults,
    given_by,
    given_by_trigger,
    mapped_by,
    partial_of,
    returned_by,
    yielded_by,
)
from flyte_compiler.typecheck.model import AnyType, NoneType, Type, TypedSignature
from flyte_compiler.typecheck.oracle import Oracle

_UNKNOWN = AnyType()


def find_boundaries(graph: CallGraph, trees: Trees, oracle: Oracle) -> tuple[Boundary, ...]:
    """By the module and the place of the value."""
    finder = _Finder(graph, trees, oracle)
    found = [*finder.of_calls(), *finder.of_declarations(), *finder.of_results()]
    return tuple(sorted(found, key=lambda each: (each.span, each.definition.key)))


class _Finder:
    """What is found in one program."""

    def __init__(self, graph: CallGraph, trees: Trees, oracle: Oracle) -> None:
        self._graph = graph
        self._trees = trees
        self._oracle = oracle
        self._signatures: dict[str, TypedSignature] = {}

    def of_calls(self) -> Iterator[Boundary]:
        """What calls hand to tasks and traces."""
        for site in self._graph.sites:
            if _is_as_written(site.callee) and site.callee.kind is not Kind.HELPER:
                yield from self._of_call(site, site.callee, site.form)
        for call in self._graph.value_calls:
            for callee in call.candidates:
                if _is_as_written(callee) and callee.kind is not Kind.HELPER:
                    yield from self._of_call(call, callee, call.form)

    def of_declarations(self) -> Iterator[Boundary]:
        """What definitions hand to their own parameters: defaults, and inputs of triggers."""
        for definition in self._declared:
            function = self._trees.function_of(definition)
            tree = self._trees.of_module.get(definition.module)
            if function is None or tree is None:
                continue
            for handed in declared_defaults(function, tree):
                yield from self._given(handed, definition, Origin.DEFAULT, None)
            for handed in given_by_trigger(function, tree):
                yield from self._given(handed, definition, Origin.TRIGGER, None)

    def of_results(self) -> Iterator[Boundary]:
        """What tasks and traces return, or yield."""
        for definition in self._declared:
            function = self._trees.function_of(definition)
            tree = self._trees.of_module.get(definition.module)
            declared = self._signature(definition).result
            if function is None or tree is None or declared is None:
                continue
            is_generator = definition.function.signature.is_generator
            expected = result_expectation(declared, self._oracle) if is_generator else declared
            origin = Origin.YIELD if is_generator else Origin.RETURN
            declaration = definition.function.name_span
            if function.returns is not None:
                declaration = tree.span(function.returns)
            for span in yielded_by(function, tree) if is_generator else returned_by(function, tree):
                provided = NoneType() if span.is_empty else self._type(span.value)
                yield self._judged(
                    Boundary(
                        kind=BoundaryKind.RESULT,
                        origin=origin,
                        definition=definition,
                        parameter=None,
                        site=None,
                        provided=provided,
                        expected=expected,
                        span=span.value,
                        declaration=declaration,
                        mismatch=None,
                    )
                )

    @cached_property
    def _declared(self) -> Sequence[Definition]:
        return [
            each
            for each in self._graph.definitions
            if each.kind is not Kind.HELPER and _is_as_written(each)
        ]

    def _of_call(
        self, call: CallSite | ValueCall, callee: Definition, form: Form
    ) -> Iterator[Boundary]:
        parameters = callee.function.signature.parameters
        if isinstance(call, ValueCall) and self._may_be_partial:
            handed = given_by(call.arguments, parameters, only_keywords=True)
            if form is Form.MAP:
                return
        elif form is Form.MAP:
            yield from self._of_map(call, callee)
            return
        else:
            handed = given_by(call.arguments, parameters)
        for each in handed:
            yield from self._given(each, callee, Origin.CALL, call)

    def _of_map(self, call: CallSite | ValueCall, callee: Definition) -> Iterator[Boundary]:
        parameters = callee.function.signature.parameters
        bound = partial_of(call.span, self._trees)
        for each in bound.handed(parameters):
            yield from self._given(each, callee, Origin.PARTIAL, call)
        for each in mapped_by(call.arguments, parameters, bound):
            iterable = self._type(each.span)
            element = self._oracle.element_of(iterable)
            yield from self._given(
                each, callee, Origin.CALL, call, element if element is not None else _UNKNOWN
            )

    @cached_property
    def _may_be_partial(self) -> bool:
        """Whether a value that is called may have arguments already."""
        return any(
            found.attribute == "partial" or found.loads == "functools"
            for index in self._graph.modules.values()
            for found in index.imports
        )

    def _given(
        self,
        handed: Handed,
        definition: Definition,
        origin: Origin,
        site: CallSite | ValueCall | None,
        element: Type | None = None,
    ) -> Iterator[Boundary]:
        parameter = next(
            (
                each
                for each in definition.function.signature.parameters
                if each.name == handed.parameter
            ),
            None,
        )
        if parameter is None:
            return
        provided = self._type(handed.span) if element is None else element
        expected = self._signature(definition).parameters.get(handed.parameter, _UNKNOWN)
        if origin is Origin.DEFAULT and isinstance(provided, NoneType):
            return  # `x: int = None`: an old way to write an optional one, and meant.
        yield self._judged(
            Boundary(
                kind=BoundaryKind.ARGUMENT if element is None else BoundaryKind.ELEMENT,
                origin=origin,
                definition=definition,
                parameter=handed.parameter,
                site=site,
                provided=provided,
                expected=expected,
                span=handed.span,
                declaration=parameter.span,
                mismatch=None,
            )
        )

    def _judged(self, boundary: Boundary) -> Boundary:
        """The same, with what is wrong with it."""
        is_element = boundary.kind is BoundaryKind.ELEMENT
        node = None if is_element else self._trees.expression_at(boundary.span)
        found = literal_mismatch(node, boundary.provided, boundary.expected)
        if found is None:
            found = explain(boundary.provided, boundary.expected, self._oracle)
        if found is not None and is_doubtful(
            found, boundary.span, self._trees, self._graph.modules, self._oracle.faults
        ):
            return boundary
        return replace(boundary, mismatch=found)

    def _type(self, span: Span) -> Type:
        return self._oracle.type_of(span) or _UNKNOWN

    def _signature(self, definition: Definition) -> TypedSignature:
        key = definition.key
        if key not in self._signatures:
            self._signatures[key] = self._oracle.signature_of(definition)
        return self._signatures[key]


def _is_as_written(definition: Definition) -> bool:
    """Whether callers see the function's own signature: no receiver, no other decorator."""
    function = definition.function
    return not is_method(function) and len(function.decorators) == 1


def is_method(function: FunctionDef) -> bool:
    """Whether a function stands in a class."""
    owner = function.name.rpartition(".")[0]
    return bool(owner) and not owner.endswith("<locals>")
