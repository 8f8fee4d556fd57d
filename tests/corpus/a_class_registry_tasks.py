# drivers: Imaging.stitch, Imaging.run, Plates.process, everything
"""Tasks grouped in classes, used as namespaces (team convention)."""
import asyncio
import logging

import flyte
import tifffile

logger = logging.getLogger("imaging")
imaging_env = flyte.TaskEnvironment("imaging", resources=flyte.Resources(cpu=2, memory="8Gi"))
plates_env = flyte.TaskEnvironment("plates", depends_on=[imaging_env])


class Imaging:
    """Low-level image steps."""

    OVERLAP = 0.1

    @imaging_env.task
    async def read(path: str) -> list[int]:
        return list(tifffile.imread(path).shape)

    @staticmethod
    @imaging_env.task
    async def register(a: list[int], b: list[int], overlap: float) -> list[int]:
        return [a[0] + b[0], *a[1:]]

    @staticmethod
    @imaging_env.task
    async def stitch(paths: list[str]) -> list[int]:
        tiles = await asyncio.gather(*[Imaging.read(p) for p in paths])
        acc = tiles[0]
        for t in tiles[1:]:
            acc = await Imaging.register(acc, t, Imaging.OVERLAP)
        return acc

    @staticmethod
    @imaging_env.task
    async def run(slides: dict[str, list[str]]) -> dict[str, list[int]]:
        out = {}
        for name, paths in slides.items():
            if not paths:
                logger.warning(f"{name} has no tiles")
                continue
            out[name] = await Imaging.stitch(paths)
        return out


class Plates:
    barcode_length = 8

    @classmethod
    def valid(cls, barcode: str) -> bool:
        return len(barcode) == cls.barcode_length and barcode.isalnum()

    @plates_env.task
    async def lookup(barcode: str) -> dict[str, list[str]]:
        return {"A1": [f"{barcode}/0.tif", f"{barcode}/1.tif"]}

    @plates_env.task
    async def process(barcode: str) -> int:
        if not Plates.valid(barcode):
            raise ValueError(f"bad barcode {barcode!r}")
        slides = await Plates.lookup(barcode)
        shapes = await Imaging.run(slides)
        return sum(s[0] for s in shapes.values())


@plates_env.task
async def everything(barcodes: list[str]) -> tuple[int, list[str]]:
    good, bad = [], []
    for b in barcodes:
        (good if Plates.valid(b) else bad).append(b)
    with flyte.group("plates"):
        sizes = await asyncio.gather(*map(Plates.process, good))
    return sum(sizes), bad


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(everything, barcodes=["ABCD1234"]).wait()
