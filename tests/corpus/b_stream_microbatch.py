# drivers: process_batch, stream, replay_dead_letters
# Micro-batch streaming over a Kafka topic: pull, transform, write, commit. Dead letters are retried later.
import asyncio
import json
import time
from collections import deque
from contextlib import contextmanager

import flyte

env = flyte.TaskEnvironment("microbatch", resources=flyte.Resources(cpu=1, memory="1Gi"))

TOPIC = "clicks"
MAX_EMPTY = 5


@contextmanager
def timer(name, sink):
    t0 = time.perf_counter()
    try:
        yield
    finally:
        sink[name] = sink.get(name, 0.0) + time.perf_counter() - t0


@env.task(cache="disable")
async def pull(topic: str, offset: int, n: int) -> list[str]:
    return [json.dumps({"user": i, "n": offset + i}) for i in range(n)]


@env.task
async def parse(raw: list[str]) -> tuple[list[dict], list[str]]:
    good, bad = [], []
    for r in raw:
        try:
            good.append(json.loads(r))
        except ValueError:
            bad.append(r)
    return good, bad


@env.task
async def enrich(events: list[dict], table: str) -> list[dict]:
    return [{**e, "table": table} for e in events]


@env.task(retries=3)
async def write(events: list[dict], sink: str) -> int:
    return len(events)


@env.task
async def commit(topic: str, offset: int) -> None: ...


@env.task
async def dead_letter(lines: list[str]) -> None: ...


@env.task
async def read_dead_letters(limit: int) -> list[str]:
    return []


@env.task
async def process_batch(raw: list[str], sinks: list[str]) -> int:
    timings: dict[str, float] = {}
    with timer("parse", timings):
        events, bad = await parse(raw)
    if bad:
        await dead_letter(bad)
    if not events:
        return 0
    with timer("enrich", timings), flyte.group("enrich"):
        geo, users = await asyncio.gather(enrich(events, "geo"), enrich(events, "users"))
    merged = [{**a, **b} for a, b in zip(geo, users)]
    with timer("write", timings):
        written = sum(await asyncio.gather(*(write(merged, s) for s in sinks)))
    print(" ".join(f"{k}={v:.2f}s" for k, v in timings.items()))
    return written


@env.task
async def stream(batches: int = 100, size: int = 500, start: int = 0) -> int:
    offset, empty, total = start, 0, 0
    recent: deque[int] = deque(maxlen=10)
    in_flight = None
    for _ in range(batches):
        raw = await pull(TOPIC, offset, size)
        if not raw:
            empty += 1
            if empty >= MAX_EMPTY:
                break
            await asyncio.sleep(2 ** empty)
            continue
        empty = 0
        # one batch is processed while the next is pulled
        if in_flight is not None:
            n = await in_flight
            recent.append(n)
            total += n
            await commit(TOPIC, offset)
        offset += len(raw)
        in_flight = asyncio.create_task(process_batch(raw, ["warehouse", "features"]))
    if in_flight is not None:
        total += await in_flight
        await commit(TOPIC, offset)
    if recent:
        print(f"average of the last {len(recent)}: {sum(recent) / len(recent):.1f}")
    return total


@env.task
async def replay_dead_letters(limit: int = 1000) -> int:
    n = 0
    while lines := await read_dead_letters(limit):
        n += await process_batch(lines, ["warehouse"])
        if len(lines) < limit:
            break
    return n


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(stream, batches=10)
