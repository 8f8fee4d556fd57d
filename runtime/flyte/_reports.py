"""The report that an action wrote, as kept in the run's folder."""

from __future__ import annotations

from flyte._run_folder import run_folder
from flyte.errors import ActionNotFoundError


def report_of(run: str, action: str) -> str:
    """An action's report, as HTML.

    Raises:
        ActionNotFoundError: it has written none.
    """
    try:
        return (run_folder(run) / "reports" / f"{action}.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ActionNotFoundError(f"action `{action}` of run `{run}` has no report") from None
