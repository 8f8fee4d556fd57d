"""A driver in synchronous code, with what such drivers do."""

import json
import pathlib
import subprocess
import time
import urllib.request

import flyte

env = flyte.TaskEnvironment("synchronous")


@env.task
def fetch(address: str, retries: int = 3) -> str:
    for attempt in range(retries):
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(2**attempt)
    raise TimeoutError(address)


@env.task
def count(text: str) -> int:
    return len(json.loads(text))


@env.task
def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@env.task
def main(addresses: list[str]) -> dict[str, int]:
    version = commit()
    sizes = {}
    for address in addresses:
        text = fetch(address)
        sizes[f"{version}:{address}"] = count(text)
        time.sleep(0.1)
    pathlib.Path("sizes.json").write_text(json.dumps(sizes))
    return sizes
