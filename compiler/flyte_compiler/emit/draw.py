"""Draw one or several graphs into a file; the file's suffix names the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.emit import engine
from flyte_compiler.emit.collapse import collapse
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.document import to_json
from flyte_compiler.emit.engine import PictureError
from flyte_compiler.emit.mermaid import to_mermaid
from flyte_compiler.emit.page import Material, to_html
from flyte_compiler.ir.model import TaskGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """What is written, and what is to be said about it."""

    content: bytes
    notes: tuple[str, ...] = ()


def _laid_out(by: Callable[[str], bytes]) -> Callable[[Sequence[TaskGraph], Material], _Picture]:
    """A format that the engine draws: collapsed where it would be too large."""

    def drawn(graphs: Sequence[TaskGraph], material: Material) -> _Picture:
        from flyte_compiler.emit.dot import scene_to_dot  # noqa: PLC0415 - only who draws pays

        del material
        made = collapse(compose(graphs))
        return _Picture(content=by(scene_to_dot(made.scene)), notes=made.notes)

    return drawn


def _dot(graphs: Sequence[TaskGraph]) -> str:
    from flyte_compiler.emit.dot import to_dot  # noqa: PLC0415 - only who draws pays for it

    return to_dot(graphs)


def _written(text: Callable[[Sequence[TaskGraph]], str]) -> Callable[..., _Picture]:
    """A format that is text, and holds everything."""
    return lambda graphs, material: _Picture(content=text(graphs).encode())


FORMATS: Mapping[str, Callable[[Sequence[TaskGraph], Material], _Picture]] = {
    ".svg": _laid_out(engine.svg),
    ".png": _laid_out(engine.png),
    ".pdf": _laid_out(engine.pdf),
    ".dot": _written(_dot),
    ".mmd": _written(to_mermaid),
    ".html": lambda graphs, material: _Picture(content=to_html(graphs, material).encode()),
    ".json": _written(to_json),
}


def draw(
    graphs: Sequence[TaskGraph], *, file: Path, material: Material | None = None
) -> tuple[str, ...]:
    """Write the picture of `graphs`, one cluster each, to `file`; its folder is made.

    Returns what the user is to be told: what was collapsed, if anything was.

    Raises:
        PictureError: an unknown suffix, no engine for it, or a file that can't be written.
    """
    form = FORMATS.get(file.suffix.lower())
    if form is None:
        given = f"`{file.suffix}`" if file.suffix else "no suffix"
        known = ", ".join(f"`{suffix}`" for suffix in FORMATS)
        raise PictureError(f"`{file}` has {given}; a picture is one of {known}")
    picture = form(graphs, material or Material())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture.content)
    except OSError as error:
        raise PictureError(f"`{file}` can't be written: {error.strerror}") from error
    return picture.notes
