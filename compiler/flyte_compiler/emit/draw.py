"""Draw one or several graphs into a file; the file's suffix names the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from flyte_compiler.emit import engine
from flyte_compiler.emit.engine import PictureError
from flyte_compiler.emit.mermaid import to_mermaid
from flyte_compiler.ir.model import TaskGraph


def _dot(graphs: Sequence[TaskGraph]) -> str:
    from flyte_compiler.emit.dot import to_dot  # noqa: PLC0415 - only who draws pays for it

    return to_dot(graphs)


FORMATS: Mapping[str, Callable[[Sequence[TaskGraph]], bytes]] = {
    ".svg": lambda graphs: engine.svg(_dot(graphs)),
    ".png": lambda graphs: engine.png(_dot(graphs)),
    ".pdf": lambda graphs: engine.pdf(_dot(graphs)),
    ".dot": lambda graphs: _dot(graphs).encode(),
    ".mmd": lambda graphs: to_mermaid(graphs).encode(),
}


def draw(graphs: Sequence[TaskGraph], *, file: Path) -> None:
    """Write the picture of `graphs`, one cluster each, to `file`; its folder is made.

    Raises:
        PictureError: an unknown suffix, no engine for it, or a file that can't be written.
    """
    form = FORMATS.get(file.suffix.lower())
    if form is None:
        given = f"`{file.suffix}`" if file.suffix else "no suffix"
        known = ", ".join(f"`{suffix}`" for suffix in FORMATS)
        raise PictureError(f"`{file}` has {given}; a picture is one of {known}")
    picture = form(graphs)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
    except OSError as error:
        raise PictureError(f"`{file}` can't be written: {error.strerror}") from error
