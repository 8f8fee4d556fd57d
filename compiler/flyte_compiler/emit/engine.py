"""The one place that starts a layout engine.

`graphviz-pure` comes with this distribution and draws SVG and PNG. PDF needs a system `dot`.
The engine runs as a process of its own and is given text on its standard input.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ENGINE = "graphviz-pure"
DOTS_PER_INCH = "144"

# The engine lays out by one font's metrics; a browser is given the family to choose from.
FAMILIES = {
    'font-family="Helvetica,sans-Serif"': 'font-family="Helvetica,Arial,sans-serif"',
    'font-family="Courier,monospace"': 'font-family="SFMono-Regular,Menlo,Courier New,monospace"',
}


class PictureError(Exception):
    """No picture could be drawn; the text says why, for the user."""


def find_engine() -> Path:
    """Where the engine lies: the interpreter's scripts, beside the interpreter, on PATH.

    Raises:
        PictureError: nowhere.
    """
    name = f"{ENGINE}.exe" if sys.platform == "win32" else ENGINE
    folders = (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent)
    for candidate in (folder / name for folder in folders):
        if candidate.is_file():
            return candidate
    found = shutil.which(ENGINE)
    if found is None:
        raise PictureError(f"`{ENGINE}` is not installed: `pip install {ENGINE}` brings it")
    return Path(found)


def find_system_dot() -> Path:
    """The `dot` of an installed Graphviz.

    Raises:
        PictureError: there is none.
    """
    found = shutil.which("dot")
    if found is None:
        raise PictureError(
            "a `.pdf` picture needs Graphviz's own `dot` on PATH; `.svg` and `.png` need nothing"
        )
    return Path(found)


def svg(dot: str) -> bytes:
    """Lay out and draw as SVG."""
    drawn = _run(find_engine(), "svg", dot).decode()
    for narrow, wide in FAMILIES.items():
        drawn = drawn.replace(narrow, wide)
    return drawn.encode()


def png(dot: str) -> bytes:
    """Lay out and draw as PNG, at twice the density of a plain screen."""
    dense = dot.replace("{\n", f"{{\n\tdpi={DOTS_PER_INCH}\n", 1)
    return _run(find_engine(), "png", dense)


def pdf(dot: str) -> bytes:
    """Lay out and draw as PDF with a system `dot`."""
    return _run(find_system_dot(), "pdf", dot)


def _run(binary: Path, form: str, dot: str) -> bytes:
    from graphviz import ExecutableNotFound, backend  # noqa: PLC0415 - only who draws pays for it

    # The package has no parameter for this: its setting is the module's own variable.
    before = backend.dot_command.DOT_BINARY
    backend.dot_command.DOT_BINARY = binary
    try:
        # Quiet: the engine warns about each character that it has no width for.
        return backend.pipe("dot", form, dot.encode(), quiet=True)
    except (ExecutableNotFound, OSError) as error:
        raise PictureError(f"`{binary.name}` could not be started: {error}") from error
    except subprocess.CalledProcessError as error:
        raise PictureError(f"`{binary.name}` failed: {_last_line(error.stderr)}") from error
    finally:
        backend.dot_command.DOT_BINARY = before


def _last_line(stderr: bytes | None) -> str:
    lines = (stderr or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
