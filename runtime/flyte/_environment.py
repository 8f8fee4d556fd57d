"""`TaskEnvironment`: tasks that share an image, resources and defaults.

Environments are known process-wide by name, the latest declaration under each. Declaring another
one under a taken name is an error; running the same declaration again (a reloaded module, a
notebook cell) replaces the former.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, Unpack, overload

from flyte import _options
from flyte._checks import check_keywords, check_type
from flyte._declared import Place, place_of_caller, place_of_function
from flyte._image import Image
from flyte._options import CompiledTaskKeywords, TaskKeywords, TaskOptions
from flyte._resources import Resources
from flyte._task import AsyncTask, Task, TaskKind

if TYPE_CHECKING:
    from flyte._cache import CacheRequest
    from flyte._pod import PodTemplate
    from flyte._reuse import ReusePolicy
    from flyte._secret import SecretRequest

P = ParamSpec("P")
R = TypeVar("R")

_NAME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_LONGEST_DESCRIPTION = 255
_ENVIRONMENTS: dict[str, TaskEnvironment] = {}
_OWN_MODULES = (__name__, "flyte.app", "flyte.extras")


class TaskDecorator(Protocol):
    """What `env.task(...)` gives: makes a task of a function."""

    @overload
    def __call__(self, function: Callable[P, Coroutine[Any, Any, R]], /) -> AsyncTask[P, R]: ...
    @overload
    def __call__(self, function: Callable[P, R], /) -> Task[P, R]: ...


class Environment:
    """What `depends_on` and `deploy` take: an environment of tasks, or of another kind.

    Raises:
        TypeError: an option of a wrong type, with what is allowed.
        ValueError: a name that is none.
    """

    def __init__(
        self,
        name: str,
        *,
        depends_on: Sequence[Environment] = (),
        description: str | None = None,
        image: str | Image | None = "auto",
        include: Sequence[str] = (),
    ) -> None:
        check_type("name", name, str)
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"environment name {name!r} is not in snake_case or kebab-case: lower-case letters "
                "and digits, joined by single `_` or `-`"
            )
        self.name = name
        self.description = _description(description)
        self.image = _image(image)
        self.include = _include(include)
        self.place = place_of_caller(*_OWN_MODULES)
        self._depends_on: list[Environment] = []
        self.add_dependency(*_environments("depends_on", depends_on))

    @property
    def depends_on(self) -> tuple[Environment, ...]:
        """The environments that it needs: those whose tasks its own ones call."""
        return tuple(self._depends_on)

    def add_dependency(self, *environments: Environment) -> None:
        """Say that tasks of this environment call tasks of those; known ones are not repeated.

        Raises:
            TypeError: not an environment.
            ValueError: the environment itself.
        """
        for environment in _environments("add_dependency", environments):
            if environment is self:
                raise ValueError(f"environment `{self.name}` can't depend on itself")
            if environment not in self._depends_on:
                self._depends_on.append(environment)


class TaskEnvironment(Environment):
    """Tasks that share an image, resources and defaults.

    Raises:
        TypeError: an option of a wrong type, with what is allowed.
        ValueError: a name that is none or is taken, or an option of a wrong value.
    """

    def __init__(  # noqa: PLR0917 - the order that programs written for upstream rely on
        self,
        name: str,
        depends_on: Sequence[Environment] = (),
        pod_template: str | PodTemplate | None = None,
        description: str | None = None,
        secrets: SecretRequest | None = None,
        env_vars: dict[str, str] | None = None,
        resources: Resources | None = None,
        interruptible: bool = False,
        image: str | Image | None = "auto",
        include: Sequence[str] = (),
        service_account: str | None = None,
        cache: CacheRequest = "disable",
        reusable: ReusePolicy | None = None,
        plugin_config: object | None = None,
        queue: str | None = None,
    ) -> None:
        if reusable is not None and plugin_config is not None:
            raise ValueError("`reusable` and `plugin_config` exclude each other")
        super().__init__(
            name, depends_on=depends_on, description=description, image=image, include=include
        )
        self.options = _options.with_options(
            TaskOptions(),
            {
                "pod_template": pod_template,
                "secrets": secrets,
                "env_vars": env_vars,
                "resources": resources,
                "interruptible": interruptible,
                "service_account": service_account,
                "cache": cache,
                "reusable": reusable,
                "plugin_config": plugin_config,
                "queue": queue,
            },
        )
        self._tasks: dict[str, Task[..., Any]] = {}
        self._places: dict[str, Place] = {}
        self._register()

    @property
    def tasks(self) -> Mapping[str, Task[..., Any]]:
        """Its tasks by full name, in the order of their definition."""
        return MappingProxyType(self._tasks)

    @classmethod
    def from_task(
        cls, name: str, *tasks: Task[..., Any], depends_on: Sequence[Environment] | None = None
    ) -> TaskEnvironment:
        """An environment of tasks that were made by hand, such as `flyte.extras.ContainerTask`.

        Raises:
            TypeError: not a task.
            ValueError: no task; one that an environment has already; different images.
        """
        images = _free_images(tasks)
        image = next(iter(images.values()), "auto")
        made = cls(name, depends_on=depends_on or (), image=image)
        for task in tasks:
            task.join(made)
            made._add(task)
        return made

    @overload
    def task(self, function: Callable[P, Coroutine[Any, Any, R]], /) -> AsyncTask[P, R]: ...
    @overload
    def task(self, function: Callable[P, R], /) -> Task[P, R]: ...
    @overload
    def task(self, function: None = None, /, **options: Unpack[TaskKeywords]) -> TaskDecorator: ...
    def task(self, function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
        """Make a task of a function: `@env.task`, or `@env.task(cache="auto", retries=3)`.

        Raises:
            TypeError: not a function; an unknown option, or one of a wrong type.
            ValueError: `*args` or `**kwargs`; a taken name; an option of a wrong value.
        """
        return self._decorator("task", function, options)

    @overload
    def compiled_task(
        self, function: Callable[P, Coroutine[Any, Any, R]], /
    ) -> AsyncTask[P, R]: ...
    @overload
    def compiled_task(self, function: Callable[P, R], /) -> Task[P, R]: ...
    @overload
    def compiled_task(
        self, function: None = None, /, **options: Unpack[CompiledTaskKeywords]
    ) -> TaskDecorator: ...
    def compiled_task(self, function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
        """Make a task whose body is compiled before it runs; takes `order=` besides.

        Its calls start when their inputs are there, or as written with `order="program"`.

        Raises:
            TypeError: not a function; an unknown option, or one of a wrong type.
            ValueError: `*args` or `**kwargs`; a taken name; an option of a wrong value.
        """
        return self._decorator("compiled_task", function, options)

    def clone_with(self, name: str, **options: Any) -> TaskEnvironment:
        """A new environment with these options, and this one's for the rest; tasks stay here.

        Raises:
            TypeError: an unknown option.
        """
        check_keywords(f"clone of environment `{self.name}`", options, _CLONED)
        return type(self)(name, **{**self._arguments(), **options})

    def __repr__(self) -> str:
        return f"TaskEnvironment({self.name!r}, tasks={[t.__name__ for t in self._tasks.values()]})"

    def _arguments(self) -> dict[str, Any]:
        own = ("depends_on", "description", "image", "include")
        return {name: getattr(self if name in own else self.options, name) for name in _CLONED}

    def _decorator(
        self, kind: TaskKind, function: Callable[..., Any] | None, options: Mapping[str, Any]
    ) -> Any:
        where = f"`{self.name}.{kind}`"
        read = _options.define(
            self.options, options, where=where, is_compiled=kind == "compiled_task"
        )
        if function is None:
            return lambda function: self._define(kind, function, read)
        return self._define(kind, function, read)

    def _define(
        self, kind: TaskKind, function: Callable[..., Any], options: TaskOptions
    ) -> Task[..., Any]:
        _check_function(f"{self.name}.{kind}", function)
        is_async = inspect.iscoroutinefunction(function)
        shape: type[Task[..., Any]] = AsyncTask if is_async else Task
        made = shape(function, environment=self, kind=kind, options=options)
        _check_reuse(made)
        if options.triggers:
            from flyte._trigger import check_triggers  # noqa: PLC0415 - few tasks have any

            check_triggers(made.name, options.triggers, made.interface.names)
        self._add(made)
        return made

    def _add(self, task: Task[..., Any]) -> None:
        place = place_of_function(task.function)
        if task.name in self._places:
            _refuse_second(f"task `{task.name}`", self._places[task.name], place)
        self._places[task.name] = place
        self._tasks[task.name] = task

    def _register(self) -> None:
        former = _ENVIRONMENTS.get(self.name)
        if former is not None:
            _refuse_second(f"environment `{self.name}`", former.place, self.place)
        _ENVIRONMENTS[self.name] = self


_CLONED = tuple(inspect.signature(TaskEnvironment).parameters)[1:]
"""Every option but the name."""


def environments() -> Mapping[str, TaskEnvironment]:
    """The environments of this process by name, in the order of their declaration."""
    return MappingProxyType(_ENVIRONMENTS)


def forget_environments() -> None:
    """Start as a fresh process does: the command line loads one program after another."""
    _ENVIRONMENTS.clear()


def _refuse_second(what: str, first: Place, second: Place) -> None:
    if first.excludes(second):
        raise ValueError(
            f"{what} is declared twice: at {first} and at {second}; give one of them another name"
        )


def _check_function(where: str, given: object) -> None:
    if isinstance(given, Task):
        raise TypeError(f"`{given.name}` is a task already")
    if not callable(given) or not hasattr(given, "__name__"):
        raise TypeError(f"`{where}` makes a task of a function, not of {given!r}")


def _check_reuse(task: Task[..., Any]) -> None:
    reusable = task.options.reusable
    if reusable is not None and reusable.concurrency > 1 and not task.interface.is_async:
        raise ValueError(
            f"task `{task.name}` is sync, and its environment's workers run "
            f"{reusable.concurrency} actions at once, on one event loop: make it `async def`, or "
            "set `ReusePolicy.concurrency` to 1"
        )


def _free_images(tasks: Sequence[object]) -> dict[int, str | Image | None]:
    """The images of tasks that belong to no environment yet, by identity."""
    if not tasks:
        raise ValueError("`from_task` takes at least one task")
    images: dict[int, str | Image | None] = {}
    for task in tasks:
        check_type("from_task", task, Task)
        assert isinstance(task, Task)
        if task.has_environment:
            raise ValueError(f"task `{task.name}` has an environment already")
        image = getattr(task, "image", "auto")
        images[id(image)] = image
    if len(images) > 1:
        raise ValueError("tasks of one environment have one image; these have several")
    return images


def _environments(option: str, given: Iterable[object]) -> list[Environment]:
    if isinstance(given, str | Environment):
        raise TypeError(f"`{option}` is a list of environments, not {given!r}")
    checked = []
    for environment in given:
        check_type(option, environment, Environment)
        assert isinstance(environment, Environment)
        checked.append(environment)
    return checked


def _image(given: str | Image | None) -> str | Image | None:
    check_type("image", given, str, Image, type(None))
    return given


def _description(given: str | None) -> str | None:
    check_type("description", given, str, type(None))
    return None if given is None else given[:_LONGEST_DESCRIPTION]


def _include(given: Sequence[str]) -> tuple[str, ...]:
    check_type("include", given, tuple, list)
    for path in given:
        check_type("include", path, str)
    return tuple(given)
