"""Constants, caches and clients at module level."""

import functools
import logging
import threading

import flyte

env = flyte.TaskEnvironment("state")

DEFAULTS = {"size": 3, "scale": 2}
REGISTRY: dict[str, type] = {}
_client = None
_client_lock = threading.Lock()
logger = logging.getLogger("state")
counter = 0


def register(cls: type) -> type:
    REGISTRY[cls.__name__] = cls
    return cls


@register
class Doubler:
    def run(self, x: int) -> int:
        return x * DEFAULTS["scale"]


def client() -> dict[str, str]:
    global _client
    with _client_lock:
        if _client is None:
            _client = {"address": "localhost"}
    return _client


@functools.lru_cache(maxsize=128)
def table(size: int) -> tuple[int, ...]:
    return tuple(range(size))


@env.task
async def double(x: int, kind: str = "Doubler") -> int:
    logger.debug("using %s", client()["address"])
    return REGISTRY[kind]().run(x)


@env.task
async def main(size: int | None = None) -> list[int]:
    settings = DEFAULTS | ({"size": size} if size is not None else {})
    return [await double(x) for x in table(settings["size"])]
