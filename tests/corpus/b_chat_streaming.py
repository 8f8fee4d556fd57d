# drivers: reply, reply_with_deadline, conversation, digest, fan_out_models
"""Streaming chat: traces as generators, time limits, cancellation."""
import asyncio
import contextlib
from typing import AsyncGenerator, Generator

import flyte
from openai import AsyncOpenAI

env = flyte.TaskEnvironment("chat_streaming", resources=flyte.Resources(cpu="500m"))

SLOW = 30.0


@flyte.trace
async def stream_chat(messages: list[dict], model: str) -> AsyncGenerator[str, None]:
    stream = await AsyncOpenAI().chat.completions.create(model=model, messages=messages, stream=True)
    async for event in stream:
        if event.choices[0].delta.content:
            yield event.choices[0].delta.content


@flyte.trace
def paragraphs(text: str, size: int = 400) -> Generator[str, None, None]:
    for i in range(0, len(text), size):
        yield text[i : i + size]


@flyte.trace
def estimate_cost(tokens: int, model: str) -> float:
    return tokens * (1e-6 if "mini" in model else 1e-5)


@env.task
async def safe_for_work(text: str) -> bool:
    return "secret" not in text


@env.task
async def shorten(text: str) -> str:
    return text[:80]


@env.task
async def remember(user: str, fact: str) -> None: ...


@env.task
async def reply(messages: list[dict], model: str = "gpt-4o-mini") -> str:
    parts = []
    async for token in stream_chat(messages, model):
        parts.append(token)
        if len(parts) % 50 == 0 and not await safe_for_work("".join(parts)):
            return "I'd rather not say."
    print(f"about ${estimate_cost(len(parts), model):.4f}")
    return "".join(parts)


@env.task
async def reply_with_deadline(messages: list[dict], seconds: float = SLOW) -> str:
    try:
        async with asyncio.timeout(seconds):
            return await reply(messages, model="gpt-4o")
    except TimeoutError:
        pass
    with contextlib.suppress(asyncio.TimeoutError):
        return await asyncio.wait_for(reply(messages), seconds)
    return "Sorry, I'm slow today."


@env.task
async def conversation(user: str, prompts: list[str]) -> list[dict]:
    messages: list[dict] = [{"role": "system", "content": f"You talk to {user}"}]
    background = set()
    for prompt in prompts:
        if not prompt:
            continue
        messages.append({"role": "user", "content": prompt})
        text = await reply_with_deadline(messages)
        messages.append({"role": "assistant", "content": text})
        if "my name is" in prompt.lower():
            t = asyncio.create_task(remember(user, prompt))
            background.add(t)
            t.add_done_callback(background.discard)
        if len(messages) > 20:
            messages[1:3] = [{"role": "system", "content": await shorten(str(messages[1:3]))}]
    await asyncio.gather(*background)
    return messages


@env.task
async def digest(text: str) -> list[str]:
    out = []
    for p in paragraphs(text, size=200):
        out.append(await shorten(p))
    return out


@env.task
async def fan_out_models(prompt: str, models: list[str]) -> dict[str, str]:
    messages = [{"role": "user", "content": prompt}]
    coros = {m: reply(messages, m) for m in models}
    answers = dict(zip(coros, await asyncio.gather(*coros.values())))
    answers["longest"] = max(models, key=lambda m: len(answers[m]))
    return answers


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(conversation, user="kim", prompts=["hello", "my name is Kim"])
