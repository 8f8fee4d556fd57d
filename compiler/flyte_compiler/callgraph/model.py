"""`CallGraph`: definitions resolved across modules, and every call of one of them.

A *definition* is a task, a compiled task, a trace, or a plain first-party function (a helper).
A *call site* is one place in source that calls a definition, in the body of another or at
module level (`flyte.run(main, ...)` in a script's main block). A call of a value that may be one of
several definitions is a *value call*; one that is handed on, and not called, is *mentioned*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
class Surroundings:
    """What the text around a call says, beyond its own `Use`."""

    is_dropped: bool
    """Whether the result ends with its statement, an `await` between."""
    is_deferred: bool
    """Whether it stands in a lambda: it runs when that is called, wherever that is."""
    can_await: bool
    """Whether `await` may be written right before it, and nothing else changes."""


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
    surroundings: Surroundings
    tree: cst.Call = field(repr=False, compare=False)
    is_bound: bool = False
    """Whether a receiver, which is no argument here, is the callee's first argument:
    `self.method(x)`, `Class(x)`. Only of helpers."""

    @property
    def gives_coroutine(self) -> bool:
        """Whether the call's value must be awaited before it is a result."""
        return gives_coroutine(self.callee, self.form)


def gives_coroutine(callee: Definition, form: Form) -> bool:
    """Whether the value of a call must be awaited before it is a result."""
    match form:
        case Form.AIO:
            return True
        case Form.CALL | Form.FORWARD:
            signature = callee.function.signature
            return signature.is_async and not signature.is_generator
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
class ValueCall:
    """A call whose callee is a value that may be a task, a trace or a helper that reaches one."""

    caller: Definition | None
    """None at module level."""
    module: str
    candidates: tuple[Definition, ...]
    """In source order; empty for a remote task alone. The value may be something else too."""
    is_remote: bool
    """Whether it may be what `flyte.remote.Task.get(...)` gave."""
    form: Form
    """`CALL` where the candidates are called in several forms."""
    gives_coroutine: bool
    """Of any candidate; a remote task's call does."""
    arguments: tuple[CallArgument, ...]
    """As they stand in the call: a receiver, and what `functools.partial` bound before, aren't
    among them."""
    span: Span
    tree: cst.Call = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a body where a task, a trace or a helper that reaches one is used as a value and
    isn't called in place."""

    definition: Definition
    caller: Definition
    tree: cst.Name | cst.Attribute = field(repr=False, compare=False)
    span: Span
    escapes: bool
    """Whether it goes where it isn't followed: to something outside the program. What is assigned,
    returned or handed to first-party code is found again where it is called."""


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
class LibraryCall:
    """A call of something that the SDK offers, by whatever name it is known here."""

    caller: Definition | None
    """None at module level."""
    module: str
    name: str
    """As documented, without `flyte.`: `Resources`, `map.aio`, `remote.Task.get`;
    `TaskEnvironment.task` and `Task.override` are called on objects of the program."""
    owner: Definition | Environment | None
    """The task or the environment whose method it is."""
    arguments: tuple[CallArgument, ...]
    use: Use
    kept_as: str | None
    escapes: bool
    surroundings: Surroundings
    span: Span
    callee_span: Span
    tree: cst.Call = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One environment says that it depends on another."""

    environment: Environment
    on: Environment
    span: Span
    """Where it says so."""
    is_certain: bool
    """Whether it always does: at module level, on no branch, of two that are called by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What environments say of each other, by `depends_on=` and `add_dependency`."""

    said: tuple[Dependency, ...] = ()
    """In source order."""
    unsure: frozenset[Span] = frozenset()
    """The environments, by the span of the call that makes one, that may depend on more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGraph:
    """The whole program's calls. Lists are in source order: module name, then place."""

    modules: Mapping[str, ModuleIndex]
    environments: tuple[Environment, ...]
    definitions: tuple[Definition, ...]
    """Tasks, compiled tasks, traces, and the helpers that reach one of them."""
    sites: tuple[CallSite, ...]
    unresolved: tuple[UnresolvedCall, ...]
    value_calls: tuple[ValueCall, ...] = ()
    """Calls that are no site: of what a variable, a container or a parameter holds."""
    mentions: tuple[Mention, ...] = ()
    library_calls: tuple[LibraryCall, ...] = ()
    dependencies: Dependencies = Dependencies()
    _by_tree: dict[int, CallSite] = field(init=False, repr=False, compare=False)
    _by_caller: dict[str, list[CallSite]] = field(init=False, repr=False, compare=False)
    _by_function: dict[int, Definition] = field(init=False, repr=False, compare=False)
    _values: dict[int, ValueCall] = field(init=False, repr=False, compare=False)
    _mentions: dict[int, Mention] = field(init=False, repr=False, compare=False)
    _reaching: frozenset[int] = field(init=False, repr=False, compare=False)
    texts: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Each module's text."""

    def __post_init__(self) -> None:
        by_caller: dict[str, list[CallSite]] = {}
        for site in self.sites:
            if site.caller is not None:
                by_caller.setdefault(site.caller.key, []).append(site)
        mentions: dict[int, Mention] = {}
        for mention in self.mentions:
            mentions.setdefault(id(mention.tree), mention)
        object.__setattr__(self, "_by_tree", {id(site.tree): site for site in self.sites})
        object.__setattr__(self, "_by_caller", by_caller)
        by_function = {id(each.function.tree): each for each in self.definitions}
        object.__setattr__(self, "_by_function", by_function)
        object.__setattr__(self, "_values", {id(call.tree): call for call in self.value_calls})
        object.__setattr__(self, "_mentions", mentions)
        object.__setattr__(self, "_reaching", _callers_of_tasks(self))
        texts = {name: index.source.text for name, index in self.modules.items()}
        object.__setattr__(self, "texts", texts)

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

    def value_call_of(self, call: cst.Call) -> ValueCall | None:
        """The call of a value that a call in a module's tree is; None where it is a site."""
        return self._values.get(id(call))

    def value_calls_of(self, caller: Definition) -> tuple[ValueCall, ...]:
        """The calls of values in one definition's body."""
        return tuple(call for call in self.value_calls if call.caller is caller)

    def mention_of(self, node: cst.CSTNode) -> Mention | None:
        """The mention that a name in a module's tree is; the first where it may be several."""
        return self._mentions.get(id(node))

    def calls(self) -> Iterator[tuple[Definition, Definition]]:
        """Each caller with what it may call: by name, by a value, or by handing it on."""
        for site in self.sites:
            if site.caller is not None:
                yield site.caller, site.callee
        for call in self.value_calls:
            if call.caller is not None:
                yield from ((call.caller, candidate) for candidate in call.candidates)
        for mention in self.mentions:
            yield mention.caller, mention.definition

    def reaches_task(self, definition: Definition) -> bool:
        """Whether a definition's own body may call a task or a trace: in place, through helpers,
        or through values that it calls or hands on. A task for which it holds is a driver.
        `flyte.run(...)` starts a run of its own and doesn't count."""
        return id(definition) in self._reaching


def _callers_of_tasks(graph: CallGraph) -> frozenset[int]:
    """The definitions whose bodies may call a task or a trace."""
    called_by: dict[int, list[Definition]] = {}
    reached: dict[int, Definition] = {}
    for caller, callee in _may_call(graph):
        if isinstance(callee, Definition):
            called_by.setdefault(id(callee), []).append(caller)
        else:
            reached[id(caller)] = caller
    waiting = list(reached.values())
    while waiting:
        for caller in called_by.get(id(waiting.pop()), ()):
            if id(caller) not in reached:
                reached[id(caller)] = caller
                waiting.append(caller)
    return frozenset(reached)


def _may_call(graph: CallGraph) -> Iterator[tuple[Definition, Definition | None]]:
    """Each caller with a definition whose body it runs as a part of its own, or with None where it
    calls a task or a trace."""
    for site in graph.sites:
        if site.caller is not None and site.form is not Form.RUN:
            yield site.caller, _run_in_place(site.callee, site.form)
    for call in graph.value_calls:
        if call.caller is not None and call.form is not Form.RUN:
            if call.is_remote:
                yield call.caller, None
            for candidate in call.candidates:
                yield call.caller, _run_in_place(candidate, call.form)
    for mention in graph.mentions:
        if mention.escapes:
            yield mention.caller, _run_in_place(mention.definition, Form.CALL)


def _run_in_place(callee: Definition, form: Form) -> Definition | None:
    return callee if callee.kind is Kind.HELPER or form is Form.FORWARD else None
