"""In which order Python evaluates the parts of an expression.

`parts_of` knows the language's rules and nothing of calls or graphs: the parts that are always
evaluated, in order, and those that are evaluated only sometimes, or more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

PartNode = cst.BaseExpression | cst.BaseFormattedStringContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step in the evaluation of an expression.

    `node` is what stands in the source. Evaluated by itself it reads `opening + text + closing`,
    and its value stands in for it as `before + name + after`: so `*xs` in a display is `[*xs]` by
    itself, and `*(name)` in its place.
    """

    node: cst.CSTNode
    opening: str = ""
    closing: str = ""
    before: str = "("
    after: str = ")"

    @property
    def is_whole(self) -> bool:
        """Whether the node is an expression that means the same by itself."""
        return not self.opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An expression taken apart."""

    always: tuple[Part, ...] = ()
    """In evaluation order."""
    sometimes: tuple[cst.CSTNode, ...] = ()
    """Evaluated conditionally, later or repeatedly."""


def parts_of(node: cst.CSTNode) -> Parts:
    """Take an expression, or a part of one, apart by one level."""
    handler = _HANDLERS.get(type(node))
    return Parts() if handler is None else handler(node)


def in_order(*nodes: cst.BaseExpression | None) -> Parts:
    """Expressions that are evaluated one after the other."""
    return Parts(always=tuple(Part(node=node) for node in nodes if node is not None))


def unpacked_part(element: cst.Arg | cst.StarredElement) -> Part:
    """`*xs` by itself: a list of its elements."""
    return _starred(element)


def target_parts(target: cst.BaseExpression) -> tuple[Part, ...]:
    """What is evaluated to find the place that `a.b = …` or `a[b] = …` changes."""
    return parts_of(target).always


def _binary(node: cst.BinaryOperation) -> Parts:
    return in_order(node.left, node.right)


def _boolean(node: cst.BooleanOperation) -> Parts:
    return Parts(always=(Part(node=node.left),), sometimes=(node.right,))


def _comparison(node: cst.Comparison) -> Parts:
    first, *later = (comparison.comparator for comparison in node.comparisons)
    return Parts(always=in_order(node.left, first).always, sometimes=tuple(later))


def _conditional(node: cst.IfExp) -> Parts:
    return Parts(always=(Part(node=node.test),), sometimes=(node.body, node.orelse))


def _unary(node: cst.UnaryOperation | cst.Await) -> Parts:
    return in_order(node.expression)


def _attribute(node: cst.Attribute) -> Parts:
    return in_order(node.value)


def _walrus(node: cst.NamedExpr) -> Parts:
    return in_order(node.value)


def _subscript(node: cst.Subscript) -> Parts:
    slices = [part for element in node.slice for part in _slice(element.slice)]
    return Parts(always=(Part(node=node.value), *slices))


def _slice(node: cst.BaseSlice) -> tuple[Part, ...]:
    match node:
        case cst.Index(value=value, star=star) if not star:
            return (Part(node=value),)
        case cst.Slice(lower=lower, upper=upper, step=step):
            return in_order(lower, upper, step).always
        case _:
            return (_starred(node),)


def _starred(node: cst.CSTNode) -> Part:
    """`*xs` where a display or a call unpacks it: iterated right there."""
    return Part(node=node, opening="[", closing="]", before="*(")


def _double_starred(node: cst.CSTNode) -> Part:
    return Part(node=node, opening="{", closing="}", before="**(")


def _display(node: cst.List | cst.Tuple | cst.Set) -> Parts:
    return Parts(
        always=tuple(
            _starred(element)
            if isinstance(element, cst.StarredElement)
            else Part(node=element.value)
            for element in node.elements
        )
    )


def _dict(node: cst.Dict) -> Parts:
    return Parts(always=tuple(part for e in node.elements for part in _dict_element(e)))


def _dict_element(element: cst.BaseDictElement) -> Iterator[Part]:
    match element:
        case cst.DictElement(key=key, value=value):
            yield from in_order(key, value).always
        case _:
            yield _double_starred(element)


def _call(node: cst.Call) -> Parts:
    """Python takes `*xs` before any keyword, wherever it stands."""
    first = [a for a in node.args if a.keyword is None and a.star != "**"]
    last = [a for a in node.args if a.keyword is not None or a.star == "**"]
    return Parts(always=(Part(node=node.func), *(_argument(a) for a in (*first, *last))))


def _argument(argument: cst.Arg) -> Part:
    match argument.star:
        case "*":
            return _starred(argument)
        case "**":
            return _double_starred(argument)
        case _:
            return Part(node=argument.value)


def _unpacked(node: cst.StarredElement | cst.StarredDictElement | cst.Arg) -> Parts:
    return in_order(node.value)


def _formatted(node: cst.FormattedString) -> Parts:
    """Each piece of an f-string is a string by itself, formatted before the next is evaluated."""
    return Parts(
        always=tuple(
            Part(node=piece, opening=node.start, closing=node.end, before="{(", after=")}")
            for piece in node.parts
            if isinstance(piece, cst.FormattedStringExpression)
        )
    )


def _piece(node: cst.FormattedStringExpression) -> Parts:
    spec = [
        nested.expression
        for nested in node.format_spec or ()
        if isinstance(nested, cst.FormattedStringExpression)
    ]
    return in_order(node.expression, *spec)


def _concatenated(node: cst.ConcatenatedString) -> Parts:
    return Parts(always=(*parts_of(node.left).always, *parts_of(node.right).always))


def _comprehension(node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> Parts:
    return Parts(
        always=(Part(node=node.for_in.iter),), sometimes=(node.elt, *_inner_loops(node.for_in))
    )


def _dict_comprehension(node: cst.DictComp) -> Parts:
    return Parts(
        always=(Part(node=node.for_in.iter),),
        sometimes=(node.key, node.value, *_inner_loops(node.for_in)),
    )


def _inner_loops(loop: cst.CompFor) -> Iterable[cst.CSTNode]:
    yield from loop.ifs
    if loop.inner_for_in is not None:
        yield loop.inner_for_in


def _lambda(node: cst.Lambda) -> Parts:
    return Parts(sometimes=(node.params, node.body))


def _yield(node: cst.Yield) -> Parts:
    return Parts(sometimes=() if node.value is None else (node.value,))


_HANDLERS: dict[type[cst.CSTNode], Callable[..., Parts]] = {
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.IfExp: _conditional,
    cst.UnaryOperation: _unary,
    cst.Await: _unary,
    cst.Attribute: _attribute,
    cst.NamedExpr: _walrus,
    cst.Subscript: _subscript,
    cst.List: _display,
    cst.Tuple: _display,
    cst.Set: _display,
    cst.Dict: _dict,
    cst.Call: _call,
    cst.Arg: _unpacked,
    cst.StarredElement: _unpacked,
    cst.StarredDictElement: _unpacked,
    cst.FormattedString: _formatted,
    cst.FormattedStringExpression: _piece,
    cst.ConcatenatedString: _concatenated,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.DictComp: _dict_comprehension,
    cst.Lambda: _lambda,
    cst.Yield: _yield,
}
