"""How a run is driven from the command line, and how its end is told: report and exit code."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import click

from flyte._json_values import to_json
from flyte.cli.exits import DIVERGED, FAILED, INTERRUPTED, USAGE, CommandError, note
from flyte.cli.output import print_json, wants_json
from flyte.errors import (
    ActionAbortedError,
    ActionNotFoundError,
    InitializationError,
    NotCompilableError,
    ReplayDivergenceError,
    RuntimeSystemError,
    StalePlanError,
)

if TYPE_CHECKING:
    from flyte._run import Run


class Display(Protocol):
    """What tells how a run goes on."""

    def close(self) -> None:
        """The run has ended."""


def drive(
    context: click.Context,
    name: str,
    start: Callable[[], Run[Any]],
    display: Display | None = None,
) -> None:
    """Start or resume the run `name`, wait for it, tell how it ended, and exit with its code.

    Raises:
        CommandError: it couldn't be started, or was stopped before it ended.
    """
    as_json = wants_json(context)
    try:
        with _shown_on(display), _program_output(apart=as_json):
            run = start()
    except KeyboardInterrupt:
        note(f"interrupted; `flyte resume {name}` takes the run up where it was")
        context.exit(INTERRUPTED)
    except ReplayDivergenceError as error:
        raise CommandError(str(error), code=DIVERGED) from None
    except BaseException as error:
        run = _failed(error)
        _tell(run, error, as_json=as_json)
        context.exit(FAILED)
    else:
        _tell(run, None, as_json=as_json)


def _failed(error: BaseException) -> Run[Any]:
    from flyte_plan.encoding import UnencodableError  # noqa: PLC0415 - only where it is needed

    run: Run[Any] | None = getattr(error, "run", None)
    if run is not None:
        return run
    if isinstance(error, InitializationError | StalePlanError | UnencodableError):
        raise CommandError(str(error), code=USAGE) from None
    if isinstance(error, ActionAbortedError | ActionNotFoundError | NotCompilableError):
        raise CommandError(str(error), code=FAILED) from None
    if isinstance(error, RuntimeSystemError):
        raise CommandError(str(error), code=FAILED) from None
    raise error  # ours, or the interpreter's


@contextlib.contextmanager
def _shown_on(display: Display | None) -> Iterator[None]:
    try:
        yield
    finally:
        if display is not None:
            display.close()


@contextlib.contextmanager
def _program_output(*, apart: bool) -> Iterator[None]:
    # With JSON, standard output is for the report alone: what tasks print goes to standard error.
    if not apart:
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _tell(run: Run[Any], error: BaseException | None, *, as_json: bool) -> None:
    trouble = None if error is None else _traceback(error)
    if trouble is not None:
        note(trouble)
    outputs = {} if error is not None else to_json(run.outputs().named_outputs)
    counts = run.counts
    actions = {
        "executed": counts.executed,
        "replayed": counts.replayed,
        "cached": counts.cached,
        "failed": counts.failed,
    }
    if as_json:
        report = {"run": run.name, "phase": run.phase, "outputs": outputs, "actions": actions}
        print_json(report | {"seconds": round(run.seconds, 6)} | _error_report(error))
        return
    click.echo(f"run      {run.name}")
    click.echo(f"phase    {run.phase}")
    for name, value in outputs.items():
        click.echo(f"{name:<7}  {_shown(value)}")
    click.echo("actions  " + ", ".join(f"{count} {kind}" for kind, count in actions.items()))
    click.echo(f"seconds  {run.seconds:.3f}")


def _error_report(error: BaseException | None) -> dict[str, object]:
    if error is None:
        return {}
    return {"error": {"code": getattr(error, "code", type(error).__name__), "message": str(error)}}


def _traceback(error: BaseException) -> str:
    from flyte._engine.failure import recorded_traceback, user_traceback  # noqa: PLC0415 - as above

    return (recorded_traceback(error) or user_traceback(error)).rstrip()


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
