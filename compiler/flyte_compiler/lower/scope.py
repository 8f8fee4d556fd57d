"""What one function says of its names, before anything of it is lowered.

A *variable* is a local name of the function, or of one around it. Two more kinds of names matter:
those that are *cells* (cells.py), and those of nested functions that call tasks.
"""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.ir.values import DRIVER, NodeId
from flyte_compiler.lower.cells import cells_of
from flyte_compiler.lower.containers import containers_of
from flyte_compiler.lower.eager import eager_name
from flyte_compiler.lower.flow import Flows
from flyte_compiler.lower.opaque import is_pythons
from flyte_compiler.lower.places import Places
from flyte_compiler.syntax.model import ModuleIndex, Parameter
from flyte_compiler.syntax.scan import Access, parameter_list
from flyte_compiler.syntax.scope import contents_of
from flyte_compiler.syntax.tree import EXPRESSIONS, children, nodes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function that is lowered: the driver, or a helper."""

    tree: cst.FunctionDef | cst.Lambda
    index: ModuleIndex
    name: str
    """Qualified, inside its module."""
    definition: Definition | None
    """None for a lambda."""

    @property
    def is_async(self) -> bool:
        """Whether calling it gives a coroutine."""
        return isinstance(self.tree, cst.FunctionDef) and self.tree.asynchronous is not None


class Scope:
    """The names of one function."""

    def __init__(
        self, owner: NodeId, function: Function, places: Places, parent: Scope | None = None
    ) -> None:
        self.owner = owner
        self.function = function
        self.index: ModuleIndex = function.index
        self.places = places
        self.parent = parent
        self.flows = Flows()
        contents = contents_of(function.tree)
        self.locals = contents.local
        self.globals = contents.names(Access.GLOBAL)
        self._containers = containers_of(function.tree)
        positions = self.index.positions
        self.cells = cells_of(function.tree, self.locals, self.flows, positions, self.is_eager)
        self.parameters = tuple(p.name.value for p in parameter_list(function.tree.params))

    @cached_property
    def is_pythons(self) -> bool:
        """Whether this is a helper that only Python itself can run."""
        definition = self.function.definition
        return self.owner != DRIVER and definition is not None and is_pythons(definition)

    @property
    def signature_parameters(self) -> tuple[Parameter, ...]:
        """The parameters with what they declare; none of a lambda, which declares nothing."""
        definition = self.function.definition
        return () if definition is None else definition.function.signature.parameters

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every name that is a variable here: of this function, or of one around it."""
        outer = frozenset[str]() if self.parent is None else self.parent.variables
        return self.locals | (outer - self.globals)

    def home(self, name: str) -> Scope | None:
        """The function whose local a name is; None for a global one."""
        if name in self.locals:
            return self
        if name in self.globals or self.parent is None:
            return None
        return self.parent.home(name)

    @cached_property
    def containers(self) -> Mapping[str, type]:
        """Local variables that are lists, dicts or sets whatever happens."""
        found = self._containers
        return {name: kind for name, kind in found.items() if name not in self.cells}

    def is_builtin(self, name: str) -> bool:
        """Whether a name means the builtin of that name here."""
        if name in self.variables or name in self.globals or self.index.is_open:
            return False
        return name not in self.index.bindings and hasattr(builtins, name)

    def eager_name(self, call: cst.Call) -> str | None:
        """The builtin that a call calls and that uses up what it is given."""
        lists = {name for name, kind in self._containers.items() if kind is list}
        return eager_name(call, self.is_builtin, lists)

    def is_eager(self, call: cst.Call) -> bool:
        """Whether a call uses up what it is given before it returns."""
        return self.eager_name(call) is not None

    @cached_property
    def nested(self) -> Mapping[str, cst.FunctionDef]:
        """Functions right in this one that call tasks, bound once, which don't yield, not decorated
        and without defaults (which belong to the function object): their calls by name are calls
        of a helper."""
        found: dict[str, cst.FunctionDef] = {}
        counts: dict[str, int] = {}
        for node in _own_functions(self.function.tree):
            name = node.name.value
            counts[name] = counts.get(name, 0) + 1
            is_plain = not (node.decorators or _has_defaults(node) or self.places.is_opaque(node))
            if is_plain and self.places.any_in(node.body):
                found[name] = node
        writes = [m.name for m in contents_of(self.function.tree).mentions if m.access in _BINDS]
        return {name: node for name, node in found.items() if writes.count(name) == 1}

    @cached_property
    def used_as_values(self) -> frozenset[str]:
        """The nested functions that are mentioned other than to call them: by any name but those
        at calls and the one in its `def`."""
        called = {
            id(node.func)
            for node in nodes_of(cst.Call, self.function.tree.body)
            if self.places.at(node) is not None
        }
        mentions = Counter(
            node.value
            for node in nodes_of(cst.Name, self.function.tree.body)
            if node.value in self.nested and id(node) not in called
        )
        return frozenset(name for name, count in mentions.items() if count > 1)

    def is_fixed(self, name: str) -> bool:
        """Whether a name means the same throughout a run: a builtin, or something that the module
        imports or defines and, as far as it shows, binds once."""
        if name in self.variables or name in self.globals:
            return False
        return name in self._fixed or self.is_builtin(name)

    @cached_property
    def _fixed(self) -> frozenset[str]:
        index = self.index
        return frozenset(
            {imported.local for imported in index.imports if imported.top_level}
            | {function.name for function in index.functions}
            | {s.name.value for s in index.tree.body if isinstance(s, cst.ClassDef)}
        )

    @cached_property
    def modules(self) -> frozenset[str]:
        """Global names that are modules."""
        return frozenset(
            imported.local
            for imported in self.index.imports
            if imported.top_level and imported.attribute is None and self.is_fixed(imported.local)
        )

    @cached_property
    def value_prefix(self) -> str:
        """How names of our own begin in this function's fragments: as no name of the user's
        does."""
        prefix = "__c" if self.parent is None else self.parent.value_prefix
        if prefix not in self.index.source.text:
            return prefix
        taken = {node.value for node in nodes_of(cst.Name, self.function.tree)}
        while any(name.startswith(prefix) for name in taken):
            prefix += "_"
        return prefix


def _has_defaults(node: cst.FunctionDef) -> bool:
    return any(parameter.default is not None for parameter in parameter_list(node.params))


_BINDS = (Access.WRITE, Access.WALRUS, Access.DELETE)


def _own_functions(tree: cst.FunctionDef | cst.Lambda) -> Iterator[cst.FunctionDef]:
    """Functions defined in a function's own statements, whatever stands around them."""
    stack: list[cst.CSTNode] = [tree.body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.FunctionDef):
            yield node
        elif type(node) not in EXPRESSIONS and not isinstance(node, cst.ClassDef):
            stack.extend(children(node))
