"""Memos and counters at module level, in leaves."""

import collections
import contextvars
import os
import time

import flyte

env = flyte.TaskEnvironment(
    "memos",
    reusable=flyte.ReusePolicy(replicas=2),
    image=flyte.Image.from_debian_base().with_pip_packages("unionai-reuse"),
)
driver = flyte.TaskEnvironment("memos-driver", depends_on=[env])

_memo: dict[str, int] = {}
_calls: collections.Counter[str] = collections.Counter()
_tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")
_started = time.time()
DEBUG = bool(os.getenv("DEBUG"))


def lookup(key: str) -> int:
    if key not in _memo:
        _memo[key] = sum(map(ord, key))
    return _memo[key]


@env.task
async def score(key: str) -> int:
    _calls[key] += 1
    token = _tenant.set(key)
    try:
        if DEBUG:
            print(key, _calls[key], f"up for {time.time() - _started:.0f} s", _tenant.get())
        return lookup(key)
    finally:
        _tenant.reset(token)


@driver.task
async def main(keys: list[str]) -> dict[str, int]:
    return {key: await score(key) for key in keys}
