"""What an action gave, as a tuple."""

from __future__ import annotations

from typing import Any


class ActionOutputs(tuple[Any, ...]):
    """What an action gave: a tuple, whose parts are also `o0`, `o1`, … and in `named_outputs`."""

    __slots__ = ()

    @property
    def named_outputs(self) -> dict[str, Any]:
        """The outputs by name."""
        return {f"o{index}": value for index, value in enumerate(self)}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.named_outputs[name]
        except KeyError:
            raise AttributeError(f"no output `{name}`; there are {len(self)}") from None


def outputs_of(value: object, names: tuple[str, ...]) -> ActionOutputs:
    """A task's result as its outputs; a task without a declared one gives None."""
    if not names:
        return ActionOutputs((None,))
    return ActionOutputs(value if len(names) > 1 and isinstance(value, tuple) else (value,))
