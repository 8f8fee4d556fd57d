"""A diagnostic in plain lines, for places that show its text alone."""

from __future__ import annotations

from flyte_compiler.diagnostics.model import Diagnostic


def prose(diagnostic: Diagnostic) -> str:
    """The message, then each note and each help on a line of its own."""
    notes = (f"note: {each}" for each in diagnostic.notes)
    helps = (f"help: {each}" for each in diagnostic.helps)
    return "\n".join((diagnostic.message, *notes, *helps))
