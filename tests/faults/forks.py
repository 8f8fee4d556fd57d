"""`flyte` commands in forked processes, which may be told to die at a certain place.

Forking from a process that has imported everything makes a command cost a few milliseconds, so
that thousands of deaths can be tried. The parent starts no engine and no thread.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KILLED = -int(signal.SIGKILL)
HUNG = -1000

ON_EFFECT: Callable[[], None] | None = None
"""What the cases call at each effect: in a child that is to die at one."""


@dataclass(frozen=True, slots=True)
class Death:
    """When a process kills itself: at the n-th of these moments."""

    moment: str
    """`effect`, `before commit`, `after commit`."""
    count: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    """Its exit code, the negative signal that ended it, or `HUNG`."""
    output: str
    errors: str

    @property
    def result(self) -> Any:
        """The first output of a run that succeeded."""
        return json.loads(self.output)["outputs"]["o0"]


def flyte(folder: Path, *words: str, death: Death | None = None, patience: float = 20) -> Ended:
    """Run the command in `folder` with a store of its own there."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(folder, words, death)
    code = _wait(child, patience)
    output, errors = (folder / "output").read_text(), (folder / "errors").read_text()
    return Ended(code, output, errors)


def _wait(child: int, patience: float) -> int:
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], patience)
    finally:
        os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return HUNG
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(folder: Path, words: tuple[str, ...], death: Death | None) -> None:
    code = 70
    try:
        os.chdir(folder)
        os.environ["FLYTE_STORE"] = str(folder / "store")
        for number, name in ((1, "output"), (2, "errors")):
            handle = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            os.dup2(handle, number)
        if death is not None:
            _plan(death)
        code = _command(words)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(words: tuple[str, ...]) -> int:
    from flyte.cli.app import flyte as command

    try:
        command(list(words))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def _plan(death: Death) -> None:
    moments = [0]

    def moment() -> None:
        moments[0] += 1
        if moments[0] == death.count:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(10)

    if death.moment == "effect":
        globals()["ON_EFFECT"] = moment
        return
    from flyte._journal import Store

    commit = Store.commit

    def deadly(self: Store) -> bool:
        if not self._staged:
            return commit(self)
        if death.moment == "before commit":
            moment()
        committed = commit(self)
        if death.moment == "after commit":
            moment()
        return committed

    Store.commit = deadly  # type: ignore[method-assign]
