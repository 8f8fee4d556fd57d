"""The environment is read at import and in leaves, where it belongs."""

import os

import flyte

REGION = os.environ.get("REGION", "eu-west-1")
BUCKET = f"s3://data-{REGION}"

env = flyte.TaskEnvironment(
    "settings",
    env_vars={"LOG_LEVEL": "DEBUG", "REGION": REGION},
    secrets=[flyte.Secret(key="api-key", as_env_var="API_KEY")],
)


@env.task
async def fetch(name: str) -> str:
    key = os.environ["API_KEY"]
    return f"{BUCKET}/{name}?{len(key)}"


@env.task
async def main(names: list[str]) -> list[str]:
    addresses = []
    for name in names:
        addresses.append(await fetch(name))
    return addresses
