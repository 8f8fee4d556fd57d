"""A comparison for people: what came, went and changed, what is reused, and a line that sums up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from flyte_compiler.diagnostics.display import display_width, visible
from flyte_compiler.diagnostics.paint import Paint, Role
from flyte_compiler.diff.model import ChangedTask, Difference, RecordedResult, TaskName
from flyte_compiler.diff.words import cause_words, change_words, counted


def render_text(difference: Difference, *, paint: Paint) -> Iterator[str]:
    """The report, line by line; one line where nothing differs."""
    if difference.is_empty:
        yield "no differences"
        return
    names = _Names(difference)
    yield from _listing("added", difference.added, names, paint, Role.NOTE)
    yield from _listing("removed", difference.removed, names, paint, Role.ERROR)
    yield from _changes(difference.changed, names, paint)
    yield from _results(difference.results, names, paint)
    yield from _summary(difference)


class _Names:
    """Tasks as they are shown: with their module where a name alone doesn't tell them apart."""

    def __init__(self, difference: Difference) -> None:
        current = [*difference.added, *(each.task for each in difference.results)]
        counts = Counter(each.name for each in dict.fromkeys((*current, *difference.removed)))
        self._shared = {name for name, count in counts.items() if count > 1}

    def of(self, task: TaskName) -> str:
        module = f" ({task.module})" if task.name in self._shared else ""
        return visible(f"{task.name}{module}")


def _listing(
    title: str, tasks: Sequence[TaskName], names: _Names, paint: Paint, role: Role
) -> Iterator[str]:
    if not tasks:
        return
    yield paint(role, title)
    yield from (f"  {names.of(task)}" for task in tasks)
    yield ""


def _changes(changed: Sequence[ChangedTask], names: _Names, paint: Paint) -> Iterator[str]:
    if not changed:
        return
    yield paint(Role.WARNING, "changed")
    for each in changed:
        yield f"  {paint(Role.MESSAGE, names.of(each.task))}"
        for change in each.changes:
            yield from (f"    {visible(line)}" for line in change_words(change))
    yield ""


def _results(results: Sequence[RecordedResult], names: _Names, paint: Paint) -> Iterator[str]:
    if not results:
        return
    width = max(display_width(names.of(each.task)) for each in results)
    yield paint(Role.MESSAGE, "recorded results")
    for each in results:
        name = names.of(each.task)
        room = " " * (width - display_width(name))
        yield f"  {name}{room}  {_verdict(each, paint)}"
    yield ""


def _verdict(result: RecordedResult, paint: Paint) -> str:
    if result.cause is None:
        return "reused"
    return f"{paint(Role.WARNING, 'not reused')}: {visible(cause_words(result.cause))}"


def _summary(difference: Difference) -> Iterator[str]:
    valid = sum(each.cause is None for each in difference.results)
    yield (
        f"{counted(len(difference.added), 'task')} added, {len(difference.removed)} removed, "
        f"{len(difference.changed)} changed; recorded results of {valid} of "
        f"{counted(len(difference.results), 'task')} stay valid"
    )
    if difference.pinned:
        yield (
            "a resumed run keeps what "
            f"{counted(len(difference.pinned), 'task')} of another version recorded, and warns"
        )
