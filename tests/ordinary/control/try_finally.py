import logging

import flyte

env = flyte.TaskEnvironment("resources")
log = logging.getLogger(__name__)


class QuotaExceeded(Exception):
    pass


@env.task
async def acquire(name: str) -> str:
    return f"handle of {name}"


@env.task
async def use(handle: str, size: int) -> int:
    if size > 100:
        raise QuotaExceeded(handle)
    return size


@env.task
async def release(handle: str) -> None:
    print("released", handle)


@env.task
async def main(name: str, size: int = 10) -> int:
    handle = await acquire(name)
    try:
        used = await use(handle, size)
    except QuotaExceeded:
        log.exception("too large")
        used = 0
    except flyte.errors.RuntimeUserError as error:
        log.warning("failed: %s", error)
        raise
    else:
        log.info("used %d", used)
    finally:
        await release(handle)
    return used
