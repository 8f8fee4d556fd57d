# drivers: extract_with_repair, classify_and_route, process_mailbox
"""LLM field extraction with a repair loop; route by document type."""
import asyncio
import json
import re
from enum import Enum

import flyte
from anthropic import AsyncAnthropic
from pydantic import BaseModel, ValidationError

env = flyte.TaskEnvironment("invoices", secrets=[flyte.Secret("ANTHROPIC_API_KEY")])

MAX_REPAIRS = 2
PROMPT = """Extract JSON with keys vendor, total, currency, due_date from:\n{text}"""


class Kind(Enum):
    INVOICE = 1
    RECEIPT = 2
    LETTER = 3
    SPAM = 4


class Invoice(BaseModel):
    vendor: str
    total: float
    currency: str = "EUR"
    due_date: str | None = None


@flyte.trace
async def ask(prompt: str, temperature: float = 0.0) -> str:
    client = AsyncAnthropic()
    msg = await client.messages.create(
        model="claude-3-5-haiku-latest", max_tokens=1024, temperature=temperature,
        messages=[{"role": "user", "content": prompt}],
    )
    return msg.content[0].text


@env.task
async def archive(text: str, label: str) -> str:
    return f"s3://archive/{label}/{hash(text)}"


@env.task
async def post_to_ledger(invoice: Invoice) -> int:
    return 1


@env.task
async def fetch_mailbox(box: str, limit: int) -> list[str]:
    return ["Dear Sir"] * limit


def parse_json(raw: str) -> dict:
    m = re.search(r"\{.*\}", raw, re.S)
    if not m:
        raise ValueError("no JSON in the answer")
    return json.loads(m.group(0))


@env.task(retries=1)
async def extract_with_repair(text: str) -> Invoice:
    prompt = PROMPT.format(text=text)
    answer = await ask(prompt)
    for n in range(MAX_REPAIRS + 1):
        try:
            return Invoice(**parse_json(answer))
        except (ValueError, ValidationError) as e:
            if n == MAX_REPAIRS:
                raise ValueError(f"could not extract after {n} repairs") from e
            answer = await ask(f"{prompt}\n\nYour last answer was wrong: {e}. Answer only JSON.", temperature=0.3)
    raise AssertionError("unreachable")


@env.task
async def classify_and_route(text: str) -> str:
    label = (await ask(f"One of {[k.name for k in Kind]}: {text[:500]}")).strip().upper()
    kind = Kind[label] if label in Kind.__members__ else Kind.LETTER
    if kind is Kind.SPAM:
        return "dropped"
    elif kind in (Kind.INVOICE, Kind.RECEIPT):
        invoice = await extract_with_repair(text)
        if kind is Kind.INVOICE and invoice.total > 0:
            entry = await post_to_ledger(invoice)
            return f"ledger:{entry}"
    return await archive(text, kind.name.lower())


@env.task
async def process_mailbox(box: str = "inbox", limit: int = 20) -> dict[str, int]:
    mails = await fetch_mailbox(box, limit)
    routes = await asyncio.gather(*[classify_and_route(m) for m in mails], return_exceptions=True)
    stats: dict[str, int] = {}
    for r in routes:
        key = "error" if isinstance(r, Exception) else r.split(":")[0]
        stats[key] = stats.get(key, 0) + 1
    return stats


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(process_mailbox, limit=3).outputs())
