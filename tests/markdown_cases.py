"""Markdown suites: a heading is a case, its fences are files and what they give.

* ```py, or ```py title="pkg/b.py" encoding="latin-1": a file of the case; `main.py` by default.
  With shared=true it is a file of every case below it.
* `# error: [FC301]`, `# warning: [FC205]`, `# note: [FC616]` at the end of a line, or alone above
  it, mark what is reported there; a column may stand before the code and a part of the message
  in quotes after it. An error or warning without a mark fails the case.
* ```index, ```callgraph, ```graph, ```plan: the text form of that phase.
* ```cli exit=1: arguments, in place of all the files; ```output: what they print.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import io
import itertools
import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flyte_compiler.cli import main
from flyte_compiler.phase import Phase

CASES = Path(__file__).parent / "cases"
ABOUT_GRAPHS = ("callgraph", "lower")
"""The suites that say nothing of types: mypy would take most of their time."""
COLLECTED_EVERY = 20
"""Compiling lets the collector of cycles rest: a command's garbage goes with its process, and
here many commands share one."""
_RUNS = itertools.count(1)
PHASES = tuple(phase.value for phase in Phase)
_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<kind>\w+)(?P<options>[^\n`]*)$")
_HEADING = re.compile(r"^#+ (?P<name>.+)$")
_OPTION = re.compile(r'(\w+)="?([^"\s]+)"?')
_MARK = re.compile(
    r"#\s*(?P<severity>error|warning|note):\s*(?:(?P<column>\d+)\s+)?\[(?P<code>FC\d{3})\]"
    r'(?:\s*"(?P<message>[^"]*)")?'
)


class CaseError(Exception):
    """What a case gives isn't what it expects; says the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One fenced block; `line` is that of its first line of text, from 1."""

    kind: str
    options: dict[str, str]
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One heading with its fences."""

    name: str
    path: Path
    line: int
    fences: tuple[Fence, ...]

    @property
    def files(self) -> dict[str, Fence]:
        """The files of the case, by name."""
        sources = [fence for fence in self.fences if fence.kind in ("py", "python")]
        return {fence.options.get("title", "main.py"): fence for fence in sources}

    @property
    def expectations(self) -> tuple[Fence, ...]:
        """The fences that say what the case gives."""
        return tuple(fence for fence in self.fences if fence.kind in (*PHASES, "output"))


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file: the headings with a file or a command under them."""
    name, start, fences, shared = path.stem, 1, list[Fence](), list[Fence]()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    for number, line in lines:
        if opened := _FENCE.match(line):
            closing = opened["ticks"]
            body = iter(lambda: next(lines)[1], closing)
            text = "".join(f"{each}\n" for each in body)
            options = dict(_OPTION.findall(opened["options"]))
            into = shared if "shared" in options else fences
            into.append(Fence(kind=opened["kind"], options=options, text=text, line=number + 1))
        elif heading := _HEADING.match(line):
            yield from _case(name, path, start, fences, shared)
            name, start, fences = heading["name"], number, []
    yield from _case(name, path, start, fences, shared)


def _case(
    name: str, path: Path, line: int, fences: list[Fence], shared: list[Fence]
) -> Iterator[Case]:
    if fences:
        yield Case(name=name, path=path, line=line, fences=(*shared, *fences))


def run_case(case: Case) -> None:
    """Raises CaseError where marks or expected texts differ."""
    with files_of(case):
        _check_exit(case)
        for fence in case.expectations:
            _compare(case, fence, _given(case, fence))
        if case.files and not any(fence.kind in ("cli", "output") for fence in case.fences):
            _check_marks(case)


def update_cases(case: Case) -> None:
    """Rewrite the expected texts of a case with what it gives, from its last one upward."""
    lines = case.path.read_text(encoding="utf-8").splitlines(keepends=True)
    # Cases above this one may have grown since it was read.
    current = next(each for each in read_cases(case.path) if each.name == case.name)
    with files_of(current):
        for fence in reversed(current.expectations):
            end = fence.line - 1 + fence.text.count("\n")
            lines[fence.line - 1 : end] = _given(current, fence).splitlines(keepends=True)
    case.path.write_text("".join(lines), encoding="utf-8")


@contextlib.contextmanager
def files_of(case: Case) -> Iterator[None]:
    """The case's files, in a folder of their own that is the working folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), _one_cache():
        for name, fence in case.files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(fence.text.encode(fence.options.get("encoding", "utf-8")))
        yield


@contextlib.contextmanager
def _one_cache() -> Iterator[None]:
    """What mypy knows of the standard library is kept from case to case: to read it anew takes
    seconds. A case whose own store is set keeps that."""
    own = os.environ.get("FLYTE_STORE")
    os.environ["FLYTE_STORE"] = own or _store().name
    try:
        yield
    finally:
        if own is None:
            del os.environ["FLYTE_STORE"]


@cache
def _store() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def arguments_of(case: Case) -> tuple[list[str], int | None]:
    """The case's command line, and the exit code that it expects, if any."""
    for fence in case.fences:
        if fence.kind == "cli":
            return shlex.split(fence.text), int(fence.options.get("exit", "0"))
    return list(case.files), None


def _given(case: Case, fence: Fence) -> str:
    if fence.kind in PHASES:
        return run([*case.files, "--print", fence.kind, "--stop-after", fence.kind]).output
    return run(arguments_of(case)[0]).output


def _check_exit(case: Case) -> None:
    arguments, expected = arguments_of(case)
    if expected is None:
        return
    given = run(arguments)
    if given.exit_code != expected:
        raise CaseError(f"exit code {given.exit_code}, not {expected}\n{given.errors}")


def _compare(case: Case, fence: Fence, given: str) -> None:
    if given == fence.text:
        return
    names = (f"{case.path.name}:{fence.line}", "given")
    difference = difflib.unified_diff(fence.text.splitlines(), given.splitlines(), *names)
    raise CaseError("\n".join((*difference, "(`pytest --update-cases` writes what is given)")))


def _check_marks(case: Case) -> None:
    """Each mark meets one diagnostic; each error and warning meets a mark."""
    types = ["--types", "annotations"] if case.path.parent.name in ABOUT_GRAPHS else []
    given = run([*case.files, "--format", "json", *types])
    if given.exit_code not in (0, 1):
        raise CaseError(f"exit code {given.exit_code}\n{given.errors}")
    left = list(json.loads(given.output)["diagnostics"])
    wrong: list[str] = []
    for mark in _marks(case):
        found = next((each for each in left if mark.meets(each)), None)
        if found is None:
            wrong.append(f"expected and not given: {mark}")
        else:
            left.remove(found)
    wrong += [
        f"given and not expected: {each['file']}:{each['line']}:{each['column']}: "
        f"{each['severity']}[{each['code']}] {each['message']}"
        for each in left
        if each["severity"] != "note"
    ]
    if wrong:
        raise CaseError("\n".join(wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is expected at one line of a file."""

    file: str
    line: int
    severity: str
    code: str
    column: int | None
    message: str

    def meets(self, given: dict[str, object]) -> bool:
        """Whether a diagnostic is the one."""
        place = (given["file"], given["line"], given["severity"], given["code"])
        return (
            place == (self.file, self.line, self.severity, self.code)
            and self.column in (None, given["column"])
            and self.message in str(given["message"])
        )


def _marks(case: Case) -> Iterator[Mark]:
    for file, fence in case.files.items():
        for number, line in enumerate(fence.text.splitlines(), start=1):
            stands_alone = _MARK.match(line.lstrip()) is not None
            for found in _MARK.finditer(line):
                yield Mark(
                    file=file,
                    line=_next_line(fence.text, number) if stands_alone else number,
                    severity=found["severity"],
                    code=found["code"],
                    column=int(found["column"]) if found["column"] else None,
                    message=found["message"] or "",
                )


def _next_line(text: str, number: int) -> int:
    """The line below that isn't a mark itself."""
    lines = text.splitlines()
    while number < len(lines) and _MARK.match(lines[number].lstrip()):
        number += 1
    return number + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a command line came to."""

    exit_code: int
    output: str
    errors: str


def run(arguments: list[str]) -> Given:
    """Run `flyte-compile` in this process."""
    output, errors, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    if not next(_RUNS) % COLLECTED_EVERY:
        gc.collect()
    return Given(exit_code=code, output=output.getvalue(), errors=errors.getvalue())
