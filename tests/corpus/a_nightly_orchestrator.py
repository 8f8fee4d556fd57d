# drivers: nightly, Stage_run, run_stage, cleanup_after
"""One file to run them all: stages, retries with backoff, clean-up, and Slack."""
import argparse
import asyncio
import datetime
import logging
import random
import sys
import traceback
from dataclasses import dataclass, field
from enum import Enum

import flyte
import flyte.errors
from slack_sdk.web.async_client import AsyncWebClient

logging.basicConfig(stream=sys.stderr, level=logging.INFO)
logger = logging.getLogger("nightly")

env = flyte.TaskEnvironment(
    name="nightly",
    secrets=[flyte.Secret(key="slack_token", as_env_var="SLACK_TOKEN")],
    resources=flyte.Resources(cpu=1, memory="1Gi"),
)

CONFIG = {
    "retries": 3,
    "base_delay": 5.0,
    "channel": "#data-alerts",
    "stages": ["extract", "transform", "publish"],
}


class State(str, Enum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class StageResult:
    stage: str
    state: State
    attempts: int = 0
    outputs: list[str] = field(default_factory=list)


@env.task
async def extract(day: str, inputs: list[str]) -> list[str]:
    return [f"raw/{day}/{i}" for i in range(3)]


@env.task
async def transform(day: str, inputs: list[str]) -> list[str]:
    return [p.replace("raw", "clean") for p in inputs]


@env.task
async def publish(day: str, inputs: list[str]) -> list[str]:
    return [p.replace("clean", "pub") for p in inputs]


@env.task
async def slack(text: str, channel: str = CONFIG["channel"]) -> None:
    await AsyncWebClient().chat_postMessage(channel=channel, text=text)


@env.task
async def remove(path: str) -> None:
    logger.info("rm %s", path)


STAGES = dict(extract=extract, transform=transform, publish=publish)


async def with_backoff(make, retries: int = CONFIG["retries"]):
    """Call make() until it works."""
    for attempt in range(1, retries + 1):
        try:
            return attempt, await make()
        except flyte.errors.RuntimeUserError as e:
            if attempt == retries:
                raise
            delay = CONFIG["base_delay"] * 2 ** (attempt - 1) * (1 + random.random())
            logger.warning(f"attempt {attempt} failed ({e}); sleeping {delay:.1f}s")
            await asyncio.sleep(delay)


@env.task
async def run_stage(stage: str, day: str, inputs: list[str]) -> StageResult:
    task = STAGES[stage]
    attempts, outputs = await with_backoff(lambda: task(day, inputs))
    return StageResult(stage, State.OK, attempts, outputs)


@env.task
async def Stage_run(stage: str, day: str) -> StageResult:
    """Re-run a single stage by hand, with empty inputs."""
    result = await run_stage(stage, day, [])
    await slack(f"{stage} re-run by hand: {result.state.value}")
    return result


@env.task
async def cleanup_after(paths: list[str], keep: int = 0) -> int:
    doomed = paths[keep:]
    await asyncio.gather(*(remove(p) for p in doomed))
    return len(doomed)


@env.task
async def nightly(day: str = "") -> list[StageResult]:
    day = day or datetime.date.today().isoformat()
    results: list[StageResult] = []
    inputs: list[str] = []
    temp: list[str] = []
    failed = False
    try:
        for stage in CONFIG["stages"]:
            if failed:
                results.append(StageResult(stage, State.SKIPPED))
                continue
            try:
                res = await run_stage(stage, day, inputs)
            except Exception:
                logger.error(traceback.format_exc())
                results.append(StageResult(stage, State.FAILED, CONFIG["retries"]))
                failed = True
            else:
                inputs = res.outputs
                temp += res.outputs
                results.append(res)
    finally:
        await cleanup_after(temp, keep=len(inputs))
    states = ", ".join(f"{r.stage}={r.state.value}" for r in results)
    await slack((":x: " if failed else ":white_check_mark: ") + f"nightly {day}: {states}")
    return results


if __name__ == "__main__":
    cli = argparse.ArgumentParser()
    cli.add_argument("day", nargs="?", default="")
    flyte.init_from_config()
    r = flyte.with_runcontext(name=f"nightly-{random.randrange(10**6)}").run(nightly, **vars(cli.parse_args()))
    r.wait()
