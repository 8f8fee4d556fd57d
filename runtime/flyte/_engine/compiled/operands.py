"""Operands, read in an activation."""

from __future__ import annotations

import base64
from types import CellType
from typing import assert_never

from flyte._engine.compiled.exits import UNBOUND, Outputs
from flyte._engine.compiled.scopes import Scope
from flyte_plan.plan import (
    VALUE,
    InputOperand,
    LiteralOperand,
    NamedOperand,
    Operand,
    OutputOperand,
    RegionOperand,
    SharedOperand,
    UnboundOperand,
)


def read(operand: Operand, scope: Scope) -> object:
    """An operand's value; `UNBOUND` for a variable without one."""
    match operand:
        case OutputOperand():
            return _output(operand, scope)
        case LiteralOperand():
            return _literal(operand)
        case RegionOperand():
            return _entered(operand, scope)
        case SharedOperand():
            return _current(cell_of(operand, scope))
        case InputOperand():
            return scope.body.inputs[operand.name]
        case UnboundOperand():
            return UNBOUND
        case _:
            assert_never(operand)


def value_of(operand: Operand, scope: Scope) -> object:
    """An operand's value, where the program reads it.

    Raises:
        UnboundLocalError: it is a variable without a value.
        NameError: the same, of a function around.
    """
    value = read(operand, scope)
    if value is UNBOUND:
        raise _unbound(operand, scope)
    return value


def take(operand: Operand, scope: Scope) -> object:
    """As `value_of`; a value that nobody else reads is not kept, as Python wouldn't."""
    value = value_of(operand, scope)
    if isinstance(operand, OutputOperand) and operand.node in scope.body.graph.read_once:
        scope.values.pop(operand.node, None)
    return value


def read_variables(operands: tuple[NamedOperand, ...], scope: Scope) -> Outputs:
    """Variables, bound or not."""
    return Outputs({named.name: read(named.value, scope) for named in operands})


def cell_of(operand: SharedOperand, scope: Scope) -> CellType:
    """The cell that a shared operand names."""
    return scope.body.cells[operand.owner][operand.name]


def _output(operand: OutputOperand, scope: Scope) -> object:
    holder: Scope | None = scope
    while holder is not None and operand.node not in holder.values:
        holder = holder.outer
    if holder is None:
        raise AssertionError(f"node `{operand.node}` is read before it has run")
    value = holder.values[operand.node]
    path = operand.path
    if isinstance(value, Outputs):
        value = value.get(str(path[0]) if path else VALUE, UNBOUND)
        path = path[1:]
    elif path[:1] == (VALUE,):
        path = path[1:]
    for part in path:
        value = value[part]
    return value


def _entered(operand: RegionOperand, scope: Scope) -> object:
    holder: Scope | None = scope
    while holder is not None:
        if holder.owner == operand.owner and operand.name in holder.entered:
            return holder.entered[operand.name]
        holder = holder.outer
    return UNBOUND


def _current(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # empty
        return UNBOUND


def _literal(operand: LiteralOperand) -> object:
    if operand.type == "bytes":
        return base64.b64decode(str(operand.value))
    if operand.type in ("float", "int") and isinstance(operand.value, str):
        return float(operand.value) if operand.type == "float" else int(operand.value)
    if operand.type == "float":
        return float(operand.value or 0.0)
    return operand.value


def _unbound(operand: Operand, scope: Scope) -> NameError:
    match operand:
        case SharedOperand() if operand.owner != scope.body.owner:
            return _unbound_free(operand.name)
        case SharedOperand() | RegionOperand() | InputOperand() | UnboundOperand():
            return unbound_local(operand.name)
        case OutputOperand():
            return unbound_local(next((str(part) for part in reversed(operand.path)), operand.node))
        case LiteralOperand():
            raise AssertionError("a literal has a value")
        case _:
            assert_never(operand)


def unbound_local(name: str) -> UnboundLocalError:
    """What Python raises for a local variable without a value."""
    return UnboundLocalError(
        f"cannot access local variable '{name}' where it is not associated with a value"
    )


def _unbound_free(name: str) -> NameError:
    return NameError(
        f"cannot access free variable '{name}' where it is not associated with a value "
        "in enclosing scope"
    )
