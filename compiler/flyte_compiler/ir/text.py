"""The text form of a graph: total, injective but for places and layout, and read by people.

```
task pipe.main(xs: list[int]) -> int  # main.py:10
  n0 = python pure `len(xs)` (xs=%xs) -> int
  n1 = branch n0
    when `n > 0`:
      n2 = task pipe.double(x=n0) -> int
      yield (total=n2)
    when `else`:
      return 0
  n3 = loop `x in xs` over %xs carrying (total=n1.total)
    body:
      n4 = task pipe.add(a=n3/total, b=n3@element) -> int
      yield (total=n4)
  return n3.total
```

| operand | is |
|---|---|
| `%x` | a parameter of the driver |
| `n0`, `n0[1]` | a node's value, a part of it |
| `n0.x`, `n0@value` | a variable that a node leaves behind, what it gives beside variables |
| `n3/x` | a variable that enters a region of `n3`, or an argument of the helper `h0` |
| `n3@element`, `n3@caught`, `n3@entered` | what else enters a region |
| `&d.x`, `&h0.x` | a cell of the driver, of a helper |
| `?x` | a variable without a value |
| all else | a literal, as Python writes it |

`defer` stands before a call that begins when it is awaited. Fragments show what they may do
where that isn't anything at all. Two graphs of one program with one text differ only in spans
and in what the definitions of their callees say anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentForm,
    FragmentKind,
    FunctionNode,
    HelperNode,
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
    Choice,
    Collected,
    Continue,
    End,
    Helper,
    LoopKind,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Parameter,
    Region,
    Return,
    Stop,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import (
    Callee,
    Input,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
    ValueCallee,
)

_ESCAPES = str.maketrans(
    {"\\": r"\\", "`": r"\`", "\n": r"\n"}
    | {chr(code): f"\\x{code:02x}" for code in (*range(10), *range(11, 32), 127)}
)

_LOOPS: Mapping[LoopKind, str] = MappingProxyType(
    {LoopKind.FOR: "loop", LoopKind.ASYNC_FOR: "async loop", LoopKind.WHILE: "while"}
)

_NO_REASONS: Mapping[NodeId, str] = MappingProxyType({})


def print_graph(graph: TaskGraph, reasons: Mapping[NodeId, str] = _NO_REASONS) -> str:
    """The text of a graph, ending in a line break; behind a node, what is said about it."""
    parameters = ", ".join(_parameter(parameter) for parameter in graph.parameters)
    title = f"{graph.kind.value} {graph.task.name}({parameters}){_result(graph.result_type)}"
    place = f"{graph.span.path.name}:{graph.span.start.line}"
    lines = [f"{title}{_listed('cells', graph.cells)}  # {place}"]
    lines += _indented(_region(graph.body, reasons))
    for helper in graph.helpers:
        lines += _helper(helper, reasons)
    return "\n".join(lines) + "\n"


def print_node(node: Node) -> str:
    """The text of a node, without its id and without the regions inside."""
    match node:
        case TaskNode() | TraceNode() | HelperNode():
            return _call(node)
        case FunctionNode():
            captures = _list("captures", node.captures)
            return f"function {node.helper} {node.name}{captures}{_list('defaults', node.defaults)}"
        case PythonNode():
            return _python(node)
        case PackNode():
            return _pack(node)
        case AwaitNode():
            return f"await {print_operand(node.awaited)}{_result(node.type)}"
        case YieldNode():
            return f"yield {'from ' if node.is_from else ''}{print_operand(node.value)}"
        case DynamicNode():
            return _dynamic(node)
        case BranchNode():
            index = "" if node.choice is Choice.TRUTH else " index"
            return f"branch{index} {print_operand(node.test)}{_result(node.type)}"
        case LoopNode():
            return _loop(node)
        case MapNode():
            return _map(node)
        case TryNode():
            return "try group" if node.is_group else "try"
        case WithNode():
            return _with(node)
        case _:
            assert_never(node)


def print_operand(operand: Operand) -> str:
    """As the module's table says."""
    match operand:
        case Literal(value=value):
            return repr(value)
        case Input(name=name):
            return f"%{name}"
        case RegionInput(owner=owner, name=name):
            return f"{owner}{_special(name) or f'/{name}'}"
        case Output(node=node, path=path):
            return node + "".join(map(_part, path))
        case Shared(owner=owner, name=name):
            return f"&{owner}.{name}"
        case Unbound(name=name):
            return f"?{name}"
        case _:
            assert_never(operand)


def print_end(end: End) -> str:
    """The last line of a region."""
    match end:
        case Yield(variables=variables, value=value):
            given = "" if value is None else f" {print_operand(value)}"
            return f"yield{given}{_list('', variables)}"
        case Continue(variables=variables):
            return f"continue{_list('', variables)}"
        case Break(variables=variables):
            return f"break{_list('', variables)}"
        case Return(value=value):
            return f"return {print_operand(value)}"
        case Stop():
            return "stop"
        case _:
            assert_never(end)


def _helper(helper: Helper, reasons: Mapping[NodeId, str]) -> Iterator[str]:
    asynchronous = "async " if helper.is_async else ""
    title = f"{asynchronous}helper {helper.id} {helper.name}{helper.signature}"
    shared = _listed("captures", helper.captures) + _listed("cells", helper.cells)
    yield f"{title}{shared}  # {helper.span.path.name}:{helper.span.start.line}"
    yield from _indented(_region(helper.body, reasons))


def _region(region: Region, reasons: Mapping[NodeId, str]) -> Iterator[str]:
    for node in region.nodes:
        reason = f"  # {reasons[node.id]}" if node.id in reasons else ""
        yield f"{node.id} = {print_node(node)}{reason}"
        for title, inner in _titled_regions(node):
            yield f"  {title}:"
            yield from _indented(_indented(_region(inner, reasons)))
    yield print_end(region.end)


def _titled_regions(node: Node) -> Iterator[tuple[str, Region]]:
    match node:
        case BranchNode(arms=arms):
            for arm in arms:
                yield f"when {_quoted(arm.label)}", arm.body
        case LoopNode(test=test, body=body, orelse=orelse):
            yield from _present(("test", test), ("body", body), ("else", orelse))
        case MapNode(body=body) | WithNode(body=body):
            yield "body", body
        case TryNode():
            yield "body", node.body
            for handler in node.handlers:
                label = _quoted(handler.label)
                yield from _present((f"match {label}", handler.types))
                yield f"except {label}" if handler.types else f"except any {label}", handler.body
            yield from _present(("else", node.orelse), ("finally", node.final))
        case _:
            return


def _present(*regions: tuple[str, Region | None]) -> Iterator[tuple[str, Region]]:
    for title, region in regions:
        if region is not None:
            yield title, region


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _call(node: TaskNode | TraceNode | HelperNode) -> str:
    match node:
        case TaskNode(overrides=()):
            called = f"task {_callee(node.callee)}"
        case TaskNode(overrides=overrides):
            called = f"task {_callee(node.callee)}.override({_named(overrides)})"
        case TraceNode(callee=callee):
            called = f"trace {callee.name}"
        case HelperNode(helper=helper, name=name):
            called = f"helper {helper} {name}"
        case _:
            assert_never(node)
    return f"{_deferred(node.start)}{called}({_named(node.inputs)}){_result(node.type)}"


def _callee(callee: Callee | ValueCallee) -> str:
    if isinstance(callee, Callee):
        return callee.name
    candidates = _listed("of", tuple(candidate.name for candidate in callee.candidates))
    return f"{print_operand(callee.operand)} {_quoted(callee.text)}{candidates} "


def _python(node: PythonNode) -> str:
    words = [
        "python",
        "" if node.kind is FragmentKind.EFFECT else node.kind.value,
        "await" if node.is_async else "",
        "decides" if node.decides else "",
        _quoted(node.source),
    ]
    text = " ".join(filter(None, words)) + _list("", node.inputs)
    outputs = _outputs(node) if node.form is FragmentForm.STATEMENTS else ""
    text += _listed("global", node.global_names) + _listed("runs", node.runs)
    return text + outputs + _result(node.type)


def _pack(node: PackNode) -> str:
    elements = ", ".join(
        f"*{print_operand(element)}" if index in node.unpacked else print_operand(element)
        for index, element in enumerate(node.elements)
    )
    option = ""
    if (wanted := print_operand(node.return_exceptions)) != "False":
        option = f" return_exceptions={wanted}"
    head = f"{_deferred(node.start)}{node.kind.value}"
    return f"{head} [{elements}]{option}{_result(node.type)}"


def _dynamic(node: DynamicNode) -> str:
    callees = _listed("calls", tuple(callee.name for callee in node.callees))
    returns = " returns" if node.returns else ""
    text = f"dynamic {node.reason.value} {_quoted(node.message)} {_quoted(node.source)}"
    return f"{text}{_list('', node.inputs)}{callees}{returns}{_outputs(node)}"


def _loop(node: LoopNode) -> str:
    over = "" if node.iterable is None else f" over {print_operand(node.iterable)}"
    carried = _list("carrying", node.carried)
    head = f"{_LOOPS[node.kind]} {_quoted(node.label)}{over}{carried}"
    return f"{head}{_collected(node.collected)}{_result(node.type)}"


def _map(node: MapNode) -> str:
    asynchronous = "async " if node.is_async else ""
    kind = "" if node.kind is MapKind.MAP else f" {node.kind.value}"
    over = ", ".join(map(print_operand, node.iterables))
    collected = "" if node.kind is not MapKind.STATEMENTS else _collected(node.collected)
    head = f"{_deferred(node.start)}{asynchronous}map{kind} {_quoted(node.label)} over {over}"
    return f"{head}{_list('', node.options)}{collected}{_result(node.type)}"


def _with(node: WithNode) -> str:
    asynchronous = "async " if node.is_async else ""
    group = "" if node.group is None else f" group {print_operand(node.group)}"
    head = f"{asynchronous}with {_quoted(node.label)} {print_operand(node.manager)}{group}"
    return f"{head}{_list('otherwise', node.otherwise)}"


def _collected(collected: Collected) -> str:
    return "" if collected is Collected.NOTHING else f" into {collected.value}"


def _deferred(start: Start) -> str:
    return "defer " if start is Start.DEFERRED else ""


def _outputs(node: PythonNode | DynamicNode) -> str:
    return f" -> ({', '.join(node.outputs)})"


def _list(title: str, pairs: tuple[tuple[str, Operand], ...]) -> str:
    """The pairs in parentheses after a title; nothing where there are none."""
    return f"{f' {title}' if title else ''} ({_named(pairs)})" if pairs else ""


def _listed(title: str, names: tuple[str, ...]) -> str:
    return f" {title} ({', '.join(names)})" if names else ""


def _named(pairs: tuple[tuple[str, Operand], ...]) -> str:
    return ", ".join(f"{name}={print_operand(operand)}" for name, operand in pairs)


def _part(part: str | int) -> str:
    return f"[{part}]" if isinstance(part, int) else _special(part) or f".{part}"


def _special(name: str) -> str:
    """`<element>1` as `@element1`; nothing for a variable's name."""
    return f"@{name[1:].replace('>', '')}" if name.startswith("<") else ""


def _parameter(parameter: Parameter) -> str:
    return parameter.name if parameter.type is None else f"{parameter.name}: {parameter.type}"


def _result(annotation: str | None) -> str:
    return "" if annotation is None else f" -> {annotation}"


def _quoted(text: str) -> str:
    """In backticks, on one line."""
    return f"`{text.translate(_ESCAPES)}`"
