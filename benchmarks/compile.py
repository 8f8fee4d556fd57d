"""What compiling costs beside what it cannot do without: the parse, the start, a type check.

    python benchmarks/compile.py [ROUNDS]

Four tables, each of ratios inside one run:

* everything but reading a file's tree, to libcst's parse alone (budget 1.0);
* a second run over files that didn't change, in milliseconds beyond `flyte-compile --help`
  (budget 200), and a first one of 10,000 lines to a cold run of mypy (budget 1.5);
* memory for each thousand lines, at three lengths: it should be the same at all of them.

Times are of the processor, so that a busy machine tells in the ratios but little.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import libcst as cst
from programs import dense, ordinary

from flyte_compiler import pipeline
from flyte_compiler.callgraph import program
from flyte_compiler.lower import task
from flyte_compiler.syntax import parse
from flyte_compiler.syntax.deep import with_deep_stack

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
LENGTHS = (2_500, 5_000, 10_000)
PHASES = {
    "check": (parse, "_check"),
    "positions": (parse, "Positions"),
    "index": (program, "index_module"),
    "call graph": (pipeline, "build_call_graph"),
    "lower": (pipeline, "_lower"),
    "verify": (task, "verify"),
    "rewrite": (task, "rewrite"),
    "plan": (pipeline, "build_plan"),
}
"""What is measured by itself, and where it is called. `lower` holds `verify` and `rewrite`."""
COMMAND = (sys.executable, "-c", "import flyte_compiler.cli as c; c.main()")


class Clock:
    """Time spent in some functions while they are replaced by ones that measure."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """The function, measured under a name."""

        def measured(*arguments: object, **named: object) -> object:
            started = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.thread_time() - started
                self.seconds[name] = self.seconds.get(name, 0.0) + spent

        return measured


def phases(paths: Sequence[Path], folder: Path) -> dict[str, float]:
    """Seconds of the processor: the parse alone, all else, and the parts of that."""
    texts = [path.read_text(encoding="utf-8") for path in paths]
    parsing = _seconds(lambda: [cst.parse_module(text) for text in texts])
    clock = Clock()
    with ExitStack() as replaced:
        for name, (module, function) in PHASES.items():
            measured = clock.around(name, getattr(module, function))
            replaced.enter_context(patch.object(module, function, measured))
        whole = clock.around("whole", lambda: _compile(paths, folder))
        with_deep_stack(whole)
    after = clock.seconds.pop("whole") - parsing - clock.seconds["check"]
    return {"parse": parsing, "after": after, **clock.seconds}


def _compile(paths: Sequence[Path], folder: Path) -> None:
    """Every phase, the plans included."""
    compilation = pipeline.compile_paths(paths, roots=[folder])
    for compiled in compilation.programs:
        tasks = pipeline.unbroken_tasks(compilation, compiled)
        for module in compiled.program.entries:
            pipeline.plan_module(compiled, module, [t for t in tasks if t.module == module])


def _seconds(function: Callable[[], object]) -> float:
    """The processor's time, with the collector resting as it does while the compiler runs."""
    gc.collect()
    gc.disable()
    started = time.thread_time()
    function()
    spent = time.thread_time() - started
    gc.enable()
    return spent


def process(arguments: Sequence[str], folder: Path) -> float:
    """The processor's seconds of one process, and of those that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(arguments, cwd=folder, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(path: Path) -> float:
    """The most memory that compiling a file takes, in megabytes beyond the compiler's own."""
    own = _peak_of("pass")
    text = f"from pathlib import Path; pipeline.compile_paths([Path({str(path)!r})])"
    return _peak_of(text) - own


def _peak_of(text: str) -> float:
    code = (
        "import resource\nfrom flyte_compiler import pipeline\n"
        f"{text}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return int(shown.stdout) / 1024


def show_phases(rounds: int, folder: Path) -> None:
    """The parse, and how often its time all else takes."""
    names = ("after", *PHASES)
    print(f"\n{'to the parse':<26}{'parse':>9}", *(f"{name:>11}" for name in names))
    programs = {
        "dense, 1,200 lines": [_written(folder, "dense.py", dense(1_200))],
        "the corpus": sorted(CORPUS.rglob("*.py")),
        "ordinary, 10,000 lines": [_written(folder, "ordinary.py", ordinary(10_000))],
    }
    for name, paths in programs.items():
        found = [phases(paths, folder) for _ in range(rounds)]
        parsing = statistics.median(each["parse"] for each in found)
        ratios = (statistics.median(e[each] / e["parse"] for e in found) for each in names)
        print(f"{name:<26}{parsing * 1000:6.0f} ms", *(f"{ratio:9.2f} ×" for ratio in ratios))


def show_commands(rounds: int, folder: Path) -> None:
    """Whole processes: again with nothing changed, and for the first time."""
    file = str(folder / "ordinary.py")
    mypy = (sys.executable, "-m", "mypy", f"--cache-dir={os.devnull}", file)
    process((*COMMAND, file), folder)  # fills the cache, and the files' of Python itself
    starts, again, colds, checks = [], [], [], []
    for _ in range(rounds):
        starts.append(process((*COMMAND, "--help"), folder))
        again.append(process((*COMMAND, file), folder))
        colds.append(process((*COMMAND, "--no-cache", file), folder))
        checks.append(process(mypy, folder))
    start, second = statistics.median(starts), statistics.median(again)
    cold, check = statistics.median(colds), statistics.median(checks)
    print(f"\nstart {start * 1000:.0f} ms; second run {(second - start) * 1000:.0f} ms beyond it")
    print(f"cold {cold:.2f} s; mypy {check:.2f} s; {cold / check:.2f} ×")


def show_memory(folder: Path) -> None:
    """Peak memory at three lengths."""
    for lines in LENGTHS:
        megabytes = peak(_written(folder, f"ordinary_{lines}.py", ordinary(lines)))
        per_thousand = megabytes / lines * 1000
        print(f"{lines:6,} lines  {megabytes:6.0f} MB  {per_thousand:5.1f} MB a thousand lines")


def _written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def main(rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        show_memory(folder)  # first: a process is said to take at least what its parent took
        show_phases(rounds, folder)
        show_commands(rounds, folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
