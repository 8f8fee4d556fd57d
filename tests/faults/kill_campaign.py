"""Kills runs of every hard case at random places, resumes them, and prints what came of it.

    python tests/faults/kill_campaign.py [--kills N] [--seed N] [CASE ...]

Held to: no recorded action is executed again, results are what they may be, nothing hangs, and no
faithful program is reported as diverged. Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import hard_cases
from forks import HUNG, KILLED, Death, Ended, flyte

from flyte._engine.values import decode_arguments
from flyte_plan.digest import show_digest

MOMENTS = ("effect", "before commit", "after commit")
RESUMES = 12


@dataclass
class Figures:
    """What one case came to."""

    runs: int = 0
    kills: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def recorded_effects(folder: Path) -> set[str]:
    """What must not be done again: the log's lines of every action with an outcome."""
    database = folder / "store" / "journal.db"
    if not database.exists():
        return set()
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute(
            "select a.id, a.kind, a.task, a.inputs from actions a"
            " join outcomes o on o.action = a.id"
        ).fetchall()
    except sqlite3.OperationalError:  # killed before the tables were made
        return set()
    finally:
        connection.close()
    return {_mark(*row) for row in rows}


def _mark(identity: bytes, kind: str, task: str, inputs: bytes) -> str:
    if kind in ("task", "item"):  # an item leaves no line in the log: its generator does
        return show_digest(identity)
    return f"{task.rpartition('.')[2]} {decode_arguments(inputs)['x']}"


def effects(folder: Path) -> Counter[str]:
    """The log, each line reduced to what `recorded_effects` gives."""
    log = folder / "effects"
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter(
        line.removesuffix(" -") if line.endswith(" -") else line.split()[-1] for line in lines
    )


def try_case(case: str, folder: Path, deaths: list[Death], figures: Figures) -> Ended | None:
    """One run, killed at each of `deaths` in turn, then resumed to its end."""
    shutil.copy(hard_cases.__file__, folder / "hard_cases.py")
    words = ["-of", "json", "run", "--no-progress", "--name", "r", "hard_cases.py", case]
    figures.runs += 1
    for death in [*deaths, None]:
        recorded, before = recorded_effects(folder), effects(folder)
        ended = flyte(folder, *words, death=death)
        again = {mark for mark in effects(folder) - before if mark in recorded}
        where = f"{case}: {death}"
        if again:
            figures.faults.append(f"{where}: done again: {sorted(again)}")
        if ended.code == KILLED:
            figures.kills += 1
            if _is_created(folder):
                words = ["-of", "json", "resume", "--no-progress", "r"]
            continue
        if ended.code == HUNG:
            figures.faults.append(f"{where}: hung\n{ended.errors}")
        elif ended.code != 0:
            figures.faults.append(f"{where}: exit {ended.code}\n{ended.errors}{ended.output}")
        elif not hard_cases.CHECKS[case](ended.result):
            figures.faults.append(f"{where}: gave {ended.result}")
        return ended
    return None


def _is_created(folder: Path) -> bool:
    connection = sqlite3.connect(folder / "store" / "journal.db")
    try:
        return bool(connection.execute("select count(*) from runs").fetchone()[0])
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def campaign(case: str, kills: int, choose: random.Random) -> Figures:
    """Kill `case` at least `kills` times; a third of the runs several times in a row."""
    figures, began = Figures(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        try_case(case, Path(name), [], figures)
        moments = max(2, effects(Path(name)).total())
    while figures.kills < kills and len(figures.faults) < 3 and figures.runs < 4 * kills:
        count = choose.choice((1, 1, 2, 3))
        deaths = [Death(choose.choice(MOMENTS), choose.randint(1, moments)) for _ in range(count)]
        with tempfile.TemporaryDirectory(prefix="kills-") as name:
            try_case(case, Path(name), deaths, figures)
    figures.seconds = time.monotonic() - began
    return figures


def main() -> int:
    """Run the campaign; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="at least so many a case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("cases", nargs="*", default=list(hard_cases.CHECKS))
    options = parser.parse_args()
    choose = random.Random(options.seed)
    total = Figures()
    for case in options.cases:
        figures = campaign(case, options.kills, choose)
        total.runs, total.kills = total.runs + figures.runs, total.kills + figures.kills
        total.faults += figures.faults
        print(
            f"{case:<20} {figures.runs:>4} runs {figures.kills:>4} kills "
            f"{figures.seconds:>6.1f} s {len(figures.faults):>3} faults",
            flush=True,
        )
        for fault in figures.faults:
            print("    " + fault.replace("\n", "\n    "), flush=True)
    print(f"{'total':<20} {total.runs:>4} runs {total.kills:>4} kills {len(total.faults)} faults")
    return 1 if total.faults else 0


if __name__ == "__main__":
    os.environ.pop("FLYTE_STORE", None)
    raise SystemExit(main())
