"""Uses a fast parser where there is one."""

import json

import flyte

try:
    import orjson
except ImportError:
    orjson = None

try:
    from tqdm import tqdm
except ImportError:

    def tqdm(things, **options):
        return things


env = flyte.TaskEnvironment(
    "parser", image=flyte.Image.from_debian_base().with_pip_packages("orjson")
)


def parse(text):
    if orjson is not None:
        return orjson.loads(text)
    return json.loads(text)


@env.task
async def load(text: str) -> dict[str, int]:
    return {key: int(value) for key, value in tqdm(parse(text).items())}


@env.task
async def total(counts: dict[str, int]) -> int:
    return sum(counts.values())


@env.task
async def main(text: str = '{"a": 1}') -> int:
    return await total(await load(text))
