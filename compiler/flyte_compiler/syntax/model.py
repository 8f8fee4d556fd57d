"""`ModuleIndex`: what one module defines, before anything is resolved across modules.

Names are kept as written (`env`, `common.env`, `asyncio.gather`); `callgraph` says what they
mean. Trees are libcst's; facts about nodes stand beside the tree, keyed by the node's identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.scope import Contents


class ParameterKind(Enum):
    """As `inspect.Parameter.kind`."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL_OR_KEYWORD = "positional-or-keyword"
    VAR_POSITIONAL = "*"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "**"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a definition."""

    name: str
    kind: ParameterKind
    annotation: str | None
    """As written, layout folded."""
    default: str | None
    """The default's source text; None where there is none."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A function's parameters and declared result."""

    parameters: tuple[Parameter, ...]
    result: str | None
    is_async: bool
    is_generator: bool


class Declared(Enum):
    """What a decorator makes of a function."""

    TASK = "task"
    COMPILED_TASK = "compiled_task"
    TRACE = "trace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a call that a rule may want: its keyword and its text."""

    keyword: str | None
    text: str
    literal: str | int | float | bool | None
    """The value where it is a literal string, number or bool; else None."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorator:
    """One decorator as written: `@env.task(cache="auto")` is (`env.task`, its arguments)."""

    target: str
    """Dotted name as written; empty for an expression that is no dotted name."""
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDef:
    """A function of the module, at any depth.

    `name` is its qualified name inside the module (`main`, `Class.method`, `outer.<locals>.f`),
    as Python's `__qualname__` has it.
    """

    name: str
    signature: Signature
    decorators: tuple[Decorator, ...]
    exclusive: tuple[str, ...]
    """The `if`/`try` branches of the module that it stands in, outermost first, one opaque
    key each ("12.0" = line 12, arm 0); two definitions whose keys differ at an arm of the
    same statement never both exist."""
    span: Span
    name_span: Span
    tree: cst.FunctionDef = field(repr=False, compare=False)

    @property
    def short_name(self) -> str:
        """The name in its `def` line."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentDef:
    """An assignment of a `TaskEnvironment(...)`, `….clone_with(...)` or `….from_task(...)`."""

    variable: str
    """Dotted name of the target inside the module."""
    name: str | None
    """The environment's own name; None where it isn't a literal."""
    arguments: tuple[Argument, ...]
    exclusive: tuple[str, ...]
    span: Span
    """The call."""
    name_span: Span
    """The argument that names it, else the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported name: `import a.b as c` → (`c`, `a.b`, None); `from .x import y` →
    (`y`, `pkg.x`, `y`); `import a.b` → (`a`, `a`, None) with `loads` = `a.b`."""

    local: str
    module: str
    """Absolute, relative dots resolved."""
    attribute: str | None
    """The name taken from the module; `*` for a star import; None for the module itself."""
    loads: str
    """The module that the statement loads."""
    top_level: bool
    """Whether it stands in the module's body (`if`, `try`, `with` included), not in a function."""
    is_guarded: bool
    """Whether it stands on a branch, or where its failure is caught: it may never run."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleIndex:
    """Everything that one file says about itself."""

    source: SourceFile
    tree: cst.Module = field(repr=False, compare=False)
    positions: Positions = field(repr=False, compare=False)
    imports: tuple[Import, ...]
    environments: tuple[EnvironmentDef, ...]
    functions: tuple[FunctionDef, ...]
    bindings: Mapping[str, Span]
    """Every name bound at module level, with its first place (imports, defs, classes,
    assignments, `for`, `with`, `except`, walrus, `global` in functions)."""
    aliases: Mapping[str, str]
    """Names that module code assigns another name to (`e2 = env`, `step = tasks.step`), and to
    nothing else: the dotted name as written."""
    scopes: Mapping[int, Contents] = field(repr=False, compare=False)
    """What stands directly in each scope, by the identity of its node (the tree's own included)."""
    absent: frozenset[str] = field(default=frozenset(), kw_only=True)
    """Modules that its imports name, and that provably aren't there; what is loaded says so."""
    is_open: bool
    """Names may exist that can't be seen: a star import, `exec`, writes to `globals()`,
    a module `__getattr__`."""

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self.source.module

    def contents_of(self, node: cst.CSTNode) -> Contents:
        """What stands directly in a scope of this module. Raises KeyError for another node."""
        return self.scopes[id(node)]
