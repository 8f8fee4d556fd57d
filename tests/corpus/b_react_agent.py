# drivers: react_agent, answer_many, main
"""A ReAct style agent: think, pick a tool, observe, repeat until the model says it is finished."""
import asyncio
import json
import logging
import re
from dataclasses import dataclass, field

import flyte
import httpx
from openai import AsyncOpenAI

logger = logging.getLogger(__name__)

image = flyte.Image.from_debian_base().with_pip_packages("openai", "httpx")
env = flyte.TaskEnvironment(
    name="react_agent",
    image=image,
    resources=flyte.Resources(cpu=1, memory="1Gi"),
    secrets=[flyte.Secret(key="OPENAI_API_KEY", as_env_var="OPENAI_API_KEY")],
)

SYSTEM = """You are a careful assistant. Reply with JSON:
{"thought": ..., "tool": ..., "input": ...} or {"thought": ..., "answer": ...}"""

MAX_STEPS = 8


@dataclass
class Step:
    thought: str
    tool: str | None = None
    tool_input: str | None = None
    answer: str | None = None


@dataclass
class AgentResult:
    question: str
    answer: str
    steps: list[Step] = field(default_factory=list)
    ran_out: bool = False


@flyte.trace
async def think(question: str, scratchpad: list[str]) -> Step:
    client = AsyncOpenAI()
    messages = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": question + "\n\n" + "\n".join(scratchpad)},
    ]
    reply = await client.chat.completions.create(model="gpt-4o-mini", messages=messages)
    data = json.loads(reply.choices[0].message.content)
    return Step(
        thought=data.get("thought", ""),
        tool=data.get("tool"),
        tool_input=data.get("input"),
        answer=data.get("answer"),
    )


@env.task
async def search_wikipedia(query: str) -> str:
    async with httpx.AsyncClient() as client:
        r = await client.get("https://en.wikipedia.org/w/api.php", params={"search": query})
        return r.text[:2000]


@env.task
async def calculator(expression: str) -> str:
    if not re.fullmatch(r"[\d\s+\-*/().]+", expression):
        return "error: not an arithmetic expression"
    return str(eval(expression))  # noqa: S307


@env.task
async def read_url(url: str) -> str:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        return (await client.get(url)).text[:5000]


TOOLS = {
    "wikipedia": search_wikipedia,
    "calculator": calculator,
    "read": read_url,
}


@env.task
async def react_agent(question: str, max_steps: int = MAX_STEPS) -> AgentResult:
    scratchpad: list[str] = []
    steps: list[Step] = []
    step_no = 0
    while step_no < max_steps:
        step_no += 1
        with flyte.group(f"step-{step_no}"):
            step = await think(question, scratchpad)
            steps.append(step)
            if step.answer is not None:
                return AgentResult(question=question, answer=step.answer, steps=steps)
            if step.tool not in TOOLS:
                scratchpad.append(f"Observation: no tool called {step.tool!r}, choose from {list(TOOLS)}")
                continue
            tool = TOOLS[step.tool]
            try:
                observation = await tool(step.tool_input)
            except Exception as e:
                logger.warning("tool %s failed: %s", step.tool, e)
                observation = f"tool failed: {e}"
        scratchpad.append(f"Thought: {step.thought}")
        scratchpad.append(f"Observation: {observation}")
    return AgentResult(question=question, answer="I don't know", steps=steps, ran_out=True)


@env.task
async def answer_many(questions: list[str]) -> list[AgentResult]:
    return await asyncio.gather(*[react_agent(q) for q in questions])


@env.task
async def main(path: str = "questions.txt", limit: int | None = None) -> dict[str, str]:
    with open(path) as f:
        questions = [line.strip() for line in f if line.strip()]
    if limit:
        questions = questions[:limit]
    results = await answer_many(questions)
    for r in results:
        print(f"{r.question} -> {r.answer} ({len(r.steps)} steps)")
    return {r.question: r.answer for r in results if not r.ran_out}


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main, limit=3)
    print(run.url)
    run.wait()
