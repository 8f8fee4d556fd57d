# drivers:
"""The only place where a model is called."""
import os

import flyte
from tenacity import retry, stop_after_attempt

DEFAULT_MODEL = os.environ.get("MODEL", "gpt-4o-mini")


@flyte.trace
async def chat(system: str, user: str, model: str = DEFAULT_MODEL) -> str:
    from openai import AsyncOpenAI

    r = await AsyncOpenAI().chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
    )
    return r.choices[0].message.content or ""


@flyte.trace
def count_tokens(text: str) -> int:
    return len(text) // 4


@retry(stop=stop_after_attempt(3))
async def chat_yes_no(question: str) -> bool:
    reply = await chat("Answer yes or no.", question)
    return reply.lower().startswith("y")


async def chat_list(prompt: str, n: int) -> list[str]:
    text = await chat(f"Give {n} lines", prompt)
    return [line for line in text.splitlines() if line][:n]
