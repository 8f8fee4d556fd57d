"""`CallGraph`: definitions resolved across modules, and every call of one of them.

A *definition* is a task, a compiled task, a trace, or a plain first-party function (a helper).
A *call site* is one place in source that calls a definition, in the body of another or at
module level (`flyte.run(main, ...)` in a script's main block).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import EnvironmentDef, FunctionDef, ModuleIndex


class Kind(Enum):
    """What a definition is."""

    TASK = "task"
    COMPILED_TASK = "compiled_task"
    TRACE = "trace"
    HELPER = "helper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A task environment, found through any alias or import."""

    module: str
    definition: EnvironmentDef

    @property
    def name(self) -> str | None:
        """Its own name; None where that isn't a literal."""
        return self.definition.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One function that the graph knows."""

    module: str
    function: FunctionDef
    kind: Kind
    environment: Environment | None
    """Of a task; None for traces and helpers."""

    @property
    def is_task(self) -> bool:
        """Whether calling it runs an action of its own kind `task`."""
        return self.kind in (Kind.TASK, Kind.COMPILED_TASK)

    @property
    def key(self) -> str:
        """Unique in the program: `module:qualified.name`."""
        return f"{self.module}:{self.function.name}"

    @property
    def name(self) -> str:
        """What users see: `environment.function` for a task (`<line N>.function` where the
        environment's name is computed), `module.function` for all else."""
        if self.environment is None:
            return f"{self.module}.{self.function.name}"
        line = self.environment.definition.span.start.line
        return f"{self.environment.name or f'<line {line}>'}.{self.function.short_name}"


class Form(Enum):
    """How a definition is called."""

    CALL = "t(x)"
    AIO = "t.aio(x)"
    FORWARD = "t.forward(x)"
    RUN = "flyte.run(t, x)"
    """Also `flyte.run.aio`; the task's own arguments follow the task."""
    MAP = "flyte.map(t, xs)"
    """Also `flyte.map.aio`."""


class Use(Enum):
    """What becomes of a call's value, as far as the function's own text shows."""

    AWAITED = "awaited"
    DISCARDED = "discarded"
    """An expression statement, not awaited."""
    RETURNED = "returned"
    GATHERED = "gathered"
    """Handed to `asyncio.gather`, `create_task`, `wait`, … in place."""
    TASK_ARGUMENT = "task argument"
    """Handed to another task in place, not awaited."""
    VALUE = "value"
    """Used as an ordinary value; right for a sync call."""
    KEPT = "kept"
    """Assigned to a local name: see `kept_as`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSite:
    """One call of a definition."""

    caller: Definition | None
    """None at module level."""
    module: str
    callee: Definition
    form: Form
    overridden: bool
    """Whether `.override(...)` stands between callee and call."""
    arguments: tuple[CallArgument, ...]
    use: Use
    kept_as: str | None
    """The local name for `Use.KEPT`."""
    escapes: bool
    """For `KEPT`: whether any later use of the name might consume the value (awaited, returned,
    yielded, stored, appended, gathered, handed to anything that isn't a task)."""
    span: Span
    callee_span: Span
    tree: cst.Call = field(repr=False, compare=False)

    @property
    def gives_coroutine(self) -> bool:
        """Whether the call's value must be awaited before it is a result."""
        match self.form:
            case Form.AIO:
                return True
            case Form.CALL | Form.FORWARD:
                return (
                    self.callee.function.signature.is_async
                    and not self.callee.function.signature.is_generator
                )
            case Form.RUN | Form.MAP:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArgument:
    """One argument at a call site."""

    keyword: str | None
    """None for a positional one."""
    star: str
    """``, `*` or `**`."""
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedCall:
    """A call of a name that nothing in sight defines, in the body of a task or trace."""

    caller: Definition
    name: str
    """Dotted, as written."""
    candidates: tuple[str, ...]
    """Names in scope that it could have meant, tasks first."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGraph:
    """The whole program's calls. Lists are in source order: module name, then place."""

    modules: Mapping[str, ModuleIndex]
    environments: tuple[Environment, ...]
    definitions: tuple[Definition, ...]
    """Tasks, compiled tasks, traces, and the helpers that reach one of them."""
    sites: tuple[CallSite, ...]
    unresolved: tuple[UnresolvedCall, ...]
    _by_tree: dict[int, CallSite] = field(init=False, repr=False, compare=False)
    _by_caller: dict[str, list[CallSite]] = field(init=False, repr=False, compare=False)
    _by_function: dict[int, Definition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_caller: dict[str, list[CallSite]] = {}
        for site in self.sites:
            if site.caller is not None:
                by_caller.setdefault(site.caller.key, []).append(site)
        object.__setattr__(self, "_by_tree", {id(site.tree): site for site in self.sites})
        object.__setattr__(self, "_by_caller", by_caller)
        by_function = {id(each.function.tree): each for each in self.definitions}
        object.__setattr__(self, "_by_function", by_function)

    def site_of(self, call: cst.Call) -> CallSite | None:
        """The site that a call in a module's tree is, if it calls a definition."""
        return self._by_tree.get(id(call))

    def definition_of(self, tree: cst.FunctionDef) -> Definition | None:
        """The definition that a function in a module's tree is."""
        return self._by_function.get(id(tree))

    def calls_of(self, caller: Definition) -> tuple[CallSite, ...]:
        """The call sites in one definition's body."""
        found = self._by_caller.get(caller.key, ())
        return tuple(site for site in found if site.caller is caller)
