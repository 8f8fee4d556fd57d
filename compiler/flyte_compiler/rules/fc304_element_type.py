"""FC304: a map's iterables don't fit the task's parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import CallArgument, CallSite, Form
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.mismatching import severity_of, types_of
from flyte_compiler.syntax.model import Parameter, ParameterKind
from flyte_compiler.typecheck.boundary import Boundary, BoundaryKind
from flyte_compiler.typecheck.explain import Mismatch
from flyte_compiler.typecheck.handed import Bound, partial_of
from flyte_compiler.typecheck.program import TypedProgram
from flyte_compiler.typecheck.show import show

RULE = Rule("FC304", "element-type", Severity.ERROR)

_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One an iterable, or one a map whose iterables are too few or too many."""
    for boundary in facts.boundaries():
        found = boundary.mismatch
        if boundary.kind is BoundaryKind.ELEMENT and found is not None:
            yield _wrong_element(boundary, found)
    if facts.types is not None:
        for site in facts.task_sites():
            if site.form is Form.MAP and len(site.callee.function.decorators) == 1:
                yield from _of_site(site, facts.types)


def _wrong_element(boundary: Boundary, found: Mismatch) -> Diagnostic:
    provided, expected = types_of(boundary)
    name = boundary.definition.function.short_name
    return Diagnostic(
        rule=RULE,
        severity=severity_of(found),
        message=(
            f"`{name}` expects `{expected}` for `{boundary.parameter}`, but is mapped over "
            f"elements of type `{provided}`"
        ),
        primary=Label(boundary.span, f"each element is a `{provided}`"),
        labels=(Label(boundary.declaration, "expected here"),),
    )


def _of_site(site: CallSite, types: TypedProgram) -> Iterator[Diagnostic]:
    bound = partial_of(site.span, types.trees)
    iterables = [each for each in site.arguments if each.keyword is None]
    if bound.is_open or any(each.star for each in site.arguments):
        return
    for each in iterables:
        yield from _not_iterable(each, types)
    free = _free(site.callee.function.signature.parameters, bound)
    needed = [each for each in free if each.default is None]
    if not len(needed) <= len(iterables) <= len(free):
        yield _wrong_count(site, iterables, needed, len(free))


def _not_iterable(argument: CallArgument, types: TypedProgram) -> Iterator[Diagnostic]:
    provided = types.oracle.type_of(argument.span)
    if provided is None or types.oracle.element_of(provided) is not None:
        return
    yield Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`flyte.map` iterates over `{argument.text}`, which is a `{show(provided)}`",
        primary=Label(argument.span, "nothing to iterate over"),
    )


def _free(parameters: Sequence[Parameter], bound: Bound) -> list[Parameter]:
    taken = {name for name, _ in bound.keywords}
    ordered = [each for each in parameters if each.kind in _BY_POSITION]
    return [each for each in ordered[len(bound.positional) :] if each.name not in taken]


def _wrong_count(
    site: CallSite, iterables: Sequence[CallArgument], needed: Sequence[Parameter], most: int
) -> Diagnostic:
    name, given = site.callee.function.short_name, len(iterables)
    takes = most if given > most else len(needed)
    plural = "" if takes == 1 else "s"
    at = iterables[most].span if given > most else site.callee_span
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` takes {takes} argument{plural} of a map, but is mapped over {given}",
        primary=Label(at, "one iterable too many" if given > most else f"`{name}` needs more"),
        labels=(Label(site.callee.function.name_span, "one iterable for each parameter"),),
    )
