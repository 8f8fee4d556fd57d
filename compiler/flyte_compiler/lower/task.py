"""`lower_task`: one driver's body to its graph, and which definitions are drivers."""

from __future__ import annotations

from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.ir.model import DriverKind, DynamicNode, TaskGraph
from flyte_compiler.ir.verify import verify
from flyte_compiler.lower import reasons
from flyte_compiler.lower.callees import Calls, callee_of
from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.fragments import variables_in
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.statements import Statements
from flyte_compiler.syntax.scope import names_in


def is_driver(definition: Definition, graph: CallGraph) -> bool:
    """Whether a definition is a task whose body calls a task or a trace, itself or by a helper."""
    if not definition.is_task:
        return False
    calls = Calls(graph, definition.function)
    return calls.any_in(definition.function.tree.body)


def lower_task(definition: Definition, graph: CallGraph) -> TaskGraph:
    """Lower a driver; what can't be lowered is a `DynamicNode` in the graph.

    Raises:
        CompilerBug: the graph that came out is not well-formed.
    """
    driver = Driver(definition, graph)
    statements = Statements(driver)
    if refusal := _whole_refusal(definition):
        _leave_whole(driver, refusal)
    else:
        statements.lower()
    lowered = TaskGraph(
        task=callee_of(definition),
        kind=_kind(definition),
        body=driver.region(statements.result),
        result_type=definition.function.signature.result,
        span=definition.function.span,
    )
    verify(lowered)
    return lowered


def _kind(definition: Definition) -> DriverKind:
    if definition.kind is Kind.COMPILED_TASK:
        return DriverKind.COMPILED_TASK
    return DriverKind.TASK


def _whole_refusal(definition: Definition) -> NotLowered | None:
    """Why no statement of a driver can be lowered."""
    if definition.function.signature.is_generator:
        return reasons.generator_driver()
    if "<locals>" in definition.function.name:
        return reasons.nested_driver()
    return None


def _leave_whole(driver: Driver, refusal: NotLowered) -> None:
    body = driver.tree.body
    start, end = driver.offsets(body)
    start += len(driver.source.text[start:end]) - len(driver.source.text[start:end].lstrip())
    driver.emit(
        lambda node: DynamicNode(
            id=node,
            reason=refusal.reason,
            message=refusal.message,
            source=driver.source.text[start:end],
            inputs=variables_in(driver, names_in([body]).reads),
            outputs=(),
            callees=driver.calls.callees(driver.calls.within(body)),
            returns=True,
            span=driver.source.span(start, end),
        )
    )
