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
    touched: Mapping[NodeId, frozenset[str]]
    """The objects that a fragment reads or changes, by groups: two fragments that touch the same
    objects have a group in common, whatever operands they reach them by."""
    changed: Mapping[NodeId, frozenset[str]]
    """Those among them that it changes."""


def find_kinds(graph: TaskGraph, sources: Mapping[str, str]) -> Kinds:
    """The kinds of a graph's fragments; `sources` are modules' texts, by their names."""
    names = Names(sources)
    heap, found = Heap(), dict[NodeId, Doings]()
    for body in (None, *graph.helpers):
        found.update(Flow(graph, body, names, heap).doings())
    return Kinds(
        kinds={node: _kind(doings, heap) for node, doings in found.items()},
        reasons={node: doings.reason for node, doings in found.items() if doings.reason},
        touched={n: heap.representatives(frozenset(d.reads | d.changes)) for n, d in found.items()},
        changed={n: heap.representatives(frozenset(d.changes)) for n, d in found.items()},
    )


def mark_kinds(graph: TaskGraph, sources: Mapping[str, str]) -> TaskGraph:
    """The graph with each fragment's kind set."""
    kinds = find_kinds(graph, sources).kinds
    return with_nodes(graph, lambda node: _marked(node, kinds))


def reasons_of(graph: TaskGraph, sources: Mapping[str, str]) -> Mapping[NodeId, str]:
    """Why each fragment that is an effect is one."""
    return find_kinds(graph, sources).reasons


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
