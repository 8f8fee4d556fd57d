"""Mismatches that tell less than they seem to: working programs have them, and checkers can't
tell."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Container, Iterator, Sequence

from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.trees import ModuleTree, Trees, own_nodes
from flyte_compiler.typecheck.expected import members_of
from flyte_compiler.typecheck.explain import Mismatch, Reason
from flyte_compiler.typecheck.model import ClassType, TupleType, Type
from flyte_compiler.typecheck.oracle import TypeFault

_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.complex", "builtins.bool"})
_FILLS = re.compile(r"\.(append|extend|add|insert|update)\(|\+=")
_LISTS = frozenset({"builtins.list", "typing.Sequence", "typing.MutableSequence"})


def is_doubtful(
    found: Mismatch,
    span: Span,
    trees: Trees,
    modules: Container[str],
    faults: Sequence[TypeFault],
) -> bool:
    """Whether a mismatch of the value at a span is better not spoken of."""
    tree, node = trees.holding(span), trees.expression_at(span)
    return (
        _is_joined(found.provided)
        or _is_number_of_numpy(found)
        or _may_be_gathered(found, node)
        or _is_of_libraries(found, modules)
        or (tree is not None and node is not None and _is_mixed(node, tree, faults))
        or (tree is not None and node is not None and _is_set_elsewhere(found, node, tree))
        or (tree is not None and node is not None and _is_tested(found, node, tree))
    )


def _is_joined(provided: Type) -> bool:
    """`object` is what checkers make of two types that have nothing in common."""
    return any(
        isinstance(each, ClassType) and each.name == "builtins.object"
        for each in members_of(provided)
    )


def _is_number_of_numpy(found: Mismatch) -> bool:
    """Numbers of numpy are numbers."""
    wanted = [each for each in members_of(found.expected) if isinstance(each, ClassType)]
    given = [each for each in members_of(found.provided) if isinstance(each, ClassType)]
    is_numpy = any(each.name.startswith("numpy.") for each in given)
    return is_numpy and any(each.name in _NUMBERS for each in wanted)


def _may_be_gathered(found: Mismatch, node: ast.expr | None) -> bool:
    """`gather` gives a list, which checkers take for a tuple."""
    if found.path or not isinstance(found.provided, TupleType) or isinstance(node, ast.Tuple):
        return False
    wanted = [each for each in members_of(found.expected) if isinstance(each, ClassType)]
    return any(each.name in _LISTS for each in wanted)


def _is_of_libraries(found: Mismatch, modules: Container[str]) -> bool:
    """Unions in which libraries say that they can't say what they give."""
    if found.reason is not Reason.SOME_MEMBERS:
        return False
    return not all(_is_told(each, modules) for each in members_of(found.provided))


def _is_told(member: Type, modules: Container[str]) -> bool:
    """Whether a member of a union is of a class of the program, or of Python."""
    if not isinstance(member, ClassType):
        return True
    module = member.name.rpartition(".")[0]
    return module in modules or module.partition(".")[0] in sys.stdlib_module_names | {"builtins"}


def _is_set_elsewhere(found: Mismatch, node: ast.expr, tree: ModuleTree) -> bool:
    """`best = None` before a loop that sets it, `self.index = None` before a method that does."""
    if found.path or found.reason not in (Reason.NONE, Reason.MAYBE_NONE):
        return False
    match node:
        case ast.Attribute():
            return found.reason is Reason.NONE
        case ast.Name(id=name):
            bound = list(_assigned(name, node, tree))
            return len(bound) > 1 and any(_is_none(each) for each in bound)
        case _:
            return False


def _assigned(name: str, node: ast.expr, tree: ModuleTree) -> Iterator[ast.AST]:
    """What stands beside each place that binds a name in its scope."""
    for each in own_nodes(tree.scope_of(node)):
        if isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store):
            yield _beside(each, tree)


def _beside(target: ast.Name, tree: ModuleTree) -> ast.AST:
    """The value of an assignment, item by item where both sides are tuples."""
    outer = tree.parents[id(target)]
    if isinstance(outer, ast.Tuple):
        statement = tree.parents[id(outer)]
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Tuple) and len(value.elts) == len(outer.elts):
            return value.elts[outer.elts.index(target)]
        return statement
    return getattr(outer, "value", None) or outer


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_tested(found: Mismatch, node: ast.expr, tree: ModuleTree) -> bool:
    """What was tested for `Exception` may still be a `BaseException`, which nobody returns."""
    bare = ClassType(name="builtins.BaseException")
    if found.reason is not Reason.MAYBE_ERROR or bare not in members_of(found.provided):
        return False
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == "isinstance"
        for each in ast.walk(tree.scope_of(node))
    )


def _is_mixed(node: ast.expr, tree: ModuleTree, faults: Sequence[TypeFault]) -> bool:
    """A list that is typed by what is put into it first, and holds other things too: the checker
    has said so where they are put in, and what it says of the list afterwards isn't so."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return False
    scope = tree.scope_of(node)
    return any(
        fault.code in ("arg-type", "operator")
        and fault.span.path == tree.source.path
        and _FILLS.search(tree.source.line(fault.span.start.line)) is not None
        and _is_inside(fault.span, scope)
        for fault in faults
    )


def _is_inside(span: Span, scope: ast.AST) -> bool:
    first, last = getattr(scope, "lineno", 0), getattr(scope, "end_lineno", sys.maxsize)
    return bool(first <= span.start.line <= last)
