"""What `flyte.run` gives: a run, with its outputs."""

from typing import Any, Generic, Literal, TypeVar, overload

from flyte.syncify import WithAio, syncify_method
from typing_extensions import TypeVarTuple

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
    # one output.
    @overload
    def __call__(self: _Outputs[tuple[_A, _B]]) -> ActionOutputs[_A, _B]: ...
    @overload
    def __call__(self: _Outputs[tuple[_A, _B, _C]]) -> ActionOutputs[_A, _B, _C]: ...
    @overload
    def __call__(self: _Outputs[tuple[_A, _B, _C, _D]]) -> ActionOutputs[_A, _B, _C, _D]: ...
    @overload
    def __call__(
        self: _Outputs[tuple[_A, _B, _C, _D, _E]],
    ) -> ActionOutputs[_A, _B, _C, _D, _E]: ...
    @overload
    def __call__(self) -> ActionOutputs[_R_co]: ...
    @overload
    async def aio(self: _Outputs[tuple[_A, _B]]) -> ActionOutputs[_A, _B]: ...
    @overload
    async def aio(self: _Outputs[tuple[_A, _B, _C]]) -> ActionOutputs[_A, _B, _C]: ...
    @overload
    async def aio(self: _Outputs[tuple[_A, _B, _C, _D]]) -> ActionOutputs[_A, _B, _C, _D]: ...
    @overload
    async def aio(
        self: _Outputs[tuple[_A, _B, _C, _D, _E]],
    ) -> ActionOutputs[_A, _B, _C, _D, _E]: ...
    @overload
    async def aio(self) -> ActionOutputs[_R_co]: ...

class Run(Generic[_R_co]):
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
    async def abort(self, reason: str = ...) -> None: ...
    def done(self) -> bool: ...
