# drivers: review_clause, review_contract, redline, portfolio_review
import asyncio
import json
from typing import Literal, TypedDict

import flyte
from anthropic import AsyncAnthropic
from pydantic import BaseModel, ValidationError

env = flyte.TaskEnvironment("contracts", secrets="ANTHROPIC_API_KEY")

RISKY = ("indemnif", "unlimited", "perpetual", "exclusiv")
Risk = Literal["low", "medium", "high"]


class Clause(TypedDict):
    number: str
    title: str
    text: str


class Opinion(BaseModel):
    number: str
    risk: Risk
    why: str = ""
    suggestion: str | None = None


class ContractReview(BaseModel):
    path: str
    opinions: list[Opinion]

    def worst(self) -> Risk:
        order = ["low", "medium", "high"]
        return max((o.risk for o in self.opinions), key=order.index, default="low")


@flyte.trace
async def ask(prompt: str, model: str = "claude-3-5-haiku-latest", max_tokens: int = 800) -> str:
    msg = await AsyncAnthropic().messages.create(
        model=model, max_tokens=max_tokens, messages=[{"role": "user", "content": prompt}]
    )
    return msg.content[0].text


@flyte.trace
def looks_risky(text: str) -> bool:
    return any(word in text.lower() for word in RISKY)


@env.task
async def split_clauses(path: str) -> list[Clause]:
    with open(path) as f:
        parts = f.read().split("\n\n")
    return [{"number": str(i), "title": p.split("\n")[0], "text": p} for i, p in enumerate(parts, 1)]


async def ask_json(prompt, schema, tries=3):
    """Ask until the reply fits the schema."""
    error = None
    for _ in range(tries):
        text = await ask(prompt if error is None else f"{prompt}\nYour last reply was wrong: {error}")
        try:
            return schema.model_validate(json.loads(text))
        except (ValidationError, json.JSONDecodeError) as e:
            error = e
    raise ValueError(f"no valid reply in {tries} tries") from error


@env.task(retries=1)
async def review_clause(clause: Clause, playbook: str) -> Opinion:
    if not looks_risky(clause["text"]) and len(clause["text"]) < 200:
        return Opinion(number=clause["number"], risk="low")
    return await ask_json(f"{playbook}\n\nReview:\n{clause['text']}", Opinion)


@env.task
async def review_contract(path: str, playbook: str = "") -> ContractReview:
    clauses = await split_clauses(path)
    opinions = await asyncio.gather(*[review_clause(c, playbook) for c in clauses])
    return ContractReview(path=path, opinions=sorted(opinions, key=lambda o: o.number))


@env.task
async def redline(path: str, review: ContractReview) -> str:
    by_number = {o.number: o for o in review.opinions if o.suggestion}
    out = []
    for clause in await split_clauses(path):
        if (opinion := by_number.get(clause["number"])) is None:
            out.append(clause["text"])
        else:
            out.append(await ask(f"Rewrite: {clause['text']} following {opinion.suggestion}"))
    return "\n\n".join(out)


@env.task
async def portfolio_review(paths: list[str], playbook: str) -> dict[str, str]:
    verdicts: dict[str, str] = {}
    for coro in asyncio.as_completed([review_contract(p, playbook) for p in paths]):
        review = await coro
        match review.worst():
            case "high":
                verdicts[review.path] = await redline(review.path, review)
            case "medium":
                verdicts[review.path] = "needs a lawyer"
            case _:
                verdicts[review.path] = "sign"
    return verdicts


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(review_contract, path="nda.txt").wait()
