"""What users write, and no checker may complain of."""

import asyncio
import functools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import flyte
from flyte import remote
from flyte.errors import OOMError, RuntimeUserError
from flyte.io import DataFrame, Dir, File

image = (
    flyte.Image.from_debian_base(python_version=(3, 12))
    .with_apt_packages("git")
    .with_pip_packages("requests", "numpy>=2", pre=True)
    .with_env_vars({"A": "b"})
)
env = flyte.TaskEnvironment(
    "right",
    image=image,
    resources=flyte.Resources(cpu=(1, 2), memory="1Gi", gpu=flyte.GPU("T4", 1)),
    reusable=flyte.ReusePolicy(replicas=(1, 3), concurrency=4, idle_ttl=60),
    cache=flyte.Cache("auto", ignored_inputs="seed", max_age=timedelta(days=1)),
    secrets=["token", flyte.Secret("key", group="g")],
)
other = env.clone_with("other", description="the same, elsewhere")
env.add_dependency(other)


@dataclass
class Model:
    weights: list[float]


@env.task
def double(x: int) -> int:
    return 2 * x


@env.task(
    cache="auto",
    retries=flyte.RetryStrategy(2, backoff=flyte.Backoff(timedelta(seconds=1), 2.0, timedelta(1))),
    timeout=flyte.Timeout(max_runtime=60, deadline=timedelta(hours=1)),
    triggers=flyte.Trigger("nightly", flyte.Cron("0 1 * * *"), inputs={"when": flyte.TriggerTime}),
    report=True,
)
async def train(data: list[float], epochs: int = 3) -> Model:
    return Model([each * epochs for each in data])


@other.task(short_name="pair", triggers=(flyte.Trigger.hourly(), flyte.Trigger.daily("when")))
async def pair(x: int, y: str = "a", *, loud: bool = False) -> tuple[int, str]:
    return x, y


@env.compiled_task(order="program")
async def compiled(x: int) -> int:
    return await double.aio(x)


class Steps:
    @staticmethod
    @env.task
    async def load(path: str) -> File:
        return await File.from_local(path)


@flyte.trace
async def ask(question: str) -> str:
    return question


@flyte.trace
def lines(n: int) -> Iterator[str]:
    yield from map(str, range(n))


@flyte.trace
async def tokens(n: int) -> AsyncIterator[str]:
    for i in range(n):
        yield str(i)


@env.task
async def driver(n: int) -> Model:
    first, (number, text) = await asyncio.gather(train([1, 2], epochs=n), pair(n, loud=True))
    models = await asyncio.gather(*[train([float(i)]) for i in range(n)])
    doubled: list[int] = list(flyte.map(double, range(n)))
    trained: list[Model] = list(flyte.map(train, [[1.0], [2.0]], [1, 2], concurrency=2))
    parted = list(flyte.map(functools.partial(pair, y=text), [number], group_name="parts"))
    async for result in flyte.map.aio(double, doubled, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
        number += result
    with flyte.group("again"), flyte.custom_context(tenant="t"):
        try:
            first = await train([1.0])
        except OOMError as error:
            print(error.code, error.kind)
            bigger = train.override(resources=flyte.Resources(memory="4Gi"), reusable="off")
            first = await bigger([1.0], 2)
        except (RuntimeUserError, flyte.errors.TaskTimeoutError):
            raise
    answer = await ask("why")
    said = "".join(lines(3)) + "".join([token async for token in tokens(2)]) + answer
    started = await flyte.durable.now.aio()
    await flyte.durable.sleep.aio(0.1)
    await flyte.report.log.aio(said, do_flush=True)
    file = await Steps.load("data.csv")
    async with file.open("rb") as stream:
        said += str(await stream.read()) + str(started) + str(flyte.ctx().idempotency_key)
    table = await DataFrame.from_local({"a": [1]})
    folder: Dir[str] = Dir.from_existing_remote("s3://bucket/folder")
    names = [each.path async for each in folder.walk()]
    said += str(await table.open(dict).all()) + str(names)
    return max([first, *models, *trained], key=lambda each: len(each.weights) + len(parted))


@env.task
async def calls_remote() -> str:
    deployed = remote.Task.get("other.pair", auto_version="latest")
    answer: tuple[int, str] = await deployed(x=1)
    return answer[1]


def policy(salt: str, params: flyte.VersionParameters) -> str:
    return salt


class Policy:
    def get_version(self, salt: str, params: flyte.VersionParameters) -> str:
        return policy(salt, params)


cached = double.override(cache=flyte.Cache(policies=[Policy()], salt="s"), timeout=3)


async def from_a_loop() -> int:
    await flyte.init_from_config.aio()
    run = await flyte.run.aio(double, 3)
    await run.wait.aio()
    outputs = await run.outputs.aio()
    return outputs[0]


if __name__ == "__main__":
    flyte.init_from_config(root_dir=".")
    flyte.init(project="p", domain="development", image_builder="local")
    run = flyte.run(driver, n=3)
    print(run.name, run.url, run.phase)
    run.wait()
    print(run.outputs()[0].weights, run.outputs().named_outputs, run.inputs())
    flyte.with_runcontext(mode="local", name="again", env_vars={"A": "b"}).run(cached, 2)
    forwarded: int = double.forward(2)
    deployments = flyte.deploy(env, other, dry_run=True, version="v1")
    print(deployments[0].summary_repr(), forwarded)
