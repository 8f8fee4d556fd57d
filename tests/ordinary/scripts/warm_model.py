"""A model stays loaded in a reused container."""

import asyncio

import flyte

image = flyte.Image.from_debian_base().with_pip_packages(
    "unionai-reuse>=0.1.10", "transformers", "torch"
)

worker = flyte.TaskEnvironment(
    name="worker",
    image=image,
    resources=flyte.Resources(cpu=4, memory="8Gi", gpu="A100:1"),
    reusable=flyte.ReusePolicy(replicas=(1, 4), concurrency=8, idle_ttl=300),
)
driver = flyte.TaskEnvironment(name="driver", image=image, depends_on=[worker])

_model = None
_lock = asyncio.Lock()


async def get_model():
    global _model
    async with _lock:
        if _model is None:
            from transformers import pipeline

            _model = pipeline("sentiment-analysis")
    return _model


@worker.task
async def classify(texts: list[str]) -> list[str]:
    model = await get_model()
    return [answer["label"] for answer in model(texts)]


@driver.task
async def main(texts: list[str], size: int = 32) -> list[str]:
    chunks = [texts[i : i + size] for i in range(0, len(texts), size)]
    with flyte.group("classify"):
        labels = await asyncio.gather(*[classify(chunk) for chunk in chunks])
    return [label for chunk in labels for label in chunk]
