"""A task: a function that knows its environment, its interface and its options.

Outside a run, calling a task calls its function. Inside one, the call is an action of the driver
whose body makes it. `.aio(...)` gives a coroutine for both kinds of function, `.forward(...)` is
the function in any case, and `.override(...)` is the same task with other options.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, Self, TypeVar, Unpack

from flyte import _options
from flyte._context import current_driver
from flyte._interface import Interface
from flyte._load import defining_module

if TYPE_CHECKING:
    from flyte._environment import TaskEnvironment
    from flyte._options import OverrideKeywords, TaskOptions

P = ParamSpec("P")
R = TypeVar("R")

TaskKind = Literal["task", "compiled_task"]


class Task(Generic[P, R]):
    """A task; made by `env.task`, not by hand.

    Attributes:
        name: `environment.function`.
        function: the user's own function.
        environment: where it was defined.
        interface: its parameters and result.
        kind: which decorator it has.
        options: what it was told, its environment's options included.
    """

    name: str
    function: Callable[P, Any]
    environment: TaskEnvironment
    interface: Interface
    kind: TaskKind
    options: TaskOptions
    __name__: str
    __qualname__: str

    def __init__(
        self,
        function: Callable[P, Any],
        *,
        environment: TaskEnvironment,
        kind: TaskKind,
        options: TaskOptions,
    ) -> None:
        name = f"{environment.name}.{function.__name__}"
        interface = Interface.of(function, owner=name)
        functools.update_wrapper(self, function)
        # After the wrapper's: attributes of the function must not hide the task's.
        self.name = name
        self.function = function
        self.environment = environment
        self.interface = interface
        self.kind = kind
        self.options = options

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Inside a run an action, whose result is returned; outside, the function.

        Raises:
            TypeError: inside a run, arguments that don't fit the interface.
            NoBranchError: a run goes on, and this thread is none of its.
        """
        driver = current_driver(self.name)
        if driver is None:
            return self.function(*args, **kwargs)  # type: ignore[no-any-return]  # it returns R
        return driver.call_blocking(self, self.interface.bind(args, kwargs))  # type: ignore[return-value]  # it gives R

    def aio(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, R]:
        """The call as a coroutine, whichever kind the function is.

        Inside a run arguments are taken, and the call gets its place, now; it starts when it is
        awaited.

        Raises:
            TypeError: inside a run, arguments that don't fit the interface.
            NoBranchError: a run goes on, and this thread is none of its.
        """
        driver = current_driver(self.name)
        if driver is None:
            return self._plain_aio(*args, **kwargs)
        return driver.call(self, self.interface.bind(args, kwargs))

    async def _plain_aio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)  # type: ignore[no-any-return]  # it returns R

    @property
    def func(self) -> Callable[P, Any]:
        """Upstream's name of `function`."""
        return self.function

    @property
    def has_environment(self) -> bool:
        """Whether it belongs to an environment; one made by hand doesn't until `from_task`."""
        return "environment" in self.__dict__

    def join(self, environment: TaskEnvironment) -> None:
        """Become a task of that environment, under its name."""
        self.environment = environment
        self.name = f"{environment.name}.{self.name}"

    @property
    def forward(self) -> Callable[P, R]:
        """The function itself: no action, no record, inside a run too."""
        return self.function

    def override(self, **options: Unpack[OverrideKeywords]) -> Self:
        """The same task with other options; every one given replaces, an empty one too.

        Raises:
            TypeError: an unknown option, or one of a wrong type.
            ValueError: one that can't be overridden, or of a wrong value.
        """
        where = f"override of task `{self.name}`"
        changed = object.__new__(type(self))
        changed.__dict__.update(self.__dict__)
        changed.options = _options.override(self.options, options, where=where)
        return changed

    @property
    def short_name(self) -> str:
        """The name to show, by default the function's."""
        return self.options.short_name or self.__name__

    @property
    def qualified_name(self) -> str:
        """The function's name in its module, with enclosing functions and classes."""
        return self.__qualname__

    @property
    def module(self) -> str:
        """The dotted name of its module; a script's is that of its file, not `__main__`."""
        return defining_module(self.function)

    @property
    def source_file(self) -> Path | None:
        """Where the function is written; None where no file holds it (a notebook, `exec`)."""
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        file = Path(code.co_filename) if code is not None else None
        return file if file is not None and file.is_file() else None

    @property
    def line(self) -> int:
        """The line of its first decorator, or of its `def`."""
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        return code.co_firstlineno if code is not None else 0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}{self.interface.describe()}>"


class AsyncTask(Task[P, R]):
    """A task whose function is `async def`: a call gives a coroutine.

    The result is declared `Coroutine[None, None, R]`: with `Any` in it, mypy takes
    `asyncio.gather(a(1), b(2))` for `Any`.
    """

    def __init__(
        self,
        function: Callable[P, Any],
        *,
        environment: TaskEnvironment,
        kind: TaskKind,
        options: TaskOptions,
    ) -> None:
        super().__init__(function, environment=environment, kind=kind, options=options)
        if sys.version_info >= (3, 12):
            inspect.markcoroutinefunction(self)  # for libraries that ask before they call

    def __call__(  # type: ignore[override]  # an async call gives what a sync one returns, later
        self, *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[None, None, R]:
        """Inside a run an action, which starts when it is awaited; outside, the function.

        Raises:
            TypeError: inside a run, arguments that don't fit the interface.
            NoBranchError: a run goes on, and this thread is none of its.
        """
        driver = current_driver(self.name)
        if driver is None:
            return self.function(*args, **kwargs)  # type: ignore[no-any-return]  # a coroutine
        return driver.call(self, self.interface.bind(args, kwargs))

    aio = __call__

    @property
    def forward(self) -> Callable[P, Coroutine[None, None, R]]:  # type: ignore[override]  # as `__call__`
        """The function itself: no action, no record, inside a run too."""
        return self.function


TaskTemplate = Task
AsyncFunctionTaskTemplate = Task
"""Upstream's names of the same class."""
