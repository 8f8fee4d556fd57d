"""Names that programs written for a cluster use: accepted, checked, kept, or said to be missing."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import flyte
import flyte.ai
import flyte.app
import flyte.config
import flyte.extras
import flyte.notify
import flyte.remote
import flyte.storage
import flyte.syncify
from flyte._absent import NotAvailableError
from flyte._config import Config, current_config, init
from flyte.errors import DeploymentError, InitializationError

base = flyte.TaskEnvironment("declared_base")


@base.task
def day_of(day: datetime) -> str:
    return day.isoformat()


@pytest.fixture(autouse=True)
def _unconfigured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("FLYTE_API_KEY", "UCTL_CONFIG", "FLYTECTL_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    yield
    init()


def test_version_loggers_and_aliases() -> None:
    assert flyte.version() == flyte.__version__
    assert isinstance(flyte.logger, logging.Logger)
    assert flyte.system_logger.name == "flyte"
    assert flyte.TaskTemplate is flyte.AsyncFunctionTaskTemplate is flyte.Task
    assert isinstance(day_of, flyte.TaskTemplate)
    assert day_of.func is day_of.function
    assert flyte.load_interactive_ctx() is None


def test_a_project_and_a_domain_are_what_was_said() -> None:
    with pytest.raises(InitializationError, match="no project is set"):
        flyte.current_project()
    flyte.init(project="p", domain="d", log_level="debug")
    assert (flyte.current_project(), flyte.current_domain()) == ("p", "d")
    assert logging.getLogger("flyte").level == logging.DEBUG
    logging.getLogger("flyte").setLevel(logging.NOTSET)
    assert flyte.is_control_plane_available() is False


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("insecure", "yes", "`insecure` is `bool`"),
        ("log_format", "xml", "'console', 'json'"),
        ("log_level", "loud", "`log_level` is one of"),
        ("image_builder", "kaniko", "`image_builder`"),
        ("rpc_retries", "3", "`rpc_retries` is `int`"),
        ("projct", "x", "did you mean `project`"),
    ],
)
def test_a_wrong_setting_is_named(option: str, value: object, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        flyte.init(**{option: value})  # type: ignore[arg-type]  # what is tested


def test_the_project_file_is_read_below_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.flyte]\nproject = "low"\norg = "low"\n')
    (tmp_path / "config.yaml").write_text("task:\n  org: file\nadmin:\n  insecure: true\n")
    monkeypatch.setenv("FLYTE_ADMIN_INSECURE", "false")
    flyte.init_from_config()
    settings = current_config().settings
    assert (settings["project"], settings["org"], settings["insecure"]) == ("low", "file", False)
    monkeypatch.setenv("FLYTE_ADMIN_INSECURE", "perhaps")
    with pytest.raises(InitializationError, match="`true` or `false`"):
        flyte.init_from_config()


def test_a_wrong_option_of_the_project_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.flyte]\nprojekt = "x"\n')
    with pytest.raises(InitializationError, match="did you mean `project`"):
        flyte.init_from_config()


def test_a_configuration_can_be_had_as_a_value(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("task:\n  domain: d\n")
    config = flyte.config.auto("own.yaml")
    assert isinstance(config, Config)
    flyte.init_from_config(config)
    assert flyte.current_domain() == "d"
    assert flyte.config.get_config_file(None) is None


def test_an_api_key_is_read_or_refused_unseen() -> None:
    with pytest.raises(InitializationError, match="FLYTE_API_KEY"):
        flyte.init_from_api_key()
    with pytest.raises(InitializationError) as caught:
        flyte.init_from_api_key("s3cret")
    assert "s3cret" not in str(caught.value)
    key = base64.b64encode(b"host.example:me:s3cret:my-org").decode()
    flyte.init_from_api_key(key)
    settings = current_config().settings
    assert (settings["endpoint"], settings["org"]) == ("host.example", "my-org")


def test_a_cluster_s_coordinates_are_read_from_its_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLYTE_INTERNAL_EXECUTION_PROJECT", "inside")
    assert flyte.init_in_cluster(endpoint="e")["endpoint"] == "e"
    assert flyte.current_project() == "inside"
    assert asyncio.run(flyte.init_passthrough.aio(org="o"))["org"] == "o"


@pytest.mark.parametrize("expression", ["0 6 * * 1-5", "*/5 * * * *", "@daily", "0 0 1 jan sun"])
def test_schedules_that_are_some(expression: str) -> None:
    assert flyte.Cron(expression, timezone="Europe/Paris").expression == expression


@pytest.mark.parametrize("expression", ["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *"])
def test_schedules_that_are_none(expression: str) -> None:
    with pytest.raises(ValueError, match="cron expression"):
        flyte.Cron(expression)


def test_triggers_are_kept_with_their_task() -> None:
    made = flyte.TaskEnvironment("declared_triggers")

    @made.task(triggers=(flyte.Trigger.daily("day"), flyte.Trigger("rate", flyte.FixedRate(5))))
    def task(day: datetime) -> None: ...

    daily, rate = task.options.triggers
    assert isinstance(daily, flyte.Trigger)
    assert daily.inputs == {"day": flyte.TriggerTime}
    assert isinstance(rate, flyte.Trigger)
    with pytest.raises(ValueError, match="two triggers named `daily`"):

        @made.task(triggers=(flyte.Trigger.daily(), flyte.Trigger.daily()))
        def twice() -> None: ...

    with pytest.raises(ValueError, match="at least 1, not 0"):
        flyte.FixedRate(0)
    with pytest.raises(TypeError, match=r"`Trigger\.automation`"):
        flyte.Trigger("x", "hourly")  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: flyte.PodTemplate(labels={"a": 1}), "maps `str` to `str`"),  # type: ignore[dict-item]
        (lambda: flyte.Link("x", 3), r"`Link\.uri`"),  # type: ignore[arg-type]
        (lambda: flyte.Documentation(3), r"`Documentation\.description`"),  # type: ignore[arg-type]
        (lambda: flyte.ConditionWebhook(3), r"`ConditionWebhook\.url`"),  # type: ignore[arg-type]
        (lambda: base.task(pod_template=3), "`pod_template`"),  # type: ignore[call-overload]
        (lambda: base.task(links=3), "`links` are"),  # type: ignore[call-overload]
        (lambda: flyte.TaskEnvironment("declared_x", depends_on=[3]), "`depends_on`"),  # type: ignore[list-item]
    ],
)
def test_wrong_options_are_refused_where_they_are_said(make: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        make()


def test_containers_are_declared_and_say_what_they_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    shout = flyte.extras.ContainerTask(
        "shout", "alpine", ["echo"], inputs={"word": str}, outputs={"said": str}
    )
    assert not shout.has_environment
    made = flyte.TaskEnvironment.from_task("declared_container", shout)
    assert list(made.tasks) == ["declared_container.shout"]
    assert shout.interface.describe() == "(*, word: str) -> str"
    with pytest.raises(ValueError, match="has an environment already"):
        flyte.TaskEnvironment.from_task("declared_again", shout)
    with pytest.raises(NotImplementedError, match="no containers"):
        flyte.run(shout, word="hello")


def test_deploying_checks_what_environments_depend_on() -> None:
    above = flyte.TaskEnvironment("declared_above", depends_on=[base])
    (deployment,) = flyte.deploy(above)
    assert list(deployment.envs) == ["declared_above", "declared_base"]
    assert deployment.env_repr()[1][0] == ("environment", "declared_base")
    assert asyncio.run(flyte.build_images.aio(above)) == {
        "declared_above": "auto",
        "declared_base": "auto",
    }
    with pytest.raises(DeploymentError, match="at least one"):
        flyte.deploy()
    other = flyte.app.AppEnvironment("declared_base", port=8080)
    assert other.port == 8080
    with pytest.raises(DeploymentError, match="two environments are named `declared_base`"):
        flyte.deploy(flyte.TaskEnvironment("declared_both", depends_on=[above, other]))


@pytest.mark.parametrize(
    "use",
    [
        lambda: flyte.serve(flyte.app.AppEnvironment("declared_app")),
        lambda: flyte.with_servecontext().serve(flyte.app.AppEnvironment("declared_app")),
        lambda: flyte.build(flyte.Image.from_debian_base()),
        lambda: flyte.ai.Agent("x"),
        lambda: flyte.extras.DynamicBatcher(size=1),
        lambda: flyte.remote.Project.listall(limit=1),
        lambda: flyte.remote.Secret.create("a", "b"),
        lambda: flyte.remote.upload_file(Path("x")),
    ],
)
def test_what_only_a_cluster_has_says_so(use: Any) -> None:
    with pytest.raises(NotAvailableError, match="is not available: this version runs tasks"):
        use()


def test_notifications_are_kept() -> None:
    told = flyte.notify.Email(recipients=["a@example.org"])
    assert "recipients" in repr(told)
    assert flyte.with_runcontext(notifications=told)


def test_functions_get_a_blocking_twin() -> None:
    @flyte.syncify.syncify
    async def double(x: int) -> int:
        """Twice."""
        await asyncio.sleep(0)
        return 2 * x

    class Holder:
        def __init__(self, x: int) -> None:
            self.x = x

        @flyte.syncify.syncify_method
        async def plus(self, y: int) -> int:
            return self.x + y

        @flyte.syncify.syncify_class_method
        async def of(cls, x: int) -> Holder:  # noqa: N805 - bound by the decorator
            return cls(x)  # type: ignore[no-any-return]  # the class itself

    async def inside() -> tuple[int, int, int]:
        return double(1), await double.aio(2), await Holder(1).plus.aio(2)

    assert double(4) == 8
    assert double.__doc__ == "Twice."
    assert Holder.of(3).plus(4) == 7
    assert asyncio.run(inside()) == (2, 4, 3)


def test_files_by_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    (tmp_path / "a.txt").write_bytes(b"hello")

    async def copy() -> tuple[str, bytes, bool]:
        place = await flyte.storage.put(str(tmp_path / "a.txt"))
        back = await flyte.storage.get(place, tmp_path / "b.txt")
        streamed = await flyte.storage.put_stream(b"parts", name="c")
        parts = [part async for part in flyte.storage.get_stream(streamed, chunk_size=2)]
        return back, b"|".join(parts), await flyte.storage.exists(place)

    assert asyncio.run(copy()) == (str(tmp_path / "b.txt"), b"pa|rt|s", True)
    assert (tmp_path / "b.txt").read_bytes() == b"hello"
    assert flyte.storage.join("s3://bucket/", "a", "/b") == "s3://bucket/a/b"
    assert flyte.storage.is_remote("s3://bucket/a")
    assert not flyte.storage.exists_sync(str(tmp_path / "nosuch"))
