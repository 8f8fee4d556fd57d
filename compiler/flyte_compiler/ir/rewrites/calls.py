"""Calls in fragments: of functions and methods in the tables, of `print` and loggers, and the rest,
which may do anything."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, assert_never

from flyte_compiler.ir.rewrites.doings import shown
from flyte_compiler.ir.rewrites.forms import (
    A_SCALAR,
    BUILTIN,
    NOTHING,
    OPAQUE,
    SCALAR,
    UNKNOWN,
    Form,
    Holder,
    Value,
    element_of,
    found_in,
    is_known,
    join,
    join_all,
    join_values,
    listing,
    mapping,
    row,
    value,
)
from flyte_compiler.ir.rewrites.known import (
    CLASSES,
    EXCEPTIONS,
    FUNCTIONS,
    METHODS,
    OUTPUTS,
    STREAMS,
    Function,
    Gives,
    Looks,
    Method,
    Stores,
)

if TYPE_CHECKING:
    from flyte_compiler.ir.rewrites.expressions import Expressions

_LAZY = frozenset(
    {
        *(Gives.ROWS, Gives.NUMBERED, Gives.RESULTS, Gives.CHOSEN),
        *(Gives.PAIRS, Gives.KEYS, Gives.VALUES),
    }
)
_BY_KEY = frozenset(
    {"builtins.sorted", "builtins.max", "builtins.min"},
)
"""They compare what `key` gives, where it is given."""
_HASHING = frozenset({"get", "pop", "setdefault"})
_BLIND = frozenset({"add", "append", "insert"})
"""They change an object without telling anything about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call with its arguments evaluated."""

    tree: ast.Call
    arguments: tuple[Value, ...]
    """By position; of an unpacked one, what it unpacks to."""
    keywords: tuple[tuple[str | None, Value], ...]

    @property
    def values(self) -> tuple[Value, ...]:
        return (*self.arguments, *(held for _, held in self.keywords))


def call(inside: Expressions, tree: ast.Call) -> Value:
    """What a call gives."""
    function = inside.of(tree.func)
    followed = function.method in METHODS or function.origin in FUNCTIONS.keys() | OUTPUTS
    made = _Call(
        tree=tree,
        arguments=tuple(_argument(inside, each, followed=followed) for each in tree.args),
        keywords=tuple(
            (each.arg, _argument(inside, each.value, followed=followed)) for each in tree.keywords
        ),
    )
    return _called(inside, function, made)


def _called(inside: Expressions, function: Value, made: _Call) -> Value:
    if function.method in METHODS:
        return _method(inside, function, METHODS[function.method], made)
    if function.origin in OUTPUTS:
        return _output(inside, made)
    if function.origin == "builtins.isinstance" and _asks_for_builtin(made):
        return A_SCALAR
    if function.origin in EXCEPTIONS and not made.keywords:
        for given in made.arguments:
            inside.heap.give_away(given.groups)
        return UNKNOWN
    if (known := FUNCTIONS.get(function.origin)) is not None:
        return _function(inside, function.origin, known, made)
    return _unknown(inside, function, made)


def _unknown(inside: Expressions, function: Value, made: _Call) -> Value:
    return inside.doings.anything(
        f"calls `{shown(made.tree.func)}`, which may do anything", (function, *made.values)
    )


def _argument(inside: Expressions, tree: ast.expr, *, followed: bool) -> Value:
    match tree:
        case ast.Starred(value=inner):
            return inside.element(inside.of(inner), inner)
        case ast.GeneratorExp() if followed:
            return inside.generated(tree)
        case ast.Lambda() if followed:
            return Value(OPAQUE)  # Whoever calls it goes through its body.
        case _:
            return inside.of(tree)


# Functions -----------------------------------------------------------------------------------


def _function(inside: Expressions, origin: str, known: Function, made: _Call) -> Value:
    arguments, trees = list(made.arguments), list(made.tree.args)
    if known.gives in (Gives.RESULTS, Gives.CHOSEN) and arguments:
        result = _applied(inside, trees[0], arguments[0], _elements(inside, made, 1))
        arguments, trees = arguments[1:], trees[1:]
    else:
        result = UNKNOWN
    keywords = {each.arg: each.value for each in made.tree.keywords}
    looks = known.looks
    if origin in _BY_KEY and "key" in keywords:
        elements = _elements(inside, made, 0) if len(arguments) == 1 else list(arguments)
        key = _applied(inside, keywords["key"], dict(made.keywords)["key"], elements[:1])
        if not inside.look(key, Looks.THROUGH, keywords["key"]):
            return UNKNOWN
        looks = Looks.INSIDE if len(arguments) == 1 else Looks.NOWHERE
    elif origin == "builtins.reversed" and not isinstance(arguments[0].form, Holder):
        looks = Looks.THROUGH
    safe = [inside.look(a, looks, tree) for a, tree in zip(arguments, trees, strict=True)]
    for name, held in made.keywords:
        if name != "key":
            safe.append(inside.look(held, Looks.THROUGH, made.tree))
    if not all(safe) or _is_unpacked(made):
        return _unknown(inside, UNKNOWN, made)
    return _given(inside, origin, made, arguments, result)


def _given(
    inside: Expressions,
    origin: str,
    made: _Call,
    arguments: list[Value],
    result: Value,
) -> Value:
    """What a function in the table gives, with the arguments that it keeps."""
    gives = FUNCTIONS[origin].gives
    first = arguments[0] if arguments else A_SCALAR
    kept = [*arguments, *(held for name, held in made.keywords if name != "key")]
    elements = [inside.heap.element(argument) for argument in arguments]
    form: Form
    match gives:
        case Gives.SCALAR:
            return A_SCALAR
        case Gives.ELEMENT:
            return _chosen(inside, origin, arguments, kept)
        case Gives.LIST:
            form = listing(join_all(elements))
        case Gives.DICT:
            form = _dict(inside, made, elements, first)
        case Gives.ROWS:
            form = listing(row(elements))
        case Gives.NUMBERED:
            form = listing(row((SCALAR, elements[0] if elements else OPAQUE)))
        case Gives.RESULTS:
            form, kept = listing(result.form), [*kept, result]
        case Gives.CHOSEN:
            form = listing(join_all(elements))
        case _:
            form = BUILTIN
    is_lazy = gives in _LAZY
    new = inside.doings.new(made.tree, form, kept if is_lazy else inside.contents(*kept))
    return Value(new.form, new.groups, lazy=is_lazy)


def _chosen(inside: Expressions, origin: str, arguments: list[Value], kept: list[Value]) -> Value:
    """What `max`, `min` and `sum` give."""
    if len(arguments) != 1 and origin != "builtins.sum":
        return reduce(join_values, kept, Value(NOTHING))
    first, *others = kept
    element = value(inside.heap.element(first), first.groups)
    start = [A_SCALAR] if origin == "builtins.sum" and not others else others
    return reduce(join_values, start, element)


def _dict(inside: Expressions, made: _Call, elements: list[Form], first: Value) -> Form:
    named = join_all(held.form for _, held in made.keywords)
    keys = SCALAR if made.keywords else NOTHING
    if not elements:
        return mapping(keys, named)
    if isinstance(first.form, Holder) and first.form.is_dict:
        return mapping(join(keys, elements[0]), join(named, inside.heap.found(first)))
    pair = elements[0]
    return mapping(join(keys, found_in(pair, 0)), join(named, found_in(pair, 1)))


def _elements(inside: Expressions, made: _Call, start: int) -> list[Value]:
    return [
        inside.element(argument, tree)
        for argument, tree in zip(made.arguments[start:], made.tree.args[start:], strict=True)
    ]


def _applied(inside: Expressions, tree: ast.expr, function: Value, given: list[Value]) -> Value:
    """What a function gives that another one calls: a `lambda` written there, or a known one."""
    if isinstance(tree, ast.Lambda):
        parameters = [*tree.args.posonlyargs, *tree.args.args]
        plain = not (tree.args.vararg or tree.args.kwonlyargs or tree.args.kwarg)
        if not plain or tree.args.defaults or len(parameters) != len(given):
            return inside.escaping(tree, f"makes a function: `{shown(tree)}`")
        with inside.scope():
            for parameter, argument in zip(parameters, given, strict=True):
                name = ast.Name(id=parameter.arg, ctx=ast.Store())
                inside.assign_inside(name, argument)
            return inside.of(tree.body)
    if function.form == SCALAR:
        return value(join_all(each.form for each in given), _groups(given))  # `filter(None, xs)`
    names: list[ast.expr] = [ast.Name(id="element", ctx=ast.Load()) for _ in given]
    stand_in = ast.copy_location(ast.Call(func=tree, args=names, keywords=[]), tree)
    return _called(inside, function, _Call(tree=stand_in, arguments=tuple(given), keywords=()))


def _asks_for_builtin(made: _Call) -> bool:
    if len(made.arguments) != 2 or made.keywords:
        return False
    asked = made.tree.args[1]
    if isinstance(asked, ast.Tuple):
        return all(isinstance(each, ast.Name) and each.id in _CLASS_NAMES for each in asked.elts)
    return made.arguments[1].origin in CLASSES


_CLASS_NAMES = frozenset(name.rpartition(".")[2] for name in CLASSES)


def _output(inside: Expressions, made: _Call) -> Value:
    for name, held in made.keywords:
        if name == "file" and held.origin in STREAMS:
            continue
        if name is None or name == "file":
            return _unknown(inside, UNKNOWN, made)
        inside.look(held, Looks.THROUGH, made.tree)
    for argument, tree in zip(made.arguments, made.tree.args, strict=True):
        inside.look(argument, Looks.THROUGH, tree)
    inside.doings.prints = True
    return A_SCALAR


def _is_unpacked(made: _Call) -> bool:
    """Whether it isn't known which argument is which."""
    starred = any(isinstance(each, ast.Starred) for each in made.tree.args)
    return starred or any(name is None for name, _ in made.keywords)


# Methods -------------------------------------------------------------------------------------


def _method(inside: Expressions, function: Value, method: Method, made: _Call) -> Value:
    owner = Value(function.form, function.groups, lazy=function.lazy)
    tree = made.tree.func
    into_self, looks = method.into_self, method.looks
    if function.method == "sort" and made.tree.keywords:
        key = next((each.value for each in made.tree.keywords if each.arg == "key"), None)
        if key is not None:
            given = dict(made.keywords)["key"]
            result = _applied(inside, key, given, [inside.element(owner, tree)])
            if not inside.look(result, Looks.THROUGH, key):
                return UNKNOWN
            into_self = Looks.INSIDE
    if _is_unpacked(made) or not _fits(inside, function.method, owner, looks, made):
        return _unknown(inside, owner, made)
    if not inside.look(owner, into_self, tree, is_read=function.method not in _BLIND):
        return _unknown(inside, owner, made)
    if method.changes:
        inside.doings.change(owner, tree)
        _store(inside, method.stores, owner, made)
    return _of_method(inside, method.gives, owner, made)


def _fits(inside: Expressions, name: str, owner: Value, looks: Looks, made: _Call) -> bool:
    """Whether what the method looks into is builtins."""
    arguments = list(zip(made.arguments, made.tree.args, strict=True))
    if name in _HASHING:
        if isinstance(owner.form, Holder) and not is_known(inside.heap.element(owner)):
            return not owner.form.is_dict and not arguments
        looked = arguments[:1]
    elif looks is Looks.NOWHERE:
        looked = arguments[:-1]
    else:
        looked = arguments
    wanted = Looks.THROUGH if looks is Looks.NOWHERE else looks
    trees = [(held, made.tree) for key, held in made.keywords if key != "key"]
    return all(inside.look(held, wanted, tree) for held, tree in looked) and all(
        inside.look(held, Looks.THROUGH, tree) for held, tree in trees
    )


def _store(inside: Expressions, stores: Stores, owner: Value, made: _Call) -> None:
    match stores:
        case Stores.NOTHING:
            return
        case Stores.LAST:
            for argument in made.arguments[-1:]:
                inside.heap.store(owner, argument)
        case Stores.ELEMENTS:
            for argument in made.arguments:
                inside.heap.store(owner, value(element_of(argument.form), argument.groups))
                found = inside.heap.element(argument), inside.heap.found(argument)
                inside.heap.store(owner, value(join_all((*found, SCALAR)), argument.groups))
            for _, held in made.keywords:
                inside.heap.store(owner, held, SCALAR)
        case Stores.ENTRY:
            key = made.arguments[0].form if made.arguments else OPAQUE
            for argument in made.arguments[1:]:
                inside.heap.store(owner, argument, key)
        case _:
            assert_never(stores)


def _of_method(inside: Expressions, gives: Gives, owner: Value, made: _Call) -> Value:
    form: Form
    match gives:
        case Gives.SCALAR:
            return A_SCALAR
        case Gives.TEXTS:
            return inside.doings.new(made.tree, listing(SCALAR))
        case Gives.FOUND:
            found = value(inside.heap.found(owner), owner.groups)
            return reduce(join_values, (A_SCALAR, *made.arguments[1:]), found)
        case Gives.PAIR:
            form = row((inside.heap.element(owner), inside.heap.found(owner)))
            return value(form, owner.groups)
        case Gives.PAIRS:
            form = listing(row((inside.heap.element(owner), inside.heap.found(owner))))
        case Gives.KEYS:
            form = listing(inside.heap.element(owner))
        case Gives.VALUES:
            form = listing(inside.heap.found(owner))
        case Gives.ITSELF:
            form = owner.form
        case _:
            form = BUILTIN
    is_lazy = gives in _LAZY
    kept = [owner] if is_lazy else inside.contents(owner, *made.arguments)
    new = inside.doings.new(made.tree, form, kept)
    return Value(new.form, new.groups, lazy=is_lazy)


def _groups(values: list[Value]) -> frozenset[str]:
    return frozenset[str]().union(*(each.groups for each in values))
