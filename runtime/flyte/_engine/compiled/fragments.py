"""Python fragments of a plan, run as functions.

A fragment's text is the user's own, from its place on; it becomes the body of a function whose
parameters are the node's inputs, compiled under the user's file name with its lines and columns
kept, so that a traceback shows the user's own line. A shared variable is a free variable of that
function, and gets the very cell: what the fragment defines shares it, too.

Names that the engine makes can't be written in Python, so they clash with none of the user's.
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Iterable
from types import CellType, CodeType, FunctionType
from typing import Any

from flyte._engine.compiled.exits import UNBOUND, Outputs, Waiting
from flyte._engine.compiled.homes import Home
from flyte._engine.compiled.operands import cell_of, read, unbound_local
from flyte._engine.compiled.raising import throw
from flyte._engine.compiled.scopes import Scope
from flyte_plan.plan import VALUE, PythonNode, SharedOperand

FRAGMENT, AROUND, LOCALS = "<fragment>", "<around>", "<locals>"

_Key = tuple[str, frozenset[str]]


class Fragments:
    """The fragments of one driver, each compiled at its first use."""

    def __init__(self) -> None:
        self._codes: dict[_Key, CodeType] = {}

    def function(self, node: PythonNode, home: Home, unbound: frozenset[str]) -> CodeType:
        """The code of a fragment in which `unbound` inputs have no value."""
        key = (node.id, unbound)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = _compile(node, home, unbound)
        return code


def run_fragment(node: PythonNode, scope: Scope) -> object:
    """An expression's value, and the variables that a fragment leaves.

    Raises:
        BaseException: what the fragment raises.
    """
    body = scope.body
    cells: dict[str, CellType] = {}
    values: dict[str, object] = {}
    for named in node.inputs:
        if isinstance(named.value, SharedOperand):
            cells[named.name] = cell_of(named.value, scope)
        else:
            values[named.name] = read(named.value, scope)
    unbound = frozenset(name for name, value in values.items() if value is UNBOUND)
    code = body.graph.fragments.function(node, body.home, unbound)
    closure = tuple(cells[n] if n in cells else body.home.closure[n] for n in code.co_freevars)
    function = FunctionType(code, body.home.globals, body.home.name, None, closure)
    values[LOCALS] = locals_of_caller
    own = _own_cells(node, scope) if cells else frozenset()
    if node.is_async:
        return Waiting(_awaited(node, function(**values), own))
    try:
        return _outputs(node, function(**values))
    except NameError as error:
        local = _as_own(error, own)
        if local is None:
            raise
    return throw(local)


locals_of_caller = locals
"""Python's own, whatever the user's module calls `locals`."""


async def _awaited(node: PythonNode, running: Awaitable[Any], own: frozenset[str]) -> object:
    try:
        return _outputs(node, await running)
    except NameError as error:
        local = _as_own(error, own)
        if local is None:
            raise
    return throw(local)


def _outputs(node: PythonNode, result: Any) -> object:
    if node.form == "expression" and not node.outputs:
        return result
    value, left = result if node.form == "expression" else (UNBOUND, result)
    outputs = Outputs({name: left.get(name, UNBOUND) for name in node.outputs})
    if value is not UNBOUND:
        outputs[VALUE] = value
    return outputs


def _own_cells(node: PythonNode, scope: Scope) -> frozenset[str]:
    """The shared inputs that are the running body's own variables."""
    return frozenset(
        named.name
        for named in node.inputs
        if isinstance(named.value, SharedOperand) and named.value.owner == scope.body.owner
    )


def _as_own(error: NameError, own: frozenset[str]) -> UnboundLocalError | None:
    """The error for a variable of the body's own, which to the fragment is a free one.

    None for any other error, such as one out of a function that the fragment called.
    """
    trace = error.__traceback__
    frames = 0
    while trace is not None:
        frames, trace = frames + 1, trace.tb_next
    if type(error) is not NameError or error.name not in own or frames > 2:
        return None
    if "free variable" not in str(error):
        return None
    local = unbound_local(error.name)
    local.__context__ = error.__context__
    return local.with_traceback(error.__traceback__)


# Compiling -----------------------------------------------------------------------------------


def _compile(node: PythonNode, home: Home, unbound: frozenset[str]) -> CodeType:
    shared = [named.name for named in node.inputs if isinstance(named.value, SharedOperand)]
    parameters = [named.name for named in node.inputs if named.name not in shared]
    define = "async def" if node.is_async else "def"
    module = ast.parse(f"def f(): \n {define} f(): pass")
    around = module.body[0]
    assert isinstance(around, ast.FunctionDef)
    function = around.body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    around.name, function.name = AROUND, FRAGMENT
    around.args.args = _parameters(dict.fromkeys([*shared, *home.closure]), around)
    function.args.args = _parameters([*parameters, LOCALS], function)
    function.body = _body(node, unbound, shared)
    for outer in (around, function):
        outer.lineno = outer.end_lineno = node.place.line
    compiled = compile(module, home.file, "exec", flags=home.future, dont_inherit=True)
    code = _inner(_inner(compiled, AROUND), FRAGMENT)
    prefix = f"{AROUND}.<locals>.{FRAGMENT}"
    return _renamed(code, prefix, home.qualname).replace(co_name=home.name)


def _parameters(names: Iterable[str], place: ast.stmt) -> list[ast.arg]:
    return [ast.copy_location(ast.arg(arg=name), place) for name in names]


def _body(node: PythonNode, unbound: frozenset[str], shared: list[str]) -> list[ast.stmt]:
    body = _expression(node) if node.form == "expression" else _statements(node, shared)
    first: list[ast.stmt] = []
    if node.global_names:
        first.append(ast.Global(names=list(node.global_names)))
    if shared:
        first.append(ast.Nonlocal(names=shared))
    first += [ast.Delete(targets=[ast.Name(name, ast.Del())]) for name in sorted(unbound)]
    return [*_beside(first, body[0]), *body]


def _expression(node: PythonNode) -> list[ast.stmt]:
    tree = ast.parse(f"({node.source})", mode="eval")
    _move(tree, node)
    value = tree.body
    if node.outputs:
        value = ast.Tuple(elts=[value, _all_locals()], ctx=ast.Load())
        _beside([ast.Expr(value.elts[1])], tree.body)
        ast.copy_location(value, tree.body)
    return [ast.copy_location(ast.Return(value=value), tree.body)]


def _statements(node: PythonNode, shared: list[str]) -> list[ast.stmt]:
    # The wrapper lets `await` and `return` parse; its own line is the one before the fragment's.
    wrapper = ast.parse(f"async def f():\n{node.indent or ' '}{node.source}").body[0]
    assert isinstance(wrapper, ast.AsyncFunctionDef)
    for statement in wrapper.body:
        ast.increment_lineno(statement, node.place.line - 2)
    if shared:
        _Unannotated(frozenset(shared)).generic_visit(wrapper)
    return [*wrapper.body, *_beside([ast.Return(value=_all_locals())], wrapper.body[-1])]


class _Unannotated(ast.NodeTransformer):
    """Takes the annotations off shared variables: those of a `nonlocal` name can't have one, and
    Python evaluates none of a local's."""

    def __init__(self, shared: frozenset[str]) -> None:
        self._shared = shared

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if not isinstance(node.target, ast.Name) or node.target.id not in self._shared:
            return node
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def _other_scope(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _other_scope  # noqa: N815


def _all_locals() -> ast.expr:
    return ast.Call(func=ast.Name(LOCALS, ast.Load()), args=[], keywords=[])


def _beside(ours: list[ast.stmt], place: ast.AST) -> list[ast.stmt]:
    """Statements of our own, at the place of one of the user's."""
    for statement in ours:
        for node in ast.walk(statement):
            ast.copy_location(node, place)
    return ours


def _move(tree: ast.Expression, node: PythonNode) -> None:
    """Put an expression that was parsed by itself, in parentheses, back to its place."""
    columns = node.place.column - 1 - len("(")
    for part in ast.walk(tree):
        if getattr(part, "lineno", None) is None:
            continue
        located: Any = part
        if located.lineno == 1:
            located.col_offset += columns
        if located.end_lineno == 1:
            located.end_col_offset += columns
        located.lineno += node.place.line - 1
        located.end_lineno += node.place.line - 1


def _inner(code: CodeType, name: str) -> CodeType:
    (found,) = [each for each in _codes(code) if each.co_name == name]
    return found


def _codes(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _renamed(code: CodeType, prefix: str, qualname: str) -> CodeType:
    """The code under the name that it would have in its function, and so all code inside."""
    constants = tuple(
        _renamed(constant, prefix, qualname) if isinstance(constant, CodeType) else constant
        for constant in code.co_consts
    )
    own = code.co_qualname
    if own == prefix or own.startswith(f"{prefix}."):
        own = qualname + own[len(prefix) :]
    return code.replace(co_consts=constants, co_qualname=own)
