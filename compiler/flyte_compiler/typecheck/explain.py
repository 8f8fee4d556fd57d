"""Why a value doesn't go where another type is declared: which part of it, and what about it.

A boundary copies what crosses it, so that nobody can put a wrong element into somebody else's
list: a `list[int]` may go where a `list[float]` is declared, although the typing rules, which
think of one list that two hold, say no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassType,
    LiteralType,
    NeverType,
    NoneType,
    OtherType,
    TupleType,
    Type,
    TypedDictType,
    TypeVariable,
    UnionType,
)
from flyte_compiler.typecheck.oracle import Oracle


class PartKind(Enum):
    """What a part is of the value that holds it."""

    ELEMENT = "element"
    KEY = "key"
    VALUE = "value"
    ITEM = "item"
    FIELD = "field"
    ARGUMENT = "type argument"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step inwards."""

    kind: PartKind
    name: str = ""
    """A field's name, or the place of an item, from 1."""


class Reason(Enum):
    """What is wrong with a part."""

    OTHER_TYPE = "other type"
    NONE = "none"
    """`None`, and nothing else."""
    MAYBE_NONE = "maybe none"
    """Perhaps `None`; everything else that it may be fits."""
    MAYBE_ERROR = "maybe error"
    """Perhaps an exception: an element of a map that hands them back."""
    SOME_MEMBERS = "some members"
    """Some of what it may be fits, and some doesn't."""
    NOT_AWAITED = "not awaited"
    """A coroutine or a future, whose result would fit."""
    NOT_CALLED = "not called"
    """A task or a function in place of what it gives."""
    NOT_COLLECTED = "not collected"
    """An iterator, a generator or a map where its elements are wanted in a container."""
    SINGLE = "single"
    """One element where a container of such is wanted."""
    LENGTH = "length"
    """A tuple of another length."""
    FIELDS = "fields"
    """A TypedDict without a field that is required."""
    NOT_LISTED = "not listed"
    """A value that isn't among the literals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Where two types differ, and how."""

    path: tuple[Part, ...]
    """From the value to the part, outermost first; empty for the value itself."""
    reason: Reason
    provided: Type
    """Of the part; of a union that fits in part, the members that don't."""
    expected: Type
    """Of the part."""
    is_partial: bool
    """Whether some of what the value may be fits."""


_AWAITABLE = frozenset(
    {
        *("typing.Coroutine", "typing.Awaitable", "typing.Generator", "types.CoroutineType"),
        *("collections.abc.Coroutine", "collections.abc.Awaitable"),
        *("asyncio.tasks.Task", "asyncio.futures.Future", "_asyncio.Task", "_asyncio.Future"),
    }
)
_LAZY = frozenset(
    {
        *("typing.Iterator", "typing.Generator", "typing.AsyncIterator", "typing.AsyncGenerator"),
        *("typing.Iterable", "typing.AsyncIterable", "builtins.map", "builtins.filter"),
        *("builtins.zip", "builtins.enumerate", "builtins.range", "builtins.reversed"),
        *("builtins.dict_keys", "builtins.dict_values", "builtins.dict_items"),
        *("_collections_abc.dict_keys", "_collections_abc.dict_values"),
        *("_collections_abc.dict_items", "flyte._map.MapResults", "flyte.MapResults"),
    }
)
_ONE_KIND = frozenset(
    {
        *("builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple"),
        *("collections.deque", "typing.Sequence", "typing.MutableSequence", "typing.Collection"),
        *("typing.Iterable", "typing.Iterator", "typing.AbstractSet", "typing.MutableSet"),
        *("typing.AsyncIterable", "typing.AsyncIterator"),
    }
)
_TABLES = frozenset(
    {
        *("builtins.dict", "typing.Mapping", "typing.MutableMapping"),
        *("collections.defaultdict", "collections.OrderedDict"),
    }
)
_TASKS = ("flyte.", "flyte._task.")


def explain(provided: Type, expected: Type, oracle: Oracle) -> Mismatch | None:
    """Why a value of one type can't cross to where another is declared; None where it can, or
    where too little is known."""
    if oracle.is_assignable(provided, expected):
        return None
    match provided, expected:
        case (AnyType() | NeverType() | TypeVariable(), _) | (_, AnyType() | TypeVariable()):
            return None
        case UnionType(members=members), _:
            return _of_union(members, expected, oracle)
        case _, UnionType(members=members):
            return _to_union(provided, members, expected, oracle)
        case TupleType(items=given), TupleType(items=wanted) if len(given) == len(wanted):
            return _of_items(given, wanted, oracle)
        case ClassType(name="builtins.tuple", arguments=(given,)), TupleType(items=wanted):
            return _of_items((given,) * len(wanted), wanted, oracle)
        case ClassType(), LiteralType(of=of) if provided == of:
            return None  # Any `str` may be the one that is listed: a reader knows, a type doesn't.
        case TypedDictType(), TypedDictType():
            return _of_fields(provided, expected, oracle)
        case ClassType(), ClassType() if _are_alike(provided, expected):
            return _of_arguments(provided, expected, oracle)
        case TupleType(items=items), ClassType(name=name, arguments=(wanted,)) if (
            name == "builtins.tuple" or name.startswith("typing.")
        ):
            return _of_items(items, (wanted,) * len(items), oracle)
        case _:
            return _whole(provided, expected, oracle)


def _of_union(members: Iterable[Type], expected: Type, oracle: Oracle) -> Mismatch | None:
    found = {member: explain(member, expected, oracle) for member in members}
    wrong = [member for member, mismatch in found.items() if mismatch is not None]
    if not wrong:
        return None
    if len(wrong) == len(found):
        only = found[wrong[0]]
        provided = UnionType(members=tuple(wrong))
        return only if len(wrong) == 1 else _plainly(provided, expected, Reason.OTHER_TYPE)
    reason = Reason.SOME_MEMBERS
    if all(isinstance(member, NoneType) for member in wrong):
        reason = Reason.MAYBE_NONE
    elif all(is_exception(member) for member in wrong):
        reason = Reason.MAYBE_ERROR
    unfit = wrong[0] if len(wrong) == 1 else UnionType(members=tuple(wrong))
    return Mismatch(path=(), reason=reason, provided=unfit, expected=expected, is_partial=True)


def _to_union(
    provided: Type, members: Iterable[Type], expected: Type, oracle: Oracle
) -> Mismatch | None:
    """Explained by the one member that the value is of the same kind as, if there is one."""
    wanted = [each for each in members if not isinstance(each, NoneType)]
    found = [explain(provided, member, oracle) for member in wanted]
    if None in found:
        return None
    deeper = [each for each in found if each is not None and each.path]
    if len(deeper) == 1:
        return deeper[0]
    if len(wanted) == 1 and found[0] is not None and found[0].reason is not Reason.OTHER_TYPE:
        return found[0]
    return _plainly(provided, expected, _reason_of(provided, wanted, oracle))


def _of_items(given: Iterable[Type], wanted: Iterable[Type], oracle: Oracle) -> Mismatch | None:
    for place, (one, other) in enumerate(zip(given, wanted, strict=True), start=1):
        found = explain(one, other, oracle)
        if found is not None:
            return _inside(Part(kind=PartKind.ITEM, name=str(place)), found)
    return None


def _of_fields(provided: TypedDictType, expected: TypedDictType, oracle: Oracle) -> Mismatch | None:
    given = dict(provided.fields)
    for name, wanted in expected.fields:
        if name not in given:
            if name in expected.required:
                return _plainly(provided, expected, Reason.FIELDS)
            continue
        found = explain(given[name], wanted, oracle)
        if found is not None:
            return _inside(Part(kind=PartKind.FIELD, name=name), found)
    missing = expected.required - provided.required
    return _plainly(provided, expected, Reason.FIELDS) if missing else None


def _are_alike(provided: ClassType, expected: ClassType) -> bool:
    """Whether both are generic in the same way, and one may stand for the other."""
    if len(provided.arguments) != len(expected.arguments) or not provided.arguments:
        return False
    if provided.name == expected.name:
        return True
    both = (_ONE_KIND, _TABLES)
    alike = any(provided.name in kind and expected.name in kind for kind in both)
    return alike and expected.name in provided.bases


def _of_arguments(provided: ClassType, expected: ClassType, oracle: Oracle) -> Mismatch | None:
    """The first type argument that doesn't fit; of a class that isn't copied as a container is,
    the type arguments must be the same, as the typing rules say."""
    is_copied = provided.name in _ONE_KIND | _TABLES
    for part, one, other in zip(
        _parts(provided), provided.arguments, expected.arguments, strict=True
    ):
        found = explain(one, other, oracle)
        if found is not None:
            return _inside(part, found)
    return None if is_copied else _plainly(provided, expected, Reason.OTHER_TYPE)


def _parts(generic: ClassType) -> Iterator[Part]:
    if generic.name in _TABLES:
        yield from (Part(kind=PartKind.KEY), Part(kind=PartKind.VALUE))
        return
    kind = PartKind.ELEMENT if generic.name in _ONE_KIND else PartKind.ARGUMENT
    for _ in generic.arguments:
        yield Part(kind=kind)


def _inside(part: Part, found: Mismatch) -> Mismatch:
    return Mismatch(
        path=(part, *found.path),
        reason=found.reason,
        provided=found.provided,
        expected=found.expected,
        is_partial=found.is_partial,
    )


def _whole(provided: Type, expected: Type, oracle: Oracle) -> Mismatch:
    return _plainly(provided, expected, _reason_of(provided, (expected,), oracle))


def _plainly(provided: Type, expected: Type, reason: Reason) -> Mismatch:
    return Mismatch(path=(), reason=reason, provided=provided, expected=expected, is_partial=False)


def _reason_of(provided: Type, wanted: Iterable[Type], oracle: Oracle) -> Reason:
    wanted = tuple(wanted)
    match provided:
        case NoneType():
            return Reason.NONE
        case ClassType(name=name) if name in _AWAITABLE and _is_awaitable(provided, oracle):
            return Reason.NOT_AWAITED
        case CallableType():
            return Reason.NOT_CALLED
        case ClassType() if is_task(provided):
            return Reason.NOT_CALLED
        case ClassType(name=name) if name in _LAZY and any(map(_is_container, wanted)):
            return Reason.NOT_COLLECTED
        case TupleType() if any(isinstance(each, TupleType) for each in wanted):
            return Reason.LENGTH
        case LiteralType() if any(isinstance(each, LiteralType) for each in wanted):
            return Reason.NOT_LISTED
        case _ if any(_fits_as_element(provided, each, oracle) for each in wanted):
            return Reason.SINGLE
        case _:
            return Reason.OTHER_TYPE


def _is_awaitable(provided: Type, oracle: Oracle) -> bool:
    return oracle.awaited(provided) is not None


def _is_container(wanted: Type) -> bool:
    return isinstance(wanted, TupleType) or (
        isinstance(wanted, ClassType) and wanted.name in _ONE_KIND | _TABLES
    )


def _fits_as_element(provided: Type, wanted: Type, oracle: Oracle) -> bool:
    match wanted:
        case ClassType(name=name, arguments=(element,)) if name in _ONE_KIND:
            return not isinstance(element, AnyType) and oracle.is_assignable(provided, element)
        case _:
            return False


def is_exception(tested: Type) -> bool:
    """Whether a type is an exception's."""
    names = ("builtins.Exception", "builtins.BaseException")
    return isinstance(tested, ClassType) and any(
        name in names for name in (tested.name, *tested.bases)
    )


def is_task(tested: Type) -> bool:
    """Whether a type is a task's own, not of what the task gives."""
    if isinstance(tested, OtherType) or not isinstance(tested, ClassType):
        return False
    module, _, name = tested.name.rpartition(".")
    return f"{module}.".startswith("flyte.") and name.endswith("Task")
