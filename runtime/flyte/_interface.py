"""A task's parameters and result, as its function declares them.

Read when the task is defined; annotations are resolved on first use, because they may name what
the module defines further down. One that can't be resolved stays text and fails nothing.
"""

from __future__ import annotations

import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flyte._annotation import annotation_text, resolve_annotations, value_text
from flyte._binding import (
    KEYWORD_ONLY,
    NO_DEFAULT,
    POSITIONAL_ONLY,
    bind_arguments,
    binding_faults,
)

if TYPE_CHECKING:
    from flyte._types.check import Check

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter; `default` is `NO_DEFAULT` where an argument must be given."""

    name: str
    kind: inspect._ParameterKind
    default: object

    @property
    def is_required(self) -> bool:
        """Whether an argument must be given."""
        return self.default is NO_DEFAULT


@dataclass(frozen=True, kw_only=True)  # no slots: what is resolved late is kept in `__dict__`
class Interface:
    """What a task takes and gives."""

    owner: str
    """The task's name, for messages."""
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    is_async: bool
    is_generator: bool

    @classmethod
    def of(cls, function: Callable[..., Any], *, owner: str) -> Interface:
        """The interface of `function`.

        Raises:
            ValueError: it has `*args` or `**kwargs`, which no plan and no record can name.
        """
        declared = tuple(_signature(function).parameters.values())
        for parameter in declared:
            if parameter.kind in _VARIADIC:
                stars = "*" if parameter.kind is inspect.Parameter.VAR_POSITIONAL else "**"
                raise ValueError(
                    f"task `{owner}` has a variable parameter `{stars}{parameter.name}`; a task's "
                    "parameters are named one by one: take a list or a dict instead"
                )
        return cls(
            owner=owner,
            function=function,
            parameters=tuple(_parameter(parameter) for parameter in declared),
            is_async=inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function),
            is_generator=inspect.isgeneratorfunction(function)
            or inspect.isasyncgenfunction(function),
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @cached_property
    def annotations(self) -> Mapping[str, object]:
        """Resolved annotations by name, the result's as `return`; what has none is absent."""
        return resolve_annotations(self.function)

    @property
    def result(self) -> object:
        """The result's annotation; `inspect.Signature.empty` where there is none."""
        return self.annotations.get("return", inspect.Signature.empty)

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """Nothing for `None`, `o0`, `o1`, … for a tuple of fixed length, `o0` for the rest.

        A function that doesn't declare its result has one output: what it returns isn't thrown
        away.
        """
        result = _unwrapped(self.result)
        if result in (None, types.NoneType, typing.NoReturn, typing.Never):
            return ()
        parts = typing.get_args(result) if typing.get_origin(result) is tuple else ()
        if not parts or ... in parts:
            return ("o0",)
        return tuple(f"o{index}" for index in range(len(parts)))

    def bind(self, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, object]:
        """The arguments by name in the parameters' order, defaults filled in.

        An `int` for a `float` becomes one, as type checkers promise; a `bool` doesn't. A default
        is taken as its author wrote it.

        Raises:
            TypeError: the call doesn't fit, and names the task and every fault; or an argument
                isn't of its parameter's type.
        """
        bound: dict[str, object] | None
        if not kwargs and len(args) == len(self.parameters) and self._all_positional:
            bound = dict(zip(self.names, args, strict=True))
        else:
            bound = bind_arguments(self.parameters, args, kwargs)
        if bound is None:
            faults = "; ".join(binding_faults(self.parameters, args, kwargs))
            raise TypeError(f"task `{self.owner}`: {faults}; it is `{self.owner}{self.describe()}`")
        for parameter, check, exact in self._checks:
            if type(bound[parameter.name]) not in exact:
                bound[parameter.name] = self._settled(parameter, check, bound[parameter.name])
        return bound

    def settle(self, value: object) -> object:
        """A result as it is declared.

        Raises:
            BoundaryTypeError: it isn't of that type.
        """
        check = self._result_check
        if check is None or type(value) in check.exact:
            return value
        return self._checked("result", check, value)

    def describe(self) -> str:
        """As it would be written: `(name: str, n: int = 1) -> str`."""
        result = "" if self.result is inspect.Signature.empty else f" -> {self._text('return')}"
        return f"({', '.join(self._described())}){result}"

    def digest_text(self, *, main: str) -> str:
        """The same for the same interface on every machine: for a task's version.

        `main` is the real name of the module that may be running as `__main__`. Defaults aren't
        in it: their values belong to the arguments, their source to the closure.
        """
        lines = [
            f"{parameter.kind.name} {parameter.name}: {self._text(parameter.name, main)}"
            for parameter in self.parameters
        ]
        kind = "async " if self.is_async else ""
        return "\n".join([*lines, f"{kind}-> {self._text('return', main)}"])

    @cached_property
    def _all_positional(self) -> bool:
        return all(parameter.kind is not KEYWORD_ONLY for parameter in self.parameters)

    @cached_property
    def _checks(self) -> tuple[tuple[Parameter, Check, frozenset[type]], ...]:
        """Of the parameters that have something to check; with the types that fit unseen."""
        from flyte._types.check import check_of  # noqa: PLC0415 - nothing to check at start-up

        checks = (
            (each, check_of(self.annotations.get(each.name, Any))) for each in self.parameters
        )
        return tuple((each, check, check.exact) for each, check in checks if check is not None)

    @cached_property
    def _result_check(self) -> Check | None:
        from flyte._types.check import check_of  # noqa: PLC0415 - as above

        is_open = self.is_generator or self.result is inspect.Signature.empty
        return None if is_open else check_of(self.result)

    def _settled(self, parameter: Parameter, check: Check, value: object) -> object:
        if inspect.iscoroutine(value):  # refused where arguments are taken, in its own words
            return value
        try:
            return self._checked(parameter.name, check, value)
        except TypeError:
            if value is parameter.default:
                return value
            raise

    def _checked(self, name: str, check: Check, value: object) -> object:
        from flyte._types.misfit import MisfitError, boundary_error  # noqa: PLC0415 - as above

        try:
            return check.settle(value)
        except MisfitError as misfit:
            raise boundary_error(self.owner, name, misfit) from None
        except RecursionError:  # in itself, or too deep: the encoding says so
            return value

    def _text(self, name: str, main: str | None = None) -> str:
        if name not in self.annotations:
            return "?"
        return annotation_text(self.annotations[name], main=main)

    def _described(self) -> list[str]:
        shown: list[str] = []
        for index, parameter in enumerate(self.parameters):
            before = self.parameters[index - 1].kind if index else None
            if before is POSITIONAL_ONLY and parameter.kind is not POSITIONAL_ONLY:
                shown.append("/")
            if parameter.kind is KEYWORD_ONLY and before is not KEYWORD_ONLY:
                shown.append("*")
            shown.append(self._described_parameter(parameter))
        if self.parameters and self.parameters[-1].kind is POSITIONAL_ONLY:
            shown.append("/")
        return shown

    def _described_parameter(self, parameter: Parameter) -> str:
        annotated = parameter.name in self.annotations
        text = f"{parameter.name}: {self._text(parameter.name)}" if annotated else parameter.name
        if parameter.is_required:
            return text
        return f"{text}{' = ' if annotated else '='}{value_text(parameter.default)}"


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 - not in older Pythons

        return inspect.signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(function)


def _parameter(declared: inspect.Parameter) -> Parameter:
    missing = declared.default is inspect.Parameter.empty
    return Parameter(
        name=declared.name,
        kind=declared.kind,
        default=NO_DEFAULT if missing else declared.default,
    )


def _unwrapped(annotation: object) -> object:
    if typing.get_origin(annotation) is typing.Annotated:
        return typing.get_args(annotation)[0]
    return annotation
