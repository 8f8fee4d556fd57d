"""Conditions: a person's answer, waited for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from flyte.syncify import WithAio

_T_co = TypeVar("_T_co", covariant=True)
_T = TypeVar("_T", bool, int, float, str)

PromptType: TypeAlias = Literal["text", "markdown"]

@dataclass
class ConditionWebhook:
    url: str
    payload: dict[str, Any] | None = None

class Condition(Generic[_T_co]):
    name: str
    prompt: str
    description: str
    wait: WithAio[[], _T_co]

class _NewCondition:
    def __call__(
        self,
        name: str,
        /,
        prompt: str = "Approve?",
        prompt_type: PromptType = "text",
        data_type: type[_T] = ...,
        description: str = "",
        timeout: timedelta | float | None = None,
        webhook: ConditionWebhook | None = None,
    ) -> Condition[_T]: ...
    async def aio(
        self,
        name: str,
        /,
        prompt: str = "Approve?",
        prompt_type: PromptType = "text",
        data_type: type[_T] = ...,
        description: str = "",
        timeout: timedelta | float | None = None,  # noqa: ASYNC109 - its name
        webhook: ConditionWebhook | None = None,
    ) -> Condition[_T]: ...

new_condition: _NewCondition
