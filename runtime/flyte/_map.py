"""`flyte.map`: a task over iterables, in parallel, results in order.

Lazy: nothing runs until a result is asked for. Then all calls start, or `concurrency` of them at
a time. Ending the iteration early cancels the rest.
"""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, overload

from flyte._checks import check_type
from flyte._context import CURRENT_DRIVER
from flyte._group import group
from flyte._task import Task

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
R = TypeVar("R")


class MapResults(Iterator[R]):
    """The results of a `flyte.map`, in input order."""

    def __init__(self, results: Iterator[R]) -> None:
        self._results = results

    def __next__(self) -> R:
        return next(self._results)

    def close(self) -> None:
        """Cancel what hasn't ended."""
        close = getattr(self._results, "close", None)
        if close is not None:
            close()

    def collect(self, kind: Callable[[Iterable[R]], Any]) -> Any:
        """All results in a list or tuple.

        Raises:
            Exception: the first result that is an error.
        """
        results = kind(self)
        for result in results:
            if isinstance(result, Exception):
                raise result
        return results


class _Map:
    """Called as `flyte.map(...)`; asynchronously as `flyte.map.aio(...)`."""

    @overload
    def __call__(
        self,
        task: Callable[[A], Coroutine[Any, Any, R]],
        first: Iterable[A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[True],
    ) -> MapResults[R | Exception]: ...
    @overload
    def __call__(
        self,
        task: Callable[[A], Coroutine[Any, Any, R]],
        first: Iterable[A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> MapResults[R]: ...
    @overload
    def __call__(
        self,
        task: Callable[[A], R],
        first: Iterable[A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[True],
    ) -> MapResults[R | Exception]: ...
    @overload
    def __call__(
        self,
        task: Callable[[A], R],
        first: Iterable[A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> MapResults[R]: ...
    @overload
    def __call__(
        self,
        task: Callable[[A, B], R],
        first: Iterable[A],
        second: Iterable[B],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> MapResults[R]: ...
    @overload
    def __call__(
        self,
        task: Callable[[A, B, C], R],
        first: Iterable[A],
        second: Iterable[B],
        third: Iterable[C],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> MapResults[R]: ...
    def __call__(
        self,
        task: Any,
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> MapResults[Any]:
        """Run `task` on each row of `zip(*iterables)`.

        Args:
            task: a task, or a `functools.partial` of one.
            group_name: labels the calls; by default `map`.
            concurrency: how many run at once; 0 for all.
            return_exceptions: give an error as a result, in its place, instead of raising it.

        Raises:
            TypeError: no task, or the wrong number of iterables for it.
            ValueError: a negative `concurrency`.
        """
        mapped = _mapped(task, iterables, group_name, concurrency, return_exceptions)
        return MapResults(_results(mapped))

    def aio(
        self,
        task: Any,
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool = True,
    ) -> AsyncIterator[Any]:
        """As `flyte.map(...)`, for `async for` in an asynchronous driver."""
        return _results_async(_mapped(task, iterables, group_name, concurrency, return_exceptions))


map = _Map()  # noqa: A001 - upstream's name


class Row:
    """How one row of the iterables becomes the arguments of a task."""

    def __init__(self, task: Any, width: int) -> None:
        partial = task if isinstance(task, functools.partial) else functools.partial(task)
        if not isinstance(partial.func, Task):
            raise TypeError(f"`flyte.map` runs tasks, not {type(partial.func).__name__} objects")
        self.task: Task[..., Any] = partial.func
        self._fixed = partial
        names = self.task.interface.names[len(partial.args) :]
        self._free = [name for name in names if name not in partial.keywords][:width]
        if width == 0 or len(self._free) < width:
            raise TypeError(
                f"`flyte.map` got {width} iterables for task `{self.task.name}`, which has "
                f"{len(names) - len(partial.keywords)} parameters left"
            )

    def bind(self, values: tuple[object, ...]) -> dict[str, object]:
        """The arguments for one row."""
        free = dict(zip(self._free, values, strict=True))
        interface = self.task.interface
        if not self._fixed.args and not self._fixed.keywords:
            return interface.bind(values, {})
        return interface.bind(self._fixed.args, {**self._fixed.keywords, **free})


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One `flyte.map(...)`: what is called with what, and how many at a time."""

    task: Task[..., Any]
    rows: Iterator[dict[str, object]]
    label: str
    concurrency: int
    return_exceptions: bool

    def __post_init__(self) -> None:
        if self.concurrency < 0:
            raise ValueError(f"`concurrency` is 0 (all at once) or more, not {self.concurrency}")

    def fill(self, pending: deque[T], begin: Callable[[dict[str, object]], T]) -> bool:
        """Begin calls while there is room; whether any is pending."""
        with group(self.label):
            while not (self.concurrency and len(pending) >= self.concurrency):
                arguments = next(self.rows, None)
                if arguments is None:
                    break
                pending.append(begin(arguments))
        return bool(pending)


def map_label(task: Task[..., Any], group_name: str | None) -> str:
    """The group of a map's calls."""
    return f"{task.short_name}_{group_name or 'map'}"


def _mapped(
    task: Any,
    iterables: tuple[Iterable[Any], ...],
    group_name: str | None,
    concurrency: int,
    return_exceptions: bool,
) -> Mapped:
    check_type("concurrency", concurrency, int)
    check_type("group_name", group_name, str, type(None))
    check_type("return_exceptions", return_exceptions, bool)
    row = Row(task, len(iterables))
    return Mapped(
        task=row.task,
        rows=(row.bind(values) for values in zip(*iterables, strict=False)),
        label=map_label(row.task, group_name),
        concurrency=concurrency,
        return_exceptions=return_exceptions,
    )


def _results(mapped: Mapped) -> Iterator[Any]:
    branch: Any = CURRENT_DRIVER.get()
    if branch is None:
        yield from _plain_results(mapped)
    else:
        yield from results(mapped, lambda arguments: branch.submit(mapped.task, arguments))


def results(mapped: Mapped, begin: Callable[[dict[str, object]], Any]) -> Iterator[Any]:
    """What the calls give that `begin` submits, in order; ending early cancels the rest."""
    pending: deque[Any] = deque()
    try:
        while mapped.fill(pending, begin):
            yield _result(pending.popleft().wait, mapped.return_exceptions)
    finally:
        for submitted in pending:
            submitted.cancel()


def _plain_results(mapped: Mapped) -> Iterator[Any]:
    for arguments in mapped.rows:
        call = functools.partial(_call_plainly, mapped.task, arguments)
        yield _result(call, mapped.return_exceptions)


def _call_plainly(task: Task[..., Any], arguments: dict[str, object]) -> object:
    value = task.function(**arguments)
    return asyncio.run(value) if asyncio.iscoroutine(value) else value


def _result(wait: Callable[[], object], return_exceptions: bool) -> object:
    try:
        return wait()
    except Exception as error:
        if return_exceptions:
            return error
        raise


def _results_async(mapped: Mapped) -> AsyncIterator[Any]:
    first_driver = functools.cache(CURRENT_DRIVER.get)  # the first call's is that of all

    def begin(arguments: dict[str, object]) -> asyncio.Task[Any]:
        task, driver = mapped.task, first_driver()
        call = task.aio(**arguments) if driver is None else driver.call(task, arguments)
        return asyncio.ensure_future(call)

    return results_async(mapped, begin)


async def results_async(
    mapped: Mapped, begin: Callable[[dict[str, object]], asyncio.Task[Any]]
) -> AsyncIterator[Any]:
    """The same, in a loop."""
    pending: deque[asyncio.Task[Any]] = deque()
    try:
        while mapped.fill(pending, begin):
            yield await _result_async(pending.popleft(), mapped.return_exceptions)
    finally:
        for waiting in pending:
            waiting.cancel()


async def _result_async(call: asyncio.Task[Any], return_exceptions: bool) -> object:
    try:
        return await call
    except Exception as error:
        if return_exceptions:
            return error
        raise
