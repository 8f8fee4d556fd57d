"""Checkpoints inside one action, and a task that is cached."""

import flyte

env = flyte.TaskEnvironment("answers")


@flyte.trace
async def ask(question: str) -> str:
    return f"an answer to {question}"


@flyte.trace
def tidy(answer: str) -> str:
    return answer.strip()


@env.task
async def store(answer: str) -> None:
    print(answer)


@env.task(cache=flyte.Cache(behavior="auto"))
async def main(question: str) -> str:
    answer = await ask(question)
    answer = tidy(answer)
    await store(answer)
    return answer
