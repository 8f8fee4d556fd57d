"""What the modules for single kinds of expressions ask of the one that knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import libcst as cst

from flyte_compiler.ir.values import Operand
from flyte_compiler.lower.body import Body


class Evaluator(Protocol):
    """Lowers expressions."""

    body: Body

    def operand(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate an expression here, and say where its value comes from."""

    def settled(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate an expression to a value that nothing changes any more."""

    def operands(self, expressions: Sequence[cst.BaseExpression]) -> list[Operand]:
        """Evaluate expressions one after the other."""

    def unpacked(self, element: cst.Arg | cst.StarredElement) -> Operand:
        """Iterate over `*xs` here and now: a list of its elements."""
