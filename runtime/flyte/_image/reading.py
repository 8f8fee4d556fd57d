"""From the arguments of an image's builders to its layers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from flyte._checks import as_tuple, check_choice, check_type
from flyte._image.layers import PipOptions, Project, ProjectTool
from flyte._secret import SecretRequest, secrets_of

Texts = str | list[str] | tuple[str, ...] | None


def texts(option: str, given: Sequence[str]) -> tuple[str, ...]:
    """Raises TypeError for what is not a `str`."""
    for text in given:
        check_type(option, text, str)
    return tuple(given)


def pip_options(
    index_url: str | None,
    extra_index_urls: Texts,
    pre: bool,
    extra_args: str | None,
    secret_mounts: SecretRequest | None,
) -> PipOptions:
    """How packages are looked up and installed."""
    check_type("index_url", index_url, str, type(None))
    check_type("extra_args", extra_args, str, type(None))
    return PipOptions(
        index_url=index_url,
        extra_index_urls=texts("extra_index_urls", as_tuple(extra_index_urls)),
        pre=pre,
        extra_args=extra_args,
        secret_mounts=secrets_of(secret_mounts),
    )


def project_layer(
    tool: ProjectTool,
    file: str | Path,
    *,
    options: PipOptions,
    lock: Path | None = None,
    environment: str | None = None,
    mode: Literal["dependencies_only", "install_project"] = "dependencies_only",
) -> Project:
    """The dependencies of a project or a script."""
    check_choice("project_install_mode", mode, ("dependencies_only", "install_project"))
    return Project(
        tool=tool,
        file=Path(file),
        lock=None if lock is None else Path(lock),
        environment=environment,
        install_project=mode == "install_project",
        options=options,
    )
