"""`flyte.map`: a task over iterables, in parallel, results in order.

An element that fails is its error where `return_exceptions=True` is written, and is not in the
type where nothing is written, though it is then too: the usual idiom is not to test. The compiler
reports results that are used without a test (FC307).
"""

from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from functools import partial
from typing import Any, Literal, Protocol, TypeVar, overload

_R = TypeVar("_R")
_R_co = TypeVar("_R_co", covariant=True)
_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")
_E = TypeVar("_E")
_A_contra = TypeVar("_A_contra", contravariant=True)
_B_contra = TypeVar("_B_contra", contravariant=True)
_C_contra = TypeVar("_C_contra", contravariant=True)
_D_contra = TypeVar("_D_contra", contravariant=True)
_E_contra = TypeVar("_E_contra", contravariant=True)

# A task by its `aio`, which gives the result for both kinds of function, and which a plain
# function, that can't be mapped, doesn't have.
class _TakesOne(Protocol[_A_contra, _R_co]):
    async def aio(self, first: _A_contra, /) -> _R_co: ...

class _TakesTwo(Protocol[_A_contra, _B_contra, _R_co]):
    async def aio(self, first: _A_contra, second: _B_contra, /) -> _R_co: ...

class _TakesThree(Protocol[_A_contra, _B_contra, _C_contra, _R_co]):
    async def aio(self, first: _A_contra, second: _B_contra, third: _C_contra, /) -> _R_co: ...

class _TakesFour(Protocol[_A_contra, _B_contra, _C_contra, _D_contra, _R_co]):
    async def aio(
        self, first: _A_contra, second: _B_contra, third: _C_contra, fourth: _D_contra, /
    ) -> _R_co: ...

class _TakesFive(Protocol[_A_contra, _B_contra, _C_contra, _D_contra, _E_contra, _R_co]):
    async def aio(
        self,
        first: _A_contra,
        second: _B_contra,
        third: _C_contra,
        fourth: _D_contra,
        fifth: _E_contra,
        /,
    ) -> _R_co: ...

class MapResults(Iterator[_R_co]):
    def __next__(self) -> _R_co: ...
    def close(self) -> None: ...

class _Map:
    @overload
    def __call__(
        self,
        task: _TakesOne[_A, _R],
        first: Iterable[_A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: _TakesOne[_A, _R],
        first: Iterable[_A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: _TakesTwo[_A, _B, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: _TakesTwo[_A, _B, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: _TakesThree[_A, _B, _C, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: _TakesThree[_A, _B, _C, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: _TakesFour[_A, _B, _C, _D, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: _TakesFour[_A, _B, _C, _D, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: _TakesFive[_A, _B, _C, _D, _E, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        fifth: Iterable[_E],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: _TakesFive[_A, _B, _C, _D, _E, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        fifth: Iterable[_E],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: partial[Coroutine[Any, Any, _R]],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: partial[Coroutine[Any, Any, _R]],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def __call__(
        self,
        task: partial[_R],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> MapResults[_R]: ...
    @overload
    def __call__(
        self,
        task: partial[_R],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> MapResults[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: _TakesOne[_A, _R],
        first: Iterable[_A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: _TakesOne[_A, _R],
        first: Iterable[_A],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: _TakesTwo[_A, _B, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: _TakesTwo[_A, _B, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: _TakesThree[_A, _B, _C, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: _TakesThree[_A, _B, _C, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: _TakesFour[_A, _B, _C, _D, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: _TakesFour[_A, _B, _C, _D, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: _TakesFive[_A, _B, _C, _D, _E, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        fifth: Iterable[_E],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: _TakesFive[_A, _B, _C, _D, _E, _R],
        first: Iterable[_A],
        second: Iterable[_B],
        third: Iterable[_C],
        fourth: Iterable[_D],
        fifth: Iterable[_E],
        /,
        *,
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: partial[Coroutine[Any, Any, _R]],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: partial[Coroutine[Any, Any, _R]],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...
    @overload
    def aio(
        self,
        task: partial[_R],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: Literal[False] = ...,
    ) -> AsyncIterator[_R]: ...
    @overload
    def aio(
        self,
        task: partial[_R],
        /,
        *iterables: Iterable[Any],
        group_name: str | None = None,
        concurrency: int = 0,
        return_exceptions: bool,
    ) -> AsyncIterator[_R | Exception]: ...

map: _Map  # noqa: A001 - the name that users know
