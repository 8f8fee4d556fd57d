# drivers: execute_plan, plan_and_execute, batch_of_goals
# Planner / executor. The planner writes a small DAG of steps, the executor runs
# the steps whose dependencies are all done, in waves.
import asyncio
import os
from enum import Enum
from typing import Any

import flyte
from anthropic import AsyncAnthropic
from pydantic import BaseModel, Field

MODEL = os.environ.get("PLANNER_MODEL", "claude-sonnet-4-20250514")

base = flyte.TaskEnvironment(name="planner_base", resources=flyte.Resources(memory="512Mi"))
planner_env = base.clone_with(name="planner", depends_on=[base])


class StepKind(str, Enum):
    SEARCH = "search"
    CODE = "code"
    WRITE = "write"


class PlanStep(BaseModel):
    id: str
    kind: StepKind
    instruction: str
    needs: list[str] = Field(default_factory=list)


class Plan(BaseModel):
    goal: str
    steps: list[PlanStep]


class PlanError(RuntimeError):
    """The planner produced something that can't be run."""


@flyte.trace
async def draft_plan(goal: str, feedback: str = "") -> Plan:
    client = AsyncAnthropic()
    msg = await client.messages.create(
        model=MODEL, max_tokens=2048, messages=[{"role": "user", "content": f"{goal}\n{feedback}"}]
    )
    return Plan.model_validate_json(msg.content[0].text)


@base.task(retries=2)
async def run_search(instruction: str, context: dict[str, str]) -> str:
    return f"found: {instruction}"


@base.task(retries=1)
async def run_code(instruction: str, context: dict[str, str]) -> str:
    return f"ran: {instruction} with {sorted(context)}"


@base.task
async def write_text(instruction: str, context: dict[str, str]) -> str:
    return "\n".join(context.values()) + instruction


def check(plan: Plan) -> list[str]:
    ids = {s.id for s in plan.steps}
    return [f"{s.id} needs unknown {n}" for s in plan.steps for n in s.needs if n not in ids]


@planner_env.task
async def execute_plan(plan: Plan) -> dict[str, str]:
    done: dict[str, str] = {}
    waiting = {s.id: s for s in plan.steps}

    async def run_step(step: PlanStep) -> tuple[str, str]:
        context = {n: done[n] for n in step.needs}
        match step.kind:
            case StepKind.SEARCH:
                out = await run_search(step.instruction, context)
            case StepKind.CODE:
                out = await run_code.override(resources=flyte.Resources(cpu=2))(step.instruction, context)
            case StepKind.WRITE:
                out = await write_text(step.instruction, context)
            case _:
                raise PlanError(f"unknown kind {step.kind}")
        return step.id, out

    wave = 0
    while waiting:
        ready = [s for s in waiting.values() if all(n in done for n in s.needs)]
        if not ready:
            raise PlanError(f"cycle among {sorted(waiting)}")
        with flyte.group(f"wave-{wave}"):
            finished = await asyncio.gather(*(run_step(s) for s in ready))
        for step_id, out in finished:
            done[step_id] = out
            del waiting[step_id]
        wave += 1
    return done


@planner_env.task
async def plan_and_execute(goal: str, max_replans: int = 3) -> str:
    feedback = ""
    for attempt in range(max_replans):
        plan = await draft_plan(goal, feedback)
        problems = check(plan)
        if problems:
            feedback = "Fix: " + "; ".join(problems)
            continue
        try:
            outputs = await execute_plan(plan)
        except PlanError as e:
            feedback = f"The plan failed: {e}"
        else:
            break
    else:
        raise PlanError(f"no plan for {goal!r} after {max_replans} attempts")
    last = plan.steps[-1].id
    return outputs[last]


@planner_env.task
async def batch_of_goals(goals: list[str]) -> dict[str, Any]:
    results = await asyncio.gather(*[plan_and_execute(g) for g in goals], return_exceptions=True)
    report: dict[str, Any] = {}
    for goal, res in zip(goals, results):
        if isinstance(res, BaseException):
            report[goal] = {"ok": False, "error": str(res)}
        else:
            report[goal] = {"ok": True, "text": res}
    return report


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.with_runcontext(mode="local").run(batch_of_goals, goals=["write a haiku about DAGs"]))
