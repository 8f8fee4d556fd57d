"""A ledger with a check that must hold."""

from decimal import Decimal
from enum import Enum

import flyte
from pydantic import BaseModel

env = flyte.TaskEnvironment(
    "ledger", image=flyte.Image.from_debian_base().with_pip_packages("pydantic")
)


class Side(Enum):
    DEBIT = 1
    CREDIT = -1


class Entry(BaseModel):
    account: str
    side: Side
    cents: int


@env.task
async def book(amount: float, source: str, target: str) -> list[Entry]:
    cents = int(Decimal(str(amount)) * 100)
    return [
        Entry(account=target, side=Side.DEBIT, cents=cents),
        Entry(account=source, side=Side.CREDIT, cents=cents),
    ]


@env.task
async def balance(entries: list[Entry]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, 0) + entry.side.value * entry.cents
    return sums


@env.task
async def main(amounts: list[float]) -> dict[str, int]:
    entries: list[Entry] = []
    for amount in amounts:
        entries += await book(amount, "bank", "cash")
    sums = await balance(entries)
    assert sum(sums.values()) == 0, "the books don't balance"
    return sums
