"""Traced generators: each item is recorded before the body sees it, in its turn.

So a body may call tasks between items, leave early, or be killed anywhere: on replay it sees the
recorded items again. Where it goes on beyond them, the generator runs anew and as many items of
it are passed over. Whatever is sent to it, or thrown into it, is not part of the record.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from operator import methodcaller
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from flyte._engine.calls import Call, identify_item
from flyte._engine.failure import encode_error
from flyte._engine.outcomes import open_outcome
from flyte._engine.trace_bodies import function_of, guarded
from flyte._engine.values import encode_value
from flyte._journal.records import Outcome

if TYPE_CHECKING:
    from flyte._engine.action import Action

_Source: TypeAlias = Generator[Any, Any, Any]
_AsyncSource: TypeAlias = AsyncGenerator[Any, Any]


async def trace_items(
    action: Action, call: Call, arguments: Mapping[str, object]
) -> AsyncGenerator[Any, Any]:
    """The items of a traced asynchronous generator."""
    source: _AsyncSource | None = None
    proceed: Callable[[_AsyncSource], Awaitable[object]] = anext
    action.meet_generator(call)
    with _recorded(action, call) as count_item:
        try:
            for index in count():
                item = identify_item(call, index)
                outcome = await action.admit(item)
                if outcome is None:
                    if source is None:
                        source = await _started_async(action, call, arguments, past=index)
                        proceed = anext
                    outcome = await _next_async(source, proceed, call)
                    await action.tell(item, outcome)
                is_last, value = opened_item(outcome)
                if is_last:
                    return
                count_item()
                try:
                    sent = yield value
                    proceed = methodcaller("asend", sent)
                except Exception as thrown:
                    proceed = methodcaller("athrow", thrown)
        finally:
            if source is not None:
                with guarded(call):
                    await source.aclose()


def trace_items_blocking(
    action: Action, call: Call, arguments: Mapping[str, object]
) -> Generator[Any, Any, Any]:
    """The items of a traced generator, and what it returns."""
    source: _Source | None = None
    proceed: Callable[[_Source], object] = next
    action.meet_generator(call)
    with _recorded(action, call) as count_item:
        try:
            for index in count():
                item = identify_item(call, index)
                outcome = action.admit_blocking(item)
                if outcome is None:
                    if source is None:
                        source = _started(action, call, arguments, past=index)
                        proceed = next
                    outcome = _next(source, proceed, call)
                    action.tell_blocking(item, outcome)
                is_last, value = opened_item(outcome)
                if is_last:
                    return value
                count_item()
                try:
                    sent = yield value
                    proceed = methodcaller("send", sent)
                except Exception as thrown:
                    proceed = methodcaller("throw", thrown)
        finally:
            if source is not None:
                with guarded(call):
                    source.close()


@contextmanager
def _recorded(action: Action, call: Call) -> Iterator[Callable[[], None]]:
    """Record how a generator ended, with the number of items that were counted; leaving it early
    is an end, too."""
    given = 0

    def count_item() -> None:
        nonlocal given
        given += 1

    try:
        yield count_item
    except Exception as error:
        action.end_generator(call, Outcome("error", encode_error(error)))
        raise
    except GeneratorExit:
        action.end_generator(call, Outcome("value", encode_value(given)))
        raise
    action.end_generator(call, Outcome("value", encode_value(given)))


def _started(action: Action, call: Call, arguments: Mapping[str, object], *, past: int) -> _Source:
    """The generator, run anew up to where its records end."""
    action.begin_generator(call)
    with guarded(call):
        source: _Source = function_of(call.target, arguments)()
        for _ in range(past):
            next(source, None)
    return source


async def _started_async(
    action: Action, call: Call, arguments: Mapping[str, object], *, past: int
) -> _AsyncSource:
    action.begin_generator(call)
    with guarded(call):
        source: _AsyncSource = function_of(call.target, arguments)()
        for _ in range(past):
            await anext(source, None)
    return source


def _next(source: _Source, proceed: Callable[[_Source], object], call: Call) -> Outcome:
    try:
        with guarded(call):
            value = proceed(source)
    except StopIteration as end:
        return _last(end.value)
    except Exception as error:
        return Outcome("error", encode_error(error))
    return _item(value)


async def _next_async(
    source: _AsyncSource, proceed: Callable[[_AsyncSource], Awaitable[object]], call: Call
) -> Outcome:
    try:
        with guarded(call):
            value = await proceed(source)
    except StopAsyncIteration:
        return _last(None)
    except Exception as error:
        return Outcome("error", encode_error(error))
    return _item(value)


def _item(value: object) -> Outcome:
    return Outcome("value", encode_value((False, value)))


def _last(returned: object) -> Outcome:
    return Outcome("value", encode_value((True, returned)))


def opened_item(outcome: Outcome) -> tuple[bool, object]:
    """Whether an item's record says that the generator came to its end, and the item, or what the
    generator returned.

    Raises:
        BaseException: the generator raised it.
    """
    return cast(tuple[bool, object], open_outcome(outcome))
