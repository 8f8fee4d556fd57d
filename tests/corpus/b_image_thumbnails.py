# drivers: process_image, make_album, albums_sync, retry_broken
"""Thumbnails and captions for photo albums."""
import asyncio
from functools import partial
from pathlib import Path

import flyte
from PIL import Image as PILImage

env = flyte.TaskEnvironment("thumbs", image=flyte.Image.from_debian_base().with_pip_packages("pillow"))


@env.task
def resize(path: str, width: int) -> str:
    img = PILImage.open(path)
    img.thumbnail((width, width))
    out = f"{path}.{width}.jpg"
    img.save(out)
    return out


@env.task
def exif(path: str) -> dict[str, str]:
    return {}


@env.task
def caption(path: str, hint: str = "") -> str:
    return Path(path).stem + hint


@env.task
def build_html(thumbs: list[str], captions: list[str]) -> str:
    return "\n".join(f"<img src={t!r} alt={c!r}>" for t, c in zip(thumbs, captions))


@env.task
def list_images(folder: str) -> list[str]:
    return sorted(str(p) for p in Path(folder).glob("*.jpg"))


@env.task
async def process_image(path: str, widths: list[int]) -> tuple[list[str], str]:
    meta = await exif.aio(path)
    if "private" in meta:
        return [], ""
    *thumbs, text = await asyncio.gather(
        *[resize.aio(path, w) for w in widths],
        caption.aio(path, hint=meta.get("place", "")),
    )
    return thumbs, text


@env.task
async def make_album(folder: str) -> str:
    paths = await list_images.aio(folder)
    with flyte.group("images"):
        done = await asyncio.gather(*[process_image(p, [128, 512]) for p in paths])
    thumbs = [t[0] for t, _ in done if t]
    captions = [c for t, c in done if t]
    return await build_html.aio(thumbs, captions)


@env.task
def albums_sync(folders: list[str], width: int = 256) -> list[str]:
    pages = []
    for folder in folders:
        paths = list_images(folder)
        thumbs = list(flyte.map(partial(resize, width=width), paths, return_exceptions=False))
        captions = list(flyte.map(caption, paths, [" (auto)"] * len(paths)))
        pages.append(build_html(thumbs, captions))
    return pages


@env.task
def retry_broken(folder: str) -> int:
    paths = list_images(folder)
    broken = [p for p, r in zip(paths, flyte.map(resize, paths, [64] * len(paths))) if isinstance(r, Exception)]
    fixed = 0
    for p in broken:
        try:
            resize.override(resources=flyte.Resources(memory="4Gi"), retries=2)(p, 64)
            fixed += 1
        except OSError:
            pass
    return fixed


if __name__ == "__main__":
    flyte.init()
    print(flyte.run(albums_sync, folders=["/photos/2023"]).outputs())
