"""How long the parts of expressions are, by their kind.

Each has the order in which the code is written; `Layout` says what is done with it.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from flyte_compiler.syntax.layout import Handler, Layout, NotAsWritten, Table


def _name(lay: Layout, node: cst.Name, at: int) -> int:
    value = node.value
    if not lay.text.startswith(value, at):
        raise NotAsWritten
    return at + len(value)


def _literal(lay: Layout, node: Any, at: int) -> int:
    del lay
    return at + len(node.value)


def _ellipsis(lay: Layout, node: cst.Ellipsis, at: int) -> int:
    del lay, node
    return at + 3


def _attribute(lay: Layout, node: cst.Attribute, at: int) -> int:
    at = lay.expression(node.value, at) + lay.mark(node.dot)
    return lay.expression(node.attr, at)


def _call(lay: Layout, node: cst.Call, at: int) -> int:
    at = lay.expression(node.func, at) + lay.gap(node.whitespace_after_func) + 1
    at += lay.gap(node.whitespace_before_args)
    for argument in node.args:
        at = _argument(lay, argument, at)
    return at + 1


def _await(lay: Layout, node: cst.Await, at: int) -> int:
    return lay.expression(node.expression, at + 5 + lay.gap(node.whitespace_after_await))


def _subscript(lay: Layout, node: cst.Subscript, at: int) -> int:
    at = lay.expression(node.value, at) + lay.gap(node.whitespace_after_value)
    at += 1 + lay.gap(node.lbracket.whitespace_after)
    for element in node.slice:
        start, at = at, lay.place(element.slice, at)
        lay.spans[id(element)] = (start, at)
        at += lay.comma(element)
    return at + lay.gap(node.rbracket.whitespace_before) + 1


def _operation(lay: Layout, node: cst.BinaryOperation | cst.BooleanOperation, at: int) -> int:
    at = lay.place(node.operator, lay.expression(node.left, at))
    return lay.expression(node.right, at)


def _unary(lay: Layout, node: cst.UnaryOperation, at: int) -> int:
    token = len(node.operator._get_token())
    start, at = at, at + token + lay.gap(node.operator.whitespace_after)
    lay.spans[id(node.operator)] = (start, at)
    return lay.expression(node.expression, at)


def _comparison(lay: Layout, node: cst.Comparison, at: int) -> int:
    at = lay.expression(node.left, at)
    for target in node.comparisons:
        start, at = at, lay.place(target.operator, at)
        at = lay.expression(target.comparator, at)
        lay.spans[id(target)] = (start, at)
    return at


def _conditional(lay: Layout, node: cst.IfExp, at: int) -> int:
    at = lay.expression(node.body, at) + lay.gap(node.whitespace_before_if) + 2
    at = lay.expression(node.test, at + lay.gap(node.whitespace_after_if))
    at += lay.gap(node.whitespace_before_else) + 4 + lay.gap(node.whitespace_after_else)
    return lay.expression(node.orelse, at)


def _walrus(lay: Layout, node: cst.NamedExpr, at: int) -> int:
    at = lay.expression(node.target, at) + lay.gap(node.whitespace_before_walrus) + 2
    return lay.expression(node.value, at + lay.gap(node.whitespace_after_walrus))


def _formatted(lay: Layout, node: cst.FormattedString, at: int) -> int:
    at += len(node.start)
    for part in node.parts:
        at = lay.place(part, at)
    return at + len(node.end)


def _tuple(lay: Layout, node: cst.Tuple, at: int) -> int:
    for element in node.elements:
        at = lay.place(element, at)
    return at


def _list(lay: Layout, node: cst.List, at: int) -> int:
    at += 1 + lay.gap(node.lbracket.whitespace_after)
    for element in node.elements:
        at = lay.place(element, at)
    return at + lay.gap(node.rbracket.whitespace_before) + 1


def _braced(lay: Layout, node: cst.Set | cst.Dict, at: int) -> int:
    at += 1 + lay.gap(node.lbrace.whitespace_after)
    for element in node.elements:
        at = lay.place(element, at)
    return at + lay.gap(node.rbrace.whitespace_before) + 1


def _generator(lay: Layout, node: cst.GeneratorExp, at: int) -> int:
    return _loops(lay, node.for_in, lay.expression(node.elt, at))


def _list_comprehension(lay: Layout, node: cst.ListComp, at: int) -> int:
    at = lay.expression(node.elt, at + 1 + lay.gap(node.lbracket.whitespace_after))
    return _loops(lay, node.for_in, at) + lay.gap(node.rbracket.whitespace_before) + 1


def _set_comprehension(lay: Layout, node: cst.SetComp, at: int) -> int:
    at = lay.expression(node.elt, at + 1 + lay.gap(node.lbrace.whitespace_after))
    return _loops(lay, node.for_in, at) + lay.gap(node.rbrace.whitespace_before) + 1


def _dict_comprehension(lay: Layout, node: cst.DictComp, at: int) -> int:
    at = lay.expression(node.key, at + 1 + lay.gap(node.lbrace.whitespace_after))
    at += lay.gap(node.whitespace_before_colon) + 1 + lay.gap(node.whitespace_after_colon)
    at = _loops(lay, node.for_in, lay.expression(node.value, at))
    return at + lay.gap(node.rbrace.whitespace_before) + 1


def _loops(lay: Layout, node: cst.CompFor, at: int) -> int:
    start = at
    at += lay.gap(node.whitespace_before)
    if node.asynchronous is not None:
        at = lay.place(node.asynchronous, at)
    at = lay.expression(node.target, at + 3 + lay.gap(node.whitespace_after_for))
    at += lay.gap(node.whitespace_before_in) + 2 + lay.gap(node.whitespace_after_in)
    at = lay.expression(node.iter, at)
    for condition in node.ifs:
        begun, at = at, at + lay.gap(condition.whitespace_before) + 2
        at = lay.expression(condition.test, at + lay.gap(condition.whitespace_before_test))
        lay.spans[id(condition)] = (begun, at)
    if node.inner_for_in is not None:
        at = _loops(lay, node.inner_for_in, at)
    lay.spans[id(node)] = (start, at)
    return at


def _argument(lay: Layout, node: cst.Arg, at: int) -> int:
    start = at
    at += len(node.star) + lay.gap(node.whitespace_after_star)
    if node.keyword is not None:
        at = lay.expression(node.keyword, at)
    if type(node.equal) is cst.AssignEqual:
        at += lay.mark(node.equal)
    at = lay.expression(node.value, at)
    lay.spans[id(node)] = (start, at)
    return at + lay.comma(node) + lay.gap(node.whitespace_after_arg)


def _index(lay: Layout, node: cst.Index, at: int) -> int:
    start = at
    if node.star is not None:
        at += len(node.star) + lay.gap(node.whitespace_after_star)
    at = lay.expression(node.value, at)
    lay.spans[id(node)] = (start, at)
    return at


def _element(lay: Layout, node: cst.Element, at: int) -> int:
    start, at = at, lay.expression(node.value, at)
    lay.spans[id(node)] = (start, at)
    return at + lay.comma(node)


def _dict_element(lay: Layout, node: cst.DictElement, at: int) -> int:
    start, at = at, lay.expression(node.key, at)
    at += lay.gap(node.whitespace_before_colon) + 1 + lay.gap(node.whitespace_after_colon)
    at = lay.expression(node.value, at)
    lay.spans[id(node)] = (start, at)
    return at + lay.comma(node)


def _piece(lay: Layout, node: cst.FormattedStringExpression, at: int) -> int:
    start = at
    at = lay.expression(node.expression, at + 1 + lay.gap(node.whitespace_before_expression))
    if node.equal is not None:
        at += lay.mark(node.equal)
    at += lay.gap(node.whitespace_after_expression)
    if node.conversion is not None:
        at += 1 + len(node.conversion)
    if node.format_spec is not None:
        at += 1
        for part in node.format_spec:
            at = lay.place(part, at)
    lay.spans[id(node)] = (start, at + 1)
    return at + 1


def _text(lay: Layout, node: cst.FormattedStringText, at: int) -> int:
    end = at + len(node.value)
    lay.spans[id(node)] = (at, end)
    return end


def _operator(length: int) -> Handler:
    def placed(lay: Layout, node: Any, at: int) -> int:
        start = at + lay.gap(node.whitespace_before)
        lay.spans[id(node)] = (start, start + length)
        return start + length + lay.gap(node.whitespace_after)

    return placed


_OPERATORS: dict[int, tuple[type[cst.CSTNode], ...]] = {
    1: (
        *(cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.Modulo, cst.MatrixMultiply),
        *(cst.BitAnd, cst.BitOr, cst.BitXor, cst.LessThan, cst.GreaterThan),
    ),
    2: (
        *(cst.FloorDivide, cst.Power, cst.LeftShift, cst.RightShift, cst.Or, cst.In, cst.Is),
        *(cst.Equal, cst.LessThanEqual, cst.GreaterThanEqual),
        *(cst.AddAssign, cst.SubtractAssign, cst.MultiplyAssign, cst.DivideAssign),
    ),
    3: (cst.And,),
}
"""By the length of their one token."""

EXPRESSIONS: Table = {
    cst.Attribute: _attribute,
    cst.Await: _await,
    cst.BinaryOperation: _operation,
    cst.BooleanOperation: _operation,
    cst.Call: _call,
    cst.Comparison: _comparison,
    cst.Dict: _braced,
    cst.DictComp: _dict_comprehension,
    cst.Ellipsis: _ellipsis,
    cst.Float: _literal,
    cst.FormattedString: _formatted,
    cst.GeneratorExp: _generator,
    cst.IfExp: _conditional,
    cst.Integer: _literal,
    cst.List: _list,
    cst.ListComp: _list_comprehension,
    cst.Name: _name,
    cst.NamedExpr: _walrus,
    cst.Set: _braced,
    cst.SetComp: _set_comprehension,
    cst.SimpleString: _literal,
    cst.Subscript: _subscript,
    cst.Tuple: _tuple,
    cst.UnaryOperation: _unary,
}
CLAUSES: Table = {
    cst.DictElement: _dict_element,
    cst.Element: _element,
    cst.FormattedStringExpression: _piece,
    cst.FormattedStringText: _text,
    cst.Index: _index,
    **{kind: _operator(length) for length, kinds in _OPERATORS.items() for kind in kinds},
}
"""Parts of expressions that are none themselves."""
