"""`--print types`: each boundary a line, with its place, its two types and the verdict."""

from __future__ import annotations

from typing import assert_never

from flyte_compiler.typecheck.boundary import Boundary
from flyte_compiler.typecheck.explain import Mismatch, Part, PartKind
from flyte_compiler.typecheck.model import AnyType
from flyte_compiler.typecheck.program import TypedProgram
from flyte_compiler.typecheck.show import show


def print_types(typed: TypedProgram) -> str:
    """The text form of one program's boundaries."""
    lines = [f"types by {typed.oracle.source.value}"]
    lines += [f"  note: {remark}" for remark in typed.oracle.remarks]
    lines += [f"  {_line(boundary)}" for boundary in typed.boundaries]
    return "\n".join(lines) + "\n"


def _line(boundary: Boundary) -> str:
    provided, expected = show(boundary.provided), show(boundary.expected)
    return f"{boundary.span}  {_place(boundary)}: {provided} -> {expected}  {verdict(boundary)}"


def _place(boundary: Boundary) -> str:
    name = boundary.definition.function.short_name
    kind = f"{boundary.kind.value} by {boundary.origin.value}"
    target = name if boundary.parameter is None else f"{name}.{boundary.parameter}"
    return f"{kind} {target}"


def verdict(boundary: Boundary) -> str:
    """`fits`, `unknown`, or how it doesn't fit."""
    if boundary.mismatch is None:
        ends = (boundary.provided, boundary.expected)
        return "unknown" if any(isinstance(each, AnyType) for each in ends) else "fits"
    return _mismatch(boundary.mismatch)


def _mismatch(found: Mismatch) -> str:
    where = "".join(f", in {part_text(part)}" for part in found.path)
    word = "may not fit" if found.is_partial else "does not fit"
    return f"{word}: {found.reason.value}{where}"


def part_text(part: Part) -> str:
    """How a message names a part."""
    match part.kind:
        case PartKind.ITEM:
            return f"item {part.name}"
        case PartKind.FIELD:
            return f"field `{part.name}`"
        case PartKind.ELEMENT | PartKind.KEY | PartKind.VALUE | PartKind.ARGUMENT:
            return str(part.kind.value)
        case _:
            assert_never(part.kind)
