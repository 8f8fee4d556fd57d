"""Where our stubs of `flyte` lie: a folder for a type checker's search path.

User programs are checked against them, so that they check the same without our runtime, beside
another `flyte`, and in every type checker. They are data: no package named `flyte-stubs` is
installed, which would hide the types of an installed `flyte`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_SHIPPED = _PACKAGE / "_stubs"
_CHECKOUT = _PACKAGE.parents[1] / "typeshed_stubs" / "flyte"


def stubs_folder() -> Path:
    """The folder that holds `flyte/__init__.pyi`.

    A checkout's own wins over what was copied into an installation, which an editable one may
    have from an older state.

    Raises:
        FileNotFoundError: neither is there: an incomplete installation.
    """
    for folder in (_CHECKOUT, _SHIPPED):
        if (folder / "flyte" / "__init__.pyi").is_file():
            return folder
    raise FileNotFoundError(f"the stubs of `flyte` are not at {_SHIPPED}; install the package anew")
