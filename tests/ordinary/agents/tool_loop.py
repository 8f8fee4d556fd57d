"""An agent that calls tools until it has an answer."""

import asyncio
import json
from dataclasses import dataclass, field

import flyte

env = flyte.TaskEnvironment("agent", secrets="openai-key")


@dataclass
class Call:
    tool: str
    arguments: dict[str, str]


@dataclass
class Reply:
    text: str = ""
    calls: list[Call] = field(default_factory=list)


@env.task
async def search(query: str) -> str:
    return f"results for {query}"


@env.task
async def calculate(expression: str) -> str:
    return str(len(expression))


TOOLS = {"search": search, "calculate": calculate}


@flyte.trace
async def ask(messages: list[dict[str, str]]) -> Reply:
    if len(messages) > 4:
        return Reply(text="done")
    return Reply(calls=[Call("search", {"query": messages[-1]["content"]})])


@env.task
async def main(question: str, max_turns: int = 5) -> str:
    messages = [{"role": "user", "content": question}]
    for turn in range(max_turns):
        with flyte.group(f"turn-{turn}"):
            reply = await ask(messages)
            if not reply.calls:
                return reply.text
            answers = await asyncio.gather(
                *[TOOLS[call.tool](**call.arguments) for call in reply.calls]
            )
        for call, answer in zip(reply.calls, answers):
            messages.append({"role": "tool", "content": json.dumps({call.tool: answer})})
    return "no answer"
