# drivers: prepare, train_and_register, churn_pipeline
import flyte
from flyte.io import DataFrame, File
import pandas as pd
import joblib
import logging

log = logging.getLogger(__name__)

env = flyte.TaskEnvironment(
    name="churn",
    resources=flyte.Resources(cpu=2, memory="4Gi"),
    image=flyte.Image.from_debian_base(name="churn").with_pip_packages("pandas", "xgboost", "joblib"),
    cache="auto",
)

# change these for production
CONFIG = dict(table="crm.customers", label="churned", rounds=300, min_auc=0.75)


@env.task
async def read_table(table: str) -> pd.DataFrame:
    return pd.read_sql(f"select * from {table}", "postgresql://dwh")


@env.task
async def add_features(df: pd.DataFrame) -> pd.DataFrame:
    df["tenure"] = (pd.Timestamp.now() - df["signup"]).dt.days
    return df


@env.task
async def drop_leaks(df: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return df.drop(columns=columns)


@env.task
async def train(df: pd.DataFrame, label: str, rounds: int) -> tuple[File, float]:
    import xgboost as xgb

    booster = xgb.train({}, xgb.DMatrix(df.drop(columns=label), df[label]), rounds)
    joblib.dump(booster, "model.bin")
    return await File.from_local("model.bin"), 0.8


@env.task
async def register(model: File, auc: float, tags: dict[str, str]) -> int:
    return 1


@env.task
async def notify(channel: str, message: str) -> None:
    log.info("%s: %s", channel, message)


@env.task
async def prepare(table: str) -> pd.DataFrame:
    df = await read_table(table)
    df = await add_features(df)
    df = await drop_leaks(df, ["cancel_reason", "cancelled_at"])
    return df


@env.task
async def train_and_register(df: pd.DataFrame, rounds: int) -> int:
    model, auc = await train.override(resources=flyte.Resources(cpu=8, memory="32Gi"))(
        df, CONFIG["label"], rounds
    )
    log.info(f"auc={auc:.3f}")
    if auc < CONFIG["min_auc"]:
        await notify("#ml", f"auc {auc:.3f} is too low")
        return -1
    version = await register(model, auc, {"rounds": str(rounds), "owner": "growth"})
    await notify("#ml", f"registered version {version}")
    return version


@env.task
async def churn_pipeline(table: str = CONFIG["table"], rounds: int = CONFIG["rounds"]) -> int:
    df = await prepare(table)
    return await train_and_register(df, rounds)


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(churn_pipeline)
    print(run.name, run.url)
    run.wait()
