"""Markdown cases of the mypy plugin, as those of the compiler are, checked by mypy in process.

* ```py: a file of the case, `main.py` by default; shared=true as there. ```toml: what the
  project's `pyproject.toml` says besides. ```json title=".flyte/tasks.json": any other file.
* `# error: [code] "part of the message"` at the end of a line, or alone above it, expects an error
  there; `# revealed: T` a revealed type. An error without a mark fails the case.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_cases import CASES, Case, Fence, read_cases
from marks import plain
from mypy import api

from flyte_compiler.typecheck.stubs import stubs_folder

FOLDER = CASES / "plugin"
_MARK = re.compile(
    r'#\s*error:\s*\[(?P<code>[\w-]+)\](?:\s*"(?P<message>[^"]*)")?|#\s*revealed:\s*(?P<type>[^#]+)'
)
_LINE = re.compile(
    r"(?P<file>[^:\s]+):(?P<line>\d+): (?P<kind>error|note): "
    r"(?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?"
)
_REVEALED = re.compile(r'Revealed type is "(?P<type>.*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An error or a revealed type, expected or given."""

    file: str
    line: int
    code: str
    """`revealed` of a type."""
    text: str

    def meets(self, given: Found) -> bool:
        """Whether what is given is what is expected."""
        place = (self.file, self.line, self.code)
        same_place = place == (given.file, given.line, given.code)
        return same_place and (
            plain(self.text) == plain(given.text)
            if self.code == "revealed"
            else self.text in given.text
        )


def cases() -> list[Case]:
    """Every case, file by file."""
    return [case for file in sorted(FOLDER.glob("*.md")) for case in read_cases(file)]


def differences(case: Case) -> list[str]:
    """What a case expects and mypy doesn't give, and the other way round."""
    with project(case):
        left = given(run_mypy(sources(case)))
    wrong: list[str] = []
    for mark in expected(case):
        found = next((each for each in left if mark.meets(each)), None)
        if found is None:
            wrong.append(f"expected and not given: {mark}")
        else:
            left.remove(found)
    return wrong + [f"given and not expected: {each}" for each in left]


def sources(case: Case) -> list[str]:
    """The files to check, in the order of the case."""
    return [name for name, fence in _files(case).items() if fence.kind == "py"]


def _files(case: Case) -> dict[str, Fence]:
    return {
        fence.options.get("title", "pyproject.toml" if fence.kind == "toml" else "main.py"): fence
        for fence in case.fences
    }


@contextlib.contextmanager
def project(case: Case) -> Iterator[Path]:
    """The case's files in a project of their own that is the working folder."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        (folder / "pyproject.toml").write_text(configuration(), encoding="utf-8")
        for file, fence in _files(case).items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            before = target.read_text(encoding="utf-8") if fence.kind == "toml" else ""
            target.write_text(before + fence.text, encoding="utf-8")
        yield folder


def configuration() -> str:
    """A project's that has the plugin."""
    return (
        '[tool.mypy]\nplugins = ["flyte_compiler.mypy_plugin"]\n'
        f'mypy_path = "{stubs_folder()}"\n'
        "disable_error_code = ['empty-body']\n\n"
    )


def run_mypy(arguments: Sequence[str]) -> str:
    """What mypy says; its faults fail the test."""
    output, failure, _ = api.run([*arguments, "--no-error-summary", "--hide-error-context"])
    assert not failure, failure
    return output


def given(output: str) -> list[Found]:
    """The errors and revealed types in mypy's report."""
    found: list[Found] = []
    for line in output.splitlines():
        match = _LINE.fullmatch(line)
        revealed = _REVEALED.fullmatch(match["text"]) if match else None
        if match and (match["kind"] == "error" or revealed):
            found.append(
                Found(
                    file=match["file"],
                    line=int(match["line"]),
                    code="revealed" if revealed else match["code"] or "",
                    text=revealed["type"] if revealed else match["text"],
                )
            )
    return found


def expected(case: Case) -> Iterator[Found]:
    """The marks of a case."""
    for file, fence in _files(case).items():
        lines = fence.text.splitlines()
        for number, line in enumerate(lines, start=1):
            for mark in _MARK.finditer(line):
                stands_alone = line.lstrip().startswith("#")
                yield Found(
                    file=file,
                    line=number + stands_alone,
                    code=mark["code"] or "revealed",
                    text=(mark["type"] or mark["message"] or "").strip(),
                )
