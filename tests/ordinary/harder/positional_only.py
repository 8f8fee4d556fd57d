"""Parameters of all kinds but the variadic."""

import flyte

env = flyte.TaskEnvironment("parameters")


@env.task
async def area(width: float, height: float = 1.0, *, scale: float = 1.0) -> float:
    return width * height * scale


@env.task
async def describe(value: float, /, unit: str = "m²") -> str:
    return f"{value} {unit}"


@env.task
async def main(width: float = 2) -> str:
    sizes = [2.0, 3.0]
    options = {"scale": 0.5}
    a = await area(width)
    b = await area(*sizes)
    c = await area(1, 2, scale=3)
    d = await area(height=2, width=width, **options)
    return await describe(a + b + c + d, unit="cm²")
