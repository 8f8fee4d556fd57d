# drivers: agent, research, debate
"""Tool-using agent for analysts: the model picks a tool, we run the task."""
import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import flyte
from openai import AsyncOpenAI

env = flyte.TaskEnvironment("analyst_agent", secrets=[flyte.Secret("OPENAI_API_KEY")])
MAX_TURNS = 10


@dataclass
class Message:
    role: str
    content: str


@dataclass
class ToolCall:
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@env.task
async def run_sql(query: str) -> str:
    return "[]"


@env.task
async def plot(spec: str) -> str:
    return "s3://plots/1.png"


@env.task
async def web_search(query: str, k: int = 3) -> str:
    return "nothing"


TOOLS = {t.name.split(".")[-1]: t for t in (run_sql, plot, web_search)}


@flyte.trace
async def chat(messages: list[Message], tools: bool = True) -> str:
    client = AsyncOpenAI()
    r = await client.chat.completions.create(model="gpt-4o", messages=[vars(m) for m in messages])
    return r.choices[0].message.content or ""


def parse_tool_call(text: str) -> ToolCall | None:
    if not text.startswith("TOOL "):
        return None
    try:
        payload = json.loads(text[5:])
    except json.JSONDecodeError:
        return None
    return ToolCall(payload["name"], payload.get("arguments", {}))


async def call_tool(call: ToolCall) -> str:
    tool = TOOLS.get(call.name)
    if tool is None:
        return f"no such tool {call.name}; have {', '.join(TOOLS)}"
    try:
        return await tool(**call.arguments)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


@env.task
async def agent(question: str, context: str = "") -> str:
    messages = [Message("system", f"You are an analyst. {context}"), Message("user", question)]
    for turn in range(MAX_TURNS):
        reply = await chat(messages)
        messages.append(Message("assistant", reply))
        call = parse_tool_call(reply)
        if call is None:
            return reply
        with flyte.group(f"turn-{turn}"):
            messages.append(Message("tool", await call_tool(call)))
    return "ran out of turns"


@env.task
async def research(topic: str, breadth: int = 3) -> str:
    plan = await chat([Message("user", f"{breadth} questions about {topic}, one a line")], tools=False)
    questions = [q.strip("- ") for q in plan.splitlines() if q.strip()][:breadth]
    if not questions:
        return await agent(topic)
    answers = await asyncio.gather(*[agent(q, context=topic) for q in questions])
    notes = "\n\n".join(f"Q: {q}\nA: {a}" for q, a in zip(questions, answers))
    return await chat([Message("user", f"Summarise:\n{notes}")], tools=False)


@env.task
async def debate(topic: str, rounds: int = 2) -> list[str]:
    transcript: list[str] = []
    sides = ("for", "against")
    for n in range(rounds * len(sides)):
        side = sides[n % 2]
        said = "\n".join(transcript)
        transcript.append(f"{side}: {await agent(f'Argue {side} {topic}', context=said)}")
    transcript.append("verdict: " + await chat([Message("user", "\n".join(transcript))], tools=False))
    return transcript
