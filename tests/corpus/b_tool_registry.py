# drivers: dispatch, run_tool_calls, agent_turn, agent
"""Tools register themselves with a decorator; the model returns tool calls as JSON."""
import asyncio
import functools
import inspect
import json
import time

import flyte

env = flyte.TaskEnvironment("tools")

REGISTRY: dict = {}


def tool(name=None, description=""):
    """Register a task as a tool."""

    def wrap(task):
        REGISTRY[name or task.func.__name__] = (task, description)
        return task

    return wrap


def timed(fn):
    @functools.wraps(fn)
    async def inner(*args, **kwargs):
        start = time.monotonic()
        try:
            return await fn(*args, **kwargs)
        finally:
            print(f"{fn.__name__} took {time.monotonic() - start:.2f}s")

    return inner


@tool("weather", "The weather in a city")
@env.task
async def get_weather(city: str, unit: str = "C") -> str:
    return f"21{unit} in {city}"


@tool(description="Add numbers")
@env.task
async def add(a: float, b: float) -> str:
    return str(a + b)


@tool("sql", "Query the warehouse")
@env.task(retries=1, timeout=60)
async def run_sql(query: str, limit: int = 100) -> str:
    import duckdb

    return duckdb.sql(f"{query} limit {limit}").df().to_csv()


def schemas():
    out = []
    for name, (task, description) in REGISTRY.items():
        params = inspect.signature(task.func).parameters
        out.append({"name": name, "description": description, "parameters": list(params)})
    return out


@flyte.trace
async def chat(messages: list[dict], tools: list[dict]) -> dict:
    return {"role": "assistant", "content": "done", "tool_calls": []}


@env.task
async def dispatch(name: str, arguments: str) -> str:
    if name not in REGISTRY:
        return f"unknown tool {name}"
    task, _ = REGISTRY[name]
    try:
        params = json.loads(arguments)
    except json.JSONDecodeError as e:
        return f"bad arguments: {e}"
    return await task(**params)


@timed
async def call_all(calls):
    return await asyncio.gather(*[dispatch(c["name"], c["arguments"]) for c in calls])


@env.task
async def run_tool_calls(calls: list[dict]) -> list[dict]:
    outputs = await call_all(calls)
    return [
        {"role": "tool", "tool_call_id": c["id"], "content": o} for c, o in zip(calls, outputs)
    ]


@env.task
async def agent_turn(messages: list[dict]) -> list[dict]:
    reply = await chat(messages, schemas())
    new = [reply]
    if reply.get("tool_calls"):
        new += await run_tool_calls(reply["tool_calls"])
    return new


@env.task
async def agent(prompt: str, max_turns: int = 10) -> str:
    messages = [{"role": "user", "content": prompt}]
    turn = 0
    while True:
        new = await agent_turn(messages)
        messages = [*messages, *new]
        turn += 1
        if len(new) == 1 or turn > max_turns:
            break
    return messages[-1]["content"]


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(agent, prompt="weather in Oslo?").outputs())
