"""Every program in `examples/` compiles without a word and runs; the invalid one has its faults."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import ROOT, run_program

EXAMPLES = ROOT / "examples"
INVALID = EXAMPLES / "invalid/train.py"
_MARK = re.compile(r"# (error|warning): \[(FC\d{3})\] \"([^\"]+)\"")
_ENDING = re.compile(r"^\{", re.MULTILINE)
"""What a program prints comes before it."""

RUNS = [
    pytest.param("hello.py", ["main", "--name", "you"], "HELLO, YOU!", id="hello"),
    pytest.param("sync_pipeline.py", ["main", "--top", "1"], "and (3)", id="sync_pipeline"),
    pytest.param(
        "compiled.py",
        ["quote", "--article", "lamp", "--pieces", "12"],
        {"article": "lamp", "pieces": 12, "total": 158.7},
        id="compiled",
    ),
    pytest.param(
        "search.py",
        ["search", "--rounds", "1"],
        "round 0: depth 4, score 0.24\nstopped by the number of rounds\nmodel of depth 4",
        id="search",
    ),
]


def test_every_example_is_run_here() -> None:
    named = {str(each.values[0]) for each in RUNS} | {"pipeline.py"}
    assert {path.name for path in EXAMPLES.glob("*.py")} == named


@pytest.mark.parametrize(("file", "arguments", "output"), RUNS)
def test_an_example_runs(file: str, arguments: list[str], output: object, tmp_path: Path) -> None:
    assert _outputs(EXAMPLES / file, arguments, tmp_path) == {"o0": output}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_compiles_without_a_word(path: Path, tmp_path: Path) -> None:
    result = run_program(
        "flyte-compile", [str(path), "--format", "json", "-o", "plans"], folder=tmp_path
    )
    assert result.returncode == 0, result.stdout + result.stderr
    found = json.loads(result.stdout)["diagnostics"]
    assert [each for each in found if each["severity"] != "note"] == []
    assert (tmp_path / f"plans/{path.stem}.plan.json").is_file()


def test_the_pipeline_gives_the_same_from_its_source_and_from_its_plan(tmp_path: Path) -> None:
    source = EXAMPLES / "pipeline.py"
    arguments = ["main", "--days", "60"]
    compiled = run_program("flyte-compile", [str(source), "-o", "."], folder=tmp_path)
    assert compiled.returncode == 0, compiled.stderr
    dynamic = _outputs(source, arguments, tmp_path)
    plan = tmp_path / "pipeline.plan.json"
    assert _outputs(plan, arguments, tmp_path, "--source", str(EXAMPLES)) == dynamic
    report = dynamic["o0"]
    assert report["title"].endswith("better than guessing the mean")
    baseline, model = report["scores"]
    assert model["mean_error"] < baseline["mean_error"]


def test_the_invalid_example_has_exactly_its_marked_faults() -> None:
    result = run_program("flyte-compile", [str(INVALID), "--format", "json"], folder=ROOT)
    assert result.returncode == 1, result.stderr
    given = [
        (each["line"], each["severity"], each["code"], each["message"])
        for each in json.loads(result.stdout)["diagnostics"]
        if each["severity"] != "note"
    ]
    marked = [
        (number, *mark.groups())
        for number, line in enumerate(INVALID.read_text(encoding="utf-8").splitlines(), start=1)
        if (mark := _MARK.search(line))
    ]
    assert [each[:3] for each in given] == [each[:3] for each in marked]
    assert all(mark[3] in message[3] for mark, message in zip(marked, given, strict=True))


def _outputs(file: Path, arguments: list[str], folder: Path, *options: str) -> dict[str, Any]:
    """The outputs of a run of `file`, recorded in a store in `folder`."""
    result = run_program(
        "flyte",
        ["-of", "json", "run", "--no-progress", *options, str(file), *arguments],
        folder=folder,
        store=folder / "store",
    )
    assert result.returncode == 0, result.stdout + result.stderr
    start = _ENDING.search(result.stdout)
    assert start is not None, result.stdout
    ending = json.loads(result.stdout[start.start() :])
    assert ending["phase"] == "succeeded"
    return dict(ending["outputs"])
