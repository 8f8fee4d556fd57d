"""The report of a program that doesn't retrace its recorded past."""

from __future__ import annotations

from flyte._engine.calls import Call
from flyte._engine.replay import Replay
from flyte._journal.records import ActionRecord
from flyte.errors import ReplayDivergenceError

SHOWN = 3


def divergence(run: str, driver: str, replay: Replay, call: Call | None) -> ReplayDivergenceError:
    """The error that names what was recorded and what was asked instead."""
    asked = ([call] if call is not None else []) + list(replay.held())
    lines = [f"`{driver}` takes other decisions than it took before run `{run}` was interrupted"]
    lines += [f"  recorded: {_recorded(record)}" for record in replay.unasked()[:SHOWN]]
    lines += [f"  now:      {_asked(new)}" for new in asked[:SHOWN]]
    if not asked:
        lines.append("  now:      no such call")
    lines.append("  nothing new was started, and the run can be resumed again")
    lines.append(
        "  a clock, random number, environment variable or unordered set read between calls does "
        "this; put such a read into a `@flyte.trace` function"
    )
    return ReplayDivergenceError("\n".join(lines))


def _recorded(record: ActionRecord) -> str:
    state = "interrupted" if record.outcome is None else "finished"
    return f"`{record.task}` called at {record.file}:{record.line}, {state}"


def _asked(call: Call) -> str:
    return f"`{call.name}` called at {call.place}"
