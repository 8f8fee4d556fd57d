"""Every body of a program, and who stands around whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, Frame, body_of, frame_of
from flyte_compiler.callgraph.values import ClassValue
from flyte_compiler.syntax.model import FunctionDef, ModuleIndex
from flyte_compiler.syntax.scope import Access, Contents

_WRITES = (Access.WRITE, Access.WALRUS)


class Codes:
    """The code of some modules: of each module itself first, then of its functions."""

    def __init__(self, modules: Mapping[str, ModuleIndex]) -> None:
        self.modules = modules
        self.namespaces = frozenset(_packages(modules)) - modules.keys()
        """Packages without a file."""
        self._of_module = {name: body_of(index, None, ()) for name, index in modules.items()}
        self._functions: dict[str, Sequence[Body]] = {
            name: tuple(body_of(index, *framed) for framed in _framed(index))
            for name, index in sorted(modules.items())
        }
        self._of_function = {id(tree): body for tree, body in _by_tree(self._functions.values())}
        self._writes: dict[int, Mapping[str, Sequence[tuple[cst.CSTNode, Body]]]] = {}
        self._from_inside = self._far_writes()

    def of_module(self, module: str) -> Body:
        """The module's own code."""
        return self._of_module[module]

    def of_function(self, tree: cst.FunctionDef) -> Body:
        """The code of one function."""
        return self._of_function[id(tree)]

    def functions_of(self, module: str) -> Sequence[Body]:
        """The functions of a module, in source order."""
        return self._functions[module]

    def __iter__(self) -> Iterator[Body]:
        for module in sorted(self.modules):
            yield self._of_module[module]
            yield from self.functions_of(module)

    def around(self, code: Body) -> Body:
        """The code that a function's definition stands in."""
        if len(code.frames) > 1:
            return self.of_function(code.frames[1].function.tree)
        return self.of_module(code.index.module)

    def class_of(self, code: Body) -> ClassValue | None:
        """The class that a function is a method of."""
        if code.function is None or "." not in code.function.name:
            return None
        around = self.around(code)
        node: cst.CSTNode | None = around.parents.get(id(code.function.tree))
        while node is not None and not isinstance(node, cst.ClassDef):
            node = around.parents.get(id(node))
        return None if node is None else ClassValue(node, around)

    def writes(
        self, scope: cst.CSTNode, code: Body
    ) -> Mapping[str, Sequence[tuple[cst.CSTNode, Body]]]:
        """What binds each name of a scope, with the code that each binding stands in."""
        found = self._writes.get(id(scope))
        if found is None:
            found = _grouped(code.index.contents_of(scope), code, self._from_inside.get(id(scope)))
            self._writes[id(scope)] = found
        return found

    def _far_writes(self) -> Mapping[int, Sequence[tuple[str, cst.CSTNode, Body]]]:
        """Bindings of `global` and `nonlocal` names, by the scope that they belong to."""
        found: dict[int, list[tuple[str, cst.CSTNode, Body]]] = {}
        for code in self._of_function.values():
            contents = code.frames[0].contents
            declared = contents.names(Access.GLOBAL, Access.NONLOCAL)
            for mention in contents.mentions if declared else ():
                if mention.access in _WRITES and mention.name in declared:
                    scope = _scope_named(mention.name, code)
                    found.setdefault(id(scope), []).append((mention.name, mention.node, code))
        return found


def _by_tree(functions: Iterable[Sequence[Body]]) -> Iterator[tuple[cst.FunctionDef, Body]]:
    for bodies in functions:
        for body in bodies:
            if body.function is not None:
                yield body.function.tree, body


def _packages(modules: Mapping[str, ModuleIndex]) -> Iterator[str]:
    for name in modules:
        while name := name.rpartition(".")[0]:
            yield name


def _framed(index: ModuleIndex) -> Iterator[tuple[FunctionDef, tuple[Frame, ...]]]:
    """Each function with its frames, innermost first."""
    open_frames: list[Frame] = []
    for function in index.functions:  # in source order: outer ones come before inner ones
        while open_frames and not _holds(open_frames[-1], function):
            open_frames.pop()
        open_frames.append(frame_of(index, function))
        yield function, tuple(reversed(open_frames))


def _holds(frame: Frame, function: FunctionDef) -> bool:
    outer = frame.function.span
    return outer.start <= function.span.start and function.span.end <= outer.end


def _scope_named(name: str, code: Body) -> cst.CSTNode:
    if name not in code.frames[0].global_:
        for frame in code.frames[1:]:
            if name in frame.local:
                return frame.function.tree
    return code.index.tree


def _grouped(
    contents: Contents,
    code: Body,
    far: Sequence[tuple[str, cst.CSTNode, Body]] | None,
) -> Mapping[str, Sequence[tuple[cst.CSTNode, Body]]]:
    found: dict[str, list[tuple[cst.CSTNode, Body]]] = {}
    elsewhere = contents.names(Access.GLOBAL, Access.NONLOCAL)
    for mention in contents.mentions:
        if mention.access in _WRITES and mention.name not in elsewhere:
            found.setdefault(mention.name, []).append((mention.node, code))
    for name, node, where in far or ():
        found.setdefault(name, []).append((node, where))
    return found
