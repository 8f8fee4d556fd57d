# drivers: verify, publish, release, rollback
import asyncio
from functools import partial

import flyte

from . import steps
from .retrying import first_ok, logged, with_retries as retrying
from .steps import build_matrix, ci, upload

env = flyte.TaskEnvironment("release", depends_on=[ci])

PLATFORMS = ["linux_x86_64", "macosx_arm64", "win_amd64"]
PYTHONS = ("3.11", "3.12", "3.13")


@env.task
async def verify(src: str) -> bool:
    results = await asyncio.gather(*[steps.unit_tests(src, python=p) for p in PYTHONS])
    return all(results)


@logged
async def publish_one(wheel, index):
    return await retrying(upload, wheel, index=index, times=5)


@env.task
async def publish(wheels: list[str], index: str) -> list[str]:
    return [await publish_one(w, index) for w in wheels]


@env.task
async def rollback(urls: list[str]) -> int:
    for url in reversed(urls):
        await steps.yank(url)
    return len(urls)


@env.task
async def release(repo: str, ref: str = "main", dry_run: bool = False) -> list[str]:
    src = await first_ok([partial(steps.checkout, repo, ref), partial(steps.checkout, repo, "main")])
    wheels, ok = await asyncio.gather(build_matrix(src, PLATFORMS), verify(src))
    if not ok:
        raise SystemExit("tests failed")
    urls = await publish(wheels, "test")
    if dry_run:
        return urls
    try:
        final = await publish(wheels, "prod")
    except BaseException:
        await rollback(urls)
        raise
    return final


if __name__ == "__main__":
    flyte.init_from_config()
    r = flyte.with_runcontext(mode="remote", name="release-1").run(release, repo="demo", dry_run=True)
    r.wait()
