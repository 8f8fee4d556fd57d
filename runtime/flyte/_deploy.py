"""`flyte.deploy`: environments made known under a version.

On one machine this checks that the environments go together, gives what a cluster would be told,
and notes where the tasks are: `flyte.remote.Task.get` finds them there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from flyte._checks import check_choice, check_type
from flyte._deployed import keep_deployed
from flyte._environment import Environment, TaskEnvironment
from flyte._image import Image
from flyte._task import Task
from flyte.errors import DeploymentError
from flyte.syncify import with_aio

CopyStyle = Literal["loaded_modules", "all", "none"]


@dataclass(frozen=True, slots=True)
class DeployedTask:
    """A task, and the version that it is known under."""

    name: str
    version: str
    task: Task[..., Any]

    def summary_repr(self) -> str:
        """On one line."""
        return f"DeployedTask(name={self.name}, version={self.version})"

    def table_repr(self) -> list[tuple[str, ...]]:
        """As pairs."""
        triggers = ", ".join(
            str(getattr(each, "name", each)) for each in self.task.options.triggers
        )
        return [
            ("name", self.name),
            ("version", self.version),
            ("interface", self.task.interface.describe()),
            ("triggers", triggers),
        ]


@dataclass(frozen=True, slots=True)
class DeployedEnvironment:
    """An environment, and its tasks."""

    env: Environment
    deployed_entities: tuple[DeployedTask, ...]

    def summary_repr(self) -> str:
        """On one line."""
        tasks = ", ".join(each.summary_repr() for each in self.deployed_entities)
        return f"DeployedTaskEnvironment(name={self.env.name}, entities=[{tasks}])"

    def env_repr(self) -> list[tuple[str, ...]]:
        """As pairs."""
        image = self.env.image
        return [
            ("environment", self.env.name),
            ("image", image.uri if isinstance(image, Image) else str(image)),
        ]


class Deployment:
    """What `deploy` gives for an environment and those that it depends on."""

    def __init__(self, envs: dict[str, DeployedEnvironment]) -> None:
        self._envs = envs

    @property
    def envs(self) -> dict[str, Any]:
        """What is deployed, by the environment's name."""
        return dict(self._envs)

    def summary_repr(self) -> str:
        """On one line."""
        return (
            f"Deployment(envs=[{', '.join(each.summary_repr() for each in self._envs.values())}])"
        )

    def table_repr(self) -> list[list[tuple[str, ...]]]:
        """The tasks, a list of pairs each."""
        return [
            task.table_repr() for each in self._envs.values() for task in each.deployed_entities
        ]

    def env_repr(self) -> list[list[tuple[str, ...]]]:
        """The environments, a list of pairs each."""
        return [each.env_repr() for each in self._envs.values()]


@with_aio
def deploy(
    *envs: Environment,
    dry_run: bool = False,
    version: str | None = None,
    interactive_mode: bool | None = None,
    copy_style: CopyStyle = "loaded_modules",
) -> list[Deployment]:
    """Make environments, and all that they depend on, known; one `Deployment` for each.

    With `dry_run` they are checked only.

    Without a `version` it is a digest of the tasks' own versions.

    Raises:
        TypeError: not an environment.
        DeploymentError: nothing to deploy, or two environments of one name.
    """
    del interactive_mode  # nothing is copied in either case
    check_choice("copy_style", copy_style, ("loaded_modules", "all", "none"))
    check_type("version", version, str, type(None))
    for env in envs:
        check_type("deploy", env, Environment)
    if not envs:
        raise DeploymentError("`deploy` takes at least one environment")
    deployments = [_deployment(env, version) for env in envs]
    if not dry_run:
        for deployed in (each for one in deployments for each in one.envs.values()):
            for task in deployed.deployed_entities:
                keep_deployed(task.task, task.version)
    return deployments


@with_aio
def build_images(*envs: Environment, copy_style: CopyStyle = "loaded_modules") -> dict[str, str]:
    """The names of the images of environments and of all that they depend on; none is built."""
    del copy_style
    reached = [each for env in envs for each in reached_from(env).values()]
    return {
        each.name: each.image.uri if isinstance(each.image, Image) else str(each.image)
        for each in reached
    }


def reached_from(env: Environment) -> dict[str, Environment]:
    """An environment and all that it depends on, by name, itself first.

    Raises:
        DeploymentError: two of one name.
    """
    found: dict[str, Environment] = {}
    waiting = [env]
    while waiting:
        each = waiting.pop(0)
        known = found.setdefault(each.name, each)
        if known is not each:
            raise DeploymentError(f"two environments are named `{each.name}`")
        waiting += [other for other in each.depends_on if found.get(other.name) is not other]
    return found


def _deployment(env: Environment, version: str | None) -> Deployment:
    reached = reached_from(env)
    said = version or _version(reached)
    return Deployment({name: _deployed(each, said) for name, each in reached.items()})


def _deployed(env: Environment, version: str) -> DeployedEnvironment:
    tasks = env.tasks.values() if isinstance(env, TaskEnvironment) else ()
    return DeployedEnvironment(env, tuple(DeployedTask(t.name, version, t) for t in tasks))


def _version(environments: dict[str, Environment]) -> str:
    from flyte._engine.versions import version_of  # noqa: PLC0415 - keeps start-up light
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - the same

    digest = hashlib.sha256()
    for name in sorted(environments):
        env = environments[name]
        for task in env.tasks.values() if isinstance(env, TaskEnvironment) else ():
            own = version_of(task)
            if own is None:
                raise DeploymentError(
                    f"task `{task.name}` has no source that a version could be made from; say "
                    "`version=`"
                )
            digest.update(f"{task.name}\0".encode() + own)
    return show_digest(digest.digest())[:16]
