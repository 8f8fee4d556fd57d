# /// script
# requires-python = ">=3.11"
# dependencies = ["flyte", "numpy>=1.26"]
# ///
"""What it needs stands at its top."""

from pathlib import Path

import flyte
import numpy

env = flyte.TaskEnvironment(
    "uv-script", image=flyte.Image.from_uv_script(__file__, name="uv-script", registry="ghcr.io/me")
)

HERE = Path(__file__).parent


@env.task
async def norm(values: list[float]) -> float:
    return float(numpy.linalg.norm(values))


@env.task
async def main(values: list[float]) -> float:
    first = await norm(values)
    return await norm([first, 1.0])


if __name__ == "__main__":
    flyte.init_from_config(root_dir=HERE)
    flyte.run(main, values=[3.0, 4.0]).wait()
