import os
from functools import lru_cache

import flyte

REFERENCE = os.getenv("REFERENCE", "GRCh38")


@lru_cache(maxsize=None)
def image() -> flyte.Image:
    return (
        flyte.Image.from_base("ghcr.io/lab/genomics:1.4")
        .clone(name="genomics", registry="ghcr.io/lab", extendable=True)
        .with_apt_packages("samtools", "bwa")
    )


env = flyte.TaskEnvironment(
    "genomics", image=image(), resources=flyte.Resources(cpu=8, memory="32Gi", disk="200Gi")
)
