"""How a run ends early."""

from __future__ import annotations


class RunStopped(BaseException):
    """Unwinds the bodies of a run that was stopped; nothing more of it is recorded.

    No `Exception`, so that a body's own handlers let it through.
    """
