"""Collects the Markdown suites under `cases/`; `--update-cases` rewrites their expectations."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

from markdown_cases import CASES, Case, CaseError, read_cases, run_case, update_cases

collect_ignore = ["corpus", "ordinary", "faulty"]  # programs to be read, some named `_test`

# As many examples as there is patience for: HYPOTHESIS_PROFILE=nightly for a campaign.
# The same ones each time in `make test`, where a failure must mean a change.
settings.register_profile("dev", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=5_000, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases", action="store_true", help="write what cases give as what they expect"
    )
    parser.addoption("--update-golden", action="store_true", help="write what golden programs give")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> MarkdownFile | None:
    is_of_plugin = CASES / "plugin" in file_path.parents  # run by `tests/plugin`
    if file_path.suffix == ".md" and CASES in file_path.parents and not is_of_plugin:
        return MarkdownFile.from_parent(parent, path=file_path)
    return None


class MarkdownFile(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator[MarkdownCase]:
        for case in read_cases(self.path):
            yield MarkdownCase.from_parent(self, name=case.name, case=case)


class MarkdownCase(pytest.Item):
    """One heading."""

    def __init__(self, *, case: Case, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # pytest's own, handed through
        self.case = case

    def runtest(self) -> None:
        if self.config.getoption("--update-cases"):
            update_cases(self.case)
        else:
            run_case(self.case)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        del style
        if isinstance(excinfo.value, CaseError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.line - 1, self.case.name
