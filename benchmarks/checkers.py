"""What each type checker finds with the stubs alone, no plugin.

    python -m venv build/checkers
    build/checkers/bin/pip install mypy pyright pyrefly ty      # pyright needs node
    PATH=build/checkers/bin:$PATH python benchmarks/checkers.py

A row for each checker: wrong lines found and revealed types right in `calls.py`, false alarms in
`calls.py` and `right.py`. Then each miss. The programs are those of `tests/stubs/programs`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "stubs"), str(ROOT / "compiler")]

from marks import plain, read_marks  # noqa: E402 - the tests' own reading of the marks

from flyte_compiler.typecheck.stubs import stubs_folder  # noqa: E402 - as above

PROGRAMS = ROOT / "tests" / "stubs" / "programs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An error, or a revealed type, at a line."""

    line: int
    revealed: str | None


Checker = Callable[[str, Path], Iterator[Said]]


def _run(*command: str | Path) -> str:
    # Away from the checkout: its own configuration must not count.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout


def _by_lines(output: str, shape: str, reveal: str) -> Iterator[Said]:
    for line in output.splitlines():
        if found := re.match(shape, line):
            asked = re.search(reveal, line)
            if asked or found["kind"].lower() == "error":
                yield Said(line=int(found["line"]), revealed=asked["type"] if asked else None)


def _mypy(stubs: str, program: Path) -> Iterator[Said]:
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as configuration:
        configuration.write(f"[mypy]\nstrict = true\nmypy_path = {stubs}\n")
        configuration.flush()
        output = _run("mypy", f"--config-file={configuration.name}", program)
    shape = r".+?:(?P<line>\d+): (?P<kind>\w+): "
    return _by_lines(output, shape, r'Revealed type is "(?P<type>.*)"$')


def _pyright(stubs: str, program: Path) -> Iterator[Said]:
    # Beside its configuration: pyright includes nothing from outside that folder.
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(program, folder)
        configuration = Path(folder) / "pyrightconfig.json"
        configuration.write_text(json.dumps({"extraPaths": [stubs]}))
        report = json.loads(_run("pyright", "--outputjson", "--project", configuration))
    assert report["summary"]["filesAnalyzed"] == 1, report
    for each in report["generalDiagnostics"]:
        asked = re.search(r'Type of ".*" is "(?P<type>.*)"$', each["message"], re.DOTALL)
        if asked or each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            yield Said(line=line, revealed=asked["type"] if asked else None)


def _pyrefly(stubs: str, program: Path) -> Iterator[Said]:
    options = ("--search-path", stubs, "--preset", "strict", "--output-format", "min-text")
    output = _run("pyrefly", "check", *options, program)
    shape = r" *(?P<kind>ERROR|INFO) .+?:(?P<line>\d+):"
    return _by_lines(output, shape, r"revealed type: (?P<type>.*) \[reveal-type\]$")


def _ty(stubs: str, program: Path) -> Iterator[Said]:
    options = ("--extra-search-path", stubs, "--output-format", "concise")
    output = _run("ty", "check", *options, program)
    shape = r".+?:(?P<line>\d+):\d+: (?P<kind>\w+)"
    return _by_lines(output, shape, r"Revealed type: `(?P<type>.*)`$")


CHECKERS: dict[str, Checker] = {"mypy": _mypy, "pyright": _pyright, "pyrefly": _pyrefly, "ty": _ty}


def main() -> None:
    """Print the table and the misses."""
    calls, right = PROGRAMS / "calls.py", PROGRAMS / "right.py"
    marks = read_marks(calls)
    misses = []
    print("| checker | wrong lines found | types as expected | false alarms |\n|---|---|---|---|")
    for name, check in CHECKERS.items():
        if shutil.which(name) is None:
            print(f"| {name} | not installed | | |")
            continue
        said = list(check(str(stubs_folder()), calls))
        errors = {each.line for each in said if each.revealed is None}
        types = {each.line: plain(each.revealed) for each in said if each.revealed is not None}
        as_expected = [line for line, shown in marks.types.items() if types.get(line) == shown]
        alarms = errors - marks.wrong
        strict = [each for each in check(str(stubs_folder()), right) if each.revealed is None]
        found = f"{len(errors & marks.wrong)} of {len(marks.wrong)}"
        count = f"{len(as_expected)} of {len(marks.types)}"
        print(f"| {name} | {found} | {count} | {len(alarms) + len(strict)} |")
        misses += [f"{name}: calls.py:{line}: no error" for line in sorted(marks.wrong - errors)]
        misses += [f"{name}: calls.py:{line}: false alarm" for line in sorted(alarms)]
        misses += [f"{name}: right.py:{each.line}: false alarm" for each in strict]
        misses += [
            f"{name}: calls.py:{line}: `{types.get(line)}` where `{shown}` is expected"
            for line, shown in marks.types.items()
            if types.get(line) != shown
        ]
    print("", *misses, sep="\n")


if __name__ == "__main__":
    main()
