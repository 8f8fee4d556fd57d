# drivers: run_spark_job, run_all_jobs, race_regions, watch
"""Submit jobs to an external cluster and poll; cancel on timeout; race two regions."""
import asyncio
import contextlib
import logging
import signal
from datetime import datetime, timedelta
from enum import Enum, auto

import flyte
import flyte.durable
import httpx

logger = logging.getLogger(__name__)
env = flyte.TaskEnvironment(name="spark_jobs", resources=flyte.Resources(cpu="250m", memory="256Mi"))
LIVY = "http://livy:8998"


class Phase(Enum):
    QUEUED = auto()
    RUNNING = auto()
    SUCCEEDED = auto()
    FAILED = auto()

    @property
    def terminal(self) -> bool:
        return self in {Phase.SUCCEEDED, Phase.FAILED}


class JobFailed(RuntimeError):
    def __init__(self, job: str, log: str):
        self.job, self.log = job, log
        super().__init__(f"job {job} failed:\n{log[-500:]}")


@env.task(retries=3)
async def submit(jar: str, args: list[str], region: str = "eu") -> str:
    async with httpx.AsyncClient(base_url=LIVY) as c:
        return str((await c.post("/batches", json={"file": jar, "args": args})).json()["id"])


@env.task(retries=5)
async def poll(job: str) -> Phase:
    return Phase.RUNNING


@env.task
async def fetch_log(job: str) -> str:
    return "..."


@env.task
async def cancel(job: str) -> None:
    logger.info("cancelling %s", job)


@env.task
async def run_spark_job(jar: str, args: list[str], region: str = "eu", timeout_s: int = 3600) -> str:
    job = await submit(jar, args, region=region)
    deadline = datetime.now() + timedelta(seconds=timeout_s)
    delay = 1.0
    try:
        while not (phase := await poll(job)).terminal:
            if datetime.now() > deadline:
                raise TimeoutError(f"{job} still {phase.name} after {timeout_s}s")
            await flyte.durable.sleep.aio(delay)
            delay = min(delay * 2, 60)
    except (TimeoutError, asyncio.CancelledError):
        await cancel(job)
        raise
    if phase is Phase.FAILED:
        raise JobFailed(job, await fetch_log(job))
    return job


@env.task
async def run_all_jobs(jobs: dict[str, list[str]]) -> dict[str, str]:
    done: dict[str, str] = {}
    errors: list[str] = []
    try:
        async with asyncio.TaskGroup() as tg:
            running = {jar: tg.create_task(run_spark_job(jar, args)) for jar, args in jobs.items()}
    except* JobFailed as group:
        for exc in group.exceptions:
            errors.append(str(exc))
    for jar, t in running.items():
        if not t.cancelled() and t.exception() is None:
            done[jar] = t.result()
    if errors:
        logger.error("%d jobs failed: %s", len(errors), "; ".join(errors))
    return done


@env.task
async def race_regions(jar: str, args: list[str], regions: list[str]) -> str:
    racers = [asyncio.ensure_future(run_spark_job(jar, args, region=r)) for r in regions]
    try:
        for fut in asyncio.as_completed(racers):
            with contextlib.suppress(JobFailed):
                return await fut
        raise JobFailed(jar, "all regions failed")
    finally:
        for r in racers:
            r.cancel()


@env.task
async def watch(job_ids: list[str], every: float = 30.0) -> dict[str, str]:
    last: dict[str, Phase] = {}
    waiting = set(job_ids)
    while waiting:
        phases = dict(zip(sorted(waiting), await asyncio.gather(*[poll(j) for j in sorted(waiting)])))
        for job, phase in phases.items():
            if last.get(job) != phase:
                print(f"{job}: {last.get(job, Phase.QUEUED).name} -> {phase.name}")
            last[job] = phase
        waiting -= {j for j, p in phases.items() if p.terminal}
        if waiting:
            await asyncio.sleep(every)
    return {j: p.name for j, p in last.items()}
