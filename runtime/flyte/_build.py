"""`flyte.build`: container images are described here, and built by engines that run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flyte._absent import not_available
from flyte._checks import check_type
from flyte._image import Image
from flyte.syncify import at_once


@dataclass
class ImageBuild:
    """What a build gives."""

    uri: str | None
    remote_run: Any
    build_run: object | None = None


@at_once
def build(
    image: Image, dry_run: bool = False, force: bool = False, wait: bool = True
) -> ImageBuild:
    """The image's name, with `dry_run`; nothing can be built here.

    Raises:
        TypeError: no image.
        NotAvailableError: without `dry_run`.
    """
    del force, wait
    check_type("image", image, Image)
    if dry_run:
        return ImageBuild(image.uri, None)
    raise not_available("flyte.build", "tasks run in this Python environment")
