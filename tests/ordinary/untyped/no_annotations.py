# everything without annotations; the SDK takes it (with a warning)
import flyte

env = flyte.TaskEnvironment("quick-script")


def helper(a, b=2, *rest, **options):
    return [a, b, *rest, *options.values()]


def numbers(text):
    for part in text.split(","):
        part = part.strip()
        if part:
            yield int(part)


@env.task
async def add(a: int, b: int) -> int:
    return a + b


@env.task
async def main(text: str = "1, 2, 3") -> int:
    values = list(numbers(text))
    parts = helper(values[0], *values[1:], last=4)
    total = 0
    for part in parts:
        total = await add(total, part)
    data = {"total": total, "parts": parts}
    if data["total"] > 5:
        data["total"] = await add(data["total"], 1)
    return data["total"]
