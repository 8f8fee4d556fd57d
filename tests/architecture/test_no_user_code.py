"""Compiling is reading: what a program does when it is imported doesn't happen."""

from __future__ import annotations

from pathlib import Path

from commands import run_python

PROGRAM = """
from pathlib import Path

import flyte
import neighbour

Path("effect").write_text("imported")
env = flyte.TaskEnvironment("effects")


@env.task
async def double(x: int) -> int:
    return 2 * x


@env.task
async def main(x: int) -> int:
    doubled = await double(x)
    return await neighbour.triple(doubled)


raise RuntimeError("imported")
"""
NEIGHBOUR = """
from pathlib import Path

import flyte

Path("effect").write_text("imported")
env = flyte.TaskEnvironment("neighbours")


@env.task
async def triple(x: int) -> int:
    return 3 * x
"""
START = """
import json, sys
from flyte_compiler.cli import main
try:
    main([{arguments}])
except SystemExit as end:
    assert end.code == 0, end.code
print(*sorted(sys.modules), file=sys.stderr)
"""


def test_the_compiler_imports_neither_the_program_nor_the_runtime(tmp_path: Path) -> None:
    (tmp_path / "program_with_effects.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    arguments = "'program_with_effects.py', '-o', 'out', '--graph', 'out/main.dot'"
    result = run_python("-c", START.format(arguments=arguments), folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out/program_with_effects.plan.json").is_file()
    assert (tmp_path / "out/main.dot").is_file()
    assert not (tmp_path / "effect").exists()
    forbidden = {"program_with_effects", "neighbour", "flyte"}
    assert set(result.stderr.split()) & forbidden == set()


def test_the_program_would_have_left_an_effect(tmp_path: Path) -> None:
    (tmp_path / "program_with_effects.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    result = run_python("program_with_effects.py", folder=tmp_path)
    assert "RuntimeError: imported" in result.stderr
    assert (tmp_path / "effect").exists()
