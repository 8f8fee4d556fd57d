from typing import Literal, TypeAlias

from flyte.syncify import syncify

from flyte._environment import TaskEnvironment

CopyStyle: TypeAlias = Literal["loaded_modules", "all", "none"]

class Deployment:
    """What `deploy` gives for an environment and those that it depends on."""

    def summary_repr(self) -> str: ...
    def table_repr(self) -> list[list[tuple[str, str]]]: ...
    def env_repr(self) -> list[list[tuple[str, str]]]: ...

@syncify
async def deploy(
    *envs: TaskEnvironment,
    dry_run: bool = False,
    version: str | None = None,
    interactive_mode: bool | None = None,
    copy_style: CopyStyle = "loaded_modules",
) -> list[Deployment]: ...
