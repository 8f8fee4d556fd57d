# drivers: score_transaction, investigate, screen, screen_day
"""Fraud screening: cheap rules first, then models, then a graph look-up, then a person."""
import asyncio
import enum
from dataclasses import dataclass
from datetime import datetime

import flyte
from flyte import remote

env = flyte.TaskEnvironment("fraud", resources=flyte.Resources(cpu=1, memory="1Gi"))


class Verdict(enum.IntEnum):
    PASS = 0
    REVIEW = 1
    BLOCK = 2


@dataclass
class Transaction:
    id: str
    account: str
    amount: float
    country: str
    at: datetime


@env.task
async def on_blocklist(account: str) -> bool:
    return account.startswith("x")


@env.task
async def velocity(account: str, minutes: int) -> int:
    return 3


@env.task
async def model_score(tx: Transaction, model: str) -> float:
    return min(1.0, tx.amount / 10_000)


@env.task
async def linked_accounts(account: str) -> list[str]:
    return [account + "a", account + "b"]


@env.task
async def open_case(tx: Transaction, reasons: list[str]) -> str:
    return f"case-{tx.id}"


@env.task
async def freeze(account: str) -> None: ...


@env.task
async def score_transaction(tx: Transaction) -> float:
    a, b, c = await asyncio.gather(*[model_score(tx, m) for m in ("gbm", "nn", "rules")])
    return 0.5 * a + 0.3 * b + 0.2 * c


@env.task
async def investigate(account: str, depth: int = 2) -> set[str]:
    """Every account linked to a blocked one, up to a depth."""
    if depth == 0:
        return set()
    linked = await linked_accounts(account)
    found = set()
    for acc, bad in zip(linked, await asyncio.gather(*(on_blocklist(x) for x in linked))):
        if bad:
            found.add(acc)
            found |= await investigate(acc, depth - 1)
    return found


@env.task
async def screen(tx: Transaction) -> Verdict:
    if tx.amount < 5:
        return Verdict.PASS
    if await on_blocklist(tx.account) or await velocity(tx.account, minutes=10) > 20:
        await freeze(tx.account)
        return Verdict.BLOCK
    reasons = []
    score = await score_transaction(tx)
    if 0.5 < score <= 0.8:
        ring = await investigate(tx.account)
        if not ring:
            return Verdict.PASS
        reasons.append(f"linked to {len(ring)} blocked accounts")
    elif score > 0.8:
        reasons.append(f"score {score:.2f}")
    if tx.country not in {"NO", "SE", "DK"}:
        geo = remote.Task.get("geo.country_risk", auto_version="latest")
        if (await geo(country=tx.country)) > 0.7:
            reasons.append("country")
    if not reasons:
        return Verdict.PASS
    await open_case(tx, reasons)
    return Verdict.REVIEW if len(reasons) < 2 else Verdict.BLOCK


@env.task
async def screen_day(txs: list[Transaction]) -> dict[str, int]:
    counts = {v.name: 0 for v in Verdict}
    async for verdict in flyte.map.aio(screen, txs, group_name="screen", concurrency=100, return_exceptions=True):
        if isinstance(verdict, Exception):
            counts["ERROR"] = counts.get("ERROR", 0) + 1
        else:
            counts[Verdict(verdict).name] += 1
    return counts


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(screen_day, txs=[Transaction("1", "a", 12.0, "NO", datetime.now())])
