import flyte

env = flyte.TaskEnvironment("unions")


@env.task
async def parse(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


@env.task
async def double(value: float) -> float:
    return 2 * value


@env.task
async def shout(value: str) -> str:
    return value.upper()


@env.task
async def main(text: str) -> str:
    value = await parse(text)
    if isinstance(value, str):
        return await shout(value)
    return str(await double(value))
