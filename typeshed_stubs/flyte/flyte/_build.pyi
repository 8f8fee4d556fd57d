from dataclasses import dataclass
from typing import Any

from flyte._image import Image
from flyte.remote import Run
from flyte.syncify import syncify

@dataclass
class ImageBuild:
    uri: str | None
    remote_run: Run[Any] | None
    build_run: object | None = None

@syncify
async def build(
    image: Image, dry_run: bool = False, force: bool = False, wait: bool = True
) -> ImageBuild: ...
