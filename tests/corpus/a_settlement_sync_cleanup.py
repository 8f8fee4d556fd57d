# drivers: settle_merchant, settle_day, settle_range, refund_chain
"""Daily card settlement. Sync; money, so lots of asserts and finally."""
import datetime as dt
import logging
import uuid
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

import flyte
import psycopg

logger = logging.getLogger("settlement")
env = flyte.TaskEnvironment(
    name="settlement",
    resources=flyte.Resources(cpu=1, memory="1Gi"),
    secrets=[flyte.Secret(key="pg_dsn", as_env_var="PG_DSN")],
)
CENT = Decimal("0.01")


class OutOfBalance(ArithmeticError):
    pass


@dataclass
class Batch:
    merchant: str
    day: dt.date
    gross: str = "0"
    fees: str = "0"
    refunds: list[str] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        out = Decimal(self.gross) - Decimal(self.fees) - sum(map(Decimal, self.refunds), Decimal(0))
        return out.quantize(CENT, ROUND_HALF_EVEN)


@env.task
def merchants(day: dt.date) -> list[str]:
    return ["m1", "m2"]


@env.task
def collect(merchant: str, day: dt.date) -> Batch:
    with closing(psycopg.connect()) as conn:
        row = conn.execute("select gross, fees from sums where merchant=%s and day=%s", (merchant, day)).fetchone()
    return Batch(merchant, day, *map(str, row))


@env.task
def hold(merchant: str, reference: str) -> bool:
    return True


@env.task
def release(merchant: str, reference: str) -> None:
    ...


@env.task
def payout(batch: Batch, reference: str) -> str:
    return reference


@env.task
def ledger_total(day: dt.date) -> str:
    return "0"


@env.task
def original_of(refund: str) -> str | None:
    return None


@env.task
def settle_merchant(merchant: str, day: dt.date, attempts: int = 3) -> str | None:
    reference = f"{merchant}-{day}-{uuid.uuid5(uuid.NAMESPACE_OID, merchant)}"
    if not hold(merchant, reference):
        return None
    try:
        batch = collect(merchant, day)
        if batch.net < 0:
            logger.warning(f"{merchant} owes us {-batch.net}")
            return None
        for n in range(attempts):
            try:
                return payout(batch, reference)
            except ConnectionError as e:
                logger.warning("payout %s attempt %d: %s", reference, n + 1, e)
        raise RuntimeError(f"payout of {reference} failed {attempts} times")
    finally:
        release(merchant, reference)


@env.task
def settle_day(day: dt.date) -> dict[str, str]:
    names = merchants(day)
    paid: dict[str, str] = {}
    outcomes = flyte.map(settle_merchant, names, [day for _ in names], return_exceptions=True)
    for merchant, outcome in zip(names, outcomes):
        if isinstance(outcome, Exception):
            logger.error("%s: %s", merchant, outcome)
        elif outcome:
            paid[merchant] = outcome
    total = Decimal(ledger_total(day))
    with ExitStack() as stack:
        stack.callback(logger.info, "settled %s", day)
        expected = sum((collect(m, day).net for m in paid), Decimal(0))
        if total != expected:
            raise OutOfBalance(f"{day}: ledger {total} != {expected}")
    return paid


@env.task
def settle_range(start: dt.date, days: int, stop_on_error: bool = True) -> int:
    n = 0
    for i in range(days):
        day = start + dt.timedelta(days=i)
        if day.weekday() >= 5:
            continue
        try:
            n += len(settle_day(day))
        except OutOfBalance:
            if stop_on_error:
                raise
            logger.exception("out of balance")
    return n


@env.task
def refund_chain(refund: str, limit: int = 10) -> list[str]:
    chain = [refund]
    while (parent := original_of(chain[-1])) is not None and len(chain) < limit:
        if parent in chain:
            raise ValueError(f"refund loop at {parent}")
        chain.append(parent)
    return chain[::-1]
