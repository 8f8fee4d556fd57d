# drivers: process_one, process_folder, contact_sheet
"""Plain synchronous image pipeline (no asyncio anywhere)."""
import glob
import os
import sys

import flyte
from flyte.io import File
from PIL import Image, ImageFilter, ImageOps

env = flyte.TaskEnvironment(
    name="images_sync",
    image=flyte.Image.from_debian_base().with_apt_packages("libjpeg-dev").with_pip_packages("pillow"),
)

SIZES = {"thumb": 128, "small": 512, "large": 2048}
DEBUG = "--debug" in sys.argv


@env.task
def load(path: str) -> File:
    return File.from_local_sync(path)


@env.task
def orient(img: File) -> File:
    with Image.open(img.path) as im:
        ImageOps.exif_transpose(im).save("/tmp/o.jpg")
    return File.from_local_sync("/tmp/o.jpg")


@env.task
def resize(img: File, px: int, sharpen: bool = False) -> File:
    im = Image.open(img.path)
    im.thumbnail((px, px))
    if sharpen:
        im = im.filter(ImageFilter.SHARPEN)
    im.save(f"/tmp/{px}.jpg")
    return File.from_local_sync(f"/tmp/{px}.jpg")


@env.task
def is_blurry(img: File) -> bool:
    return False


@env.task
def montage(files: list[File], cols: int) -> File:
    return files[0]


@env.task
def process_one(path: str) -> dict[str, File]:
    img = orient(load(path))
    if is_blurry(img):
        return {}
    out = {}
    for name, px in SIZES.items():
        out[name] = resize(img, px, sharpen=name == "thumb")
    if DEBUG:
        print(path, "->", list(out))
    return out


@env.task
def process_folder(folder: str, pattern: str = "*.jpg", limit: int = 0) -> list[File]:
    paths = sorted(glob.glob(os.path.join(folder, pattern)))
    if limit:
        paths = paths[:limit]
    thumbs = []
    n_errors = 0
    for result in flyte.map(process_one, paths, concurrency=10, return_exceptions=True):
        if isinstance(result, Exception):
            n_errors += 1
            if n_errors > 0.05 * len(paths):
                raise RuntimeError(f"too many failures ({n_errors})") from result
            continue
        if not result: continue
        thumbs.append(result["thumb"])
    return thumbs


@env.task
def contact_sheet(folder: str, cols: int = 8) -> File:
    thumbs = process_folder(folder)
    rows = [montage(thumbs[i:i + cols], cols) for i in range(0, len(thumbs), cols)]
    return montage(rows, 1) if len(rows) > 1 else rows[0]


if __name__ == "__main__":
    flyte.init_from_config()
    r = flyte.run(contact_sheet, folder=sys.argv[1])
    print(r.url); r.wait()
