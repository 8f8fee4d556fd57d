"""Whether a run's process is alive: a kernel lock, freed by the kernel at any death.

A clock can't tell a slow process from a dead one. POSIX record locks are used because a forked
child doesn't inherit them; they vanish when *any* descriptor of the file is closed in the
process, so a lease file is opened once, here, and nowhere else.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


class RunHeldError(Exception):
    """Another process drives the run."""


class Lease:
    """The exclusive right to drive one run; held until `release` or the process's end."""

    _held: dict[Path, int] = {}  # noqa: RUF012 - one per process, on purpose: see above

    def __init__(self, path: Path) -> None:
        """Take the lease.

        Raises:
            RunHeldError: it is held, by another process or by this one.
        """
        if path in self._held:
            raise RunHeldError
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise RunHeldError from error
        self._path = path
        self._held[path] = handle

    def release(self) -> None:
        """Give it back."""
        handle = self._held.pop(self._path, None)
        if handle is not None:
            os.close(handle)


def is_held(path: Path) -> bool:
    """Whether some process, this one included, holds the lease at `path`."""
    if path in Lease._held:
        return True
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def wait_until_free(path: Path, then: Callable[[], None]) -> None:
    """Wait for the lease's holder, another process, to give it up or end; then call `then`."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:  # it ended, and cleaned up
        then()
        return
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)
    then()
