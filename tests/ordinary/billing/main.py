"""Invoices of a month."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import flyte

env = flyte.TaskEnvironment("main")


@dataclass
class Line:
    article: str
    pieces: int
    price: float


@dataclass
class Invoice:
    customer: str
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> float:
        return float(sum(Decimal(str(line.price)) * line.pieces for line in self.lines))


@env.task
async def read_orders(month: str) -> list[Invoice]:
    return [Invoice("acme", [Line("lamp", 2, 19.5)]), Invoice(f"beta {month}")]


@env.task
async def send(invoice: Invoice) -> bool:
    print("sent to", invoice.customer, invoice.total)
    return invoice.total > 0


@env.task
async def main(month: str = "2024-05") -> int:
    invoices = await read_orders(month)
    sent = await asyncio.gather(*(send(invoice) for invoice in invoices if invoice.lines))
    return sum(sent)


if __name__ == "__main__":
    flyte.init()
    print(flyte.run(main).outputs())
