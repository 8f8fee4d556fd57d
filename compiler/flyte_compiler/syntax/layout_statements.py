"""How long the parts of statements are, by their kind.

A statement starts where its first empty line does; its span, where its own text does.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from flyte_compiler.syntax.layout import Layout, Table
from flyte_compiler.syntax.scan import parameter_list


def _line(lay: Layout, node: cst.SimpleStatementLine, at: int) -> int:
    at = lay.empty_lines(node.leading_lines, at) + lay.indent
    return _small_statements(lay, node, at)


def _suite(lay: Layout, node: cst.SimpleStatementSuite, at: int) -> int:
    return _small_statements(lay, node, at + lay.gap(node.leading_whitespace))


def _small_statements(lay: Layout, node: Any, at: int) -> int:
    start = end = at
    for small in node.body:
        begun = at
        handler = _SMALL.get(type(small))
        if handler is None:
            at = lay.place(small, at)
            end = lay.spans[id(small)][1]
            continue
        end = at = handler(lay, small, at)
        lay.spans[id(small)] = (begun, end)
        if type(small.semicolon) is cst.Semicolon:
            at += lay.mark(small.semicolon)
    lay.spans[id(node)] = (start, end)
    return at + lay.line_end(node.trailing_whitespace)


def _expression(lay: Layout, node: cst.Expr, at: int) -> int:
    return lay.expression(node.value, at)


def _assign(lay: Layout, node: cst.Assign, at: int) -> int:
    for target in node.targets:
        start, at = at, lay.expression(target.target, at)
        lay.spans[id(target)] = (start, at)
        at += lay.gap(target.whitespace_before_equal) + 1 + lay.gap(target.whitespace_after_equal)
    return lay.expression(node.value, at)


def _annotated(lay: Layout, node: cst.AnnAssign, at: int) -> int:
    at = _annotation(lay, node.annotation, lay.expression(node.target, at), 1)
    if type(node.equal) is cst.AssignEqual:
        at += lay.mark(node.equal)
    return at if node.value is None else lay.expression(node.value, at)


def _augmented(lay: Layout, node: cst.AugAssign, at: int) -> int:
    at = lay.place(node.operator, lay.expression(node.target, at))
    return lay.expression(node.value, at)


def _return(lay: Layout, node: cst.Return, at: int) -> int:
    at += 6 + lay.gap(node.whitespace_after_return)
    return at if node.value is None else lay.expression(node.value, at)


def _import(lay: Layout, node: cst.Import, at: int) -> int:
    at += 6 + lay.gap(node.whitespace_after_import)
    for alias in node.names:
        start, at = at, lay.expression(alias.name, at)
        if alias.asname is not None:
            at = _as_name(lay, alias.asname, at)
        lay.spans[id(alias)] = (start, at)
        at += lay.comma(alias)
    return at


def _as_name(lay: Layout, node: cst.AsName, at: int) -> int:
    start = at
    at += lay.gap(node.whitespace_before_as) + 2 + lay.gap(node.whitespace_after_as)
    at = lay.expression(node.name, at)
    lay.spans[id(node)] = (start, at)
    return at


def _annotation(lay: Layout, node: cst.Annotation, at: int, sign: int) -> int:
    at += lay.gap(node.whitespace_before_indicator) + sign
    start = at + lay.gap(node.whitespace_after_indicator)
    at = lay.expression(node.annotation, start)
    lay.spans[id(node)] = (start, at)
    return at


def _block(lay: Layout, node: cst.IndentedBlock, at: int) -> int:
    at += lay.line_end(node.header)
    lay.enter(node.indent)
    at = lay.block(node.body, at)
    spans = lay.spans
    spans[id(node)] = (spans[id(node.body[0])][0], spans[id(node.body[-1])][1])
    at = lay.empty_lines(node.footer, at)
    lay.leave()
    return at


def _function(lay: Layout, node: cst.FunctionDef, at: int) -> int:
    start = at = _decorated(lay, node, at)
    if node.asynchronous is not None:
        at += 5 + lay.gap(node.asynchronous.whitespace_after)
    at = lay.expression(node.name, at + 3 + lay.gap(node.whitespace_after_def))
    at += lay.gap(node.whitespace_after_name)
    if node.type_parameters is not None:
        at = lay.place(node.type_parameters, at)
    at += lay.gap(node.whitespace_after_type_parameters) + 1
    at = _parameters(lay, node.params, at + lay.gap(node.whitespace_before_params)) + 1
    if node.returns is not None:
        at = _annotation(lay, node.returns, at, 2)
    at = lay.place(node.body, at + lay.gap(node.whitespace_before_colon) + 1)
    lay.spans[id(node)] = (start, lay.spans[id(node.body)][1])
    return at


def _decorated(lay: Layout, node: cst.FunctionDef | cst.ClassDef, at: int) -> int:
    at = lay.empty_lines(node.leading_lines, at)
    for decorator in node.decorators:
        start = lay.empty_lines(decorator.leading_lines, at) + lay.indent
        at = lay.expression(decorator.decorator, start + 1 + lay.gap(decorator.whitespace_after_at))
        lay.spans[id(decorator)] = (start, at)
        at += lay.line_end(decorator.trailing_whitespace)
    return lay.empty_lines(node.lines_after_decorators, at) + lay.indent


def _parameters(lay: Layout, node: cst.Parameters, at: int) -> int:
    start = at
    if node.posonly_params or type(node.star_arg) is cst.ParamStar:
        at = lay.place(node, at)  # with a `/` or `*` of its own
    else:
        for parameter in parameter_list(node):
            at = _parameter(lay, parameter, at)
    lay.spans[id(node)] = (start, at)
    return at


def _parameter(lay: Layout, node: cst.Param, at: int) -> int:
    start = at
    if isinstance(node.star, str):
        at += len(node.star)
    at = lay.expression(node.name, at + lay.gap(node.whitespace_after_star))
    lay.spans[id(node)] = (start, at)
    if node.annotation is not None:
        at = _annotation(lay, node.annotation, at, 1)
    if type(node.equal) is cst.AssignEqual:
        at += lay.mark(node.equal)
    if node.default is not None:
        at = lay.expression(node.default, at)
    return at + lay.comma(node) + lay.gap(node.whitespace_after_param)


def _class(lay: Layout, node: cst.ClassDef, at: int) -> int:
    start = at = _decorated(lay, node, at)
    at = lay.expression(node.name, at + 5 + lay.gap(node.whitespace_after_class))
    at += lay.gap(node.whitespace_after_name)
    if node.type_parameters is not None:
        at = lay.place(node.type_parameters, at)
    at += lay.gap(node.whitespace_after_type_parameters)
    if type(node.lpar) is cst.LeftParen:
        at += 1 + lay.gap(node.lpar.whitespace_after)
    for argument in (*node.bases, *node.keywords):
        at = lay.place(argument, at)
    if type(node.rpar) is cst.RightParen:
        at += lay.gap(node.rpar.whitespace_before) + 1
    at = lay.place(node.body, at + lay.gap(node.whitespace_before_colon) + 1)
    lay.spans[id(node)] = (start, lay.spans[id(node.body)][1])
    return at


def _if(lay: Layout, node: cst.If, at: int, word: int = 2) -> int:
    start = lay.empty_lines(node.leading_lines, at) + lay.indent
    at = lay.expression(node.test, start + word + lay.gap(node.whitespace_before_test))
    at = lay.place(node.body, at + lay.gap(node.whitespace_after_test) + 1)
    match node.orelse:
        case None:
            pass
        case cst.If() as orelse:
            at = _if(lay, orelse, at, word=4)
        case orelse:
            at = lay.place(orelse, at)
    lay.spans[id(node)] = (start, lay.spans[id(node.orelse or node.body)][1])
    return at


def _else(lay: Layout, node: cst.Else | cst.Finally, at: int) -> int:
    start = lay.empty_lines(node.leading_lines, at) + lay.indent
    at = start + (4 if type(node) is cst.Else else 7) + lay.gap(node.whitespace_before_colon) + 1
    at = lay.place(node.body, at)
    lay.spans[id(node)] = (start, lay.spans[id(node.body)][1])
    return at


def _for(lay: Layout, node: cst.For, at: int) -> int:
    start = at = lay.empty_lines(node.leading_lines, at) + lay.indent
    if node.asynchronous is not None:
        at += 5 + lay.gap(node.asynchronous.whitespace_after)
    at = lay.expression(node.target, at + 3 + lay.gap(node.whitespace_after_for))
    at += lay.gap(node.whitespace_before_in) + 2 + lay.gap(node.whitespace_after_in)
    at = lay.expression(node.iter, at) + lay.gap(node.whitespace_before_colon) + 1
    return _looping(lay, node, start, at)


def _while(lay: Layout, node: cst.While, at: int) -> int:
    start = lay.empty_lines(node.leading_lines, at) + lay.indent
    at = lay.expression(node.test, start + 5 + lay.gap(node.whitespace_after_while))
    return _looping(lay, node, start, at + lay.gap(node.whitespace_before_colon) + 1)


def _looping(lay: Layout, node: cst.For | cst.While, start: int, at: int) -> int:
    at = lay.place(node.body, at)
    if node.orelse is not None:
        at = lay.place(node.orelse, at)
    lay.spans[id(node)] = (start, lay.spans[id(node.orelse or node.body)][1])
    return at


def _try(lay: Layout, node: cst.Try, at: int) -> int:
    start = lay.empty_lines(node.leading_lines, at) + lay.indent
    at = lay.place(node.body, start + 3 + lay.gap(node.whitespace_before_colon) + 1)
    last: cst.CSTNode = node.body
    for part in (*node.handlers, node.orelse, node.finalbody):
        if part is not None:
            last, at = part, lay.place(part, at)
    lay.spans[id(node)] = (start, lay.spans[id(last)][1])
    return at


def _handler(lay: Layout, node: cst.ExceptHandler, at: int) -> int:
    start = lay.empty_lines(node.leading_lines, at) + lay.indent
    at = start + 6 + lay.gap(node.whitespace_after_except)
    if node.type is not None:
        at = lay.expression(node.type, at)
    if node.name is not None:
        at = _as_name(lay, node.name, at)
    at = lay.place(node.body, at + lay.gap(node.whitespace_before_colon) + 1)
    lay.spans[id(node)] = (start, lay.spans[id(node.body)][1])
    return at


_SMALL: Table = {
    cst.AnnAssign: _annotated,
    cst.Assign: _assign,
    cst.AugAssign: _augmented,
    cst.Expr: _expression,
    cst.Import: _import,
    cst.Return: _return,
}
"""Statements that share lines, without their semicolons."""

STATEMENTS: Table = {
    cst.ClassDef: _class,
    cst.Else: _else,
    cst.ExceptHandler: _handler,
    cst.Finally: _else,
    cst.For: _for,
    cst.FunctionDef: _function,
    cst.If: _if,
    cst.IndentedBlock: _block,
    cst.SimpleStatementLine: _line,
    cst.SimpleStatementSuite: _suite,
    cst.Try: _try,
    cst.While: _while,
}
