"""What a call gives, what it changes, and what it hands to a task."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flyte_compiler.callgraph.model import CallSite, Form, Kind
from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.places import holder_of
from flyte_compiler.dataflow.sources import (
    ALWAYS_UNSEEDED,
    CLEAN,
    CLOCKS_WITHOUT_ARGUMENTS,
    GENERATORS,
    ORDERLESS,
    PATHS,
    SEEDS,
    SHUFFLES,
    SILENT,
    SOURCES,
    UNORDERED,
    SourceKind,
)
from flyte_compiler.dataflow.taints import (
    NONE,
    SinkKind,
    Taints,
    asked,
    gone_through,
    through,
    turned,
    union,
    without,
)
from flyte_compiler.dataflow.trees import Call
from flyte_compiler.syntax.model import ParameterKind

if TYPE_CHECKING:
    from flyte_compiler.dataflow.evaluate import Evaluator

_FILLS = frozenset(
    ("append", "add", "extend", "insert", "update", "setdefault", "appendleft", "put", "put_nowait")
)
"""Methods that put their arguments into what they are called on."""
_SET_METHODS = frozenset(("union", "intersection", "difference", "symmetric_difference", "copy"))
_KEEPS_CONTAINER = frozenset({"builtins.iter", "builtins.reversed"})


def receiver(tree: ast.expr) -> str:
    """The name of what a target or a method's call changes."""
    return holder_of(tree.value) if isinstance(tree, ast.Attribute | ast.Subscript) else ""


def call_taints(at: Evaluator, call: ast.Call) -> Taints:
    """What a call's value depends on."""
    known = at.module.call_of(call)
    if known is not None and _is_action(known):
        return _action(at, call, known)
    origin = at.origin(call.func)
    if origin in ORDERLESS or _asks_no_order(call):
        with at.in_any_order():
            return union(without(_given(at, call), UNORDERED), _new_set(at, call, origin))
    if origin in SILENT or origin.startswith(CLEAN):
        _given(at, call)
        return NONE
    if (source := _source(at, call, origin)) is not None:
        _given(at, call)
        return source
    helper = _helper(at, call, known, origin)
    if helper is not None:
        return through(helper, f"returned by `{_shown(call)}`", at.module.span(call.func))
    return _unknown(at, call, origin)


def _is_action(known: Call) -> bool:
    if isinstance(known, CallSite):
        return known.callee.kind is not Kind.HELPER
    return known.is_remote or any(each.kind is not Kind.HELPER for each in known.candidates)


def _action(at: Evaluator, call: ast.Call, known: Call) -> Taints:
    """A task's result is what the journal says."""
    names = _parameters_of(known)
    callee = known.callee.function.short_name if isinstance(known, CallSite) else _shown(call)
    skipped = 1 if known.form in (Form.RUN, Form.MAP) else 0
    for index, argument in enumerate(call.args):
        taints = at.of(argument)
        if index < skipped or known.form is Form.RUN:
            continue
        name = names[index] if not skipped and index < len(names) else None
        what = f"the argument `{name}` of `{callee}`" if name else f"an argument of `{callee}`"
        at.reach(taints, SinkKind.ARGUMENT, what, argument)
    for keyword in call.keywords:
        taints = at.of(keyword.value)
        is_option = known.form is Form.MAP
        if known.form is not Form.RUN and not is_option:
            name = f"the argument `{keyword.arg}`" if keyword.arg else "an argument"
            at.reach(taints, SinkKind.ARGUMENT, f"{name} of `{callee}`", keyword.value)
    at.of(call.func)
    return NONE


def _parameters_of(known: Call) -> list[str]:
    if not isinstance(known, CallSite):
        return []
    variable = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
    parameters = known.callee.function.signature.parameters
    return [each.name for each in parameters if each.kind not in variable]


def _given(at: Evaluator, call: ast.Call) -> Taints:
    return union(*(at.of(each) for each in _arguments(call)))


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _new_set(at: Evaluator, call: ast.Call, origin: str) -> Taints:
    if SOURCES.get(origin) is SourceKind.SET:
        return at.source(call, SourceKind.SET)
    return NONE


def _asks_no_order(call: ast.Call) -> bool:
    """Whether it is a method of sets that says yes or no."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("issubset", "isdisjoint")


def _source(at: Evaluator, call: ast.Call, origin: str) -> Taints | None:
    """What a call gives that is a source itself."""
    has_arguments = bool(call.args or call.keywords)
    kind = SOURCES.get(origin)
    if kind is None and origin in CLOCKS_WITHOUT_ARGUMENTS and not has_arguments:
        kind = SourceKind.CLOCK
    if origin == "time.strftime" and len(call.args) == 1:
        kind = SourceKind.CLOCK
    if origin in ALWAYS_UNSEEDED or (origin in GENERATORS and not has_arguments):
        kind = SourceKind.GENERATOR
    if origin == "builtins.hash" and call.args and _is_text(at, call.args[0]):
        kind = SourceKind.IDENTITY
    if kind is None and _lists_directory(at, call):
        kind = SourceKind.DIRECTORY
    if kind is None or at.engine.is_seeded(at.module, origin):
        return None
    return at.source(call, kind)


def _lists_directory(at: Evaluator, call: ast.Call) -> bool:
    """`Path(x).iterdir()`, `(base / "a").glob("*")`: of what shows that it is a path."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in PATHS:
        return False
    if call.func.attr == "iterdir":
        return not call.args
    inner = [node for node in ast.walk(call.func.value) if isinstance(node, ast.Call)]
    return any(at.origin(each.func).startswith("pathlib.") for each in inner)


def _is_text(at: Evaluator, tree: ast.expr) -> bool:
    match tree:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return name in at.texts
        case ast.Call(func=function):
            return at.origin(function) in ("builtins.str", "builtins.repr")
        case ast.Tuple(elts=parts):
            return any(_is_text(at, part) for part in parts)
        case _:
            return False


def _helper(at: Evaluator, call: ast.Call, known: Call | None, origin: str) -> Taints | None:
    """What a first-party function gives; None where it is none, or can't be followed."""
    if isinstance(call.func, ast.Name) and call.func.id in at.nested:
        function = at.nested[call.func.id]
        at.called.add(id(function))
        given = _bound(at, call, function, is_method=False)
        return at.engine.call_nested(at, function, given)
    found = at.engine.trees.helper_named(origin) if origin else None
    is_method = False
    if found is None and isinstance(known, CallSite):
        found = at.engine.trees.function_of(known.callee)
        is_method = known.is_bound
    if found is None:
        return None
    module, function = found
    return at.engine.call(module, function, _bound(at, call, function, is_method=is_method))


def _bound(
    at: Evaluator, call: ast.Call, function: AnyScope, *, is_method: bool
) -> Mapping[str, Taints]:
    """The arguments by the parameters that they fill."""
    arguments = function.args
    by_position = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    rest = arguments.vararg.arg if arguments.vararg else ""
    others = arguments.kwarg.arg if arguments.kwarg else ""
    given: dict[str, Taints] = {}
    start = 1 if is_method else 0
    if is_method and by_position and isinstance(call.func, ast.Attribute):
        given[by_position[0]] = at.of(call.func.value)
    for index, argument in enumerate(call.args, start):
        name = by_position[index] if index < len(by_position) else rest
        given[name] = union(given.get(name, NONE), at.of(argument))
    keywords = {*by_position, *(each.arg for each in arguments.kwonlyargs)}
    for keyword in call.keywords:
        name = keyword.arg if keyword.arg in keywords else others
        given[name] = union(given.get(name, NONE), at.of(keyword.value))
    return {name: taints for name, taints in given.items() if name and taints}


def _unknown(at: Evaluator, call: ast.Call, origin: str) -> Taints:
    """A function that isn't followed gives what it was given, and a method what it is called on."""
    given = _given(at, call)
    if origin in SHUFFLES and not at.engine.is_seeded(at.module, origin):
        shuffled = at.source(call, SourceKind.RANDOM)
        for argument in call.args[:1]:
            at.places.add(holder_of(argument), shuffled)
        return NONE
    if not isinstance(call.func, ast.Attribute):
        gone = given if origin in _KEEPS_CONTAINER else gone_through(given)
        return gone if origin.startswith("builtins.") else _kept(given)
    own = at.of(call.func.value)
    method = call.func.attr
    if method != "time":  # an event loop has a clock, and isn't one
        own = without(own, {SourceKind.EVENT_LOOP})
    if method in _FILLS:
        at.places.add(holder_of(call.func.value), union(given, at.control))
        return NONE
    if method == "shuffle":
        for argument in call.args[:1]:
            at.places.add(holder_of(argument), asked(own))
    if method == "sort":
        _sort(at, call.func.value)
    if method in ("pop", "join"):
        return union(gone_through(own), gone_through(given))
    if method in _SET_METHODS:
        return union(own, without(given, UNORDERED))
    return union(asked(own), _kept(given))


def _kept(given: Taints) -> Taints:
    """A set that is handed on may be gone through or not: say nothing."""
    return turned(given, lambda kind: None if kind is SourceKind.SET else kind)


def _sort(at: Evaluator, of: ast.expr) -> None:
    place = holder_of(of)
    if place:
        at.places.write(place, without(at.places.read(place), UNORDERED))


def _shown(call: ast.Call) -> str:
    text = " ".join(ast.unparse(call.func).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def seeds(origin: str) -> str:
    """The names of the functions that a call of `origin` seeds, by how they start."""
    return SEEDS.get(origin, "")
