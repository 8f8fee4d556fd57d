"""A page of HTML beside an action: `@env.task(report=True)`.

    await flyte.report.log.aio("<p>epoch 1: 0.93</p>")
    flyte.report.get_tab("Losses").replace(table)

What is logged is kept with the run, in the store's folder, when it is flushed and when the task
has returned. In a task without `report=True`, and outside a run, it is thrown away.
"""

from __future__ import annotations

import html
import logging
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flyte._config import store_folder
from flyte._context import CURRENT_DRIVER
from flyte.syncify import at_once

if TYPE_CHECKING:
    from flyte._interface import Interface

__all__ = [
    "Report",
    "Tab",
    "Timeline",
    "abbreviate",
    "current_report",
    "duration_ms",
    "flush",
    "get_tab",
    "log",
    "replace",
]

MAIN = "main"
"""The tab that `log` and `replace` write to."""

_PAGE = Path(__file__).with_name("_report.html")


@dataclass
class Tab:
    """One part of a report: pieces of HTML, one under the other."""

    name: str
    content: list[str] = field(default_factory=list, init=False)

    def log(self, content: str) -> None:
        """Add a piece."""
        self.content.append(content)

    def replace(self, content: str) -> None:
        """Put this piece in the place of all."""
        self.content = [content]

    def get_html(self) -> str:
        """All pieces."""
        return "\n".join(self.content)


@dataclass
class Report:
    """The report of one attempt of an action."""

    name: str
    tabs: dict[str, Tab] = field(default_factory=dict)
    template_path: Path = _PAGE

    def __post_init__(self) -> None:
        self.tabs.setdefault(MAIN, Tab(MAIN))

    def has_content(self) -> bool:
        """Whether anything was logged."""
        return any(tab.content for tab in self.tabs.values())

    def get_tab(self, name: str, create_if_missing: bool = True) -> Tab:
        """The tab of a name.

        Raises:
            ValueError: there is none, and none is to be made.
        """
        if name not in self.tabs:
            if not create_if_missing:
                raise ValueError(f"the report has no tab `{name}`")
            self.tabs[name] = Tab(name)
        return self.tabs[name]

    def get_final_report(self) -> str:
        """The whole page."""
        shown = [tab for tab in self.tabs.values() if tab.content]
        heads = "".join(
            f'<a href="#tab-{number}">{html.escape(tab.name)}</a>'
            for number, tab in enumerate(shown)
        )
        bodies = "".join(
            f'<section id="tab-{number}"><h2>{html.escape(tab.name)}</h2>{tab.get_html()}</section>'
            for number, tab in enumerate(shown)
        )
        page = Template(self.template_path.read_text(encoding="utf-8"))
        return page.safe_substitute(
            NAME=html.escape(self.name), NAV_HTML=heads, CONTAINER_HTML=bodies
        )


class Timeline:
    """A list of events in a tab, in the order in which they are told."""

    def __init__(self, tab_name: str = MAIN) -> None:
        self._tab = get_tab(tab_name)

    def heading(self, text: object) -> None:
        """Begin a part."""
        self._tab.log(f"<h3>{html.escape(str(text))}</h3>")

    def row(
        self,
        *,
        icon: str = "•",
        label: object = "",
        meta: str = "",
        detail: str = "",
        error: object = None,
    ) -> None:
        """Tell an event; everything is text, not HTML."""
        parts = [
            f"<span>{html.escape(icon)}</span> <b>{html.escape(str(label))}</b>",
            f"<small>{html.escape(meta)}</small>" if meta else "",
            f"<pre>{html.escape(detail)}</pre>" if detail else "",
            f'<pre class="error">{html.escape(str(error))}</pre>' if error is not None else "",
        ]
        self._tab.log(f'<div class="row">{" ".join(filter(None, parts))}</div>')


_reports: WeakKeyDictionary[Any, Report] = WeakKeyDictionary()
"""By attempt; gone with it."""


def current_report() -> Report:
    """The report of the running attempt; one that is thrown away where there is none."""
    action = _current_action()
    if action is None:
        return Report("report")
    if action not in _reports:
        _reports[action] = Report(_task_name(action) or "report")
    return _reports[action]


def get_tab(name: str, /, create_if_missing: bool = True) -> Tab:
    """A tab of the running task's report.

    Raises:
        ValueError: there is none, and none is to be made.
    """
    return current_report().get_tab(name, create_if_missing)


@at_once
def log(content: str, do_flush: bool = False) -> None:
    """Add HTML to the first tab."""
    get_tab(MAIN).log(content)
    if do_flush:
        flush()


@at_once
def replace(content: str, do_flush: bool = False) -> None:
    """Make HTML the first tab's only content."""
    get_tab(MAIN).replace(content)
    if do_flush:
        flush()


@at_once
def flush() -> None:
    """Write the report now, so that it can be looked at while the task goes on."""
    action = _current_action()
    if action is not None:
        _keep(action, _task_name(action))


def keep_at_end(interface: Interface) -> None:
    """The running task has returned: write its report, where it has one."""
    action = _current_action()
    if action is not None and action in _reports:
        _keep(action, interface.owner)


def abbreviate(value: object, limit: int = 300) -> str:
    """A value as text of at most `limit` letters."""
    text = str(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def duration_ms(start_iso: object, end_iso: object) -> str:
    """The time between two moments, as `12 ms`; empty where one of them isn't a moment."""
    try:
        start, end = (datetime.fromisoformat(str(text)) for text in (start_iso, end_iso))
        return f"{(end - start).total_seconds() * 1000:.0f} ms"
    except (TypeError, ValueError):
        return ""


def _keep(action: Any, task_name: str) -> None:
    report = _reports.get(action)
    if report is None or not report.has_content():
        return
    if not _wants_report(task_name):
        logging.getLogger("flyte").warning(
            "%s: its report isn't kept: it is no `@env.task(report=True)`", task_name
        )
        return
    place = report_file(action.run.name, action.id)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Aside, then moved: who reloads the page meanwhile sees a whole one.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
        file.write(report.get_final_report())
    Path(file.name).replace(place)


def report_file(run: str, action: bytes) -> Path:
    """Where an action's report is kept."""
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - keeps start-up light

    return store_folder() / "runs" / run / "reports" / f"{show_digest(action)}.html"


def _wants_report(task_name: str) -> bool:
    from flyte._environment import environments  # noqa: PLC0415 - keeps start-up light

    environment = environments().get(task_name.rpartition(".")[0])
    task = None if environment is None else environment.tasks.get(task_name)
    return task is not None and task.options.report


def _current_action() -> Any:
    return getattr(CURRENT_DRIVER.get(), "action", None)


def _task_name(action: Any) -> str:
    return str(getattr(action, "name", ""))
