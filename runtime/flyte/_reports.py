"""The report that an action wrote, read again."""

from __future__ import annotations

from flyte.errors import ActionNotFoundError
from flyte_plan.digest import show_digest


def report_of(run: str, action: bytes) -> str:
    """An action's report, as HTML.

    Raises:
        ActionNotFoundError: it has written none.
    """
    from flyte.report import report_file  # noqa: PLC0415 - few runs have one

    try:
        return report_file(run, action).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ActionNotFoundError(
            f"action `{show_digest(action)}` of run `{run}` has no report"
        ) from None
