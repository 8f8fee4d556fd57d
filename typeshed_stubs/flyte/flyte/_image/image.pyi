from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self, TypeAlias

from flyte._secret import Secret, SecretRequest

Architecture: TypeAlias = Literal["linux/amd64", "linux/arm64"]
ProjectInstallMode: TypeAlias = Literal["dependencies_only", "install_project"]
_Texts: TypeAlias = str | list[str] | tuple[str, ...] | None

class Image:
    """Made by its `from_…` methods; each `with_…` gives a new one."""

    @property
    def base_image(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def registry(self) -> str | None: ...
    @property
    def platform(self) -> tuple[Architecture, ...]: ...
    @property
    def python_version(self) -> tuple[int, int]: ...
    @classmethod
    def from_base(cls, image_uri: str) -> Self: ...
    @classmethod
    def from_debian_base(
        cls,
        python_version: tuple[int, int] | None = None,
        flyte_version: str | None = None,
        install_flyte: bool = True,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        name: str | None = None,
        platform: Sequence[Architecture] | None = None,
    ) -> Self: ...
    @classmethod
    def from_ref_name(cls, name: str = "default") -> Self: ...
    @classmethod
    def from_dockerfile(
        cls,
        file: str | Path,
        registry: str,
        name: str,
        platform: Architecture | Sequence[Architecture] | None = None,
    ) -> Self: ...
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
        extra_index_urls: _Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        platform: Sequence[Architecture] | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self: ...
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
    ) -> Self: ...
    def clone(
        self,
        registry: str | None = None,
        registry_secret: str | Secret | None = None,
        name: str | None = None,
        base_image: str | None = None,
        python_version: tuple[int, int] | None = None,
        addl_layer: object | None = None,
        extendable: bool | None = None,
        platform: Architecture | Sequence[Architecture] | None = None,
    ) -> Self: ...
    def with_pip_packages(
        self,
        *packages: str,
        index_url: str | None = None,
        extra_index_urls: _Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self: ...
    def with_requirements(
        self,
        file: str | Path,
        index_url: str | None = None,
        extra_index_urls: _Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
    ) -> Self: ...
    def with_apt_packages(
        self, *packages: str, secret_mounts: SecretRequest | None = None
    ) -> Self: ...
    def with_commands(
        self, commands: Sequence[str], secret_mounts: SecretRequest | None = None
    ) -> Self: ...
    def with_env_vars(self, env_vars: Mapping[str, str]) -> Self: ...
    def with_source_file(self, src: Path | str | Sequence[Path], dst: str = ".") -> Self: ...
    def with_source_folder(
        self, src: Path | str, dst: str = ".", copy_contents_only: bool = False
    ) -> Self: ...
    def with_code_bundle(
        self, copy_style: Literal["loaded_modules", "all"] = "loaded_modules", dst: str = "."
    ) -> Self: ...
    def with_dockerignore(self, path: Path | str) -> Self: ...
    def with_workdir(self, workdir: str) -> Self: ...
    def with_uv_project(
        self,
        pyproject_file: str | Path,
        uvlock: Path | None = None,
        index_url: str | None = None,
        extra_index_urls: _Texts = None,
        pre: bool = False,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self: ...
    def with_poetry_project(
        self,
        pyproject_file: str | Path,
        poetry_lock: Path | None = None,
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self: ...
    def with_pixi_project(
        self,
        manifest_file: str | Path,
        pixi_lock: Path | None = None,
        environment: str = "default",
        extra_args: str | None = None,
        secret_mounts: SecretRequest | None = None,
        project_install_mode: ProjectInstallMode = "dependencies_only",
    ) -> Self: ...
    @property
    def digest(self) -> str: ...
    @property
    def uri(self) -> str: ...
