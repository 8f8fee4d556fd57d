# drivers: wait_for_approval, publish_with_approval, two_person_rule, campaign
"""Human in the loop: ask for approval, poll until someone decides, remind, expire."""
import asyncio
import enum
from datetime import timedelta

import flyte
import flyte.durable
from pydantic import BaseModel

env = flyte.TaskEnvironment("approvals")


class Decision(enum.StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CHANGES = "changes"


class Review(BaseModel):
    decision: Decision
    reviewer: str | None = None
    comment: str = ""


class Expired(Exception):
    ...


@env.task
async def open_request(title: str, body: str, reviewers: list[str]) -> str:
    return f"req-{abs(hash(title))}"


@env.task(cache="disable")
async def poll(request: str) -> Review:
    return Review(decision=Decision.PENDING)


@env.task
async def remind(request: str, reviewers: list[str]) -> None:
    print("reminding", reviewers)


@env.task
async def close_request(request: str, outcome: str) -> None:
    print(request, outcome)


@env.task
async def draft(brief: str, comment: str = "") -> str:
    return f"{brief} {comment}"


@env.task
async def publish(text: str, channel: str) -> str:
    return f"https://{channel}.example.com/1"


@env.task
async def wait_for_approval(
    title: str, body: str, reviewers: list[str], every: timedelta = timedelta(hours=1), tries: int = 48
) -> Review:
    request = await open_request(title, body, reviewers)
    try:
        for i in range(tries):
            review = await poll(request)
            if review.decision is not Decision.PENDING:
                return review
            if i and i % 8 == 0:
                await remind(request, reviewers)
            await flyte.durable.sleep.aio(every)
        raise Expired(title)
    finally:
        await close_request(request, "closed")


@env.task
async def publish_with_approval(brief: str, reviewers: list[str], channel: str) -> str | None:
    text = await draft(brief)
    while True:
        try:
            review = await wait_for_approval(brief, text, reviewers)
        except Expired:
            print("nobody answered, dropping")
            return None
        match review:
            case Review(decision=Decision.APPROVED):
                return await publish(text, channel)
            case Review(decision=Decision.CHANGES, comment=comment) if comment:
                text = await draft(brief, comment)
            case Review(decision=Decision.REJECTED | Decision.CHANGES):
                return None


@env.task
async def two_person_rule(title: str, first: str, second: str) -> bool:
    a = await wait_for_approval(title, "", [first])
    return a.decision == Decision.APPROVED and (
        await wait_for_approval(title, "", [second])
    ).decision == Decision.APPROVED


@env.task
async def campaign(briefs: list[str], reviewers: list[str]) -> list[str]:
    if not await two_person_rule("start the campaign", *reviewers[:2]):
        return []
    urls = await asyncio.gather(
        *(publish_with_approval(b, reviewers, ch) for b in briefs for ch in ("blog", "social"))
    )
    return [u for u in urls if u is not None]


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(campaign, briefs=["launch"], reviewers=["ann", "ben"])
