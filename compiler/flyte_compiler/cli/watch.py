"""`--watch`: check, wait for a change of anything that was read or looked for, check again.

By polling sizes and times: it works on every file system, over networks and in containers too,
and costs one `stat` a file. What a time alone changed is no change.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from flyte_compiler.cli.configuration import configuration_file, configured
from flyte_compiler.cli.files import files_of
from flyte_compiler.cli.options import Options, Request, Settings, settle
from flyte_compiler.cli.work import run_check
from flyte_compiler.source.fingerprint import ABSENT, fingerprint

PAUSE = 0.3
"""Seconds between two looks, or longer where a look is slow."""
_SHARE = 4
"""Looking takes a fourth of the time at most."""
_NAMED = 3
"""Changed files that are named; the rest are counted."""
_CLEAR = "\033[2J\033[3J\033[H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a report came from, as it was."""

    options: Options
    marks: Mapping[Path, str]
    """Fingerprints."""
    files: frozenset[Path]
    """The files that were meant."""


def watch(request: Request) -> int:
    """Until Ctrl-C, which is how it ends: with 0."""
    try:
        watched = _check(request)
        while True:
            changed = _wait(watched)
            _announce(changed)
            watched = _check(request)
            gc.collect()  # it rests while a program is compiled, and this process goes on
    except KeyboardInterrupt:
        click.echo(err=True)
        return 0


def _check(request: Request) -> Watched:
    """One report; a fault in the configuration, or in what is asked for, is said and waited on."""
    configuration = configuration_file(request.paths)
    marks = {configuration: fingerprint(configuration)}
    options = settle(request, Settings())
    files = frozenset(files_of(options))
    before = _marks(files)
    try:
        options = settle(request, configured(request.paths))
        files = frozenset(files_of(options))
        before = _marks(files)  # a change during the check is a change
        marks |= run_check(options).inputs
    except click.ClickException as error:
        marks |= before
        error.show()
    return Watched(options=options, marks=marks, files=files)


def _marks(files: Iterable[Path]) -> Mapping[Path, str]:
    return {file: fingerprint(file) for file in files}


def _wait(watched: Watched) -> Sequence[Path]:
    """The places that changed."""
    states: dict[Path, object] = {}
    while True:
        started = time.monotonic()
        changed = [*_changed(watched.marks, states), *_come_or_gone(watched)]
        if changed:
            return tuple(dict.fromkeys(changed))
        time.sleep(max(PAUSE, _SHARE * (time.monotonic() - started)))


def _changed(marks: Mapping[Path, str], states: dict[Path, object]) -> Iterable[Path]:
    """Files are read only where their state differs from the one seen before."""
    for path, mark in marks.items():
        state = _state(path)
        if path in states and states[path] == state:
            continue
        states[path] = state
        if fingerprint(path) != mark:
            yield path


def _come_or_gone(watched: Watched) -> Iterable[Path]:
    return sorted(frozenset(files_of(watched.options)) ^ watched.files)


def _state(path: Path) -> object:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ABSENT
    return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode)


def _announce(changed: Sequence[Path]) -> None:
    """On standard error, like all that is no report."""
    if sys.stdout.isatty():
        click.echo(_CLEAR, nl=False)
    names = [os.path.relpath(path) for path in changed[:_NAMED]]
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    click.echo(f"{time.strftime('%H:%M:%S')} changed: {', '.join(names)}{more}", err=True)
