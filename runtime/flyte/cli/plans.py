"""A plan's source, looked for where it may lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flyte._engine.plans import PlannedProgram
from flyte.cli.exits import CommandError
from flyte.errors import StalePlanError
from flyte_plan.modules import module_root
from flyte_plan.plan import decode_plan


def source_of_plan(plan: Path, said: Path | None) -> tuple[bytes, Path]:
    """A plan's bytes, and the first source file whose digests match it.

    Looked for under `said`, the working folder, the plan's folder and its parents.

    Raises:
        CommandError: no plan, or no source of it; where one is there but has changed, which task.
    """
    try:
        data = plan.read_bytes()
        place = decode_plan(data).file
    except OSError as error:
        raise CommandError(f"plan `{plan}` can't be read: {error.strerror}") from None
    except ValueError as error:
        raise CommandError(f"`{plan}`: {error}") from None
    stale: StalePlanError | None = None
    folders = tuple(dict.fromkeys(_folders(plan, said)))
    for file in (folder / place for folder in folders):
        if not file.is_file():
            continue
        try:
            PlannedProgram.read(data, file, module_root(file))
        except StalePlanError as error:
            stale = stale or error
        else:
            return data, file
    if stale is not None:
        raise CommandError(str(stale)) from None
    looked = "".join(f"\n  {folder}" for folder in folders)
    raise CommandError(f"`{place}`, the source of plan `{plan}`, is in none of:{looked}")


def planned_names(plan: bytes) -> frozenset[str]:
    """The tasks that a plan holds: one with an error was left out of it."""
    return frozenset(task.name for task in decode_plan(plan).tasks)


def _folders(plan: Path, said: Path | None) -> Iterator[Path]:
    if said is not None:
        yield said.absolute()
    yield Path.cwd()
    yield from plan.absolute().parents
