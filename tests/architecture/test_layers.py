"""The layers that `pyproject.toml` declares hold, and a breach of one is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("compiler/flyte_compiler", "compiler/flyte_plan", "runtime/flyte")

BREACHES = {
    "the shared package imports neither side": ("flyte_plan/plan/code.py", "import flyte_compiler"),
    "the runtime never imports the compiler": ("flyte/_group.py", "import libcst"),
    "the compiler never imports the runtime": ("flyte_compiler/plan/measure.py", "import flyte"),
    "the compiler is a stack of phases": (
        "flyte_compiler/source/span.py",
        "import flyte_compiler.pipeline",
    ),
    "libcst lives in syntax, callgraph and lower": ("flyte_compiler/ir/text.py", "import libcst"),
    "graphviz lives in emit": ("flyte_compiler/plan/text.py", "import graphviz"),
}


def lint(sources: Path | None = None) -> subprocess.CompletedProcess[str]:
    # A copy on PYTHONPATH stands before the installed checkout.
    environment = os.environ | ({} if sources is None else {"PYTHONPATH": str(sources)})
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main;"]
    command[-1] += "main()"
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    return subprocess.run(
        [*command, *options],
        env=environment,
        cwd=sources or ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        name = package.rpartition("/")[2]
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / name, ignore=ignored)
    return tmp_path


@pytest.mark.slow
def test_every_layer_holds() -> None:
    linted = lint()
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "0 broken" in linted.stdout


@pytest.mark.slow
@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_noticed(contract: str, copy: Path) -> None:
    file, line = BREACHES[contract]
    broken = copy / file
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    linted = lint(copy)
    assert linted.returncode == 1
    assert f"{contract} BROKEN" in linted.stdout


@pytest.mark.slow
def test_a_phase_that_no_layer_names_is_noticed(copy: Path) -> None:
    (copy / "flyte_compiler" / "helpers.py").write_text("", encoding="utf-8")
    linted = lint(copy)
    assert linted.returncode == 1
    assert "flyte_compiler.helpers" in linted.stdout + linted.stderr
