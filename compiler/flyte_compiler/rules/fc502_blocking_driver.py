"""FC502: a driver waits without `await`, or computes for long: its children stand still."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.blocking import Block, BlockKind, blocks_in
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC502", "blocking-driver", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a place in the driver. A sync driver has a thread of its own to wait in."""
    for driver in facts.trees.drivers():
        is_async = driver.function.signature.is_async
        for block in blocks_in(facts.trees, driver):
            match block.kind:
                case BlockKind.WAITS:
                    if is_async:
                        yield _waiting(driver, block)
                case BlockKind.COMPUTES:
                    yield _computing(driver, block)


def _waiting(driver: Definition, block: Block) -> Diagnostic:
    name = driver.function.short_name
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{block.text}` blocks the async driver `{name}`",
        primary=Label(block.called, "nothing else of this driver goes on meanwhile"),
        labels=_inside(block, "waits here"),
        helps=(_CURES.get(block.text, "move it into a task, or run it in `asyncio.to_thread`"),),
    )


def _computing(driver: Definition, block: Block) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=Severity.NOTE,
        message=f"`{driver.function.short_name}` computes in a loop of {block.text} turns",
        primary=Label(block.called, "its next call waits for this, and each replay runs it again"),
        labels=_inside(block, f"{block.text} turns"),
        helps=("move it into a task of its own: a driver had best only orchestrate",),
    )


_CURES = {"time.sleep": "write `await asyncio.sleep(...)`"}


def _inside(block: Block, text: str) -> tuple[Label, ...]:
    return () if block.span == block.called else (Label(block.span, text),)
