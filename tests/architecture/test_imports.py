"""What starting up loads, and what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run_python

HEAVY = {
    *("apsw", "asyncio", "cbor2", "click", "concurrent.futures", "libcst", "msgspec", "mypy"),
    *("multiprocessing", "networkx", "pandas", "pydantic", "rich"),
}
HELP_NEVER_LOADS = {
    *("apsw", "asyncio", "cbor2", "graphviz", "libcst", "msgspec", "mypy", "networkx", "pandas"),
    *("pydantic", "rich"),
}

_LOADED = """
import sys
try:
    {start}
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules), file=sys.stderr)
"""


def test_importing_flyte_loads_nothing_heavy(tmp_path: Path) -> None:
    assert _loaded("import flyte", tmp_path) & HEAVY == set()


@pytest.mark.parametrize("package", ["flyte.cli", "flyte_compiler.cli"])
def test_help_loads_nothing_heavy(package: str, tmp_path: Path) -> None:
    start = f"from {package} import main; sys.argv[:] = ['program', '--help']; main()"
    assert _loaded(start, tmp_path) & HELP_NEVER_LOADS == set()


def test_importing_the_compiler_package_loads_no_phase(tmp_path: Path) -> None:
    loaded = _loaded("import flyte_compiler", tmp_path)
    assert {name for name in loaded if name.startswith("flyte_compiler.")} == set()
    assert loaded & {"libcst", "mypy"} == set()


def test_what_is_loaded_is_seen(tmp_path: Path) -> None:
    assert "apsw" in _loaded("import apsw", tmp_path)


def _loaded(start: str, folder: Path) -> set[str]:
    result = run_python("-c", _LOADED.format(start=start), folder=folder)
    assert result.returncode == 0, result.stderr
    return set(result.stderr.split())
