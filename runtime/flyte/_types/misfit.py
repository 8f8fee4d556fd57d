"""What is said of a value that isn't of its declared type."""

from __future__ import annotations

import inspect
import reprlib

from flyte.errors import RuntimeDataValidationError
from flyte_plan.encoding.kinds import type_name

_SHORT = reprlib.Repr()
"""How much of a wrong value a message shows."""
_SHORT.maxstring = _SHORT.maxother = 80
_SHORT.maxlevel = 3


class MisfitError(Exception):
    """A value isn't of the expected type; `where` leads to it from the whole."""

    def __init__(self, expected: str, given: object, lack: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.given = given
        self.lack = lack
        """What `given` lacks, where its own type is right."""
        self._inwards: list[str] = []

    @property
    def where(self) -> str:
        """`[3].price`; empty for the value itself."""
        return "".join(reversed(self._inwards))

    @property
    def depth(self) -> int:
        """How many parts lead to it."""
        return len(self._inwards)

    def inside(self, part: str) -> MisfitError:
        """The same, seen from the container whose `part` it is about."""
        self._inwards.append(part)
        return self

    def __str__(self) -> str:
        lack = f", which has no {self.lack}" if self.lack else ""
        return f"expected `{self.expected}`, given {_shown(self.given)}{lack}"


class BoundaryTypeError(RuntimeDataValidationError, TypeError):
    """An argument or a result that isn't of its declared type.

    A `TypeError`, as a call that doesn't fit is, and by the name that upstream gives it.
    """

    def __init__(self, var: str, e: Exception | str, task_name: str = "") -> None:
        super().__init__(var, e, task_name)
        self.args = (self.message,)


def boundary_error(owner: str, name: str, misfit: MisfitError) -> BoundaryTypeError:
    """The error that a user sees: `name` is the parameter, or the result."""
    return BoundaryTypeError(f"{name}{misfit.where}", misfit, owner)


def _shown(value: object) -> str:
    kind = f"a `{type_name(type(value))}`"
    if inspect.iscoroutine(value):
        value.close()  # else Python would warn of it, too, and in other words
        return f"{kind}: the call that made it isn't awaited"
    try:
        text = _SHORT.repr(value)
    except Exception as broken:  # a user's __repr__ may fail; the message still has to be made
        text = f"<its `repr` fails: {type(broken).__name__}>"
    return f"{kind}, {text}" if "\n" not in text else kind
