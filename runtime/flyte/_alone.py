"""Two distributions that both bring a package `flyte` write into one folder: refuse to start there.

Each leaves files that the other has, and whichever came last wins, file by file.
"""

from __future__ import annotations

import os

_OTHERS = ("_task_environment.py", "_initialize.py")
"""Modules that the upstream SDK's package has, and ours doesn't."""


def refuse_mixture(folder: str) -> None:
    """Refuse a package folder with another `flyte` among ours.

    Raises:
        ImportError: there is; with the command that mends it.
    """
    if all(os.path.exists(os.path.join(folder, name)) for name in _OTHERS):  # noqa: PTH110, PTH118 - pathlib is no light import
        raise ImportError(
            "two distributions named `flyte` and `flyte-compile` are installed over each other in "
            f"{folder}; keep one: `pip uninstall -y flyte flyte-compile && pip install "
            "flyte-compile`, or `pip install flyte flyte-compiler` for the other SDK with our "
            "compiler",
            name="flyte",
        )
