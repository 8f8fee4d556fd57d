"""Thumbnails of many images."""

import asyncio
from pathlib import Path

import flyte
from flyte.io import Dir, File

env = flyte.TaskEnvironment(
    "images",
    image=flyte.Image.from_debian_base().with_pip_packages("pillow"),
    reusable=flyte.ReusePolicy(replicas=4, idle_ttl=60),
)
driver = flyte.TaskEnvironment("images-driver", depends_on=[env])


@env.task
async def thumbnail(picture: File, size: int = 128) -> File:
    from PIL import Image

    path = await picture.download()
    with Image.open(path) as image:
        image.thumbnail((size, size))
        target = Path(path).with_name("thumbnail.png")
        image.save(target)
    return await File.from_local(target)


@env.task
async def pictures(folder: Dir) -> list[File]:
    found = []
    async for file in folder.walk():
        if file.path.endswith((".png", ".jpg")):
            found.append(file)
    return found


@driver.task
async def main(folder: Dir, sizes: tuple[int, int] = (64, 128)) -> dict[int, list[File]]:
    files = await pictures(folder)
    result: dict[int, list[File]] = {}
    for size in sizes:
        result[size] = await asyncio.gather(*[thumbnail(file, size=size) for file in files])
    return result
