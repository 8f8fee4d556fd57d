"""The kind of each Python fragment: `pure`, `local`, `output` or `effect`, and why it is one.

One pass in program order over the driver's body and each helper's. It knows of every operand what
its value may be (`forms`) and of the objects that this driver built who else may have them
(`heap`); a loop is gone through until nothing new is learnt. A fragment is then

* *effect*, if any part of it may run code that isn't listed in `known`: operators on values whose
  class isn't known to be a builtin, attributes of such values, unlisted functions and methods;
  if it uses an object that code outside may change, a cell, or a global that isn't fixed; and if
  its source can't be followed;
* *output*, if it prints or logs, and is no effect;
* *local*, if it changes an object, or looks at one which any other fragment changes or gives away,
  at whatever time: those objects are this driver's alone up to here;
* *pure* otherwise.

What is believed: annotations of the driver's and helpers' parameters and of tasks' results, where
they say builtins. The driver's arguments and tasks' results are copies of its own; those of
helpers and traces aren't, and what is handed to them, or to anything unknown, is no longer ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flyte_compiler.ir.leaves import FragmentKind, PythonNode
from flyte_compiler.ir.model import Node, TaskGraph
from flyte_compiler.ir.rewrites.doings import Doings
from flyte_compiler.ir.rewrites.flow import Flow, Names
from flyte_compiler.ir.rewrites.heap import Heap
from flyte_compiler.ir.rewrites.rebuild import with_nodes
from flyte_compiler.ir.values import NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What was found out about the fragments of a graph."""

    kinds: Mapping[NodeId, FragmentKind]
    reasons: Mapping[NodeId, str]
    """Of each effect, lowercase: "calls `fetch`, which may do anything"."""
    read: Mapping[NodeId, frozenset[str]]
    """The objects that a node looks at, or hands on, by groups: two nodes that touch the same
    objects have a group in common, whatever operands they reach them by."""
    changed: Mapping[NodeId, frozenset[str]]
    """Those that a fragment changes."""
    quiet: frozenset[NodeId]
    """The loops over builtins which are this driver's alone: asking for the next element runs
    nothing."""


def find_kinds(graph: TaskGraph, sources: Mapping[str, str]) -> Kinds:
    """The kinds of a graph's fragments; `sources` are modules' texts, by their names."""
    names = Names(sources)
    heap, found = Heap(), dict[NodeId, Doings]()
    handed, quiet = dict[NodeId, frozenset[str]](), set[NodeId]()
    for body in (None, *graph.helpers):
        flow = Flow(graph, body, names, heap)
        found.update(flow.doings())
        handed.update(flow.handed)
        quiet |= flow.quiet
    handed.update({node: frozenset(doings.reads) for node, doings in found.items()})
    return Kinds(
        kinds={node: _kind(doings, heap) for node, doings in found.items()},
        reasons={node: doings.reason for node, doings in found.items() if doings.reason},
        read={node: heap.representatives(groups) for node, groups in handed.items()},
        changed={n: heap.representatives(frozenset(d.changes)) for n, d in found.items()},
        quiet=frozenset(quiet),
    )


def mark_kinds(graph: TaskGraph, found: Kinds) -> TaskGraph:
    """The graph with each fragment's kind set."""
    return with_nodes(graph, lambda node: _marked(node, found.kinds))


def _kind(doings: Doings, heap: Heap) -> FragmentKind:
    if doings.reason is not None:
        return FragmentKind.EFFECT
    if doings.prints:
        return FragmentKind.OUTPUT
    if doings.changes or not heap.is_constant(frozenset(doings.reads)):
        return FragmentKind.LOCAL
    return FragmentKind.PURE


def _marked(node: Node, kinds: Mapping[NodeId, FragmentKind]) -> Node:
    if isinstance(node, PythonNode) and (kind := kinds.get(node.id)) is not None:
        return replace(node, kind=kind)
    return node
