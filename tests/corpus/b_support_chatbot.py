# drivers: handle_refund, handle_technical, handle_message, chat_session
"""Customer support bot with routing. Escalates to a person when the model isn't sure."""
import asyncio
import datetime as dt
import logging
from enum import Enum, auto
from typing import TypedDict

import flyte
import flyte.errors

env = flyte.TaskEnvironment(name="support", cache="disable")
log = logging.getLogger("support")


class Intent(Enum):
    REFUND = auto()
    TECHNICAL = auto()
    SMALLTALK = auto()
    HUMAN = auto()


class Order(TypedDict, total=False):
    id: str
    amount: float
    placed: str
    status: str


@flyte.trace
async def classify(message: str) -> tuple[str, float]:
    return ("REFUND", 0.9) if "money" in message else ("TECHNICAL", 0.6)


@flyte.trace
async def complete(prompt: str) -> str:
    return f"LLM: {prompt[:30]}"


@env.task(retries=3)
async def lookup_order(customer: str) -> Order:
    return {"id": "A1", "amount": 12.5, "placed": "2024-01-01", "status": "shipped"}


@env.task
async def issue_refund(order: Order, amount: float) -> bool:
    return amount <= order["amount"]


@env.task
async def search_kb(query: str, top_k: int = 3) -> list[str]:
    return [f"kb/{i}" for i in range(top_k)]


@env.task
async def escalate(customer: str, message: str, why: str) -> str:
    return f"ticket for {customer}: {why}"


@env.task
async def handle_refund(customer: str, message: str) -> str:
    order = await lookup_order(customer)
    placed = dt.date.fromisoformat(order["placed"])
    if (dt.date(2024, 2, 1) - placed).days > 30:
        return await escalate(customer, message, why="too old")
    if 0 < order["amount"] <= 50.0:
        ok = await issue_refund(order, order["amount"])
        return "refunded" if ok else await escalate(customer, message, "refund rejected")
    return await escalate(customer, message, "amount too high")


@env.task
async def handle_technical(customer: str, message: str) -> str:
    try:
        articles = await asyncio.wait_for(search_kb(message), timeout=20)
    except asyncio.TimeoutError:
        log.error("kb search timed out")
        articles = []
    if not articles:
        return await escalate(customer, message, "no article")
    joined = "\n".join(articles)
    return await complete(f"Answer {message} with {joined}")


@env.task
async def handle_message(customer: str, message: str) -> str:
    label, confidence = await classify(message)
    intent = Intent[label] if confidence > 0.5 else Intent.HUMAN
    log.info(f"{customer}: {intent.name} ({confidence:.0%})")
    match intent:
        case Intent.REFUND:
            return await handle_refund(customer, message)
        case Intent.TECHNICAL:
            return await handle_technical(customer, message)
        case Intent.SMALLTALK:
            return await complete(message)
        case Intent.HUMAN:
            return await escalate(customer, message, why="unsure")
    raise AssertionError(intent)


class Conversation:
    """Keeps the history; each reply goes through the tasks."""

    def __init__(self, customer: str):
        self.customer = customer
        self.history: list[tuple[str, str]] = []

    async def reply(self, message: str) -> str:
        answer = await handle_message(self.customer, message)
        self.history.append((message, answer))
        return answer

    @property
    def turns(self) -> int:
        return len(self.history)


@env.task
async def chat_session(customer: str, messages: list[str]) -> list[str]:
    conv = Conversation(customer)
    out = []
    for m in messages:
        if m.strip().lower() in {"bye", "quit"}:
            break
        out.append(await conv.reply(m))
    assert conv.turns == len(out)
    return out


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(chat_session, customer="c-1", messages=["I want my money back", "bye"])
