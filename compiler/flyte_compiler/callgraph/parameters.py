"""What a parameter may be: what calls hand over, its default, what its annotation says."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.cells import Key
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.sources import annotated
from flyte_compiler.callgraph.values import NOTHING, Instance, Values, in_doubt
from flyte_compiler.syntax.model import FunctionDef
from flyte_compiler.syntax.scan import parameter_list


def parameter_key(code: Body, name: str) -> Key:
    """The cell of one parameter."""
    return ("parameter", code, name)


def parameter(flow: Flow, code: Body, name: str) -> Values:
    """What a parameter may be; nothing where the function has no such one."""
    function = code.function
    if function is None or all(each.name != name for each in function.signature.parameters):
        return NOTHING
    key = parameter_key(code, name)
    return flow.cells.read(key, lambda: _received(flow, code, function.tree, name, key))


def is_static(function: FunctionDef) -> bool:
    """Whether a method receives neither an object nor a class."""
    return any(decorator.target == "staticmethod" for decorator in function.decorators)


def is_of_class(function: FunctionDef) -> bool:
    """Whether a method receives its class."""
    names = ("__new__", "__init_subclass__", "__class_getitem__")
    return function.short_name in names or any(
        decorator.target == "classmethod" for decorator in function.decorators
    )


def _received(flow: Flow, code: Body, tree: cst.FunctionDef, name: str, key: Key) -> Values:
    around = flow.codes.around(code)
    found = [flow.given_to(key), _receiver(flow, code, name)]
    for each in parameter_list(tree.params):
        if each.name.value != name:
            continue
        if each.default is not None:
            found.append(flow.of(each.default, around))
        if each.annotation is not None and not each.star:
            found.append(annotated(flow, each.annotation.annotation, around))
    return in_doubt(NOTHING.union(*found))


def _receiver(flow: Flow, code: Body, name: str) -> Values:
    """`self` or `cls`: of the class around a method, or of one derived from it."""
    kind, function = flow.codes.class_of(code), code.function
    if kind is None or function is None or is_static(function):
        return NOTHING
    if function.signature.parameters[0].name != name:
        return NOTHING
    return frozenset((kind if is_of_class(function) else Instance(kind, or_below=True),))
