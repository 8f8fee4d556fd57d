"""Outcomes, opened for a driver."""

from __future__ import annotations

from flyte._engine.failure import decode_error
from flyte._engine.values import decode_value
from flyte._journal.records import Outcome


def open_outcome(outcome: Outcome) -> object:
    """An outcome's value, fresh.

    Raises:
        BaseException: the outcome is that error.
    """
    if outcome.kind == "value":
        return decode_value(outcome.payload)
    raise decode_error(outcome.payload)
