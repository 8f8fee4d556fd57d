"""The report for people and the document for programs, and how the verb ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from markdown_cases import run

from flyte_compiler.diagnostics.paint import coloured, plain
from flyte_compiler.diff import render_json as json_form
from flyte_compiler.diff.model import (
    ArgumentChanged,
    CallMoved,
    CallsChanged,
    Cause,
    CauseKind,
    Change,
    Difference,
    ExecutionChanged,
    Origin,
    OriginKind,
    OutcomeChanged,
    ParametersReordered,
    Reason,
    RecordedResult,
    TaskName,
    VersionChanged,
)
from flyte_compiler.diff.render_text import render_text
from flyte_compiler.diff.words import cause_words, change_words

CALL = Origin(kind=OriginKind.CALL, name="e.load")
PARAMETER = Origin(kind=OriginKind.PARAMETER, name="path")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (VersionChanged(), ["its version changed, for a reason that the plans don't hold"]),
        (
            ParametersReordered(old=("a", "b"), new=("b", "a")),
            ["its parameters are in the order `b`, `a`, not `a`, `b`"],
        ),
        (
            ExecutionChanged(
                old="dynamic", new="dynamic", reasons=(Reason(code="FC616", message="m"),)
            ),
            ["it stays dynamic, for other reasons", "  FC616: m"],
        ),
        (
            CallsChanged(callee="e.load", old=5, new=3, within=("a loop",)),
            ["it calls `e.load` two times fewer, in a loop"],
        ),
        (
            CallsChanged(callee="e.load", old=0, new=2, within=()),
            ["it calls `e.load` now, at 2 places"],
        ),
        (
            CallMoved(callee="e.load", old=(), new=("a loop", "a branch")),
            ["a call of `e.load` now stands in a branch in a loop instead of its body"],
        ),
        (
            ArgumentChanged(callee="e.f", argument="0", old=(CALL,), new=(CALL, PARAMETER)),
            ["the argument 1 of `e.f` may now come from the parameter `path`, too"],
        ),
        (
            ArgumentChanged(callee="e.f", argument="x", old=(CALL, PARAMETER), new=(CALL,)),
            ["the argument `x` of `e.f` does not come from the parameter `path` any more"],
        ),
        (
            ArgumentChanged(callee="e.f", argument="override cache", old=None, new=()),
            ["the override `cache` of `e.f` is given now: the driver's own Python"],
        ),
        (
            OutcomeChanged(old=(CALL,), new=()),
            ["what it returns now comes from the driver's own Python instead of `e.load`"],
        ),
    ],
)
def test_a_change_in_words(change: Change, words: list[str]) -> None:
    assert list(change_words(change)) == words


@pytest.mark.parametrize("kind", CauseKind)
def test_each_cause_has_words(kind: CauseKind) -> None:
    assert cause_words(Cause(kind=kind, name="m:f"))


def test_a_cause_far_below_names_the_way() -> None:
    cause = Cause(kind=CauseKind.CALLEE, name="e.c", through=("e.a", "e.b"))
    assert cause_words(cause) == "`e.c`, which it reaches through `e.a`, `e.b`, changed"


def test_each_change_has_a_kind_in_the_document() -> None:
    assert set(json_form._KINDS) == set(get_args(Change))
    assert len(set(json_form._KINDS.values())) == len(json_form._KINDS)
    documented = json_form.__doc__ or ""
    assert all(f"`{kind}`" in documented for kind in json_form._KINDS.values())
    assert all(f"`{kind.value}`" in documented for kind in CauseKind)


def test_names_of_two_modules_are_told_apart_and_control_characters_shown() -> None:
    one, two = (TaskName(name="e.\x1b", module=module) for module in ("m", "n"))
    results = tuple(RecordedResult(task=each, cause=None) for each in (one, two))
    found = Difference(added=(one,), removed=(), changed=(), results=results, pinned=())
    text = "\n".join(render_text(found, paint=plain))
    assert "e.\u241b (m)" in text
    assert "\x1b" not in text
    assert "\x1b[" in "\n".join(render_text(found, paint=coloured))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    head = "import flyte\n\nenv = flyte.TaskEnvironment('e')\n\n"
    for name, value in (("old", 1), ("new", 2)):
        (tmp_path / name).mkdir()
        text = f"{head}@env.task\ndef f() -> int:\n    return {value}\n"
        (tmp_path / name / "main.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_plans_are_compared_as_their_sources_are(folder: Path) -> None:
    for name in ("old", "new"):
        assert run([name, "-o", f"plans/{name}"]).exit_code == 0
    by_sources = run(["diff", "old", "new"])
    assert by_sources.exit_code == 1
    assert run(["diff", "plans/old", "plans/new"]) == by_sources
    files = ["plans/old/main.plan.json", "plans/new/main.plan.json"]
    assert run(["diff", *files]) == by_sources
    assert run(["diff", "plans/old", "old/main.py"]).output == "no differences\n"


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"version": 1}', b'{"version": 2}'])
def test_what_is_no_plan_is_bad_usage(content: bytes, folder: Path) -> None:
    (folder / "bad.plan.json").write_bytes(content)
    given = run(["diff", "bad.plan.json", "new"])
    assert given.exit_code == 2
    assert "bad.plan.json" in given.errors
    assert not given.output


def test_an_error_in_a_source_is_in_the_document(folder: Path) -> None:
    (folder / "new" / "main.py").write_text("def f(:\n", encoding="utf-8")
    given = run(["diff", "old", "new", "--format", "json"])
    assert given.exit_code == 1
    document = json.loads(given.output)
    assert [each["code"] for each in document["diagnostics"]] == ["FC001"]
    assert not document["removed"]


def test_two_programs_of_one_tree_may_share_a_module_name(folder: Path) -> None:
    text = (folder / "old" / "main.py").read_text(encoding="utf-8")
    for side in ("old", "new"):
        for part in ("a", "b"):
            (folder / side / part).mkdir()
            (folder / side / part / "main.py").write_text(text, encoding="utf-8")
        (folder / side / "main.py").unlink()
    assert run(["diff", "old", "new"]).output == "no differences\n"
    with (folder / "new" / "b" / "main.py").open("a", encoding="utf-8") as file:
        file.write("\n@env.task\ndef g() -> int:\n    return 1\n")
    document = json.loads(run(["diff", "old", "new", "--format", "json"]).output)
    assert document["added"] == [{"name": "e.g", "module": "main"}]
    assert not document["changed"]


def test_a_tree_without_tasks_is_noted(folder: Path) -> None:
    (folder / "new" / "main.py").write_text("x = 1\n", encoding="utf-8")
    given = run(["diff", "old", "new"])
    assert given.exit_code == 1
    assert given.errors == "note: no task found in `new`\n"


def test_what_moved_with_a_task_is_not_called_changed(folder: Path) -> None:
    text = (folder / "old" / "main.py").read_text(encoding="utf-8")
    text = f"{text.replace('1', 'helper()')}\n\ndef helper():\n    return 1\n"
    for name in ("a.py", "b.py"):
        (folder / name).write_text(text, encoding="utf-8")
    document = json.loads(run(["diff", "a.py", "b.py", "--format", "json"]).output)
    (changed,) = document["changed"]
    assert changed["changes"] == [{"kind": "trait", "trait": "module", "old": "a", "new": "b"}]
    assert document["results"][0]["cause"]["kind"] == "module"
    assert "can't be told" in run(["diff", "a.py", "b.py"]).output
