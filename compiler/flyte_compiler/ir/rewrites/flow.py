"""What operands may be: one body, walked in program order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentForm,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    Start,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import (
    BranchNode,
    Break,
    Collected,
    Continue,
    End,
    Helper,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Region,
    Return,
    Stop,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.operands import element_names, operands
from flyte_compiler.ir.rewrites.annotated import annotated_form
from flyte_compiler.ir.rewrites.doings import Doings
from flyte_compiler.ir.rewrites.expressions import Expressions
from flyte_compiler.ir.rewrites.forms import (
    A_SCALAR,
    NOTHING,
    OPAQUE,
    SCALAR,
    UNKNOWN,
    WORLD,
    Coroutine,
    Form,
    Value,
    found_in,
    given_by,
    is_builtin,
    join,
    join_all,
    join_values,
    listing,
    mapping,
    row,
    value,
)
from flyte_compiler.ir.rewrites.heap import Heap
from flyte_compiler.ir.rewrites.names import NO_NAMES, ModuleNames, names_of_module
from flyte_compiler.ir.rewrites.statements import go_through
from flyte_compiler.ir.shapes import merged_regions
from flyte_compiler.ir.values import (
    CAUGHT,
    ELEMENT,
    ENTERED,
    VALUE,
    Callee,
    Input,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
    Variables,
)


class Names:
    """The global names of each module, as far as its text is given."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def of(self, module: str) -> ModuleNames:
        text = self._sources.get(module)
        return NO_NAMES if text is None else names_of_module(text)


class Flow:
    """The walk through one body."""

    def __init__(self, graph: TaskGraph, body: Helper | None, names: Names, heap: Heap) -> None:
        self._names = names
        self._heap = heap
        self._own = names.of(graph.task.module if body is None else body.module)
        self._region = graph.body if body is None else body.body
        self._inputs: dict[str, Value] = {}
        self._values: dict[tuple[NodeId, str], Value] = {}
        self._loops: list[NodeId] = []
        self._doings: dict[NodeId, Doings] = {}
        self._version = 0
        self.handed: dict[NodeId, frozenset[str]] = {}
        """The objects that each node takes which is no fragment."""
        self.quiet: set[NodeId] = set()
        """Loops over builtins of this driver's own: going on runs nothing."""
        if body is None:
            for parameter in graph.parameters:
                form = annotated_form(parameter.type, self._own)
                self._inputs[parameter.name] = value(form, frozenset({f"%{parameter.name}"}))
        else:
            for parameter in body.parameters:
                form = annotated_form(parameter.type, self._own)
                self._set(body.id, parameter.name, value(form, frozenset({WORLD})))

    def doings(self) -> Mapping[NodeId, Doings]:
        """What each fragment does."""
        self._walk(self._region)
        return self._doings

    # Operands --------------------------------------------------------------------------------

    def _of(self, operand: Operand) -> Value:
        match operand:
            case Literal():
                return A_SCALAR
            case Input(name=name):
                return self._inputs.get(name, UNKNOWN)
            case RegionInput(owner=owner, name=name):
                return self._values.get((owner, name), UNKNOWN)
            case Output(node=node, path=path):
                return self._part(node, path)
            case Shared():
                return UNKNOWN
            case Unbound():
                return Value(NOTHING)
            case _:
                assert_never(operand)

    def _part(self, node: NodeId, path: tuple[str | int, ...]) -> Value:
        name = ""
        if path and isinstance(path[0], str):
            name, path = path[0], path[1:]
        whole = self._values.get((node, name), UNKNOWN)
        for index in path:
            whole = value(self._heap.found(whole, index), whole.groups)
        return whole

    def _set(self, node: NodeId, name: str, found: Value) -> None:
        """What is known only ever gets less, so that a loop comes to an end."""
        before = self._values.get((node, name))
        after = found if before is None else join_values(before, found)
        if after != before:
            self._values[node, name] = after
            self._version += 1

    def _give_away(self, given: Iterable[Operand]) -> None:
        for operand in given:
            self._heap.give_away(self._of(operand).groups)

    # Nodes -----------------------------------------------------------------------------------

    def _walk(self, region: Region) -> None:
        for node in region.nodes:
            self._node(node)
        self._end(region.end)

    def _node(self, node: Node) -> None:
        if not isinstance(node, PythonNode):
            groups = (self._of(operand).groups for operand in operands(node))
            self.handed[node.id] = frozenset[str]().union(*groups)
        match node:
            case TaskNode() | TraceNode() | HelperNode():
                self._call(node)
            case FunctionNode() | YieldNode() | DynamicNode():
                # Each hands its operands to code that isn't gone through; what they give, whoever
                # asks for it doesn't find, and that is anything.
                self._give_away(operands(node))
            case PythonNode():
                self._python(node)
            case PackNode():
                self._pack(node)
            case AwaitNode():
                form = given_by(self._of(node.awaited).form)
                self._set(node.id, "", self._made(node, form))
            case BranchNode() | TryNode() | WithNode():
                self._once(node)
            case LoopNode():
                self._loop(node)
            case MapNode():
                self._map(node)
            case _:
                assert_never(node)

    def _made(self, node: Node, form: Form) -> Value:
        return value(form, frozenset({node.id}))

    def _call(self, node: TaskNode | TraceNode | HelperNode) -> None:
        names = self._own
        if not isinstance(node, HelperNode) and isinstance(node.callee, Callee):
            names = self._names.of(node.callee.module)
        form = annotated_form(node.type, names)
        if isinstance(node, TaskNode):
            found = self._made(node, form)
        else:
            self._give_away(operands(node))
            form = form if node.start is Start.IN_PLACE or form == SCALAR else OPAQUE
            found = value(form, frozenset({WORLD}))
        if node.start is Start.DEFERRED:
            found = Value(Coroutine(form))
        self._set(node.id, "", found)

    def _python(self, node: PythonNode) -> None:
        doings = Doings(self._heap, node.id)
        places = [name for name, operand in node.inputs if isinstance(operand, Shared)]
        variables = {
            name: self._of(operand)
            for name, operand in node.inputs
            if not isinstance(operand, Shared | Unbound)
        }
        shared = frozenset((*places, *node.global_names))
        expressions = Expressions(doings, self._own, variables, shared)
        given = go_through(node, expressions)
        if node.runs:
            doings.anything("runs a function that calls tasks", variables.values())
        if node.form is FragmentForm.EXPRESSION:
            self._set(node.id, "", given)
        for name in node.outputs:
            self._set(node.id, name, expressions.variables.get(name, UNKNOWN))
        self._doings[node.id] = doings

    def _pack(self, node: PackNode) -> None:
        members = [
            value(self._heap.element(held), held.groups) if index in node.unpacked else held
            for index, held in enumerate(map(self._of, node.elements))
        ]
        ours = [m.form if self._heap.is_ours(m.groups) else OPAQUE for m in members]
        match node.kind:
            case PackKind.GATHER:
                given = join_all(given_by(member.form) for member in members)
                self._set(node.id, "", self._gathered(node, given, node.return_exceptions))
                return
            case PackKind.LIST:
                form = listing(join_all(ours))
            case PackKind.TUPLE:
                form = listing(join_all(ours)) if node.unpacked else row(ours)
            case PackKind.DICT:
                form = mapping(join_all(ours[::2]), join_all(ours[1::2]))
            case _:
                assert_never(node.kind)
        made = self._made(node, form)
        for member in members:
            self._heap.keep(made, member)
        self._set(node.id, "", made)

    def _gathered(self, node: PackNode | MapNode, given: Form, exceptions: Operand | None) -> Value:
        if exceptions not in (None, Literal(False)):
            given = join(given, OPAQUE)
        form = listing(given)
        return Value(Coroutine(form)) if node.start is Start.DEFERRED else self._made(node, form)

    # Regions ---------------------------------------------------------------------------------

    def _end(self, end: End) -> None:
        match end:
            case Continue(variables=variables) | Break(variables=variables):
                if variables:  # a map carries none, and is no loop
                    self._yield(self._loops[-1], variables)
            case Yield() | Return() | Stop():
                return
            case _:
                assert_never(end)

    def _yield(self, node: NodeId, variables: Variables) -> None:
        for name, operand in variables:
            self._set(node, name, self._of(operand))

    def _yields(self, node: NodeId, region: Region) -> None:
        if isinstance(region.end, Yield):
            self._yield(node, region.end.variables)

    def _once(self, node: BranchNode | TryNode | WithNode) -> None:
        match node:
            case BranchNode(arms=arms):
                for arm in arms:
                    self._walk(arm.body)
            case TryNode():
                self._try(node)
            case WithNode():
                self._give_away((node.manager,))
                self._set(node.id, ENTERED, UNKNOWN)
                self._walk(node.body)
                self._yield(node.id, node.otherwise)
            case _:
                assert_never(node)
        for region in merged_regions(node):
            self._yields(node.id, region)
            if isinstance(region.end, Yield) and region.end.value is not None:
                self._set(node.id, VALUE, self._of(region.end.value))

    def _try(self, node: TryNode) -> None:
        self._walk(node.body)
        self._set(node.id, CAUGHT, UNKNOWN)
        for handler in node.handlers:
            for region in (handler.types, handler.body):
                if region is not None:
                    self._walk(region)
        if node.orelse is not None:
            self._yields(node.id, node.body)
            self._walk(node.orelse)
        if node.final is not None:
            self._walk(node.final)

    def _loop(self, node: LoopNode) -> None:
        self._yield(node.id, node.carried)
        before = None
        while before != (self._version, self._heap.version):
            before = (self._version, self._heap.version)
            self._turn(node)
        if node.orelse is not None:
            self._walk(node.orelse)
            self._yields(node.id, node.orelse)

    def _turn(self, node: LoopNode) -> None:
        if node.iterable is not None:
            self._set(node.id, ELEMENT, self._element(node.iterable))
            self._judge(node.id, self._of(node.iterable))
        if node.test is not None:
            self._walk(node.test)
            self._yields(node.id, node.test)
        self._loops.append(node.id)
        self._walk(node.body)
        self._loops.pop()
        self._yields(node.id, node.body)
        end = node.body.end
        if node.collected is not Collected.NOTHING:
            collected = self._of(end.value) if isinstance(end, Yield) and end.value else None
            self._set(node.id, VALUE, self._collected(node, collected))

    def _judge(self, loop: NodeId, over: Value) -> None:
        is_ours = self._heap.is_ours(over.groups) and self._heap.is_still(over.groups)
        if is_ours and is_builtin(over.form):
            self.quiet.add(loop)
        else:
            self.quiet.discard(loop)

    def _collected(self, node: LoopNode | MapNode, held: Value | None) -> Value:
        if held is None:
            return self._made(node, listing(NOTHING))
        form = held.form if self._heap.is_ours(held.groups) else OPAQUE
        if node.collected is Collected.DICT:
            made = self._made(node, mapping(found_in(form, 0), found_in(form, 1)))
        else:
            made = self._made(node, listing(form))
        self._heap.keep(made, held)
        return made

    def _element(self, iterable: Operand) -> Value:
        held = self._of(iterable)
        form = self._heap.element(held) if self._heap.is_ours(held.groups) else OPAQUE
        return value(form, held.groups)

    def _map(self, node: MapNode) -> None:
        for name, iterable in zip(element_names(len(node.iterables)), node.iterables, strict=True):
            self._set(node.id, name, self._element(iterable))
        before = None
        while before != (self._version, self._heap.version):
            before = (self._version, self._heap.version)
            self._walk(node.body)
        end = node.body.end
        held = self._of(end.value) if isinstance(end, Yield) and end.value else None
        options = dict(node.options)
        match node.kind:
            case MapKind.MAP:
                exceptions = options.get("return_exceptions", Literal(True))
                given = OPAQUE if held is None else given_by(held.form)
                found = self._gathered(node, given, exceptions)
                self._heap.run(found.groups)
                self._set(node.id, "", Value(found.form, found.groups, lazy=True))
            case MapKind.GATHER:
                given = OPAQUE if held is None else given_by(held.form)
                exceptions = options.get("return_exceptions", Literal(False))
                self._set(node.id, "", self._gathered(node, given, exceptions))
            case MapKind.STATEMENTS:
                if node.collected is not Collected.NOTHING:
                    self._set(node.id, "", self._collected(node, held))
            case _:
                assert_never(node.kind)
