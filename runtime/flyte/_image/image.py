"""`Image`: what a task's container holds, as data. Nothing is built here.

An image is a base and a list of layers; each `with_…` gives a new image. Two images of the same
content have the same digest, wherever their files lie.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

from flyte._checks import check_choice, check_string_map, check_type
from flyte._image.layers import (
    AptPackages,
    CodeBundle,
    Commands,
    DockerIgnore,
    EnvVars,
    Layer,
    PipPackages,
    Requirements,
    SourceFolder,
    Sources,
    WorkDir,
)
from flyte._image.reading import Texts, pip_options, project_layer, texts
from flyte._secret import Secret, SecretRequest, secrets_of

Architecture = Literal["linux/amd64", "linux/arm64"]
ProjectInstallMode = Literal["dependencies_only", "install_project"]

_ARCHITECTURES = ("linux/amd64", "linux/arm64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A container image; made by `from_…`, changed by `with_…`.

    Raises:
        TypeError, ValueError: an option of a wrong type or value, with what is allowed.
    """

    base_image: str | None = None
    dockerfile: Path | None = None
    registry: str | None = None
    registry_secret: Secret | None = None
    name: str | None = None
    ref_name: str | None = None
    platform: tuple[Architecture, ...] = ("linux/amd64",)
    python_version: tuple[int, int] = (sys.version_info.major, sys.version_info.minor)
    install_flyte: bool = False
    flyte_version: str | None = None
    extendable: bool = True
    layers: tuple[Layer, ...] = ()

    def __post_init__(self) -> None:
        """Check the options."""
        for option in ("base_image", "registry", "name", "ref_name", "flyte_version"):
            check_type(f"Image.{option}", getattr(self, option), str, type(None))
        for architecture in self.platform:
            check_choice("Image.platform", architecture, _ARCHITECTURES)
        version: tuple[object, ...] = self.python_version
        if len(version) != 2 or not all(isinstance(part, int) for part in version):
            raise ValueError(f"`python_version` is (major, minor) such as (3, 12), not {version!r}")

    @classmethod
    def from_base(cls, image_uri: str) -> Self:
        """An image that exists, by its address."""
        check_type("image_uri", image_uri, str)
        return cls(base_image=image_uri)

    @classmethod
    def from_debian_base(  # noqa: PLR0917 - upstream's signature
        cls,
        python_version: tuple[int, int] | None = None,
        flyte_version: str | None = None,
        install_flyte: bool = True,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        name: str | None = None,
        platform: Sequence[Architecture] | None = None,
    ) -> Self:
        """Debian with Python, by default of this process's version."""
        version = python_version or (sys.version_info.major, sys.version_info.minor)
        return cls(
            base_image=f"python:{'.'.join(map(str, version))}-slim-bookworm",
            python_version=version,
            flyte_version=flyte_version,
            install_flyte=install_flyte,
            registry=registry,
            registry_secret=_secret(registry_secret),
            name=name,
            platform=_platforms(platform),
        )

    @classmethod
    def from_ref_name(cls, name: str = "default") -> Self:
        """An image that the configuration names."""
        return cls(ref_name=name)

    @classmethod
    def from_dockerfile(
        cls,
        file: str | Path,
        registry: str,
        name: str,
        platform: Architecture | Sequence[Architecture] | None = None,
    ) -> Self:
        """An image that a Dockerfile describes; layers can't be put on it."""
        return cls(
            dockerfile=Path(file),
            registry=registry,
            name=name,
            platform=_platforms(platform),
            extendable=False,
        )

    @classmethod
    def from_uv_script(
        cls,
        script: str | Path,
        *,
        name: str,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        python_version: tuple[int, int] | None = None,
        index_url: str | None = None,
        extra_index_urls: Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        platform: Sequence[Architecture] | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self:
        """Debian with what the script's own metadata asks for."""
        base = cls.from_debian_base(
            python_version,
            registry=registry,
            registry_secret=registry_secret,
            name=name,
            platform=platform,
        )
        options = pip_options(index_url, extra_index_urls, pre, extra_args, secret_mounts)
        return base.with_layer(project_layer("uv_script", script, options=options))

    @classmethod
    def from_pixi_script(
        cls,
        script: str | Path,
        *,
        name: str,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        environment: str = "default",
        extra_args: str | None = None,
        platform: Sequence[Architecture] | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self:
        """Debian with the pixi environment that the script's own metadata describes."""
        base = cls.from_debian_base(
            registry=registry, registry_secret=registry_secret, name=name, platform=platform
        )
        options = pip_options(None, None, False, extra_args, secret_mounts)
        return base.with_layer(
            project_layer("pixi_script", script, environment=environment, options=options)
        )

    def clone(  # noqa: PLR0917 - upstream's signature
        self,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        name: str | None = None,
        base_image: str | None = None,
        python_version: tuple[int, int] | None = None,
        addl_layer: Layer | None = None,
        extendable: bool | None = None,
        platform: Architecture | Sequence[Architecture] | None = None,
    ) -> Self:
        """The same image with what is given replaced."""
        given: dict[str, Any] = {
            "registry": registry,
            "registry_secret": _secret(registry_secret),
            "name": name,
            "base_image": base_image,
            "python_version": python_version,
            "extendable": extendable,
            "platform": None if platform is None else _platforms(platform),
        }
        said = {option: value for option, value in given.items() if value is not None}
        changed = replace(self, **said)
        return changed if addl_layer is None else changed.with_layer(addl_layer)

    def with_pip_packages(
        self,
        *packages: str,
        index_url: str | None = None,
        extra_index_urls: Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self:
        """Install Python packages."""
        options = pip_options(index_url, extra_index_urls, pre, extra_args, secret_mounts)
        return self.with_layer(PipPackages(packages=texts("packages", packages), options=options))

    def with_requirements(  # noqa: PLR0917 - upstream's signature
        self,
        file: str | Path,
        index_url: str | None = None,
        extra_index_urls: Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self:
        """Install what a requirements file lists."""
        options = pip_options(index_url, extra_index_urls, pre, extra_args, secret_mounts)
        return self.with_layer(Requirements(file=Path(file), options=options))

    def with_apt_packages(self, *packages: str, secret_mounts: SecretRequest | None = None) -> Self:
        """Install packages of the distribution."""
        return self.with_layer(
            AptPackages(
                packages=texts("packages", packages), secret_mounts=secrets_of(secret_mounts)
            )
        )

    def with_commands(
        self, commands: Sequence[str], secret_mounts: SecretRequest | None = None
    ) -> Self:
        """Run shell commands."""
        if isinstance(commands, str):
            raise TypeError(f"`commands` is a list of `str`, not one: {commands!r}")
        return self.with_layer(
            Commands(commands=texts("commands", commands), secret_mounts=secrets_of(secret_mounts))
        )

    def with_env_vars(self, env_vars: Mapping[str, str]) -> Self:
        """Set environment variables."""
        check_string_map("env_vars", env_vars)
        return self.with_layer(EnvVars(variables=tuple(sorted(env_vars.items()))))

    def with_source_file(self, src: Path | str | Sequence[Path], dst: str = ".") -> Self:
        """Copy a file, or several, in."""
        given = [src] if isinstance(src, str | Path) else src
        return self.with_layer(Sources(files=tuple(Path(file) for file in given), dst=dst))

    def with_source_folder(
        self, src: Path | str, dst: str = ".", copy_contents_only: bool = False
    ) -> Self:
        """Copy a folder in, or what is in it."""
        return self.with_layer(
            SourceFolder(folder=Path(src), dst=dst, copy_contents_only=copy_contents_only)
        )

    def with_code_bundle(
        self, copy_style: Literal["loaded_modules", "all"] = "loaded_modules", dst: str = "."
    ) -> Self:
        """Copy the program's own code in."""
        check_choice("copy_style", copy_style, ("loaded_modules", "all"))
        return self.with_layer(CodeBundle(copy_style=copy_style, dst=dst))

    def with_dockerignore(self, path: Path | str) -> Self:
        """Leave out of copies what a file says."""
        return self.with_layer(DockerIgnore(file=Path(path)))

    def with_workdir(self, workdir: str) -> Self:
        """Start programs in a folder."""
        check_type("workdir", workdir, str)
        return self.with_layer(WorkDir(folder=workdir))

    def with_uv_project(  # noqa: PLR0917 - upstream's signature
        self,
        pyproject_file: str | Path,
        uvlock: Path | None = None,
        index_url: str | None = None,
        extra_index_urls: Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self:
        """Install what a uv project depends on, or the project too."""
        options = pip_options(index_url, extra_index_urls, pre, extra_args, secret_mounts)
        return self.with_layer(
            project_layer(
                "uv", pyproject_file, lock=uvlock, mode=project_install_mode, options=options
            )
        )

    def with_poetry_project(
        self,
        pyproject_file: str | Path,
        poetry_lock: Path | None = None,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self:
        """Install what a poetry project depends on, or the project too."""
        options = pip_options(None, None, False, extra_args, secret_mounts)
        return self.with_layer(
            project_layer(
                "poetry",
                pyproject_file,
                lock=poetry_lock,
                mode=project_install_mode,
                options=options,
            )
        )

    def with_pixi_project(  # noqa: PLR0917 - upstream's signature
        self,
        manifest_file: str | Path,
        pixi_lock: Path | None = None,
        environment: str = "default",
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self:
        """Install what a pixi project depends on, or the project too."""
        options = pip_options(None, None, False, extra_args, secret_mounts)
        return self.with_layer(
            project_layer(
                "pixi",
                manifest_file,
                lock=pixi_lock,
                environment=environment,
                mode=project_install_mode,
                options=options,
            )
        )

    def with_layer(self, layer: Layer) -> Self:
        """Put one more layer on.

        Raises:
            ValueError: the image can't be extended.
        """
        if not self.extendable:
            raise ValueError(
                f"image `{self.name or self.uri}` can't be extended; "
                "`clone(extendable=True)` gives one that can"
            )
        return replace(self, layers=(*self.layers, layer))

    @property
    def digest(self) -> str:
        """Of the content: the layers in order, with the bytes of the files that they name.

        Raises:
            FileNotFoundError: one of the files isn't there.
        """
        from flyte._image.content import image_digest  # noqa: PLC0415 - keeps start-up light

        return image_digest(self)

    @property
    def uri(self) -> str:
        """Its address: the base's own where nothing is put on it, else `registry/name:digest`."""
        if self.base_image and not (self.layers or self.install_flyte or self.name):
            return self.base_image
        name = self.name or self.ref_name or "flyte"
        address = f"{self.registry}/{name}" if self.registry else name
        return f"{address}:{self.digest}"

    def validate(self) -> None:
        """Check that the files which the image names are there.

        Raises:
            FileNotFoundError: one isn't.
        """
        _ = self.digest


def _secret(given: str | Secret | None) -> Secret | None:
    return Secret(key=given) if isinstance(given, str) else given


def _platforms(given: Architecture | Sequence[Architecture] | None) -> tuple[Architecture, ...]:
    if given is None:
        return ("linux/amd64",)
    if isinstance(given, str):
        return (given,)
    return tuple(given)
