"""The report of a program that doesn't retrace its recorded past."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping

from flyte._engine.calls import Call
from flyte._engine.replay import Replay
from flyte._engine.values import decode_arguments
from flyte._journal.records import ActionRecord
from flyte.errors import ReplayDivergenceError
from flyte_plan.encoding import DecodeError

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
    inputs = _shown(lambda: decode_arguments(record.inputs))
    return f"`{record.task}({inputs})` called at {record.file}:{record.line}, {state}"


def _asked(call: Call) -> str:
    return f"`{call.name}({_shown(call.inputs.open)})` called at {call.place}"


def _shown(open_inputs: Callable[[], Mapping[str, object]]) -> str:
    try:
        inputs = open_inputs()
    except DecodeError:  # of a class that the program no longer has
        return "…"
    return ", ".join(f"{name}={reprlib.repr(value)}" for name, value in inputs.items())
