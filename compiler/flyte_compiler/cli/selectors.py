"""Lists of codes, prefixes and names on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flyte_compiler.diagnostics.select import Selector, parse_selectors
from flyte_compiler.rules.catalogue import catalogue

if TYPE_CHECKING:
    SelectorsType = click.ParamType[tuple[Selector, ...]]
else:  # not generic before click 8.4
    SelectorsType = click.ParamType


class Selectors(SelectorsType):
    """A list of codes, prefixes and names."""

    name = "codes"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Selector, ...]:
        """The words of one list; click's own error for an unknown one."""
        try:
            return parse_selectors(value, catalogue())
        except ValueError as error:
            self.fail(str(error), param, ctx)
