"""Prompts from templates, answers checked by a model of pydantic, a budget in tokens."""

import asyncio
import json
import os
from string import Template
from textwrap import dedent

import flyte
from pydantic import BaseModel, ValidationError

env = flyte.TaskEnvironment(
    "llm-batch",
    image=flyte.Image.from_debian_base().with_pip_packages("pydantic", "openai>=1.0", "tiktoken"),
    secrets=[flyte.Secret("openai", as_env_var="OPENAI_API_KEY")],
)

PROMPT = Template(
    dedent(
        """
        Classify: $text
        Labels: $labels
        """
    )
)
LABELS = ["good", "bad"]


class Verdict(BaseModel):
    label: str
    confidence: float = 0.0


class Totals(BaseModel):
    counts: dict[str, int] = {}
    tokens: int = 0


@flyte.trace
async def complete(prompt: str, model: str) -> str:
    import openai

    client = openai.AsyncOpenAI(api_key=os.environ["OPENAI_API_KEY"])
    answer = await client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": prompt}], temperature=0
    )
    return answer.choices[0].message.content


def tokens_of(text: str) -> int:
    import tiktoken

    return len(tiktoken.get_encoding("cl100k_base").encode(text))


@env.task(retries=3, cache="auto")
async def classify(text: str, model: str = "gpt-4o-mini") -> Verdict:
    prompt = PROMPT.substitute(text=text, labels=", ".join(LABELS))
    answer = await complete(prompt, model)
    try:
        return Verdict.model_validate_json(answer)
    except ValidationError:
        return Verdict(label=json.loads(answer).get("label", LABELS[0]))


@env.task
async def summarise(verdicts: list[Verdict], tokens: int) -> Totals:
    totals = Totals(tokens=tokens)
    for verdict in verdicts:
        totals.counts[verdict.label] = totals.counts.get(verdict.label, 0) + 1
    return totals


@env.task
async def main(texts: list[str], budget: int = 10_000, at_once: int = 8) -> Totals:
    spent = 0
    verdicts: list[Verdict] = []
    gate = asyncio.Semaphore(at_once)

    async def one(text: str) -> Verdict | None:
        async with gate:
            try:
                return await classify(text)
            except flyte.errors.RuntimeUserError:
                return None

    for start in range(0, len(texts), at_once):
        batch = texts[start : start + at_once]
        spent += sum(len(text.split()) for text in batch)
        if spent > budget:
            break
        found = await asyncio.gather(*(one(text) for text in batch))
        verdicts.extend(verdict for verdict in found if verdict is not None)
    return await summarise(verdicts, spent)
