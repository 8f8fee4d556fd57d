"""Programs as people write them, whole, with the graphs that they give."""

from __future__ import annotations

import pytest
from lowering import lower_all

from flyte_compiler.ir.text import print_graph

GRAPHS: dict[str, tuple[str, str]] = {
    "tasks started in a loop": (
        """\
import asyncio
import flyte

env = flyte.TaskEnvironment("async_example_env")

@env.task
async def hello_world(name: str) -> str:
    return f"Hello, {name}!"

@env.task
async def main(name: str) -> str:
    results = []
    for i in range(10):
        results.append(hello_world(name))
    await asyncio.gather(*results)
    return "Done"

if __name__ == "__main__":
    r = flyte.run(main, name="World")
    r.wait()
""",
        """\
task async_example_env.main(name: str) -> str  # main.py:11
  n0 = python [] "results = []" -> (results)
  n1 = dynamic loop "a loop that calls `hello_world`" [name=%name, results=n0.results] \
"for i in range(10):\\n        results.append(hello_world(name))" \
calls (async_example_env.hello_world) -> ()
  n2 = python await [results=n0.results] "await asyncio.gather(*results)" -> ()
  return 'Done'
""",
    ),
    "plain Python after a call": (
        """\
import flyte

env = flyte.TaskEnvironment(
    "hello_world",
    image=flyte.Image.from_debian_base().with_pip_packages("requests"),
)

@env.task
def mean(data: list[float]) -> float:
    return sum(data) / len(data)

@env.task
def main(data: list[float]) -> float:
    output = mean(data)

    # trivial operations are plain Python
    output = output / 100

    if output < 0:
        raise ValueError("Output cannot be negative")

    return output
""",
        """\
task hello_world.main(data: list[float]) -> float  # main.py:13
  n0 = task hello_world.mean(data=%data) -> float
  n1 = python [output=n0] "output = output / 100\\n\\n    if output < 0:\\n        \
raise ValueError(\\"Output cannot be negative\\")" -> (output)
  return n1.output
""",
    ),
    "a trace, then a task": (
        """\
import flyte

env = flyte.TaskEnvironment(name="trace_example_env")

@flyte.trace
async def call_llm(prompt: str) -> str:
    return "Initial response from LLM"

@env.task
async def finalize_output(output: str) -> str:
    return "Finalized output"

@env.task(cache=flyte.Cache(behavior="auto"))
async def main(prompt: str) -> str:
    output = await call_llm(prompt)
    output = await finalize_output(output)
    return output
""",
        """\
task trace_example_env.main(prompt: str) -> str  # main.py:14
  n0 = trace main.call_llm(prompt=%prompt) -> str
  n1 = task trace_example_env.finalize_output(output=n0) -> str
  return n1
""",
    ),
    "a branch on the clock, and calls that don't fit": (
        """\
from datetime import datetime
import flyte

env = flyte.TaskEnvironment("considerations")

def get_int_input() -> int:
    return 7

@env.task
async def t2(val: int): ...

@env.task
async def t3(val: int): ...

@env.task
async def t1():
    val = get_int_input()
    now = datetime.now()
    if now.second % 2 == 0:
        await t2(int=val)
    else:
        await t3(int=val)
    await t2(int=val)
""",
        """\
task considerations.t1()  # main.py:16
  n0 = python [] "val = get_int_input()\\n    now = datetime.now()" -> (now, val)
  n1 = dynamic branch "an `if` that calls `t2` and `t3`" [now=n0.now, val=n0.val] \
"if now.second % 2 == 0:\\n        await t2(int=val)\\n    else:\\n        await t3(int=val)" \
calls (considerations.t2, considerations.t3) -> ()
  n2 = dynamic unbindable-call "a call of `t2` that does not fit its parameters" [val=n0.val] \
"await t2(int=val)" calls (considerations.t2) -> ()
""",
    ),
    "effects around plain work": (
        """\
import flyte

env = flyte.TaskEnvironment("considerations")

@env.task
async def t1(): ...

@env.task
async def t2(): ...

def local_cpu_intensive_function() -> int:
    return sum(i * i for i in range(10_000_000))

@env.compiled_task
async def t_main():
    await t1()
    local_cpu_intensive_function()
    await t2()
""",
        """\
compiled_task considerations.t_main()  # main.py:15
  n0 = task considerations.t1()
  n1 = python [] "local_cpu_intensive_function()" -> ()
  n2 = task considerations.t2()
""",
    ),
    "coroutines that nobody awaits": (
        """\
from typing import List
import flyte

env = flyte.TaskEnvironment("considerations")

@env.task
async def t2(floats: List[float]): ...

@env.task
async def produce_1gb_list() -> List[float]: ...

@env.task
async def t1():
    list_floats = produce_1gb_list()
    t2(floats=list_floats)
""",
        """\
task considerations.t1()  # main.py:13
  n0 = dynamic coroutine "a call of `produce_1gb_list` that is not awaited in place" [] \
"list_floats = produce_1gb_list()" calls (considerations.produce_1gb_list) -> (list_floats)
  n1 = dynamic coroutine "a call of `t2` that is not awaited in place" \
[list_floats=n0.list_floats] "t2(floats=list_floats)" calls (considerations.t2) -> ()
""",
    ),
    "maps": (
        """\
import asyncio
import flyte

env = flyte.TaskEnvironment(name="my_task_env")

@env.task
async def hello_world(name: str) -> str:
   return f"Hello, {name}!"

@env.task
async def gathered(names: list[str]) -> list[str]:
    return await asyncio.gather(*[hello_world(name) for name in names])

@env.task
def mapped(names: list[str]) -> list[str]:
   return flyte.map(hello_world, names)
""",
        """\
task my_task_env.gathered(names: list[str]) -> list[str]  # main.py:11
  n0 = dynamic comprehension "a comprehension that calls `hello_world`" [names=%names] \
"return await asyncio.gather(*[hello_world(name) for name in names])" \
calls (my_task_env.hello_world) returns -> ()

task my_task_env.mapped(names: list[str]) -> list[str]  # main.py:15
  n0 = dynamic map "a map over `hello_world`" [names=%names] \
"return flyte.map(hello_world, names)" calls (my_task_env.hello_world) returns -> ()
""",
    ),
}


@pytest.mark.parametrize("title", GRAPHS)
def test_a_program_gives_its_graphs(title: str) -> None:
    text, expected = GRAPHS[title]
    assert "\n".join(print_graph(graph) for graph in lower_all(text)) == expected
