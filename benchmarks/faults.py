"""Who finds twelve typical faults, and when.

    python -m venv build/upstream
    build/upstream/bin/pip install flyte mypy pyright        # pyright needs node
    python benchmarks/faults.py build/upstream/bin/python

A row for each program of `tests/faulty`, as Markdown: what the upstream SDK does when the program
runs in its local mode, what mypy and pyright say with the SDK's own types, and what
`flyte-compile` says. Only what falls on a line marked `# fault` is counted.
"""

from __future__ import annotations

import ast
import contextlib
import io
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
sys.path.insert(0, str(ROOT / "compiler"))

from flyte_compiler.cli import main as flyte_compile  # noqa: E402 - the checkout's own

FAULTY = ROOT / "tests" / "faulty"
ORDER = (
    *("wrong_keyword", "missing_argument", "wrong_type", "map_element", "unpacking"),
    *("unawaited_task", "unawaited_list", "unused_map", "returned_map"),
    *("blocking_call", "missing_dependency", "undetermined"),
)
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding: the finder's own code, and where."""

    file: str
    line: int
    code: str


Finder = Callable[[Path], Iterator[Found]]


def marked_lines(program: Path) -> frozenset[int]:
    """The lines that end in `# fault`, from 1."""
    lines = program.read_text(encoding="utf-8").splitlines()
    return frozenset(n for n, line in enumerate(lines, start=1) if line.endswith("# fault"))


def _title(program: Path) -> str:
    text = ast.get_docstring(ast.parse(program.read_text(encoding="utf-8"))) or program.stem
    return text.splitlines()[0].removesuffix(".")


def _ours(folder: Path) -> Iterator[Found]:
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.suppress(SystemExit):
        flyte_compile([str(folder), "--format", "json", "--no-cache"])
    for each in json.loads(output.getvalue())["diagnostics"]:
        if each["severity"] != "note":
            code = f"{each['code']} {each['severity']}"
            yield Found(file=Path(each["file"]).name, line=each["line"], code=code)


def _mypy(python: Path) -> Finder:
    def find(folder: Path) -> Iterator[Found]:
        output = _run(python, "-m", "mypy", "--config-file=", ".", cwd=folder).stdout
        shape = r"^(?P<file>\S+\.py):(?P<line>\d+): error: .*\[(?P<code>[\w-]+)\]$"
        for found in re.finditer(shape, output, re.MULTILINE):
            yield Found(file=found["file"], line=int(found["line"]), code=f"`{found['code']}`")

    return find


def _pyright(python: Path) -> Finder:
    def find(folder: Path) -> Iterator[Found]:
        (folder / "pyrightconfig.json").write_text("{}")  # or one of a folder above would count
        options = ("--outputjson", "--pythonpath", str(python), ".")
        report = json.loads(_run(python, "-m", "pyright", *options, cwd=folder).stdout)
        for each in report["generalDiagnostics"]:
            if each["severity"] == "error":
                line = each["range"]["start"]["line"] + 1
                code = f"`{each.get('rule', 'error')}`"
                yield Found(file=Path(each["file"]).name, line=line, code=code)

    return find


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


def _when_run(python: Path, program: Path) -> str:
    """What a run in local mode comes to: the tasks that ran, and the error or none."""
    done = _run(python, program, cwd=program.parent)
    ran = len(re.findall(r"^ran ", done.stdout, re.MULTILINE))
    tasks = f"{ran} {'call' if ran == 1 else 'calls'}"
    if done.returncode == 0:
        warned = ", with a `RuntimeWarning`" if "RuntimeWarning" in done.stderr else ""
        return f"not found: succeeds after {tasks}{warned}"
    error = re.findall(r"^(?:\w+\.)*(\w+Error)\b", done.stderr + done.stdout, re.MULTILINE)
    return f"fails after {tasks}: {f'`{error[-1]}`' if error else 'no error is named'}"


def _versions(python: Path) -> str:
    names = ("flyte", "mypy", "pyright")
    script = "import sys; from importlib.metadata import version\n" + "".join(
        f"print('{name}', version('{name}'))\n" for name in names
    )
    numbers = _run(python, "-c", script, cwd=ROOT).stdout.split("\n")
    return ", ".join(filter(None, numbers))


def _cell(found: list[Found], program: Path) -> str:
    lines = marked_lines(program)
    hits = [each.code for each in found if each.file == program.name and each.line in lines]
    return " ".join(dict.fromkeys(hits)) or NOTHING


def _elsewhere(found: list[Found]) -> int:
    """How many findings stand on lines without a fault."""
    return sum(each.line not in marked_lines(FAULTY / each.file) for each in found)


def main(upstream: str) -> None:
    """Print the versions and the table."""
    python = Path(upstream).absolute()
    finders = {
        "mypy": _mypy(python),
        "pyright": _pyright(python),
        "flyte-compile": _ours,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "programs"  # away from the checkout's configuration
        shutil.copytree(FAULTY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        ran = {each: _when_run(python, folder / f"{each}.py") for each in ORDER}
        found = {label: list(find(folder)) for label, find in finders.items()}
    print(_versions(python), end="\n\n")
    print("| fault | upstream, when it runs |", *(f"{label} |" for label in found))
    print("|---" * (2 + len(found)) + "|")
    for each in ORDER:
        program = FAULTY / f"{each}.py"
        cells = (_cell(told, program) for told in found.values())
        print(f"| [{_title(program)}](../tests/faulty/{each}.py) | {ran[each]} |", end=" ")
        print(*(f"{cell} |" for cell in cells))
    hits = (
        sum(_cell(told, FAULTY / f"{each}.py") != NOTHING for each in ORDER)
        for told in found.values()
    )
    failed = sum(outcome.startswith("fails") for outcome in ran.values())
    print(f"| found | {failed} |", *(f"{hit} |" for hit in hits))
    print("| said of sound lines | |", *(f"{_elsewhere(told)} |" for told in found.values()))


if __name__ == "__main__":
    main(sys.argv[1])
