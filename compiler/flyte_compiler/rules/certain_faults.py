"""Which of a type checker's findings are faults whatever runs: those of a line that always fails.

A type checker also reports what works: a list of another element type that is only read, a member
of a union that never occurs, an attribute that a subclass has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flyte_compiler.rules.facts import Facts
from flyte_compiler.typecheck.explain import is_exception
from flyte_compiler.typecheck.model import AnyType, ClassType, TupleType, Type, UnionType
from flyte_compiler.typecheck.oracle import TypeFault

_CODES = frozenset({"operator", "index", "call-arg", "arg-type", "attr-defined"})
_BESIDE: Mapping[str, tuple[type[ast.AST], ...]] = MappingProxyType(
    {"operator": (ast.BinOp, ast.Compare, ast.AugAssign), "index": (ast.Subscript,)}
)
"""By code, what a fault of one operand has its other operands in."""
_COROUTINE = "unused-coroutine"
_UNSURE = re.compile(
    r"""\bobject\b|\bModule\b|"Callable\[|"def |overloaded|Supports(?!Index)|\[Never|<nothing>"""
)
"""In a message: `object` is what the type checker makes of a table of unlike values; functions and
modules have attributes that nobody declares; protocols are narrower than what works."""
_BOUND_ANEW = re.compile(r'Name "(\w+)" already defined')
_ARGUMENT = re.compile(r'has incompatible type "\*{0,2}(?P<given>\w+).*; expected "(?P<wanted>\w+)')


def is_sure(fault: TypeFault, facts: Facts) -> bool:
    """Whether the line fails whatever runs: nothing unknown, nothing that only may be."""
    if fault.involves_any:
        return False
    if _is_of_name_bound_anew(fault, facts):
        return False
    if fault.code == _COROUTINE:
        return not _keeps_coroutine(fault, facts)
    if fault.code not in _CODES or _UNSURE.search(fault.message):
        return False
    if fault.code == "attr-defined" and not _is_closed(fault, facts):
        return False
    return not _is_of_variance(fault) and not any(
        isinstance(each, UnionType) or is_exception(each) or _is_vague(each)
        for each in _taking_part(fault, facts)
    )


def _is_of_variance(fault: TypeFault) -> bool:
    """Whether an argument only differs in what its container holds, which works."""
    found = _ARGUMENT.search(fault.message)
    return found is not None and found["given"] == found["wanted"]


def _taking_part(fault: TypeFault, facts: Facts) -> Iterator[Type]:
    """The types of the expression at fault and of the operands beside it; of an argument, its own
    only."""
    assert facts.types is not None
    tree = facts.types.trees.holding(fault.span)
    node = None if tree is None else tree.expression_at(fault.span)
    if tree is None or node is None or fault.code == "call-arg":
        return
    around = tree.parents[id(node)]
    nodes = [node]
    if fault.code != "arg-type":
        beside = around if isinstance(around, _BESIDE.get(fault.code, ())) else node
        nodes += [
            each
            for each in (*ast.iter_child_nodes(node), *ast.iter_child_nodes(beside))
            if isinstance(each, ast.expr)
        ]
    for each in nodes:
        found = facts.types.oracle.type_of(tree.span(each))
        if found is not None:
            yield found


def type_at(fault: TypeFault, facts: Facts) -> Type | None:
    """The type of the expression at fault."""
    return None if facts.types is None else facts.types.oracle.type_of(fault.span)


def is_known(tested: Type) -> bool:
    """Whether no part of a type is `Any`."""
    match tested:
        case AnyType():
            return False
        case ClassType(arguments=parts) | TupleType(items=parts) | UnionType(members=parts):
            return all(map(is_known, parts))
        case _:
            return True


def _is_vague(tested: Type) -> bool:
    """`object` is what type checkers make of unlike values; what is deployed may be more than its
    class here says."""
    return isinstance(tested, ClassType) and (
        tested.name == "builtins.object" or tested.name.startswith("flyte.remote.")
    )


def _is_closed(fault: TypeFault, facts: Facts) -> bool:
    """Whether a value is of its very class: what subclasses have beyond it, nobody knows."""
    assert facts.types is not None
    tree = facts.types.trees.holding(fault.span)
    node = None if tree is None else tree.expression_at(fault.span)
    if tree is None or node is None:
        return False
    asked = node.value if isinstance(node, ast.Attribute) else node
    known = facts.types.oracle.type_of(tree.span(asked))
    if not isinstance(known, ClassType):
        return isinstance(known, TupleType)
    module, _, name = known.name.rpartition(".")
    is_ours = module in ("builtins", "flyte") or module.startswith("flyte.")
    is_final = module in facts.call_graph.modules and name not in _bases(facts)
    return is_ours or is_final


def _bases(facts: Facts) -> frozenset[str]:
    """The last names of all that the program's classes inherit from."""
    assert facts.types is not None
    classes = (
        node
        for tree in facts.types.trees.of_module.values()
        for node in ast.walk(tree.tree)
        if isinstance(node, ast.ClassDef)
    )
    return frozenset(
        ast.unparse(base).rpartition(".")[2] for each in classes for base in each.bases
    )


def _is_of_name_bound_anew(fault: TypeFault, facts: Facts) -> bool:
    """Whether a name takes part whose first definition type checkers go by, and Python by its
    last."""
    assert facts.types is not None
    tree = facts.types.trees.holding(fault.span)
    text = "" if tree is None else tree.source.slice(fault.span)
    names = (
        _BOUND_ANEW.match(each.message)
        for each in facts.types.oracle.faults
        if each.code == "no-redef" and each.span.path == fault.span.path
    )
    return any(name is not None and re.search(rf"\b{name[1]}\b", text) for name in names)


def _keeps_coroutine(fault: TypeFault, facts: Facts) -> bool:
    """Whether a call that gives a coroutine was given it: `table.setdefault(key, load(path))`."""
    assert facts.types is not None
    tree = facts.types.trees.holding(fault.span)
    node = None if tree is None else tree.expression_at(fault.span)
    if tree is None or not isinstance(node, ast.Call):
        return True
    given = (*node.args, *(each.value for each in node.keywords))
    found = (facts.types.oracle.type_of(tree.span(each)) for each in given)
    return any(each is not None and facts.types.oracle.awaited(each) for each in found)
