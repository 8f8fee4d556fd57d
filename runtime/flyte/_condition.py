"""Conditions: a person's answer, waited for by a task.

    approval = flyte.new_condition("approve", prompt="Ship it?")
    if await approval.wait.aio(): ...

The answer comes from `flyte signal RUN approve yes`, or from the terminal that the run has. It is
recorded as a traced call's result, so a resumed run doesn't ask again.
"""

from __future__ import annotations

import asyncio
import math
import select
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, Literal, TypeVar, cast

from flyte._checks import check_choice, check_type
from flyte._ctx import ctx
from flyte._run_folder import read_json, run_folder, write_json
from flyte._trace import trace
from flyte.errors import (
    ConditionFailedError,
    ConditionTimedoutError,
    NotInTaskContextError,
)
from flyte.syncify import WithAio

T = TypeVar("T")
PromptType = Literal["text", "markdown"]

_PAUSE = 0.1
_WORDS = {"yes": True, "y": True, "true": True, "1": True}
_WORDS |= {"no": False, "n": False, "false": False, "0": False}
KINDS: dict[str, type] = {"bool": bool, "int": int, "float": float, "str": str}


@dataclass
class ConditionWebhook:
    """An address that is told of the question; kept, and called by engines that have a network."""

    url: str
    payload: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Check both."""
        check_type("ConditionWebhook.url", self.url, str)
        check_type("ConditionWebhook.payload", self.payload, dict, type(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, as it lies in the run's folder."""

    action: str
    """The id of the traced call that waits."""
    name: str
    prompt: str
    kind: str
    description: str
    asked: float


class Condition(Generic[T]):
    """A question of a task to a person."""

    wait: WithAio[[], T]

    def __init__(  # noqa: PLR0917 - made here alone
        self,
        name: str,
        prompt: str,
        kind: type[T],
        description: str,
        timeout: float | None,
        prompt_type: PromptType,
        webhook: ConditionWebhook | None,
    ) -> None:
        self.name = name
        self.prompt = prompt
        self.description = description
        self.prompt_type = prompt_type
        self.webhook = webhook
        self._kind = kind
        self._timeout = timeout
        self.wait = WithAio(self._wait, self._wait_async)

    def __repr__(self) -> str:
        return f"<Condition {self.name}: {self._kind.__name__}>"

    def _wait(self) -> T:
        """The answer.

        Raises:
            NotInTaskContextError: outside a run.
            ConditionTimedoutError: nobody answered in time.
        """
        return cast(T, _answered(*self._asked()))

    async def _wait_async(self) -> T:
        return cast(T, await _answered_async(*self._asked()))

    def _asked(self) -> tuple[str, str, str, str, float | None]:
        if not ctx():
            raise NotInTaskContextError("a condition is waited for outside a run")
        return self.name, self.prompt, self._kind.__name__, self.description, self._timeout


class _NewCondition:
    """Called as `flyte.new_condition(name, ...)`; also as `await flyte.new_condition.aio(...)`."""

    def __call__(  # noqa: PLR0917 - as upstream has it
        self,
        name: str,
        /,
        prompt: str = "Approve?",
        prompt_type: PromptType = "text",
        data_type: type[T] = bool,  # type: ignore[assignment]  # where nothing is said
        description: str = "",
        timeout: timedelta | float | None = None,
        webhook: ConditionWebhook | None = None,
    ) -> Condition[T]:
        """A question, to be asked by `.wait()`.

        Args:
            name: by which it is answered: `flyte signal RUN NAME VALUE`.
            data_type: of the answer: `bool`, `int`, `float` or `str`.
            timeout: seconds, or a `timedelta`, after which waiting fails.

        Raises:
            TypeError, ValueError: an option that it can't be, with what is allowed.
        """
        for option, given in (("name", name), ("prompt", prompt), ("description", description)):
            check_type(option, given, str)
        if not name:
            raise ValueError("a condition's name isn't empty")
        check_choice("prompt_type", prompt_type, ("text", "markdown"))
        check_type("webhook", webhook, ConditionWebhook, type(None))
        if data_type not in KINDS.values():
            raise ValueError(f"`data_type` is `bool`, `int`, `float` or `str`, not {data_type!r}")
        seconds = _seconds(timeout)
        return Condition(name, prompt, data_type, description, seconds, prompt_type, webhook)

    async def aio(self, name: str, /, *args: Any, **options: Any) -> Condition[Any]:
        """As the call; nothing is waited for yet."""
        return self(name, *args, **options)


new_condition = _NewCondition()


def questions(run: str) -> list[Question]:
    """What a run waits for, oldest first."""
    folder = run_folder(run) / "asked"
    found = [read_json(file) for file in folder.glob("*.json")] if folder.is_dir() else []
    return sorted((Question(**each) for each in found if each), key=lambda each: each.asked)


def answer(run: str, question: Question, text: str) -> object:
    """Answer a question; the value.

    Raises:
        ConditionFailedError: the text is none of the kind that is asked for.
    """
    value = read_answer(question.kind, text)
    write_json(run_folder(run) / "answers" / f"{question.action}.json", {"value": value})
    return value


def read_answer(kind: str, text: str) -> object:
    """A text as a `bool`, `int`, `float` or `str`.

    Raises:
        ConditionFailedError: it is none.
    """
    words = text.strip()
    try:
        if kind == "bool":
            return _WORDS[words.lower()]
        value = KINDS[kind](words if kind != "str" else text)
    except (ValueError, KeyError):
        allowed = "`yes` or `no`" if kind == "bool" else f"a value of type `{kind}`"
        raise ConditionFailedError(f"the answer is {allowed}, not {text!r}") from None
    return value


@trace
def _answered(name: str, prompt: str, kind: str, description: str, timeout: float | None) -> Any:
    waiting = _Waiting.begin(name, prompt, kind, description, timeout)
    with waiting:
        while (found := waiting.look()) is None:
            time.sleep(_PAUSE)
    return found["value"]


@trace
async def _answered_async(
    name: str,
    prompt: str,
    kind: str,
    description: str,
    timeout: float | None,  # noqa: ASYNC109 - an argument, recorded
) -> Any:
    waiting = _Waiting.begin(name, prompt, kind, description, timeout)
    with waiting:
        while (found := waiting.look()) is None:  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(_PAUSE)
    return found["value"]


class _Waiting:
    """One question that lies in the run's folder, until it is answered or given up."""

    def __init__(self, run: str, question: Question, timeout: float | None) -> None:
        folder = run_folder(run)
        self._run = run
        self._question = question
        self._file = folder / "asked" / f"{question.action}.json"
        self._answer = folder / "answers" / f"{question.action}.json"
        self._until = math.inf if timeout is None else time.monotonic() + timeout
        self._is_told = False

    @classmethod
    def begin(
        cls, name: str, prompt: str, kind: str, description: str, timeout: float | None
    ) -> _Waiting:
        """The question of the task that is running."""
        action = ctx().action
        assert action is not None, "traced calls are made by tasks"
        asked = Question(
            action=action.name, name=name, prompt=prompt, kind=kind, description=description,
            asked=time.time(),
        )  # fmt: skip
        return cls(action.run_name, asked, timeout)

    def __enter__(self) -> None:
        from dataclasses import asdict  # noqa: PLC0415 - only here

        write_json(self._file, asdict(self._question))

    def __exit__(self, *_error: object) -> None:
        # The answer stays: until it is recorded, a crash must not lose it.
        self._file.unlink(missing_ok=True)

    def look(self) -> dict[str, Any] | None:
        """The answer, if it is there.

        Raises:
            ConditionTimedoutError: time is up.
        """
        found = cast("dict[str, Any] | None", read_json(self._answer))
        if found is None:
            found = self._from_terminal()
        if found is None and time.monotonic() >= self._until:
            raise ConditionTimedoutError(f"nobody answered `{self._question.name}` in time")
        return found

    def _from_terminal(self) -> dict[str, Any] | None:
        if not _has_terminal():
            if not self._is_told:
                self._is_told = True
                how = f"`flyte signal {self._run} {self._question.name} VALUE` answers it"
                sys.stderr.write(f"waiting: {self._question.prompt} ({how})\n")
            return None
        if not self._is_told:
            self._is_told = True
            choices = "yes/no" if self._question.kind == "bool" else self._question.kind
            sys.stderr.write(f"{self._question.prompt} [{choices}] ")
            sys.stderr.flush()
        ready, _, _ = select.select([sys.stdin], [], [], 0)
        if not ready:
            return None
        try:
            value = read_answer(self._question.kind, sys.stdin.readline().rstrip("\n"))
        except ConditionFailedError as error:
            sys.stderr.write(f"{error}\n")
            self._is_told = False
            return None
        return {"value": value}


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _seconds(timeout: timedelta | float | None) -> float | None:
    check_type("timeout", timeout, timedelta, int, float, type(None))
    if timeout is None:
        return None
    seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else float(timeout)
    if seconds <= 0:
        raise ValueError(f"`timeout` is more than nothing, not {timeout!r}")
    return seconds


__all__ = ["Condition", "ConditionWebhook", "new_condition"]
