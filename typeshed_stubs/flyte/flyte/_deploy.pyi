from typing import Any, Literal, TypeAlias

from flyte._environment import Environment
from flyte.syncify import syncify

CopyStyle: TypeAlias = Literal["loaded_modules", "all", "none"]

class Deployment:
    """What `deploy` gives for an environment and those that it depends on."""

    @property
    def envs(self) -> dict[str, Any]: ...
    def summary_repr(self) -> str: ...
    def table_repr(self) -> list[list[tuple[str, ...]]]: ...
    def env_repr(self) -> list[list[tuple[str, ...]]]: ...

@syncify
async def deploy(
    *envs: Environment,
    dry_run: bool = False,
    version: str | None = None,
    interactive_mode: bool | None = None,
    copy_style: CopyStyle = "loaded_modules",
) -> list[Deployment]: ...
@syncify
async def build_images(*envs: Environment, copy_style: CopyStyle = "loaded_modules") -> Any: ...
