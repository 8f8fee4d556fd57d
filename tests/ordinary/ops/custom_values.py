"""Settings that go with the run."""

import flyte

env = flyte.TaskEnvironment("tenants")


@env.task
async def read(key: str) -> str:
    return flyte.get_custom_context().get("tenant", "nobody") + key


@env.task
async def main(keys: list[str]) -> list[str]:
    with flyte.custom_context(tenant="acme"):
        return [await read(key) for key in keys]


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.with_runcontext(custom_context={"tenant": "beta"}, name="tenants-1").run(main, ["a"])
