"""The small records of options: what each takes, its one form, and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import flyte


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: flyte.Cache("always"), "one of 'auto', 'override', 'disable'"),  # type: ignore[arg-type]
        (lambda: flyte.Cache(max_age=0), "more than nothing"),
        (lambda: flyte.RetryStrategy(count=-1), "not negative"),
        (lambda: flyte.Backoff(timedelta(seconds=1), factor=2), "`Backoff.cap` is needed"),
        (lambda: flyte.Timeout(max_runtime=-1), "`Timeout.max_runtime` is not negative"),
        (lambda: flyte.Resources(cpu="many"), "`Resources.cpu` is an amount such as"),
        (lambda: flyte.Resources(memory="1 GB"), "`Resources.memory` is an amount such as"),
        (lambda: flyte.Resources(gpu="T4"), "`MODEL:QUANTITY` such as `T4:1`"),
        (lambda: flyte.ReusePolicy(replicas=(3, 1)), "fewest ≤ most"),
        (lambda: flyte.ReusePolicy(idle_ttl=5), "at least 30 seconds"),
        (lambda: flyte.Secret(""), "`Secret.key` is empty"),
        (lambda: flyte.Secret("k", mount=Path("/x")), "can only be"),
        (lambda: flyte.Image.from_debian_base((3,)), "(major, minor)"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_value_says_what_is_allowed(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the message is compared below
        make()
    assert message in str(raised.value)


@pytest.mark.parametrize("alias", ["enable", "on", "TRUE", "auto"])
def test_aliases_of_a_behavior_are_understood(alias: str) -> None:
    assert flyte.Cache.of(alias).behavior == "auto"


def test_no_cache_request_is_no_cache() -> None:
    assert not flyte.Cache.of(None).is_enabled()


def test_a_version_is_the_users_before_the_policies() -> None:
    class Policy:
        def get_version(self, salt: str, params: flyte.VersionParameters) -> str:
            return f"{salt}-policy"

    params = flyte.VersionParameters(func=None)
    assert flyte.Cache(policies=Policy(), salt="s").get_version(params) == "8:s-policy"
    assert flyte.Cache(version_override="v", policies=Policy()).get_version(params) == "v"
    assert flyte.Cache().get_version(params) is None


def test_a_backoff_grows_to_its_cap() -> None:
    backoff = flyte.Backoff(timedelta(seconds=1), factor=2, cap=timedelta(seconds=5))
    assert [backoff.delay(n).total_seconds() for n in (0, 1, 2, 3, 10_000)] == [1, 2, 4, 5, 5]


def test_no_time_is_no_limit() -> None:
    assert flyte.Timeout(max_runtime=0, deadline=3).seconds() == (None, None, 3.0)


def test_devices_have_one_form() -> None:
    assert flyte.Resources(gpu="T4:2").get_device() == flyte.GPU("T4", 2)
    assert flyte.Resources(gpu=1).get_device() == flyte.Device(1, "GPU")
    assert flyte.Resources(gpu=0).get_device() is None


def test_a_secrets_variable_is_made_of_group_and_key() -> None:
    assert flyte.Secret("api-key", group="openai").as_env_var == "OPENAI_API_KEY"


def test_an_image_is_unchanged_by_its_builders() -> None:
    base = flyte.Image.from_debian_base()
    more = base.with_pip_packages("requests").with_env_vars({"A": "1"})
    assert base.layers == ()
    assert len(more.layers) == 2
    assert base.digest != more.digest


def test_an_images_digest_is_of_content_not_of_place(tmp_path: Path) -> None:
    digests = set()
    for folder, text in (("a", "requests"), ("b", "requests"), ("c", "httpx")):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "requirements.txt"
        file.write_text(text)
        digests.add(flyte.Image.from_base("x").with_requirements(file).digest)
    assert len(digests) == 2


def test_an_image_of_a_dockerfile_takes_no_layers() -> None:
    image = flyte.Image.from_dockerfile(Path("Dockerfile"), registry="r", name="n")
    with pytest.raises(ValueError, match="can't be extended"):
        image.with_apt_packages("git")


def test_a_base_alone_is_its_own_address() -> None:
    assert flyte.Image.from_base("ghcr.io/x/y:1").uri == "ghcr.io/x/y:1"
