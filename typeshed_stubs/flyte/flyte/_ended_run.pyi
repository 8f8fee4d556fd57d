"""What `flyte.run` gives: a run, with its outputs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar, overload

from typing_extensions import TypeVarTuple

from flyte.syncify import WithAio, syncify_class_method, syncify_method

_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")
_E = TypeVar("_E")
_R_co = TypeVar("_R_co", covariant=True)
_Ts = TypeVarTuple("_Ts")

class ActionOutputs(tuple[*_Ts], Generic[*_Ts]):
    """The outputs of an action: one for a result, one a part for a tuple of fixed length."""

    @property
    def named_outputs(self) -> dict[str, Any]: ...
    def __getattr__(self, name: str) -> Any: ...

class _Outputs(Generic[_R_co]):
    # Tuples of fixed length by overloads: `tuple[*Ts]` would take `tuple[int, ...]` too, which is
    # one output. They overlap where `Run[object]` hides a tuple; nobody can tell there.
    @overload
    def __call__(self: _Outputs[tuple[_A, _B]]) -> ActionOutputs[_A, _B]: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self: _Outputs[tuple[_A, _B, _C]]) -> ActionOutputs[_A, _B, _C]: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self: _Outputs[tuple[_A, _B, _C, _D]]) -> ActionOutputs[_A, _B, _C, _D]: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(  # type: ignore[overload-overlap]
        self: _Outputs[tuple[_A, _B, _C, _D, _E]],
    ) -> ActionOutputs[_A, _B, _C, _D, _E]: ...
    @overload
    def __call__(self) -> ActionOutputs[_R_co]: ...
    @overload
    async def aio(self: _Outputs[tuple[_A, _B]]) -> ActionOutputs[_A, _B]: ...  # type: ignore[overload-overlap]
    @overload
    async def aio(self: _Outputs[tuple[_A, _B, _C]]) -> ActionOutputs[_A, _B, _C]: ...  # type: ignore[overload-overlap]
    @overload
    async def aio(self: _Outputs[tuple[_A, _B, _C, _D]]) -> ActionOutputs[_A, _B, _C, _D]: ...  # type: ignore[overload-overlap]
    @overload
    async def aio(  # type: ignore[overload-overlap]
        self: _Outputs[tuple[_A, _B, _C, _D, _E]],
    ) -> ActionOutputs[_A, _B, _C, _D, _E]: ...
    @overload
    async def aio(self) -> ActionOutputs[_R_co]: ...

class Run(Generic[_R_co]):
    """A run of a task whose result is `R`. Each method has a twin `.aio`."""

    outputs: _Outputs[_R_co]
    inputs: WithAio[[], dict[str, Any]]
    seconds: float

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @syncify_method
    async def wait(
        self, quiet: bool = False, wait_for: Literal["terminal", "running"] = "terminal"
    ) -> None: ...
    @syncify_method
    async def details(self) -> Any: ...
    @syncify_method
    async def done(self) -> bool: ...
    @syncify_method
    async def abort(self, reason: str = ...) -> None: ...
    @syncify_method
    async def resume(self) -> Run[_R_co]: ...
    @syncify_method
    async def get_logs(self, action: str | None = None) -> list[Any]: ...
    @syncify_method
    async def sync(self) -> Run[_R_co]: ...
    @syncify_method
    async def raise_for_status(self) -> None: ...
    @syncify_method
    async def show_logs(
        self,
        attempt: int | None = None,
        max_lines: int = 100,
        show_ts: bool = False,
        raw: bool = False,
        filter_system: bool = False,
    ) -> None: ...
    @syncify_method
    async def get_report(self, attempt: int | None = None) -> str: ...
    @syncify_method
    async def get_debug_url(self) -> str | None: ...
    @syncify_method
    async def typed_inputs(
        self,
        types: Mapping[str, type],
        deserializers: Mapping[type, Callable[[Any], Any]] | None = None,
    ) -> dict[str, Any]: ...
    @syncify_method
    async def typed_outputs(
        self,
        types: Mapping[str, type],
        deserializers: Mapping[type, Callable[[Any], Any]] | None = None,
    ) -> dict[str, Any]: ...
    @syncify_class_method
    async def get(cls, name: str) -> Run[Any]: ...
    @syncify_class_method
    async def listall(
        cls,
        in_phase: tuple[str, ...] | None = None,
        task_name: str | None = None,
        task_version: str | None = None,
        created_by_subject: str | None = None,
        sort_by: tuple[str, Literal["asc", "desc"]] | None = None,
        limit: int = 100,
        project: str | None = None,
        domain: str | None = None,
    ) -> Iterator[Run[Any]]: ...
