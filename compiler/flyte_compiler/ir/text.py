"""The text form of a graph: total, injective but for places and layout, and read by people.

```
task hello.main(name: str) -> str  # main.py:10
  n0 = task hello.hello_world(name=%name) -> str
  n1 = python [greeting=n0] "greeting.upper()"
  return n1
```

`%x` is a parameter, `n0` a node's value, `n0.x` a variable that a fragment leaves behind,
`n0[1]` a part of a value; all else is a literal. A fragment that leaves variables behind names
them after `->` in parentheses. Two graphs of one program with one text differ only in spans and
in what the definitions of their callees say anyway.
"""

from __future__ import annotations

import json
from typing import assert_never

from flyte_compiler.ir.model import (
    DynamicNode,
    FragmentForm,
    Input,
    Literal,
    Node,
    Operand,
    Output,
    PackNode,
    PythonNode,
    RegionParameter,
    TaskGraph,
    TaskNode,
    TraceNode,
)


def print_graph(graph: TaskGraph) -> str:
    """The text of a graph, ending in a line break."""
    parameters = ", ".join(_parameter(parameter) for parameter in graph.body.parameters)
    title = f"{graph.kind.value} {graph.task.name}({parameters}){_result(graph.result_type)}"
    place = f"{graph.span.path.name}:{graph.span.start.line}"
    lines = [f"{title}  # {place}"]
    lines += [f"  {node.id} = {print_node(node)}" for node in graph.body.nodes]
    if graph.body.result is not None:
        lines.append(f"  return {print_operand(graph.body.result)}")
    return "\n".join(lines) + "\n"


def print_node(node: Node) -> str:
    """The text of a node, without its id."""
    match node:
        case TaskNode():
            options = f".override({_named(node.overrides)})" if node.overrides else ""
            return f"task {node.callee.name}{options}{_call(node)}"
        case TraceNode():
            return f"trace {node.callee.name}{_call(node)}"
        case PythonNode():
            return _python(node)
        case PackNode():
            elements = ", ".join(print_operand(element) for element in node.elements)
            option = " return_exceptions" if node.return_exceptions else ""
            return f"{node.kind.value} [{elements}]{option}{_result(node.type)}"
        case DynamicNode():
            return _dynamic(node)
        case _:
            assert_never(node)


def print_operand(operand: Operand) -> str:
    """`%x`, `n0`, `n0.x`, `n0[1]`, or a literal as Python writes it."""
    match operand:
        case Literal(value=value):
            return repr(value)
        case Input(name=name):
            return f"%{name}"
        case Output(node=node, path=path):
            return node + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)
        case _:
            assert_never(operand)


def _call(node: TaskNode | TraceNode) -> str:
    return f"({_named(node.inputs)}){_result(node.type)}"


def _python(node: PythonNode) -> str:
    words = ["await" if node.is_async else "", f"[{_named(node.inputs)}]", _quoted(node.source)]
    if node.global_names:
        words.append(f"global {', '.join(node.global_names)}")
    return " ".join(["python", *filter(None, words)]) + _outputs(node) + _result(node.type)


def _dynamic(node: DynamicNode) -> str:
    callees = ", ".join(callee.name for callee in node.callees)
    returns = " returns" if node.returns else ""
    return (
        f"dynamic {node.reason.value} {_quoted(node.message)} [{_named(node.inputs)}] "
        f"{_quoted(node.source)} calls ({callees}){returns}{_outputs(node)}"
    )


def _outputs(node: PythonNode | DynamicNode) -> str:
    if isinstance(node, PythonNode) and node.form is FragmentForm.EXPRESSION:
        return ""
    return f" -> ({', '.join(node.outputs)})"


def _named(pairs: tuple[tuple[str, Operand], ...]) -> str:
    return ", ".join(f"{name}={print_operand(operand)}" for name, operand in pairs)


def _parameter(parameter: RegionParameter) -> str:
    return parameter.name if parameter.type is None else f"{parameter.name}: {parameter.type}"


def _result(annotation: str | None) -> str:
    return "" if annotation is None else f" -> {annotation}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
