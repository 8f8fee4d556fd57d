"""Functions and methods with a twin for asynchronous code: `f(...)` and `await f.aio(...)`."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

_P = ParamSpec("_P")
_R = TypeVar("_R")
_R_co = TypeVar("_R_co", covariant=True)
_S = TypeVar("_S")
_S_contra = TypeVar("_S_contra", contravariant=True)

class WithAio(Generic[_P, _R_co]):
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
    async def aio(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...

def syncify(function: Callable[_P, Coroutine[Any, Any, _R]], /) -> WithAio[_P, _R]: ...

class MethodWithAio(Generic[_S_contra, _P, _R_co]):
    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: _S_contra, owner: type[Any]) -> WithAio[_P, _R_co]: ...

def syncify_method(
    function: Callable[Concatenate[_S, _P], Coroutine[Any, Any, _R]], /
) -> MethodWithAio[_S, _P, _R]: ...

class ClassMethodWithAio(Generic[_P, _R_co]):
    def __get__(self, instance: object, owner: type[Any]) -> WithAio[_P, _R_co]: ...

def syncify_class_method(
    function: Callable[Concatenate[Any, _P], Coroutine[Any, Any, _R]], /
) -> ClassMethodWithAio[_P, _R]: ...
