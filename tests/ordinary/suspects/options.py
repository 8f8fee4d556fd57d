"""Options in the forms in which they are written."""

from datetime import timedelta

import flyte

env = flyte.TaskEnvironment(
    name="options_env-1",
    resources=flyte.Resources(
        cpu="500m", memory=("512Mi", "4Gi"), gpu="H100:8", disk="10Gi", shm="auto"
    ),
    reusable=flyte.ReusePolicy(replicas=(1, 3), idle_ttl=timedelta(minutes=5), concurrency=10),
    secrets=["key", flyte.Secret(key="token", group="team", as_env_var="TOKEN")],
    env_vars={"A": "1"},
    cache=flyte.Cache("auto", ignored_inputs="verbose"),
    image=flyte.Image.from_debian_base().with_pip_packages("unionai-reuse"),
)
driver = flyte.TaskEnvironment(name="options_driver", depends_on=[env])

OPTIONS = {"retries": 2, "timeout": 30}


@env.task(
    retries=0,
    timeout=timedelta(hours=1),
    report=False,
    docs=flyte.Documentation(description="adds"),
)
async def add(a: int, b: int = 0, verbose: bool = False) -> int:
    return a + b


hourly = flyte.Trigger("hourly", flyte.FixedRate(60), auto_activate=False)
often = flyte.Trigger("often", flyte.Cron("*/15 8-18 * * MON-FRI"), inputs={"n": 2})


@driver.task(triggers=(hourly, often), short_name="options")
async def main(n: int = 3) -> int:
    small = add.override(resources=flyte.Resources(cpu=1, memory="250Mi"), reusable="off")
    total = await small(1)
    total += await add.override(**OPTIONS)(total, b=1)
    total += await add.override(cache="disable", reusable="off", env_vars={"B": "2"})(
        n, verbose=True
    )
    return total
