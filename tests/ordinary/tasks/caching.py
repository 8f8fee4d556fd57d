from datetime import timedelta

import flyte

env = flyte.TaskEnvironment("caches", cache=flyte.Cache(behavior="auto", salt="2"))


@env.task
async def read(path: str, verbose: bool = False) -> str:
    if verbose:
        print(path)
    return path * 2


@env.task(cache=flyte.Cache("override", version_override="1.0", ignored_inputs=("verbose",)))
async def count(text: str, verbose: bool = False) -> int:
    return len(text)


@env.task(cache=flyte.Cache(behavior="auto", max_age=timedelta(hours=6), serialize=True))
async def latest(path: str) -> int:
    return len(path)


@env.task(cache="disable")
async def main(path: str) -> int:
    text = await read(path, verbose=True)
    size = await count.override(cache="disable")(text)
    return size + await latest(path)
