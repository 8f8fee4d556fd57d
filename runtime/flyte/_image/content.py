"""An image's digest: of what it says, and of the bytes of the files that it names.

A file counts by name and content, never by where it lies.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flyte_plan.digest import digest, show_digest

if TYPE_CHECKING:
    from flyte._image.image import Image

_LENGTH = 20
"""Letters of the tag: 100 bits."""

_NOT_CONTENT = ("registry", "registry_secret", "name", "extendable", "secret_mounts")
"""Where an image goes and who may fetch its parts doesn't change what is in it."""


def image_digest(image: Image) -> str:
    """The digest, short and fit for a tag.

    Raises:
        FileNotFoundError: a file that the image names isn't there.
    """
    return show_digest(_digest_of(image))[:_LENGTH]


def _digest_of(value: object) -> bytes:
    match value:
        case Path():
            return _digest_of_file(value)
        case tuple():
            return digest("image-tuple", *(_digest_of(part) for part in value))
        case None | bool() | int() | str():
            return digest(f"image-{type(value).__name__}", str(value).encode())
        case _ if is_dataclass(value):
            content = [f.name for f in fields(value) if f.name not in _NOT_CONTENT]
            parts = (_digest_of(getattr(value, name)) for name in content)
            return digest(f"image-{type(value).__name__}", *parts)
        case _:
            raise TypeError(f"an image holds no `{type(value).__qualname__}`")


def _digest_of_file(path: Path) -> bytes:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        names = [file.relative_to(path).as_posix() for file in inside]
        parts = [
            part
            for name, file in zip(names, inside, strict=True)
            for part in (name.encode(), file.read_bytes())
        ]
        return digest("image-folder", path.name.encode(), *parts)
    return digest("image-file", path.name.encode(), path.read_bytes())
