import subprocess
from pathlib import Path

from flyte.io import File

from .settings import REFERENCE, env


@env.task
def align(reads: File, reference: str = REFERENCE) -> File:
    path = reads.download_sync()
    target = Path(path).with_suffix(".bam")
    subprocess.run(["bwa", "mem", reference, path, "-o", str(target)], check=True)
    return File.from_local_sync(str(target))


@env.task
def call_variants(alignment: File, quality: int = 20) -> File:
    path = alignment.download_sync()
    result = subprocess.run(
        ["bcftools", "call", path, "-Q", str(quality)], check=True, capture_output=True, text=True
    )
    Path("calls.vcf").write_text(result.stdout)
    return File.from_local_sync("calls.vcf")
