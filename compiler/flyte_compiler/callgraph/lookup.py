"""What a name may be: through scopes, imports and star imports, by Python's own rules."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.cells import Key
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.parameters import parameter
from flyte_compiler.callgraph.sources import written
from flyte_compiler.callgraph.values import (
    NOTHING,
    Function,
    ModuleValue,
    Outside,
    Values,
    in_doubt,
)
from flyte_compiler.syntax.model import Import, ModuleIndex
from flyte_compiler.syntax.scope import COMPREHENSIONS

_BUILTINS = "builtins"
_SCOPED = frozenset({cst.CompFor, cst.Lambda, cst.ClassDef, *COMPREHENSIONS})
"""What may stand between a name and the code that binds it."""
_BINDING = frozenset({cst.Name, cst.Attribute, cst.AsName})


def name_values(flow: Flow, node: cst.Name, code: Body) -> Values:
    """What a name may be where it stands."""
    scope = _scope_inside(node, code)
    if scope is not None:
        return scope_name(flow, scope, code, node.value)
    for frame in code.frames:
        if node.value in frame.global_:
            break
        if node.value in frame.local:
            tree = frame.function.tree
            return scope_name(flow, tree, flow.codes.of_function(tree), node.value)
    return module_name(flow, code.index.module, node.value)


def name_key(flow: Flow, node: cst.Name, code: Body) -> Key:
    """The cell of a name that something changes where it stands."""
    scope = _scope_inside(node, code)
    if scope is not None:
        return ("name", id(scope), node.value)
    for frame in code.frames:
        if node.value in frame.global_:
            break
        if node.value in frame.local:
            return ("name", id(frame.function.tree), node.value)
    return ("name", id(code.index.tree), node.value)


def scope_name(flow: Flow, scope: cst.CSTNode, code: Body, name: str) -> Values:
    """What a name of a scope may be, whatever the order in which it is bound."""
    key = ("name", id(scope), name)
    return flow.cells.read(key, lambda: _bound(flow, scope, code, name, key))


def module_name(flow: Flow, module: str, name: str) -> Values:
    """What a module's name may be, seen from inside or outside."""
    index = flow.codes.modules[module]
    if name in index.bindings:
        return scope_name(flow, index.tree, flow.codes.of_module(module), name)
    return flow.cells.read(("star", module, name), lambda: _by_star(flow, index, name))


def path_values(flow: Flow, parts: Sequence[str]) -> Values:
    """What a dotted name from the top may be: `pkg.tasks.load`, `flyte.map`."""
    first = parts[0]
    known = first in flow.codes.modules or first in flow.codes.namespaces
    values: Values = frozenset((ModuleValue(first) if known else Outside(first),))
    for part in parts[1:]:
        values = NOTHING.union(*(_part(flow, value, part) for value in values))
    return values


def module_attribute(flow: Flow, module: str, name: str) -> Values:
    """What `module.name` may be: what the module binds, else its submodule."""
    inner = f"{module}.{name}"
    index = flow.codes.modules.get(module)
    if index is not None and name in index.bindings:
        found = module_name(flow, module, name)
        if found or inner not in flow.codes.modules:
            return found
    if inner in flow.codes.modules or inner in flow.codes.namespaces:
        return frozenset((ModuleValue(inner),))
    if index is None:
        return NOTHING
    found = module_name(flow, module, name)
    return NOTHING if found == _builtin(name) else found


def _part(flow: Flow, value: object, part: str) -> Values:
    match value:
        case ModuleValue(name=module):
            return module_attribute(flow, module, part)
        case Outside(name=name):
            return frozenset((Outside(f"{name}.{part}"),))
        case _:
            return NOTHING


def _bound(flow: Flow, scope: cst.CSTNode, code: Body, name: str, key: Key) -> Values:
    writes = flow.codes.writes(scope, code).get(name, ())
    found = [_written(flow, node, where) for node, where in writes]
    if isinstance(scope, cst.FunctionDef):
        found.append(parameter(flow, code, name))
    found.append(flow.given_to(key))
    values, hidden = _without_hidden(NOTHING.union(*found))
    is_sole = len(writes) - hidden <= 1 and not flow.is_given(key)
    return values if is_sole else in_doubt(values)


def _without_hidden(values: Values) -> tuple[Values, int]:
    """`f = env.task(f)` leaves the task alone under the name."""
    wrapped = {v.code for v in values if isinstance(v, Function) and v.is_wrapped}
    hidden = {
        v for v in values if isinstance(v, Function) and v.code in wrapped and not v.is_wrapped
    }
    return values - hidden, len({v.code for v in hidden})


def _written(flow: Flow, node: cst.CSTNode, code: Body) -> Values:
    alias: cst.CSTNode | None = node
    while alias is not None and type(alias) in _BINDING:
        alias = code.parents.get(id(alias))
    if not isinstance(alias, cst.ImportAlias):
        return written(flow, node, code)
    span = code.index.positions.span(alias)
    for found in code.index.imports:
        if found.span == span:
            return _imported(flow, found)
    return NOTHING


def _imported(flow: Flow, found: Import) -> Values:
    attribute = () if found.attribute is None else (found.attribute,)
    return path_values(flow, (*found.module.split("."), *attribute))


def _by_star(flow: Flow, index: ModuleIndex, name: str) -> Values:
    for found in reversed(index.imports):
        if found.attribute != "*":
            continue
        if found.module == "flyte":
            return frozenset((Outside(f"flyte.{name}"),))
        if found.module in flow.codes.modules:
            values = module_name(flow, found.module, name)
            if values and values != _builtin(name):
                return values
    return _builtin(name)


def _builtin(name: str) -> Values:
    return frozenset((Outside(f"{_BUILTINS}.{name}"),))


def _scope_inside(node: cst.CSTNode, code: Body) -> cst.CSTNode | None:
    """The comprehension, lambda or class between a name and the code around it that binds it."""
    name = cst.ensure_type(node, cst.Name).value
    if name not in code.inner_names:
        return None
    child = node
    parent = code.parents.get(id(child))
    is_outside = False
    while parent is not None:
        if type(parent) not in _SCOPED:
            pass
        elif isinstance(parent, cst.CompFor) and child is parent.iter:
            above = code.parents.get(id(parent))
            is_outside = isinstance(above, COMPREHENSIONS)  # the first iterable stands outside
        elif isinstance(parent, COMPREHENSIONS):
            if not is_outside and name in code.index.contents_of(parent).local:
                return parent
            is_outside = False
        elif (
            isinstance(parent, cst.Lambda | cst.ClassDef)
            and child is parent.body
            and name in code.index.contents_of(parent).local
        ):
            return parent
        child, parent = parent, code.parents.get(id(parent))
    return None
