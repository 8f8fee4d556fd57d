"""Which values may be shared where a copy is promised."""

from __future__ import annotations

from flyte_plan.encoding.kinds import PLAIN


def is_immutable(value: object) -> bool:
    """Whether `value` is an exact scalar, or a tuple or frozenset of such, however nested.

    False is always safe: it only means a copy.
    """
    if type(value) in PLAIN:
        return True
    if type(value) is not tuple and type(value) is not frozenset:
        return False
    pending: list[tuple[object, ...] | frozenset[object]] = [value]
    while pending:
        for element in pending.pop():
            if type(element) in PLAIN:
                continue
            if type(element) is not tuple and type(element) is not frozenset:
                return False
            pending.append(element)
    return True
