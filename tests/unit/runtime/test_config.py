"""Where configuration and the store are looked for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import flyte
from flyte._config import current_config, store_folder


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("UCTL_CONFIG", "FLYTECTL_CONFIG", "FLYTE_STORE"):
        monkeypatch.delenv(name, raising=False)


def test_no_configuration_is_local_and_silent(capfd: pytest.CaptureFixture[str]) -> None:
    flyte.init_from_config()
    asyncio.run(flyte.init_from_config.aio())
    assert current_config().file is None
    assert capfd.readouterr() == ("", "")


def test_a_named_file_that_is_missing_is_an_error() -> None:
    with pytest.raises(
        flyte.errors.InitializationError, match=r"no configuration file at `x\.yaml`"
    ):
        flyte.init_from_config("x.yaml")


def test_code_wins_over_environment_and_environment_over_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("config.yaml").write_text("task:\n  org: file\n  project: file\n  domain: file\n")
    monkeypatch.setenv("FLYTE_TASK_PROJECT", "variable")
    monkeypatch.setenv("FLYTE_TASK_DOMAIN", "variable")
    flyte.init_from_config(domain="code")
    settings = current_config().settings
    assert (settings["org"], settings["project"], settings["domain"]) == (
        "file",
        "variable",
        "code",
    )


def test_a_file_that_nobody_named_and_nobody_can_read_is_ignored(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Path("config.yaml").write_text("- not\n- ours\n")
    flyte.init_from_config()
    assert current_config().file is None
    assert "ignored" in caplog.text


def test_an_unknown_keyword_is_named() -> None:
    with pytest.raises(TypeError, match=r"`flyte\.init` has no option `projet`"):
        flyte.init(projet="x")


def test_the_store_lies_in_the_projects_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flyte.init()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert store_folder() == tmp_path / ".flyte" / "store"
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "elsewhere"))
    assert store_folder() == tmp_path / "elsewhere"
