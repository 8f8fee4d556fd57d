"""Functions and methods with a twin for asynchronous code: `f(...)` and `await f.aio(...)`.

`@syncify` makes the blocking form of a coroutine function. Called where an event loop runs, the
blocking form runs on a loop of its own, on a thread of its own, with the caller's context.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, cast, overload

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


class WithAio(Generic[P, R]):
    """A function, and the same one for asynchronous code as `.aio`."""

    def __init__(
        self, blocking: Callable[P, R], asynchronous: Callable[P, Coroutine[Any, Any, R]]
    ) -> None:
        self._blocking = blocking
        self._asynchronous = asynchronous
        functools.update_wrapper(self, asynchronous)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it, and wait."""
        return self._blocking(*args, **kwargs)

    async def aio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it, without blocking the loop."""
        return await self._asynchronous(*args, **kwargs)


def syncify(function: Callable[P, Coroutine[Any, Any, R]], /) -> WithAio[P, R]:
    """A coroutine function as a blocking one, itself as its `.aio`.

    Raises:
        TypeError: not a function.
    """
    if not callable(function):
        raise TypeError(f"`syncify` is for coroutine functions, not for {function!r}")

    @functools.wraps(function)
    def blocking(*args: P.args, **kwargs: P.kwargs) -> R:
        return finish(function(*args, **kwargs))

    return WithAio(blocking, function)


def with_aio(blocking: Callable[P, R], /) -> WithAio[P, R]:
    """A blocking function, its `.aio` the same on a thread."""

    @functools.wraps(blocking)
    async def asynchronous(*args: P.args, **kwargs: P.kwargs) -> R:
        import asyncio  # noqa: PLC0415 - keeps start-up light

        return await asyncio.to_thread(blocking, *args, **kwargs)

    return WithAio(blocking, asynchronous)


def at_once(function: Callable[P, R], /) -> WithAio[P, R]:
    """A function that never waits, so that `.aio` may call it on the loop."""

    @functools.wraps(function)
    async def asynchronous(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return WithAio(function, asynchronous)


class MethodWithAio(Generic[S, P, R]):
    """A method with a twin: found on an instance, it is bound to it."""

    def __init__(
        self,
        function: Callable[Concatenate[S, P], Any],
        make: Callable[[Callable[..., Any]], WithAio[P, R]],
    ) -> None:
        self._function = function
        self._make = make
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: S, owner: type[Any]) -> WithAio[P, R]: ...
    def __get__(self, instance: S | None, owner: type[Any]) -> Self | WithAio[P, R]:
        """Bound, as methods are."""
        if instance is None:
            return self
        return self._make(_bound(self._function, instance))


class ClassMethodWithAio(Generic[P, R]):
    """A class method with a twin."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], Any],
        make: Callable[[Callable[..., Any]], WithAio[P, R]],
    ) -> None:
        self._function = function
        self._make = make
        self.__doc__ = function.__doc__

    def __get__(self, instance: object, owner: type[Any]) -> WithAio[P, R]:
        """Bound to the class, as class methods are."""
        return self._make(_bound(self._function, owner))


def syncify_method(
    function: Callable[Concatenate[S, P], Coroutine[Any, Any, R]], /
) -> MethodWithAio[S, P, R]:
    """As `syncify`, for a method."""
    return MethodWithAio(function, cast(Any, syncify))


def syncify_class_method(
    function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]], /
) -> ClassMethodWithAio[P, R]:
    """As `syncify`, for a class method."""
    return ClassMethodWithAio(function, cast(Any, syncify))


def method_with_aio(function: Callable[Concatenate[S, P], R], /) -> MethodWithAio[S, P, R]:
    """As `with_aio`, for a method."""
    return MethodWithAio(function, cast(Any, with_aio))


def class_method_with_aio(
    function: Callable[Concatenate[Any, P], R], /
) -> ClassMethodWithAio[P, R]:
    """As `with_aio`, for a class method."""
    return ClassMethodWithAio(function, cast(Any, with_aio))


def finish(coroutine: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end from synchronous code, wherever that runs."""
    import asyncio  # noqa: PLC0415 - keeps start-up light

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    return _on_a_thread(lambda: asyncio.run(coroutine))


def _on_a_thread(work: Callable[[], R]) -> R:
    import contextvars  # noqa: PLC0415 - keeps start-up light
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - the same

    context = contextvars.copy_context()
    with ThreadPoolExecutor(1, thread_name_prefix="flyte-syncify") as pool:
        return pool.submit(context.run, work).result()


def _bound(function: Callable[..., Any], first: object) -> Callable[..., Any]:
    # Not `partial`: a coroutine function has to look like one, and to keep its name.
    return cast(Callable[..., Any], function.__get__(first, type(first)))
