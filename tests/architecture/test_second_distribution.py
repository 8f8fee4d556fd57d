"""`flyte-compiler`: the compiler beside a `flyte` of somebody else's, which stays untouched.

`benchmarks/beside_upstream.py` does the same beside the real SDK.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from flyte_compiler.cli.beside import foreign_version

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "pipeline.py"
WRONG = """import flyte

env = flyte.TaskEnvironment("etl")


@env.task
async def load(day: int) -> int:
    return day


@env.task
async def main():
    return await load("a")
"""
METADATA = "Metadata-Version: 2.1\nName: flyte\nVersion: 9.9.9\n"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    ours = ("PYTHON", "FLYTE_STORE")  # a store of its own: what was said once is remembered there
    environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def build(folder: Path, target: str, into: Path) -> Path:
    made = run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, folder=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    return next(iter(into.glob("*.whl" if target == "wheel" else "*.tar.gz")))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A virtual environment with another `flyte`, and our second distribution."""

    python: Path
    site: Path

    @property
    def script(self) -> Path:
        return self.python.with_name("flyte-compile")

    def foreign(self) -> dict[str, str]:
        files = [file for file in (self.site / "flyte").rglob("*") if file.is_file()]
        return {
            str(file.relative_to(self.site)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.suffix != ".pyc"
        }


def dependencies_alone(folder: Path) -> Path:
    """The installed libraries without this project's own: what an index would give."""
    folder.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        is_own = entry.name.lower().replace("-", "_").startswith(("flyte", "_flyte", "__editable"))
        if not is_own and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("beside")
    wheel = build(ROOT / "compiler", "wheel", folder / "wheel")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    asked = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder
    )
    site = Path(asked.stdout.strip())
    (site / "flyte").mkdir()
    (site / "flyte" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (site / "flyte-9.9.9.dist-info").mkdir()
    (site / "flyte-9.9.9.dist-info" / "METADATA").write_text(METADATA)
    (site / "libraries.pth").write_text(f"{dependencies_alone(folder / 'libraries')}\n")
    before = Place(python=python, site=site).foreign()
    done = run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    made = Place(python=python, site=site)
    assert made.foreign() == before
    return made


@pytest.mark.slow
def test_it_holds_the_compiler_and_no_runtime(tmp_path: Path) -> None:
    first = names(build(ROOT, "wheel", tmp_path / "first"))
    second = names(build(ROOT / "compiler", "wheel", tmp_path / "second"))
    assert second == {name for name in first if not name.startswith("flyte/")}


@pytest.mark.slow
def test_its_source_distribution_builds_on_its_own(tmp_path: Path) -> None:
    direct = build(ROOT / "compiler", "wheel", tmp_path / "direct")
    source = build(ROOT / "compiler", "sdist", tmp_path / "source")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    again = build(unpacked, "wheel", tmp_path / "again")
    assert names(again) == names(direct)
    with zipfile.ZipFile(again) as archive:
        assert [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]


@pytest.mark.slow
def test_it_compiles_beside_another_flyte_and_says_so_once(place: Place, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    first = run(place.script, "main.py", "-o", "plans", folder=tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert (tmp_path / "plans" / "main.plan.json").is_file()
    assert first.stderr.count("`flyte` 9.9.9 is installed, and stays as it is") == 1
    again = run(place.script, "main.py", folder=tmp_path)
    assert again.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]
    assert "9.9.9" not in again.stderr


@pytest.mark.slow
def test_it_type_checks_with_mypy_and_the_plugin(place: Place, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(WRONG, encoding="utf-8")
    stubs = run(place.script, "stubs", "--path", folder=tmp_path).stdout.strip()
    settings = f'[tool.mypy]\nplugins = ["flyte_compiler.mypy_plugin"]\nmypy_path = "{stubs}"\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    checked = run(place.python, "-m", "mypy", "main.py", folder=tmp_path)
    assert "`load` expects `int` for `day`, but receives `str`  [flyte-argument-type]" in (
        checked.stdout
    )
    compiled = run(place.script, "main.py", folder=tmp_path)
    assert compiled.returncode == 1
    assert "FC301" in compiled.stdout


def test_the_second_distribution_asks_for_no_other_versions() -> None:
    first, second = (
        tomllib.loads((ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for folder in (".", "compiler")
    )
    assert set(second["dependencies"]) <= set(first["dependencies"])
    assert second["version"] == first["version"]
    assert second["requires-python"] == first["requires-python"]
    assert second["scripts"]["flyte-compile"] == first["scripts"]["flyte-compile"]


def test_our_own_flyte_is_no_other() -> None:
    assert foreign_version() is None


def test_a_mixture_of_two_is_refused_with_what_mends_it(tmp_path: Path) -> None:
    package = tmp_path / "flyte"
    package.mkdir()
    for entry in (ROOT / "runtime" / "flyte").iterdir():
        (package / entry.name).symlink_to(entry)
    for foreign in ("_task_environment.py", "_initialize.py"):
        (package / foreign).touch()
    start = f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; import flyte"
    done = run(sys.executable, "-c", start, folder=tmp_path)
    assert done.returncode == 1
    assert "pip uninstall -y flyte flyte-compile && pip install flyte-compile" in done.stderr
