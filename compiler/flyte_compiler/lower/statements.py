"""Statements: plain ones gather in runs, calls become nodes, the rest stays Python and says why.

A statement is lowered whole or not at all: where any part of it can't be, everything that was
emitted for it is taken back and it becomes a `DynamicNode`.
"""

from __future__ import annotations

import libcst as cst

from flyte_compiler.ir.model import DynamicNode, Literal, Operand
from flyte_compiler.lower import reasons
from flyte_compiler.lower.assignments import SimpleStatement
from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.flow import Flow
from flyte_compiler.lower.fragments import (
    Hole,
    Run,
    check_reads,
    emit_run,
    leave_behind,
    start_run,
    variables_in,
)
from flyte_compiler.lower.introspection import introspection
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.units import Unit, units_of


class Statements:
    """Lowers one driver's body, statement by statement."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._run: Run | None = None
        self._last: Unit | None = None
        self.result: Operand | None = None
        """What the driver returns; None where it falls off its end."""

    def lower(self) -> None:
        """Emit the nodes of the whole body."""
        for unit in units_of(self._driver):
            if refusal := introspection(self._driver, unit):
                self._end_run()
                self._leave(unit, refusal)
            elif unit.is_plain:
                self._lower_plain(unit)
            else:
                self._lower_busy(unit)
        self._end_run()

    def _lower_plain(self, unit: Unit) -> None:
        try:
            check_reads(self._driver, self._effect_with(unit))
        except NotLowered as refusal:
            self._end_run()
            self._leave(unit, refusal)
            return
        if self._run is not None and self._continues_line_by_line(unit):
            self._run.extend(unit.node, unit.end, unit.effect)
            self._last = unit
        elif not unit.is_inert:
            self._start_run(unit, [])

    def _lower_busy(self, unit: Unit) -> None:
        self._end_run()
        mark = self._driver.mark()
        try:
            self._lower_statement(unit)
        except NotLowered as refusal:
            self._driver.return_to(mark)
            self._leave(unit, refusal)

    def _lower_statement(self, unit: Unit) -> None:
        driver = self._driver
        if unit.shared is not None:
            raise reasons.shared_variable(unit.shared)
        if unit.is_compound:
            sites = driver.calls.within(unit.node)
            raise (
                reasons.compound_statement(unit.node, sites)
                if sites
                else reasons.early_exit(unit.node)
            )
        lowering = SimpleStatement(driver, unit.node)
        match unit.node:
            case cst.Return(value=value):
                self.result = Literal(None) if value is None else lowering.value(value)
            case _:
                holes = lowering.holes()
                if holes is not None:
                    self._start_run(unit, holes)

    def _start_run(self, unit: Unit, holes: list[Hole]) -> None:
        self._end_run()
        run = start_run(self._driver, unit.start, unit.end, unit.node, holes)
        check_reads(self._driver, run.effect)
        self._run, self._last = run, unit

    def _end_run(self) -> None:
        """Emit the run so far."""
        if self._run is not None and self._last is not None:
            emit_run(self._driver, self._run, self._last.read_later)
        self._run = self._last = None

    def _continues_line_by_line(self, unit: Unit) -> bool:
        """Whether the text from the run's start to this unit is statements that line up."""
        run, last = self._run, self._last
        if run is None or last is None:
            return False
        return last.line == unit.line or self._opened_line

    @property
    def _opened_line(self) -> bool:
        run = self._run
        text = self._driver.source.text
        return run is not None and not text[text.rfind("\n", 0, run.start) + 1 : run.start].strip()

    def _effect_with(self, unit: Unit) -> Flow:
        return unit.effect if self._run is None else self._run.effect.then(unit.effect)

    def _leave(self, unit: Unit, refusal: NotLowered) -> None:
        """Emit the statement as Python that says why."""
        driver = self._driver
        changed = unit.effect.changes & driver.locals
        outputs = tuple(sorted(changed & unit.read_later))
        inputs = variables_in(driver, unit.effect.reads | (frozenset(outputs) - unit.effect.binds))
        node = driver.emit(
            lambda node: DynamicNode(
                id=node,
                reason=refusal.reason,
                message=refusal.message,
                source=driver.source.text[unit.start : unit.end],
                inputs=inputs,
                outputs=outputs,
                callees=driver.calls.callees(driver.calls.within(unit.node)),
                returns=unit.may_return,
                span=driver.source.span(unit.start, unit.end),
            )
        )
        leave_behind(driver, node, unit.effect, outputs)
