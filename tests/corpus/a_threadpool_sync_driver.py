# drivers: pull_everything, pull_with_asyncio, publish_all
"""Sync drivers that want concurrency: thread pools and asyncio.run."""
import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import flyte
import requests

env = flyte.TaskEnvironment(
    name="vendor_pull",
    image=flyte.Image.from_debian_base().with_pip_packages("requests"),
    env_vars={"PYTHONUNBUFFERED": "1"},
)

VENDORS = os.environ.get("VENDORS", "acme,globex,initech").split(",")


@env.task(retries=2)
def pull(vendor: str, day: str) -> list[dict]:
    r = requests.get(f"https://{vendor}.example/api/{day}", timeout=30)
    r.raise_for_status()
    return r.json()


@env.task
def normalise(vendor: str, rows: list[dict]) -> list[dict]:
    return [{**row, "vendor": vendor} for row in rows]


@env.task
def publish(topic: str, rows: list[dict]) -> int:
    time.sleep(0.01)
    return len(rows)


@env.task
def pull_everything(day: str) -> dict[str, list[dict]]:
    start = time.perf_counter()
    out: dict[str, list[dict]] = {}
    with ThreadPoolExecutor(max_workers=8) as pool:
        futures = {pool.submit(pull, v, day): v for v in VENDORS}
        for fut in as_completed(futures):
            vendor = futures[fut]
            try:
                rows = fut.result()
            except requests.HTTPError as e:
                print(f"{vendor} failed: {e}")
                continue
            out[vendor] = normalise(vendor, rows)
    print(f"pulled {len(out)} vendors in {time.perf_counter() - start:.1f}s")
    return out


@env.task
def pull_with_asyncio(day: str) -> dict[str, list[dict]]:
    async def go():
        rows = await asyncio.gather(*[pull.aio(v, day) for v in VENDORS])
        clean = await asyncio.gather(*[normalise.aio(v, r) for v, r in zip(VENDORS, rows)])
        return dict(zip(VENDORS, clean))

    return asyncio.run(go())


@env.task
def publish_all(day: str, use_threads: bool = True) -> int:
    data = pull_everything(day) if use_threads else pull_with_asyncio(day)
    total = 0
    for vendor in sorted(data):
        rows = data[vendor]
        if not rows:
            continue
        total += publish(f"vendor.{vendor}", rows)
    if total == 0:
        raise SystemExit("nothing published")
    return total


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(publish_all, day=time.strftime("%Y-%m-%d"))
