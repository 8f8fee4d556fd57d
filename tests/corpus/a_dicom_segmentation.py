# drivers: segment_series, segment_study, cohort, qa_sample
"""CT segmentation over studies -> series, with QA. Radiology PACS in, RTSTRUCT out."""
import asyncio
import logging
import random
from dataclasses import dataclass, field
from typing import Optional

import flyte
import flyte.errors
import numpy as np
import pydicom
from flyte import Cache, Resources

_log = logging.getLogger("seg")

io_env = flyte.TaskEnvironment("dicom_io", resources=Resources(cpu=1, memory="2Gi"), cache=Cache("auto"))
seg_env = flyte.TaskEnvironment("dicom_seg", resources=Resources(cpu=4, memory="24Gi", gpu="V100:1"))
driver_env = flyte.TaskEnvironment("dicom", depends_on=[io_env, seg_env])

MEMORY_STEPS = ["24Gi", "48Gi", "96Gi"]


@dataclass
class Series:
    uid: str
    modality: str
    n_slices: int


@dataclass
class Mask:
    uri: str
    volume_ml: float
    labels: list[str] = field(default_factory=list)


@io_env.task
async def list_series(study: str) -> list[Series]:
    return [Series(f"{study}.{i}", random.choice(["CT", "MR", "SR"]), 100) for i in range(3)]


@io_env.task
async def to_nifti(series: Series) -> str:
    return f"/data/{series.uid}.nii.gz"


@seg_env.task
async def total_segmentator(volume: str, fast: bool = False) -> Mask:
    return Mask(volume.replace(".nii", ".seg.nii"), 1500.0, ["liver"])


@io_env.task
async def write_rtstruct(study: str, masks: list[Mask]) -> str:
    return f"/out/{study}.dcm"


@io_env.task
async def dice(a: Mask, b: Mask) -> float:
    return float(np.clip(a.volume_ml / b.volume_ml, 0, 1))


@driver_env.task
async def segment_series(series: Series) -> Optional[Mask]:
    if series.modality != "CT" or series.n_slices < 30:
        return None
    volume = await to_nifti(series)
    last_error = None
    for memory in MEMORY_STEPS:
        try:
            return await total_segmentator.override(resources=Resources(memory=memory, gpu="V100:1"))(volume)
        except flyte.errors.OOMError as err:
            _log.warning(f"{series.uid}: {memory} is not enough")
            last_error = err
    _log.error("falling back to the fast model for %s: %s", series.uid, last_error)
    return await total_segmentator(volume, fast=True)


@driver_env.task
async def segment_study(study: str) -> str | None:
    series = await list_series(study)
    masks = await asyncio.gather(*[segment_series(s) for s in series])
    found = list(filter(None, masks))
    return await write_rtstruct(study, found) if found else None


@driver_env.task
async def qa_sample(studies: list[str], n: int = 5, seed: int = 0) -> list[float]:
    rng = random.Random(seed)
    scores = []
    for study in rng.sample(studies, k=min(n, len(studies))):
        cts = [s for s in await list_series(study) if s.modality == "CT"]
        if not cts:
            continue
        volume = await to_nifti(cts[0])
        full, fast = await asyncio.gather(total_segmentator(volume), total_segmentator(volume, fast=True))
        scores.append(await dice(full, fast))
    return scores


@driver_env.task
async def cohort(studies: list[str], min_dice: float = 0.8) -> dict[str, str]:
    scores = await qa_sample(studies)
    if scores and min(scores) < min_dice:
        raise flyte.errors.RuntimeUserError("QA", f"dice {min(scores):.2f} < {min_dice}")
    out: dict[str, str] = {}
    i = 0
    async for rt in flyte.map.aio(segment_study, studies, concurrency=32, group_name="studies"):
        study = studies[i]
        i += 1
        if isinstance(rt, Exception):
            _log.exception("study %s", study, exc_info=rt)
        elif rt is not None:
            out[study] = rt
    return out
