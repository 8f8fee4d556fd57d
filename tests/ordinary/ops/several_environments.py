"""Cheap and expensive work in environments of their own."""

import flyte

image = (
    flyte.Image.from_debian_base(python_version=(3, 12))
    .with_apt_packages("git")
    .with_pip_packages("pandas", "scikit-learn==1.5.0")
    .with_env_vars({"OMP_NUM_THREADS": "1"})
)

cpu = flyte.TaskEnvironment(
    "cpu", image=image, resources=flyte.Resources(cpu=(1, 2), memory=("1Gi", "2Gi"))
)
gpu = flyte.TaskEnvironment(
    "gpu", image=image, resources=flyte.Resources(gpu=flyte.GPU("A100", 2)), interruptible=True
)
driver = flyte.TaskEnvironment("driver", depends_on=[cpu, gpu], description="the driver")


@cpu.task
async def features(rows: int) -> list[float]:
    import pandas as pd

    return pd.Series(range(rows), dtype=float).tolist()


@gpu.task(retries=2, short_name="fit")
async def fit(values: list[float]) -> float:
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit([[i] for i in range(len(values))], values)
    return float(model.coef_[0])


@driver.task
async def main(rows: int = 100) -> float:
    values = await features(rows)
    slope = await fit.override(resources=flyte.Resources(gpu="T4:1"))(values)
    return round(slope, 3)
