# drivers: process_call, process_day, coach_report
import asyncio
import collections
import logging
from enum import Enum
from typing import Optional

import flyte
from pydantic import BaseModel, field_validator

logger = logging.getLogger("calls")

env = flyte.TaskEnvironment("calls", resources=flyte.Resources(cpu=1, memory="1Gi"))
asr_env = flyte.TaskEnvironment(
    "calls_asr",
    resources=flyte.Resources(cpu=4, memory="16Gi", gpu="T4:1"),
    reusable=flyte.ReusePolicy(replicas=2, idle_ttl=600),
)
env.add_dependency(asr_env)


class Lang(str, Enum):
    EN = "en"
    DE = "de"
    NL = "nl"


class Call(BaseModel):
    id: str
    agent: str
    seconds: int
    lang: Optional[Lang] = None

    @field_validator("seconds")
    @classmethod
    def positive(cls, v: int) -> int:
        assert v > 0, "empty call"
        return v


class Insight(BaseModel):
    call: str
    agent: str
    sentiment: float
    topics: list[str]
    escalated: bool = False


@asr_env.task
async def detect(call: Call) -> Lang:
    return Lang.EN


@asr_env.task
async def asr(call: Call, lang: Lang, channel: int) -> str:
    return "hello"


@env.task
async def redact(text: str) -> str:
    return text


@env.task
async def translate(text: str, source: Lang) -> str:
    return text


@flyte.trace
def count_words(text: str) -> int:
    return len(text.split())


@flyte.trace
async def sentiment(text: str) -> float:
    return 0.0


@env.task
async def topics(text: str, n: int = 3) -> list[str]:
    return ["billing"][:n]


@env.task
async def escalate(call: Call, reason: str) -> None:
    logger.warning("%s: %s", call.id, reason)


@env.task
async def calls_of(day: str) -> list[Call]:
    return []


@env.task
async def process_call(call: Call) -> Optional[Insight]:
    lang = call.lang or await detect(call)
    agent_side, customer = await asyncio.gather(asr(call, lang, channel=0), asr(call, lang, channel=1))
    if count_words(customer) < 5:
        return None
    customer = await redact(customer)
    text = customer if lang == Lang.EN else await translate(customer, lang)
    mood, about = await asyncio.gather(sentiment(text), topics(text))
    insight = Insight(call=call.id, agent=call.agent, sentiment=mood, topics=about)
    if mood < -0.7 or ("cancel" in about and mood < 0):
        await escalate(call, f"mood {mood:.1f}, {'/'.join(about)}")
        insight.escalated = True
    elif call.seconds > 3600 and count_words(agent_side) > 5 * count_words(customer):
        await escalate(call, "agent monologue")
    return insight


@env.task
async def process_day(day: str, max_failures: int = 10) -> list[Insight]:
    insights: list[Insight] = []
    failures = 0
    for fut in asyncio.as_completed([process_call(c) for c in await calls_of(day)]):
        try:
            insight = await fut
        except Exception:
            failures += 1
            logger.exception("call failed")
            if failures > max_failures:
                raise
            continue
        if insight:
            insights.append(insight)
    return insights


@env.task
async def coach_report(days: list[str]) -> dict[str, float]:
    by_agent = collections.defaultdict(list)
    for insights in await asyncio.gather(*map(process_day, days)):
        for i in insights:
            by_agent[i.agent].append(i.sentiment)
    ranking = {a: sum(v) / len(v) for a, v in by_agent.items() if len(v) >= 5}
    if not ranking:
        return {}
    low = min(ranking, key=ranking.get)
    logger.info(f"needs coaching: {low} ({ranking[low]:.2f})")
    return ranking
