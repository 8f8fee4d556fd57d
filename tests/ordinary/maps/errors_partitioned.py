import flyte

env = flyte.TaskEnvironment("partitioned")


@env.task
async def parse(text: str) -> int:
    return int(text)


@env.task
async def main(texts: list[str]) -> dict[str, list[str]]:
    report: dict[str, list[str]] = {"good": [], "bad": []}
    results = [r async for r in flyte.map.aio(parse, texts, return_exceptions=True)]
    for text, result in zip(texts, results):
        key = "bad" if isinstance(result, BaseException) else "good"
        report[key].append(text)
    return report
