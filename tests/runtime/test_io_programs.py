"""Programs that pass files, frames and odd values, keep reports and read recorded clocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from program import Program

Write = Callable[[str], Program]

FILES = """
import asyncio
import flyte
from flyte.io import DataFrame, Dir, File
import pandas as pd

env = flyte.TaskEnvironment("io")


@env.task
async def write(text: str) -> File[str]:
    effect(f"write {text}")
    file = File.new_remote("out.txt")
    async with file.open("w") as opened:
        await opened.write(text)
    return file


@env.task(cache="auto")
def length(file: File[str]) -> int:
    effect("length")
    with file.open_sync("r") as opened:
        return len(opened.read())


@env.task
async def table(frame: pd.DataFrame) -> DataFrame:
    effect("table")
    return DataFrame.from_df(frame.assign(b=frame.a * 2))


@env.task
async def total(table: DataFrame) -> int:
    frame = await table.open(pd.DataFrame).all()
    return int(frame.b.sum())


@env.task
async def main(given: File[str]) -> list[int]:
    one, two = await asyncio.gather(write("abc"), write("abc"))
    assert one.path != two.path
    sizes = [await length.aio(file) for file in (one, two, given)]
    die("halfway")
    frames = await table(pd.DataFrame({"a": [1, 2]}))
    return [*sizes, await total(frames)]
"""


def outputs(program: Program, *arguments: str, die: str = "") -> object:
    done = program.run("-of", "json", *arguments, die=die)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["outputs"]["o0"]


def test_files_and_frames_cross_and_a_cache_knows_a_files_content(
    program: Write, tmp_path: Path
) -> None:
    written = program(FILES)
    (tmp_path / "given.txt").write_text("hello")
    call = ("run", "--name", "one", "main.py", "main", "--given", "given.txt")
    assert outputs(written, *call) == [3, 3, 5, 6]
    assert written.effects() == {"write abc": 2, "length": 2, "table": 1}


def test_files_are_found_again_when_a_run_resumes(program: Write, tmp_path: Path) -> None:
    written = program(FILES)
    (tmp_path / "given.txt").write_text("hello")
    killed = written.run(
        "run", "--name", "one", "main.py", "main", "--given", "given.txt", die="halfway"
    )
    assert killed.returncode < 0
    (tmp_path / "given.txt").unlink()
    assert outputs(written, "resume", "one") == [3, 3, 5, 6]
    assert written.effects() == {"write abc": 2, "length": 2, "table": 1}


CLOCKS = """
import asyncio
import flyte
from flyte import durable

env = flyte.TaskEnvironment("clocks")


@env.task
async def slow(x: int, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return x


@env.task
def sync_part() -> list[float]:
    durable.sleep(0.01)
    return [durable.time(), durable.random(), durable.now().timestamp()]


@env.task
async def main() -> list[float]:
    first = [await durable.time.aio(), await durable.random.aio()]
    moment = await durable.now.aio()
    assert moment.tzinfo is not None
    await durable.sleep.aio(0.3)
    effect("slept")
    try:
        async with durable.timeout(0.05):
            await slow(1, 30)
    except TimeoutError:
        effect("timed out")
    async with durable.timeout(30):
        assert await slow(2, 0) == 2
    text = repr([*first, moment.timestamp()])
    effect(text)
    die("end")
    return [*first, moment.timestamp(), *await sync_part.aio()]
"""


def test_a_clock_a_sleep_and_a_timeout_are_replayed(program: Write) -> None:
    written = program(CLOCKS)
    killed = written.run("run", "--name", "one", "main.py", "main", die="end")
    assert killed.returncode < 0, killed.stderr
    given = outputs(written, "resume", "one")
    assert isinstance(given, list)
    assert written.effects() == {"slept": 2, "timed out": 2, repr(given[:3]): 2}
    assert outputs(written, "resume", "one") == given


MODELS = """
import flyte

env = flyte.TaskEnvironment("models")


class Model:
    def __init__(self, weight):
        self.weight = weight


@env.task
async def fit(x: int) -> Model:
    effect("fit")
    return Model(x)


@env.task(cache="auto")
async def predict(model: Model, x: int) -> int:
    effect("predict")
    return model.weight * x


@env.task
async def wrong(x: int) -> list[int]:
    return [x, "two"]


@env.task
async def main() -> int:
    model = await fit(3)
    value = await predict(model, 2) + await predict(model, 2)
    die("end")
    return value


@env.task
async def bad_call() -> int:
    return await predict(Model(1), "two")


@env.task
async def bad_result() -> list[int]:
    try:
        return await wrong(1)
    except flyte.errors.RuntimeDataValidationError as error:
        assert isinstance(error, TypeError)
        effect("caught")
        raise
"""


def test_a_fitted_model_crosses_and_a_resumed_run_reads_it_again(program: Write) -> None:
    written = program(MODELS)
    killed = written.run("run", "--name", "one", "main.py", "main", die="end")
    assert killed.returncode < 0, killed.stderr
    assert killed.stderr.count("`main.Model` has no encoding") == 1
    assert outputs(written, "resume", "one") == 12
    assert written.effects() == {"fit": 1, "predict": 2}


@pytest.mark.parametrize(
    ("task", "fault"),
    [
        ("bad_call", "in task `models.predict`, `x`: expected `int`, given a `str`, 'two'"),
        ("bad_result", "in task `models.wrong`, `result[1]`: expected `int`, given a `str`, 'two'"),
    ],
)
def test_a_wrong_value_names_the_task_and_the_place(program: Write, task: str, fault: str) -> None:
    written = program(MODELS)
    done = written.run("run", "main.py", task)
    assert done.returncode == 1
    assert fault in done.stderr
    assert written.effects() == ({"caught": 1} if task == "bad_result" else {})


def test_without_pickles_a_model_is_an_error(
    program: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLYTE_PICKLE", "never")
    done = program(MODELS).run("run", "main.py", "main")
    assert done.returncode == 1
    assert "`main.Model` has no encoding, and `pickle` is set to `never`" in done.stderr


REPORTS = """
import flyte
import flyte.report

env = flyte.TaskEnvironment("reports")


@env.task(report=True)
async def train() -> int:
    await flyte.report.log.aio("<p>epoch 1</p>", do_flush=True)
    tab = flyte.report.get_tab("Losses <all>")
    tab.log("<b>0.1</b>")
    tab.replace("<b>0.2</b>")
    return 1


@env.task(report=True)
def score() -> int:
    flyte.report.replace("<p>score</p>")
    return 1


@env.task
async def main() -> int:
    flyte.report.log("<p>thrown away</p>")
    return await train() + await score.aio()
"""


def test_reports_are_kept_with_the_run_where_the_task_asks_for_it(
    program: Write, store: Path
) -> None:
    done = program(REPORTS).run("run", "--name", "one", "main.py", "main")
    assert done.returncode == 0, done.stderr
    assert "reports.main: its report isn't kept" in done.stderr
    folder = store / "runs" / "one" / "reports"
    pages = sorted((file.read_text() for file in folder.glob("*.html")), key=len)
    assert len(pages) == len(list(folder.iterdir())) == 2
    assert "<p>score</p>" in pages[0]
    assert "<p>epoch 1</p>" in pages[1]
    assert "Losses &lt;all&gt;" in pages[1]
    assert "<b>0.2</b>" in pages[1]
    assert "0.1" not in pages[1]
