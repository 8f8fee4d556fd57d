"""The stubs say what the runtime does, but for the names of the allow-list.

An entry that nothing needs any more fails too: take it out when the runtime gets the name.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from mypy_on_stubs import ROOT

import flyte
from flyte_compiler.typecheck.stubs import stubs_folder

ALLOWED = ROOT / "typeshed_stubs" / "flyte" / "@tests" / "stubtest_allowlist.txt"


def test_the_stubs_agree_with_the_runtime(tmp_path: Path) -> None:
    configuration = tmp_path / "mypy.ini"
    configuration.write_text(f"[mypy]\nmypy_path = {stubs_folder()}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy.stubtest", "flyte", "--concise", "--ignore-missing-stub"]
    command += ["--mypy-config-file", str(configuration), "--allowlist", str(ALLOWED)]
    environment = {**os.environ, "MYPY_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_public_name_of_the_runtime_is_in_the_stubs() -> None:
    described = (stubs_folder() / "flyte" / "__init__.pyi").read_text(encoding="utf-8")
    assert set(flyte.__all__) <= set(re.findall(r"\w+", described))


def test_the_checkout_s_own_stubs_are_the_ones_in_use() -> None:
    assert stubs_folder() == ROOT / "typeshed_stubs" / "flyte"


@pytest.mark.slow
def test_a_wheel_ships_the_stubs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    shipped = {
        n for n in zipfile.ZipFile(wheel).namelist() if n.startswith("flyte_compiler/_stubs")
    }
    stubs = (stubs_folder() / "flyte").rglob("*.pyi")
    names = {f"flyte_compiler/_stubs/{stub.relative_to(stubs_folder())}" for stub in stubs}
    assert shipped == names
