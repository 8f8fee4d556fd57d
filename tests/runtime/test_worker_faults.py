"""Drivers and workers that die, stop and come back, alone and together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from program import Program
from worker_programs import SOURCE, Far, is_alive, kill

from flyte._journal import open_store

WORK = [f"{what} {x}" for what in ("start", "end") for x in range(2)]


@pytest.fixture
def far(tmp_path: Path) -> Far:
    (tmp_path / "main.py").write_text(SOURCE)
    return Far(Program(tmp_path))


@pytest.mark.slow
def test_children_of_a_killed_driver_are_adopted_and_not_started_twice() -> None:
    script = Path(__file__).parents[1] / "faults" / "adoption_campaign.py"
    tried = subprocess.run(
        [sys.executable, script, "--times", "20"], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "20 drivers killed, 40 children started once" in tried.stdout


def test_an_adopted_child_ends_and_its_driver_goes_on(far: Far) -> None:
    kill_after_start(far)
    resumed = far.start("resume", "r")
    far.until(lambda: far.errors().count("still runs it") == 2)
    far.go()
    assert resumed.wait(60) == 0, far.errors()
    assert far.program.effects() == dict.fromkeys(WORK, 1)


def test_a_killed_worker_is_replaced_and_its_attempt_repeated(far: Far) -> None:
    driver = far.start_run("main", "--n", "2")
    far.wait_for("start 0", "start 1")
    os.kill(far.pid("pid-0"), signal.SIGKILL)
    far.until(lambda: far.program.effects()["start 0"] == 2)
    far.go()
    assert driver.wait(60) == 0, far.errors()
    assert far.program.effects()["start 1"] == 1
    assert "SIGKILL" in far.errors()
    assert far.resume()["outputs"]["o0"] == [0, 1]


def test_when_driver_and_worker_are_killed_only_the_lost_attempt_is_repeated(far: Far) -> None:
    driver = far.start_run("main", "--n", "2")
    far.wait_for("start 0", "start 1")
    kill(driver)
    os.kill(far.pid("pid-0"), signal.SIGKILL)
    far.until(lambda: not is_alive(far.pid("pid-0")))
    far.go()
    assert far.resume()["outputs"]["o0"] == [0, 1]
    assert far.program.effects() == dict.fromkeys(WORK, 1) | {"start 0": 2}


def test_a_stopped_worker_that_wakes_after_its_replacement_is_refused(far: Far) -> None:
    driver = far.start_run("main", "--n", "1")
    far.wait_for("start 0")
    stopped = far.pid("pid-0")
    os.kill(stopped, signal.SIGSTOP)
    kill(driver)
    with closing(open_store(far.folder / "store")) as store:
        (action,) = (each for each in store.actions("r") if each.task == "far.work")
        store.fences.revoke(action.id)
        os.kill(stopped, signal.SIGCONT)
        far.go()
        far.until(lambda: not is_alive(stopped))
        assert far.program.effects()["end 0"] == 1
        assert store.fences.ending_of(action.id, 0) is None
    assert far.resume()["outputs"]["o0"] == [0]
    assert far.program.effects()["end 0"] == 2


def test_an_attempt_that_is_stopped_past_its_timeout_is_replaced(far: Far) -> None:
    driver = far.start_run("replaced")
    os.kill(far.pid("stopped"), 0)
    assert driver.wait(60) == 0, far.errors()
    assert far.resume()["outputs"]["o0"] == 2
    far.until(lambda: not is_alive(far.pid("stopped")))


def test_an_adopted_worker_that_was_killed_is_replaced(far: Far) -> None:
    kill_after_start(far)
    resumed = far.start("resume", "r")
    far.until(lambda: far.errors().count("still runs it") == 2)
    os.kill(far.pid("pid-0"), signal.SIGKILL)
    far.until(lambda: far.program.effects()["start 0"] == 2)
    far.go()
    assert resumed.wait(60) == 0, far.errors()
    assert far.program.effects() == dict.fromkeys(WORK, 1) | {"start 0": 2}


def kill_after_start(far: Far) -> None:
    driver = far.start_run("main", "--n", "2")
    far.wait_for("start 0", "start 1")
    kill(driver)


def test_an_attempt_that_always_loses_its_worker_fails_in_the_end(far: Far) -> None:
    assert far.start_run("never").wait(60) == 1
    assert "its worker ended 4 times without a result: SIGKILL" in far.errors()
    assert far.program.effects() == {"dies 1": 4}


def test_a_body_that_ignores_its_timeout_is_killed(far: Far) -> None:
    assert far.start_run("late").wait(60) == 0, far.errors()
    assert far.resume()["outputs"]["o0"] == "MaxRuntimeExceededError: it ran longer than 0.3 s"
    far.until(lambda: not is_alive(far.pid("hanging")))


def test_an_interrupted_driver_leaves_its_workers_to_finish(far: Far) -> None:
    driver = far.start_run("main", "--n", "2")
    far.wait_for("start 0", "start 1")
    driver.send_signal(signal.SIGINT)
    assert driver.wait(60) == 130
    far.go()
    assert far.resume()["outputs"]["o0"] == [0, 1]
    assert far.program.effects() == dict.fromkeys(WORK, 1)


def test_idle_workers_end_with_their_driver(far: Far) -> None:
    far.go()
    assert far.start_run("main", "--n", "2").wait(60) == 0
    far.until(lambda: not any(is_alive(far.pid(f"pid-{x}")) for x in range(2)))
    assert not list((far.folder / "store" / "workers").iterdir())
