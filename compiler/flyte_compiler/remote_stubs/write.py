"""Writes them: our stubs with the deployed tasks among them, beside a manifest.

The folder holds all of our stubs, since a search path takes a package from one place only.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from flyte_compiler.remote_stubs.manifest import manifest_text
from flyte_compiler.remote_stubs.model import DeployedTask
from flyte_compiler.remote_stubs.stub import MODULE, deployed_text, remote_text
from flyte_compiler.typecheck.stubs import stubs_folder


def write_stubs(folder: Path, tasks: Sequence[DeployedTask], modules: Collection[str]) -> None:
    """Write the stubs of `flyte` into a folder for a search path; replaces those of before.

    Raises:
        OSError: it can't be written.
    """
    package = folder / "flyte"
    if package.exists():
        shutil.rmtree(package)
    shutil.copytree(stubs_folder() / "flyte", package)
    remote = package / "remote.pyi"
    original = remote.read_text(encoding="utf-8")
    remote.write_text(remote_text(original, tasks), encoding="utf-8")
    deployed = package / f"{MODULE}.pyi"
    deployed.write_text(deployed_text(tasks, modules), encoding="utf-8")


def write_manifest(file: Path, tasks: Sequence[DeployedTask]) -> None:
    """Write the manifest.

    Raises:
        OSError: it can't be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(manifest_text(tasks), encoding="utf-8")
