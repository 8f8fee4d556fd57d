"""Programs in folders of their own, run by processes that may be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

EFFECT = """
def effect(text):
    import os
    handle = os.open("effects", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(handle, (text + "\\n").encode())
    os.close(handle)

def die(when):
    import os, signal
    if os.environ.get("DIE") == when:
        os.kill(os.getpid(), signal.SIGKILL)
"""
"""An effect log that is independent of the journal, and a way to die in the middle."""


@dataclass(frozen=True)
class Program:
    """A program in a folder of its own, run by a process of its own."""

    folder: Path

    def run(self, *arguments: str, die: str = "") -> subprocess.CompletedProcess[str]:
        """Run `flyte` with these arguments; `die` names the place to be killed at."""
        environment = {**os.environ, "DIE": die, "FLYTE_STORE": str(self.folder / "store")}
        return subprocess.run(
            [sys.executable, "-c", "from flyte.cli import main; main()", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def effects(self) -> Counter[str]:
        """What the program did, by its own log."""
        log = self.folder / "effects"
        return Counter(log.read_text().splitlines() if log.exists() else [])
