# drivers: run_dag, run_dag_eager, call_step, nightly_dag
"""Topological execution of a user-written DAG (YAML) on top of tasks."""
import asyncio
import graphlib
from pathlib import Path
from typing import Any

import flyte
import yaml

env = flyte.TaskEnvironment("dag_executor")


class StepFailed(Exception):
    def __init__(self, name: str):
        super().__init__(f"step {name} failed")
        self.name = name


@env.task
async def shell(cmd: str, inputs: dict[str, str]) -> str:
    return cmd.format(**inputs)


@env.task
async def sql(query: str, inputs: dict[str, str]) -> str:
    return query


@env.task
async def http(url: str, inputs: dict[str, str]) -> str:
    return url


def parse(path: str) -> dict[str, dict[str, Any]]:
    spec = yaml.safe_load(Path(path).read_text())
    for name, step in spec.items():
        step.setdefault("needs", [])
        step.setdefault("retries", 0)
        assert step["kind"] in {"shell", "sql", "http"}, name
    return spec


@env.task
async def call_step(name: str, step: dict[str, Any], inputs: dict[str, str]) -> str:
    kind = step["kind"]
    arg = step["run"]
    for attempt in range(step["retries"] + 1):
        try:
            if kind == "shell":
                return await shell(arg, inputs)
            elif kind == "sql":
                return await sql(arg, inputs)
            else:
                return await http(url=arg, inputs=inputs)
        except Exception as e:
            print(f"{name}: attempt {attempt}: {e}")
    raise StepFailed(name)


@env.task
async def run_dag(path: str) -> dict[str, str]:
    """Level by level."""
    spec = parse(path)
    sorter = graphlib.TopologicalSorter({n: s["needs"] for n, s in spec.items()})
    sorter.prepare()
    out: dict[str, str] = {}
    while sorter.is_active():
        ready = sorter.get_ready()
        values = await asyncio.gather(
            *[call_step(n, spec[n], {k: out[k] for k in spec[n]["needs"]}) for n in ready]
        )
        out.update(zip(ready, values))
        sorter.done(*ready)
    return out


@env.task
async def run_dag_eager(path: str) -> dict[str, str]:
    """Each step starts when its own needs are done."""
    spec = parse(path)
    futures: dict[str, asyncio.Task] = {}

    async def run(name: str) -> str:
        step = spec[name]
        inputs = {}
        for need in step["needs"]:
            inputs[need] = await futures[need]
        return await call_step(name, step, inputs)

    for name in graphlib.TopologicalSorter({n: s["needs"] for n, s in spec.items()}).static_order():
        futures[name] = asyncio.ensure_future(run(name))
    return {n: await f for n, f in futures.items()}


@env.task
async def nightly_dag(paths: list[str], eager: bool) -> list[str]:
    runner = run_dag_eager if eager else run_dag
    failures = []
    for p in paths:
        try:
            await runner(p)
        except StepFailed as e:
            failures.append(f"{p}:{e.name}")
    return failures


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(run_dag, path="dag.yaml")
