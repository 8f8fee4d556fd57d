"""Errors crossing a boundary.

An error is recorded as type path, message, arguments where they have an encoding, the user's
traceback as text, and its cause. It is raised again as a class made of its own class, where the
program has loaded that, and `RuntimeUserError`: so both `except ValueError` and
`except flyte.errors.RuntimeUserError` catch it. No constructor of the user's is called, and
nothing is imported to make it.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import os
import traceback
from pathlib import Path
from typing import cast

import flyte
import flyte_plan
from flyte._engine.values import decode_value, encode_plain, find_class, real_module
from flyte.errors import BaseRuntimeError, RetriesExhaustedError, RuntimeUserError
from flyte_plan.encoding import UnencodableError

HIDDEN_FOLDERS = tuple(
    f"{Path(file).parent}{os.sep}"
    for file in (flyte.__file__, flyte_plan.__file__ or "", asyncio.__file__)
)
"""Whose frames tell a user nothing: ours, and the event loop's."""
CAUSES_KEPT = 8


def encode_error(error: BaseException) -> bytes:
    """An error's record."""
    return encode_plain(_describe(error, CAUSES_KEPT))


def decode_error(record: bytes) -> BaseException:
    """The error that a driver sees."""
    described = decode_value(record)
    return _rebuild(cast(dict[str, object], described))


def exhausted(record: bytes) -> bytes:
    """The record of an error of a task whose retries are used up: its class says so, too."""
    described = cast(dict[str, object], decode_value(record))
    return encode_plain({**described, "exhausted": True})


def user_traceback(error: BaseException) -> str:
    """The traceback's text, without the engine's own frames."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(HIDDEN_FOLDERS)
    ]
    lines = ["Traceback (most recent call last):\n"] if frames else []
    lines += traceback.format_list(frames)
    lines += traceback.format_exception_only(type(error), error)
    return "".join(lines)


def recorded_traceback(error: BaseException) -> str | None:
    """The user's traceback of an error that crossed a boundary."""
    text = getattr(error, "recorded_traceback", None)
    return text if isinstance(text, str) else None


def _describe(error: BaseException, causes: int) -> dict[str, object]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    original = getattr(error, "original_type", None)
    kind = original if isinstance(original, tuple) else _type_path(type(error))
    return {
        "module": kind[0],
        "name": kind[1],
        "message": _message(error),
        "arguments": _encodable(_arguments(error)),
        "state": _encodable(_state(error)),
        "traceback": recorded_traceback(error) or user_traceback(error),
        "cause": _describe(cause, causes - 1) if cause is not None and causes else None,
        "members": _members(error, causes),
    }


def _arguments(error: BaseException) -> tuple[object, ...]:
    if isinstance(error, OSError) and error.filename is not None:
        return (error.errno, error.strerror, error.filename)  # `args` lacks the file
    return error.args


def _members(error: BaseException, causes: int) -> list[object] | None:
    """What a group is of, where it isn't nested deeper than causes are kept."""
    if not isinstance(error, BaseExceptionGroup) or not causes:
        return None
    return [_describe(member, causes - 1) for member in error.exceptions]


def _type_path(kind: type) -> tuple[str, str]:
    return real_module(kind.__module__), kind.__qualname__


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # a user's __str__ may fail; the error still has to cross
        return f"<its message can't be shown: {type(broken).__name__}>"


def _state(error: BaseException) -> dict[str, object]:
    hidden = ("recorded_traceback", "original_type", "__notes__")
    return {name: value for name, value in vars(error).items() if name not in hidden}


def _encodable(value: object) -> object:
    try:
        encode_plain(value)
    except UnencodableError:
        return None
    return value


def _rebuild(described: dict[str, object]) -> BaseException:
    module, name = cast(str, described["module"]), cast(str, described["name"])
    message = cast(str, described["message"])
    arguments = described["arguments"]
    members = described.get("members")
    if isinstance(members, list):
        text = message.rpartition(" (")[0]  # without "(2 sub-exceptions)", which a group adds
        arguments = (text, [_rebuild(member) for member in members])
    original = _find_error(module, name)
    base = RetriesExhaustedError if described.get("exhausted") else RuntimeUserError
    error = _instance(original, base, arguments if isinstance(arguments, tuple) else (message,))
    state = described["state"]
    if isinstance(state, dict):
        vars(error).update(state)
    vars(error).update(
        code=name.rpartition(".")[2],
        recorded_traceback=described["traceback"],
        original_type=(module, name),
    )
    if original is None:
        error.args = (f"{name}: {message}",)
    cause = described["cause"]
    if isinstance(cause, dict):
        error.__cause__ = _rebuild(cause)
    return error


def _find_error(module: str, name: str) -> type[BaseException] | None:
    kind = getattr(builtins, name, None) if module == "builtins" else find_class(module, name)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return kind
    return None


def _instance(
    original: type[BaseException] | None,
    base: type[RuntimeUserError],
    arguments: tuple[object, ...],
) -> BaseException:
    both = base if original is None else _both(original, base)
    try:
        error = (both or base).__new__(both or base, *arguments)
    except TypeError:  # its `__new__` wants what can't be recorded, as `ExceptionGroup`'s does
        error = base.__new__(base)
    error.args = arguments
    if original is not None and original.__module__ == "builtins":
        with contextlib.suppress(TypeError):  # only Python's own: it fills in what `args` lack
            original.__init__(error, *arguments)
    if original is not None and both is None:
        error.__cause__ = original.__new__(original, *arguments)
    return error


_made: dict[tuple[type[BaseException], type[BaseException]], type[BaseException] | None] = {}
"""By original class and base, so that two errors of one class are of one class again."""


def _both(
    original: type[BaseException], base: type[RuntimeUserError]
) -> type[BaseException] | None:
    """A class that is the error's own and `base`; None where layouts clash."""
    is_ours = issubclass(original, BaseRuntimeError) and base is RuntimeUserError
    if is_ours or issubclass(original, base):
        return original
    key = original, base
    if key not in _made:
        _made[key] = _make_both(original, base)
    return _made[key]


def _make_both(
    original: type[BaseException], base: type[RuntimeUserError]
) -> type[BaseException] | None:
    try:
        both = type(original.__name__, (original, base), {"__str__": original.__str__})
    except TypeError:
        return None
    both.__module__ = original.__module__
    both.__qualname__ = original.__qualname__
    return both
