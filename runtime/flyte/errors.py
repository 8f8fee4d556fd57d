"""Every exception that a program may meet, by the names that users of the upstream SDK catch.

`BaseRuntimeError` has a `code` (what happened, in one word), a `kind` (whose doing it was) and a
`message`. A child task's own exception reaches its driver as its own class *and* as
`RuntimeUserError`, with the original class name as the code.

The children of `RuntimeUserError` and `RuntimeSystemError` are made from `(code, message)`, or
from `(message)` alone: the code is then the class's name.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NoReturn, Self

Kind = Literal["system", "unknown", "user"]


class BaseRuntimeError(RuntimeError):
    """Root of the tree.

    Arithmetic on one raises it: `sum(flyte.map(...))` over results of which one is an error shows
    that error, instead of complaining about operand types.
    """

    def __init__(self, code: str, kind: Kind, message: str, worker: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.kind = kind
        self.message = message
        self.worker = worker

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses have constructors of several shapes: restored by state, not by a call.
        return _restore, (type(self), self.args), self.__dict__

    def _raise(self, _other: object) -> NoReturn:
        raise self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _raise
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _raise


def _restore(kind: type[BaseException], args: tuple[object, ...]) -> BaseException:
    return kind.__new__(kind, *args)


class _KindedError(BaseRuntimeError):
    """Made from `(code, message)` or `(message)`; the class says whose doing it was."""

    default_kind: ClassVar[Kind]

    def __init__(
        self, code_or_message: str, message: str | None = None, worker: str | None = None
    ) -> None:
        if message is None:
            super().__init__(type(self).__name__, self.default_kind, code_or_message, worker)
        else:
            super().__init__(code_or_message, self.default_kind, message, worker)


class InitializationError(BaseRuntimeError):
    """A configuration, a plan or a store can't be read, or names something that isn't there.

    Made from a message alone, or as upstream's from `(code, kind, message)`.
    """

    def __init__(
        self,
        code_or_message: str,
        kind: Kind = "user",
        message: str | None = None,
        worker: str | None = None,
    ) -> None:
        if message is None:
            super().__init__(type(self).__name__, kind, code_or_message, worker)
        else:
            super().__init__(code_or_message, kind, message, worker)


class LogsNotYetAvailableError(BaseRuntimeError):
    """The action has written no log yet."""


class StalePlanError(BaseRuntimeError):
    """A plan's digests are not those of the source beside it."""

    def __init__(self, message: str) -> None:
        super().__init__("StalePlan", "user", message)


class NotCompilableError(BaseRuntimeError):
    """A `compiled_task` whose body is no graph; the compiler's own words say why."""

    def __init__(self, message: str) -> None:
        super().__init__("NotCompilable", "user", message)


class ReplayDivergenceError(BaseRuntimeError):
    """A resumed driver asked for other calls than the recorded ones; the run is unchanged.

    Not a `RuntimeUserError`: a driver's own handlers must not swallow it.
    """

    def __init__(self, message: str) -> None:
        super().__init__("ReplayDivergence", "user", message)


class RuntimeUnknownError(_KindedError):
    """Nobody knows whose doing it was."""

    default_kind = "unknown"


class RuntimeSystemError(_KindedError):
    """The machinery failed, not the task's code; retried from the system budget."""

    default_kind = "system"


class RuntimeUserError(_KindedError):
    """The task's own code failed; `code` is the original class's name."""

    default_kind = "user"


class ActionAbortedError(RuntimeUserError):
    """Somebody ended the action or its run."""


class CodeBundleError(RuntimeUserError):
    """The code that a run needs can't be gathered."""


class CustomError(RuntimeUserError):
    """An error with a code of the user's own choice."""

    @classmethod
    def from_exception(cls, error: BaseException) -> Self:
        """The same message, with the class's name as the code and `error` as the cause."""
        made = cls(type(error).__name__, str(error))
        made.__cause__ = error
        return made


class DeploymentError(RuntimeUserError):
    """Environments that can't be deployed together."""


class ImageBuildError(RuntimeUserError):
    """An image can't be built."""


class ImagePullBackOffError(RuntimeUserError):
    """An image can't be fetched."""


class InvalidImageNameError(RuntimeUserError):
    """An image's name is not one."""


class InvalidPackageError(RuntimeUserError):
    """A package that an image asks for is not to be had."""


class InlineIOMaxBytesBreached(RuntimeUserError):  # noqa: N818 - the name that users catch
    """Inputs or outputs are larger than `max_inline_io_bytes`."""


class ModuleLoadError(RuntimeUserError):
    """A module of the user's can't be imported; the cause says why."""


class NoBranchError(RuntimeUserError):
    """A task was called from a thread that no driver started."""


class NonRecoverableError(RuntimeUserError):
    """Never retried, however many retries are left."""


class NotInTaskContextError(RuntimeUserError):
    """Something that only a running task has was asked for outside one."""


class OOMError(RuntimeUserError):
    """Out of memory."""


class OnlyAsyncIOSupportedError(RuntimeUserError):
    """Asynchronous code on another event loop than asyncio's."""


class ParameterMaterializationError(RuntimeUserError):
    """A parameter's value can't be made from what was recorded."""


class PrimaryContainerNotFoundError(RuntimeUserError):
    """A pod template lacks its primary container."""


class RemoteTaskNotFoundError(RuntimeUserError):
    """No deployed task has that name and version."""


class RemoteTaskUsageError(RuntimeUserError):
    """A deployed task was used as it can't be."""


class RestrictedTypeError(RuntimeUserError):
    """A type that may not cross a task's boundary."""


class RetriesExhaustedError(RuntimeUserError):
    """Every attempt that the retries allow has failed; the cause is the last one's error."""


class RuntimeDataValidationError(RuntimeUserError):
    """A value that is not of its parameter's or result's type."""

    def __init__(self, var: str, e: Exception | str, task_name: str = "") -> None:
        super().__init__("DataValidationError", f"in task `{task_name}`, `{var}`: {e}")


class SlowDownError(RuntimeUserError):
    """A service asks for fewer requests."""


class ResourceExhaustedError(SlowDownError):
    """A service has nothing left to give."""


class SyncTaskCallInAsyncContextError(RuntimeUserError):
    """A sync task was called, without `.aio`, where that can't be done."""


class TaskInterruptedError(RuntimeUserError):
    """The machine of an interruptible task was taken away."""


class TaskTimeoutError(RuntimeUserError):
    """A task took longer than its `timeout` allows."""


class DeadlineExceededError(TaskTimeoutError):
    """All attempts together took longer than `Timeout.deadline`."""


class MaxQueuedTimeExceededError(TaskTimeoutError):
    """It waited longer than `Timeout.max_queued_time`."""


class MaxRuntimeExceededError(TaskTimeoutError):
    """One attempt ran longer than `Timeout.max_runtime`."""


class TraceDoesNotAllowNestedTasksError(RuntimeUserError):
    """A task was called inside a `flyte.trace`."""


class GPUFaultError(BaseRuntimeError):
    """A graphics processor failed."""


class GPUFaultSystemError(GPUFaultError, RuntimeSystemError):
    """A graphics processor failed by itself."""


class GPUFaultUserError(GPUFaultError, RuntimeUserError):
    """The task's code made a graphics processor fail."""


class AppleSiliconError(RuntimeUserError):
    """An Apple device failed."""


class ConditionAlreadyExistsError(RuntimeUserError):
    """A task waits for two answers by one name at once."""


class ConditionFailedError(RuntimeUserError):
    """What was asked can't be answered."""


class ConditionNotFoundError(RuntimeUserError):
    """Nothing of that name is asked."""


class ConditionTimedoutError(RuntimeUserError):
    """Nobody answered in time."""


class UnionRpcError(RuntimeSystemError):
    """A remote didn't answer as it should."""


class ActionNotFoundError(RuntimeError):
    """No action of that id in that run. Outside the tree, as upstream has it."""
