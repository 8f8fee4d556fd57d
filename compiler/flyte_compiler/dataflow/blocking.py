"""What blocks a driver's body: calls that wait without `await`, and long counted loops.

Followed into the plain functions that the driver calls, not into those that it hands on: a thread
may run them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from flyte_compiler.callgraph.model import CallSite, Definition, Kind
from flyte_compiler.dataflow.names import local_names
from flyte_compiler.dataflow.trees import AnyFunction, ModuleTree, Trees
from flyte_compiler.source.span import Span


class BlockKind(Enum):
    """What holds the driver up."""

    WAITS = "waits"
    COMPUTES = "computes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One such place."""

    kind: BlockKind
    text: str
    """As written: `time.sleep(5)`; for a loop how often it goes round."""
    span: Span
    called: Span
    """The place in the driver's own body: itself, or the call that leads there."""


_HTTP = "get post put patch delete head options request"
WAITING = frozenset(
    {
        *("time.sleep", "os.system", "urllib.request.urlopen", "urllib.request.urlretrieve"),
        *(f"requests.{name}" for name in _HTTP.split()),
        *(f"httpx.{name}" for name in _HTTP.split()),
        *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")),
        *("subprocess.getoutput", "subprocess.getstatusoutput", "socket.create_connection"),
    }
)
LONG = 1_000_000
"""Turns of a loop that a driver feels."""
_DEEPEST = 5
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def blocks_in(trees: Trees, driver: Definition) -> Iterator[Block]:
    """What blocks in a driver, each place in its own body once."""
    found = trees.function_of(driver)
    if found is None:
        return
    module, function = found
    seen: set[Span] = set()
    for block in _Finder(trees, module, function, (function,)).found():
        if block.called not in seen:
            seen.add(block.called)
            yield block


@dataclass(frozen=True, slots=True)
class _Finder:
    trees: Trees
    module: ModuleTree
    function: AnyFunction
    path: tuple[AnyFunction, ...]

    def found(self) -> Iterator[Block]:
        local = local_names(self.function)
        for node in _nodes(self.function.body):
            if isinstance(node, ast.Call):
                yield from self._of_call(node, local)
            elif isinstance(node, ast.For | ast.expr) and (turns := _turns(node)) >= LONG:
                yield from self._of_loop(node, turns)

    def _of_loop(self, loop: ast.For | ast.expr, turns: int) -> Iterator[Block]:
        if not _waits_inside(loop):
            span = self.module.span(loop.iter if isinstance(loop, ast.For) else loop)
            yield Block(kind=BlockKind.COMPUTES, text=f"{turns:,}", span=span, called=span)

    def _of_call(self, call: ast.Call, local: frozenset[str]) -> Iterator[Block]:
        known = self.module.call_of(call)
        if isinstance(known, CallSite) and known.callee.kind is not Kind.HELPER:
            return
        origin = self.module.names.origin(call.func, local)
        span = self.module.span(call)
        if origin in WAITING:
            text = " ".join(ast.unparse(call.func).split())
            yield Block(kind=BlockKind.WAITS, text=text, span=span, called=span)
        helper = self.trees.helper_named(origin) if origin else None
        if helper is None or helper[1] in self.path or len(self.path) > _DEEPEST:
            return
        module, function = helper
        inner = _Finder(self.trees, module, function, (*self.path, function))
        first = next(inner.found(), None)
        if first is not None:
            yield Block(kind=first.kind, text=first.text, span=first.span, called=span)


def _nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes that run in the body itself; of loops in loops the outer one alone."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _SCOPES):
            continue
        children = list(ast.iter_child_nodes(node))
        if _turns(node) >= LONG:
            children = [each for each in children if not isinstance(each, ast.stmt | ast.expr)]
        waiting += reversed(children)


def _turns(node: ast.AST) -> int:
    """How often the innermost part of a counted loop runs; 1 for what is none."""
    match node:
        case ast.For(iter=iterable, body=body):
            inside = max((_turns(each) for each in body), default=1)
            return _count(iterable) * inside
        case ast.ListComp(generators=loops) | ast.SetComp(generators=loops):
            return _product(loops)
        case ast.GeneratorExp(generators=loops) | ast.DictComp(generators=loops):
            return _product(loops)
        case _:
            return 1


def _product(loops: list[ast.comprehension]) -> int:
    turns = 1
    for loop in loops:
        turns *= _count(loop.iter)
    return turns


def _count(iterable: ast.expr) -> int:
    match iterable:
        case ast.Call(func=ast.Name(id="range"), args=[stop]):
            return max(_number(stop), 1)
        case ast.Call(func=ast.Name(id="range"), args=[start, stop]):
            return max(_number(stop) - _number(start), 1)
        case _:
            return 1


def _number(tree: ast.expr) -> int:
    match tree:
        case ast.Constant(value=int(value)):
            return int(value)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _number(left) * _number(right)
        case ast.BinOp(left=ast.Constant(value=int(base)), op=ast.Pow(), right=power):
            exponent = _number(power)
            return int(base) ** exponent if 0 <= exponent < 64 else 0
        case _:
            return 0


def _waits_inside(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Await | ast.Yield | ast.YieldFrom | ast.Break | ast.Return)
        for each in ast.walk(node)
    )
