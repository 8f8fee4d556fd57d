"""Awaiting together what was awaited in turn changes no result."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from markdown_cases import run

PROGRAM = '''"""Loads."""

from __future__ import annotations

{imports}import flyte

env = flyte.TaskEnvironment("etl")


@env.task
async def load(key: str, limit: int = 10) -> str:
    return key[:limit]


@env.task
def count(key: str) -> int:
    return len(key)


@env.task
async def main(left: str, right: str) -> str:
    one = await load(left)
    other = await load(
        # the longer one
        right,
        limit=3,
    )
    number = await count.aio(left)
    if number:
        again, once = await load(one), await load(other)
        return again + once + other + str(number)
    return one


if __name__ == "__main__":
    print(flyte.run(main, "some", "other").outputs())
'''
QUICK = ("--select", "FC210", "--types", "annotations", "--no-cache")


def _output() -> str:
    found = subprocess.run([sys.executable, "main.py"], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "imports", ["", "import asyncio\n", "from asyncio import gather as together\n"]
)
def test_a_fixed_program_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imports: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.py").write_text(PROGRAM.format(imports=imports), encoding="utf-8")
    before = _output()
    run(["main.py", "--fix", *QUICK])
    text = Path("main.py").read_text(encoding="utf-8")
    name = "together(" if "together" in imports else "asyncio.gather("
    assert text.count(f"await {name}") == 2
    assert "# the longer one" in text
    assert text.count("import asyncio") == ("together" not in imports)
    assert "FC210" not in run(["main.py", "--notes", *QUICK]).output
    assert _output() == before


def test_no_comment_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = PROGRAM.format(imports="").replace("    other =", "    # then\n    other =")
    Path("main.py").write_text(text, encoding="utf-8")
    run(["main.py", "--fix", *QUICK])
    assert "    # then\n    other = await load(" in Path("main.py").read_text(encoding="utf-8")
