"""Compiles wild Python and prints what the compiler could not bear.

    python tests/faults/fuzz_compiler.py [--seconds N] [--seed N] [--jobs N] [--whole]

Texts are the repository's own sources, the corpus, and the standard library with what is installed
beside it, made tasks and damaged (`wild_code.py`); `--whole` takes each library file once and
damages none. Held to: any text gives graphs or diagnostics, in ten seconds, and nothing of it is
imported. A crash is shrunk by taking lines away, and printed. Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import ctypes
import multiprocessing
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent))

from wild_code import CORPUS, as_tasks, library_files, mutated, own_files

from flyte_compiler.diagnostics.render_full import render_full
from flyte_compiler.ir.text import print_graph
from flyte_compiler.pipeline import Compilation, compile_paths, plan_module, unbroken_tasks
from flyte_plan.plan import encode_plan

PATIENCE = 10
"""Seconds of the processor that one text may take."""
PROBE = "wild_probe"
"""A module that every text imports, and that must never be looked for."""


class TooSlowError(Exception):
    """One text wasn't compiled in the time it may take."""


class ImportedError(Exception):
    """The module that only user code imports was asked for."""


@dataclass
class Figures:
    """What some texts came to."""

    texts: int = 0
    drivers: int = 0
    nodes: int = 0
    refused: int = 0
    """Texts that aren't Python."""
    faults: dict[str, str] = field(default_factory=dict)
    """The shortest text for each fault, by where it was raised."""
    times: Counter[str] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        """Count in what another process did."""
        self.texts += other.texts
        self.drivers += other.drivers
        self.nodes += other.nodes
        self.refused += other.refused
        self.times += other.times
        for where, text in other.faults.items():
            if where not in self.faults or len(text) < len(self.faults[where]):
                self.faults[where] = text


class NoProbe:
    """Finds no module, and fails when the probe is looked for."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Called for every import of this process."""
        del path, target
        if name == PROBE:
            raise ImportedError(name)


def compile_wholly(text: str, folder: Path) -> Compilation:
    """Every phase on one text, what prints included."""
    file = folder / "wild.py"
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    compilation = compile_paths([file])
    for found in compilation.diagnostics:
        render_full(found, compilation.sources)
    for compiled in compilation.programs:
        for graph in compiled.graphs:
            print_graph(graph)
        encode_plan(plan_module(compiled, "wild", unbroken_tasks(compilation, compiled)))
    return compilation


def fault_of(text: str, folder: Path) -> tuple[str | None, Compilation | None]:
    """Where the compiler failed on a text, and how; or what it came to."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        return None, compile_wholly(text, folder)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "flyte_" in frame.filename] or frames
        last = ours[-1]
        words = str(error).split("\n")[-1][:60] if "invalid graph" in str(error) else ""
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.name} {words}", None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def shrunk(text: str, is_same: Callable[[str], bool], seconds: float = 60) -> str:
    """The text with as many lines taken away as leave it failing in the same place."""
    lines, size, until = text.splitlines(keepends=True), 1 << 12, time.monotonic() + seconds
    while size:
        at = 0
        while at < len(lines) and time.monotonic() < until:
            fewer = lines[:at] + lines[at + size :]
            if is_same("".join(fewer)):
                lines = fewer
            else:
                at += size
        size //= 2
    return "".join(lines)


def texts(seed: int, *, whole: bool) -> Iterator[str]:
    """Wild code without end; whole library files once."""
    random = Random(seed)
    own, library = own_files(), library_files()
    if whole:
        random.shuffle(library)
        for file in library:
            yield as_tasks(_read(file), random)
        return
    corpus = [file for file in own if file.is_relative_to(CORPUS)]
    donors = [_read(file) for file in random.sample(own, 40)]
    while True:
        text = _read(random.choice(random.choice((own, corpus, corpus, library))))
        if random.random() < 0.8:
            text = as_tasks(text, random)
        yield mutated(text, random, donors)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def campaign(seed: int, seconds: float, whole: bool) -> Figures:
    """One process's share."""
    figures, until = Figures(), time.monotonic() + seconds
    signal.signal(signal.SIGVTALRM, _give_up)
    sys.meta_path.insert(0, NoProbe())  # type: ignore[arg-type]  # it never finds a module
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for text in texts(seed, whole=whole):
            if time.monotonic() > until:
                break
            _try(text + f"\nimport {PROBE}\n", folder, figures)
    return figures


def _try(text: str, folder: Path, figures: Figures) -> None:
    where, compilation = fault_of(text, folder)
    figures.texts += 1
    if compilation is not None:
        figures.refused += any(d.rule.code == "FC001" for d in compilation.diagnostics)
        graphs = [graph for each in compilation.programs for graph in each.graphs]
        figures.drivers += len(graphs)
        figures.nodes += sum(len(graph.body.nodes) for graph in graphs)
    if where is None:
        return
    figures.times[where] += 1
    if where not in figures.faults:
        figures.faults[where] = shrunk(text, lambda less: fault_of(less, folder)[0] == where)
        print(f"\n--- {where}\n{figures.faults[where]}", flush=True)


def _give_up(number: int, frame: FrameType | None) -> None:
    """Stop the thread that compiles, where it is: signals reach the main one alone."""
    del number, frame
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.ident), ctypes.py_object(TooSlowError)
            )


def main(arguments: Sequence[str]) -> int:
    """Run the campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
    asked = parser.parse_args(arguments)
    shares = [(asked.seed + job, asked.seconds, asked.whole) for job in range(asked.jobs)]
    whole = Figures()
    with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
        for figures in pool.starmap(campaign, shares):
            whole.add(figures)
    for where, times in whole.times.most_common():
        print(f"{times:5}  {where}")
    print(
        f"{whole.texts} texts ({whole.refused} no Python), {whole.drivers} drivers, "
        f"{whole.nodes} nodes; {len(whole.times)} faults"
    )
    return 1 if whole.times else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
