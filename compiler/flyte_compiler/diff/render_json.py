"""A comparison for programs: one JSON document, the same for the same two programs.

`{"version": 1, "old", "new", "added", "removed", "changed", "results", "resume", "diagnostics"}`

* `old` and `new` are the paths as given.
* `added` and `removed`: `[{"name", "module"}]`; a name is `environment.function`. Every list of
  tasks is sorted by name, then by module.
* `changed`: `[{"name", "module", "changes": [{"kind", ...}]}]`, tasks under their new names. By
  `kind` of the change:
  - `trait`: `trait` (`name`, `module`, `declared`, `kind`, `calling`), `old`, `new`
  - `parameter`: `name`, `old`, `new`, as in source; null where there is none
  - `parameters-order`: `old`, `new`, lists of names
  - `result`: `old`, `new`, as in source; null where there is none
  - `option`: `name`, `old`, `new`, as in source; null where it isn't given
  - `body`: nothing else; the task's own definition, its signature included
  - `part`: `part` (`module:qualified.name`), `presence` (`added`, `removed`, `changed`)
  - `version`: nothing else; for a reason that the plans don't hold
  - `execution`: `old`, `new` (`compiled`, `dynamic`), `reasons` (`[{"code", "message"}]`)
  - `calls`: `callee`, `old`, `new` (places in source that call it), `within` (words)
  - `call-moved`: `callee`, `old`, `new` (what it stands in, words, from the outside in)
  - `argument`: `callee`, `argument`, `old`, `new`: lists of origins; null where it isn't given
  - `outcome`: `old`, `new`, lists of origins of what the driver returns
* An origin is `{"kind": "call"|"parameter"|"literal", "name"}`. No origin at all: made by the
  driver's own Python.
* `results`, of every task that both sides have: `[{"name", "module", "valid", "cause"}]`; `cause`
  is null where they stay valid, else `{"kind", "name", "through"}`, the first cause. `kind`:
  `name`, `module` (`name`: the old one), `body`, `part` (`name`), `cache`, `version`, `callee`,
  `callee-added`, `callee-removed` (`name`: a task that it can, or could, reach, `through` the
  tasks between).
* `resume`: `{"code_change": "pin", "kept_with_a_warning": [{"name", "module"}]}`: what a resumed
  run does by default with the recorded results of tasks of another version.
* `diagnostics`: errors in the sources, as `flyte-compile --format json` has them. Where there are
  any, nothing was compared and the lists are empty.

A reader must expect keys and kinds that it doesn't know under the same `version`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import msgspec

from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.diagnostics.render_json import render_json as render_diagnostics
from flyte_compiler.diff.model import (
    ArgumentChanged,
    BodyChanged,
    CallMoved,
    CallsChanged,
    Change,
    ChangedTask,
    Difference,
    ExecutionChanged,
    OptionChanged,
    OutcomeChanged,
    ParameterChanged,
    ParametersReordered,
    PartChanged,
    RecordedResult,
    ResultChanged,
    TaskName,
    TraitChanged,
    VersionChanged,
)

VERSION = 1
"""Of the document."""

_KINDS: Mapping[type[Change], str] = {
    TraitChanged: "trait",
    ParameterChanged: "parameter",
    ParametersReordered: "parameters-order",
    ResultChanged: "result",
    OptionChanged: "option",
    BodyChanged: "body",
    PartChanged: "part",
    VersionChanged: "version",
    ExecutionChanged: "execution",
    CallsChanged: "calls",
    CallMoved: "call-moved",
    ArgumentChanged: "argument",
    OutcomeChanged: "outcome",
}
"""A record's fields are the document's keys: renaming one is a new version of the document."""


def render_json(
    difference: Difference, *, old: str, new: str, diagnostics: Iterable[Diagnostic] = ()
) -> str:
    """The document, with a final line break."""
    document = {
        "version": VERSION,
        "old": old,
        "new": new,
        "added": [_name(each) for each in difference.added],
        "removed": [_name(each) for each in difference.removed],
        "changed": [_changed(each) for each in difference.changed],
        "results": [_result(each) for each in difference.results],
        "resume": {
            "code_change": "pin",
            "kept_with_a_warning": [_name(each) for each in difference.pinned],
        },
        "diagnostics": json.loads(render_diagnostics(diagnostics, tasks=()))["diagnostics"],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _name(task: TaskName) -> dict[str, object]:
    return {"name": task.name, "module": task.module}


def _changed(changed: ChangedTask) -> dict[str, object]:
    return {**_name(changed.task), "changes": [_change(each) for each in changed.changes]}


def _change(change: Change) -> dict[str, object]:
    return {"kind": _KINDS[type(change)], **msgspec.to_builtins(change)}


def _result(result: RecordedResult) -> dict[str, object]:
    cause = None if result.cause is None else msgspec.to_builtins(result.cause)
    return {**_name(result.task), "valid": result.cause is None, "cause": cause}
