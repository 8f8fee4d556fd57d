"""`flyte-compiler` beside the real SDK: its package untouched, a program compiled and type-checked.

    python benchmarks/beside_upstream.py [--sdk flyte==2.12.1]

Makes a virtual environment, installs the SDK and then our second distribution from an index, and
says what it sees. Exits with 1 where the SDK's files changed, or a mistake isn't found.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = """\
import flyte

env = flyte.TaskEnvironment("etl")


@env.task
async def load(day: int) -> int:
    return day


@env.task
async def main() -> int:
    return await load("a")


if __name__ == "__main__":
    flyte.run(load, "a")
    flyte.map(load, ["a"])
"""
SETTINGS = '[tool.mypy]\nplugins = ["flyte_compiler.mypy_plugin"]\n'
EXPECTED = ("flyte-argument-type", "flyte-element-type")


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a folder, its output kept."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def must(folder: Path, *command: str | Path) -> None:
    """A command that has to succeed."""
    done = run(folder, *command)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")


def digest(package: Path) -> str:
    """Of every file of a package that an installer put there."""
    files = sorted(file for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc")
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(package)}\0".encode() + file.read_bytes())
    return whole.hexdigest()


def main() -> None:
    """Do it, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sdk", default="flyte==2.12.1")
    sdk: str = parser.parse_args().sdk
    with tempfile.TemporaryDirectory() as name:
        sys.exit(_beside(Path(name), sdk))


def _beside(folder: Path, sdk: str) -> int:
    must(ROOT / "compiler", sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    must(folder, programs / "python", "-m", "pip", "install", "-q", sdk)
    (package,) = (folder / "venv" / "lib").glob("python*/site-packages/flyte")
    before = digest(package)
    (wheel,) = folder.glob("*.whl")
    must(folder, programs / "python", "-m", "pip", "install", "-q", wheel)
    (folder / "main.py").write_text(PROGRAM)
    (folder / "pyproject.toml").write_text(SETTINGS)
    compiled = run(folder, programs / "flyte-compile", "main.py", "--format", "concise")
    checked = run(folder, programs / "python", "-m", "mypy", "main.py")
    print(compiled.stderr + compiled.stdout)
    print(checked.stdout + checked.stderr)
    is_untouched = digest(package) == before
    print(f"the SDK's files are {'untouched' if is_untouched else 'CHANGED'}")
    is_found = "FC301" in compiled.stdout and all(code in checked.stdout for code in EXPECTED)
    return 0 if is_untouched and is_found else 1


if __name__ == "__main__":
    main()
