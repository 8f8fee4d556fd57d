# drivers: infer_all, infer_resilient, infer_streaming, nightly
"""Batch inference over an image bucket, three ways (bounded, resilient, streaming)."""
import asyncio
import functools
import logging
import time
from contextlib import contextmanager

import flyte
import flyte.errors

log = logging.getLogger("inference")

driver_env = flyte.TaskEnvironment("infer_driver")
gpu_env = flyte.TaskEnvironment(
    "infer_gpu",
    resources=flyte.Resources(cpu=4, memory="16Gi", gpu="T4:1"),
    reusable=flyte.ReusePolicy(replicas=4, concurrency=2),
)
driver_env.add_dependency(gpu_env)


@contextmanager
def timed(label):
    start = time.monotonic()
    try:
        yield
    finally:
        log.info(f"{label} took {time.monotonic() - start:.2f}s")


@gpu_env.task
async def predict_batch(uris: list[str], model: str, threshold: float = 0.5) -> list[str]:
    return [f"{u}:{model}" for u in uris]


@driver_env.task
async def list_images(prefix: str) -> list[str]:
    return [f"{prefix}/{i:06d}.jpg" for i in range(1000)]


def batched(items: list, size: int):
    for i in range(0, len(items), size):
        yield items[i : i + size]


@driver_env.task
async def infer_all(prefix: str, model: str, batch_size: int = 64, limit: int = 8) -> list[str]:
    sem = asyncio.Semaphore(limit)

    async def bounded(batch: list[str]) -> list[str]:
        async with sem:
            return await predict_batch(batch, model)

    uris = await list_images(prefix)
    with timed("inference"):
        parts = await asyncio.gather(*[bounded(b) for b in batched(uris, batch_size)])
    return [label for part in parts for label in part]


@driver_env.task
async def infer_resilient(uris: list[str], model: str, max_attempts: int = 3) -> list[str]:
    """Retry one batch with twice the memory after an OOM."""
    out: list[str] = []
    for batch in batched(uris, 128):
        memory = 16
        attempt = 0
        while True:
            attempt += 1
            try:
                labels = await predict_batch.override(
                    resources=flyte.Resources(cpu=4, memory=f"{memory}Gi", gpu="T4:1")
                )(batch, model)
            except flyte.errors.OOMError as e:
                log.warning("oom at %dGi (%s), attempt %d", memory, e, attempt)
                if attempt >= max_attempts:
                    raise
                memory *= 2
            else:
                out.extend(labels)
                break
    return out


@driver_env.task
async def infer_streaming(prefix: str, model: str) -> tuple[int, int]:
    ok = failed = 0
    score = functools.partial(predict_batch, model=model, threshold=0.7)
    batches = list(batched(await list_images(prefix), 32))
    async for result in flyte.map.aio(score, batches, concurrency=16, return_exceptions=True):
        if isinstance(result, Exception):
            failed += 1
            log.error("batch failed", exc_info=result)
        else:
            ok += len(result)
    return ok, failed


@driver_env.task
async def nightly(prefixes: list[str], model: str = "resnet50") -> dict[str, int]:
    summary: dict[str, int] = {}
    for prefix in prefixes:
        ok, failed = await infer_streaming(prefix, model)
        if failed:
            uris = await list_images(prefix)
            ok = len(await infer_resilient(uris, model))
        summary[prefix] = ok
    return summary


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(nightly, prefixes=["s3://imgs/a", "s3://imgs/b"]).wait()
