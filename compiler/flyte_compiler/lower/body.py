"""A function's body on its way into regions: its variables so far, its nodes so far.

The one mutable thing in this phase. `variables` says where the value comes from that a variable
has at this point of the program. A region opened inside starts with a copy of that, and what it
leaves behind is a `Path`; `join` makes the variables of several paths one again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.ir.edges import operand_type
from flyte_compiler.ir.model import End, Node, Region, Stop, Yield
from flyte_compiler.ir.values import (
    DRIVER,
    Input,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
    Variables,
)
from flyte_compiler.lower import lowering
from flyte_compiler.lower.scope import Scope
from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True)
class Ending:
    """How a region comes to its end."""

    end: End | None = None
    """None where control goes on after the node that holds it."""
    value: Operand | None = None


GOES_ON = Ending()
NEVER = Ending(Stop())


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What a region leaves behind."""

    nodes: tuple[Node, ...]
    ending: Ending
    variables: dict[str, Operand]
    uncertain: frozenset[str]

    @property
    def goes_on(self) -> bool:
        """Whether control may come to the region's end."""
        return self.ending.end is None

    def region(self, names: Iterable[str]) -> Region:
        """The region, giving these variables where it goes on."""
        end = self.ending.end
        if end is None:
            end = Yield(variables=pick(self.variables, names), value=self.ending.value)
        return Region(nodes=self.nodes, end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a block of statements."""

    live: frozenset[str]
    """Variables that may be read after the block's end."""
    carried: tuple[str, ...] | None
    """The carried variables of the loop around; None outside of loops."""

    def followed_by(self, live: frozenset[str]) -> Around:
        """The same place, with something else read next."""
        return Around(live=live, carried=self.carried)


@dataclass(frozen=True, slots=True)
class Mark:
    """A state to come back to."""

    graph: lowering.Mark
    nodes: int
    variables: dict[str, Operand]
    uncertain: frozenset[str]


class Body:
    """One function on its way."""

    def __init__(
        self, graph: lowering.Lowering, scope: Scope, captures: Sequence[str] = ()
    ) -> None:
        self.graph = graph
        self.scope = scope
        self.index = scope.index
        self.source = scope.index.source
        self.places = scope.places
        self.nodes: list[Node] = []
        self.variables: dict[str, Operand] = {
            name: Input(name) if scope.owner == DRIVER else RegionInput(scope.owner, name)
            for name in (*captures, *scope.parameters)
            if name not in scope.cells
        }
        self.uncertain: set[str] = set()
        """Variables that the node they come from may have left unbound: reading one may raise."""
        self.hidden: frozenset[str] = frozenset()
        """Names that comprehensions around have for themselves."""
        self.types: dict[str, str | None] = {
            parameter.name: parameter.annotation for parameter in scope.signature_parameters
        }

    # Nodes -----------------------------------------------------------------------------------

    def new_id(self) -> NodeId:
        """The id of a node that holds regions: taken before they are lowered."""
        return self.graph.new_id()

    def add(self, node: Node) -> Output:
        """Append a node that has its id."""
        self.nodes.append(node)
        self.graph.scope[node.id] = node
        return Output(node.id)

    def emit(self, build: Callable[[NodeId], Node]) -> Output:
        """Append the node that `build` makes for the next id."""
        return self.add(build(self.new_id()))

    def type_of(self, operand: Operand) -> str | None:
        """What the source declares of an operand's value."""
        return operand_type(self.graph.scope, self.types, operand)

    def mark(self) -> Mark:
        """Remember this state."""
        return Mark(
            self.graph.mark(), len(self.nodes), dict(self.variables), frozenset(self.uncertain)
        )

    def return_to(self, mark: Mark) -> None:
        """Forget everything since a mark."""
        self.graph.return_to(mark.graph)
        del self.nodes[mark.nodes :]
        self.variables, self.uncertain = dict(mark.variables), set(mark.uncertain)

    # Regions ---------------------------------------------------------------------------------

    def inside(self, lower: Callable[[], Ending]) -> Path:
        """What `lower` emits, as a region of its own; the state here stays as it is."""
        nodes, variables, uncertain = self.nodes, self.variables, self.uncertain
        self.nodes, self.variables, self.uncertain = [], dict(variables), set(uncertain)
        try:
            ending = lower()
            return Path(
                nodes=tuple(self.nodes),
                ending=ending,
                variables=self.variables,
                uncertain=frozenset(self.uncertain),
            )
        finally:
            self.nodes, self.variables, self.uncertain = nodes, variables, uncertain

    def join(self, node: NodeId, paths: Iterable[Path], live: frozenset[str]) -> tuple[str, ...]:
        """Let variables come from `node` that differ where paths meet; their names, sorted.

        A variable that changed and that nobody reads any more has no value from here on.
        """
        meeting = [path for path in paths if path.goes_on]
        changed = {name for path in meeting for name in self._changed_on(path)}
        for name in changed:
            self.variables.pop(name, None)
            self.uncertain.discard(name)
        names = tuple(sorted(changed & live))
        for name in names:
            self.variables[name] = Output(node, (name,))
            if any(name not in p.variables or name in p.uncertain for p in meeting):
                self.uncertain.add(name)
        return names

    def _changed_on(self, path: Path) -> set[str]:
        before, after = self.variables, path.variables
        changed = {name for name in after if after[name] != before.get(name)}
        changed.update(name for name in before if name not in after)
        return changed | (self.uncertain ^ path.uncertain)

    # Variables -------------------------------------------------------------------------------

    def is_variable(self, name: str) -> bool:
        """Whether a name is a variable here: of this function, or of one around it."""
        return name in self.hidden or name in self.scope.variables

    def is_value(self, name: str) -> bool:
        """Whether a name may be bound to an operand: it is this function's own, and no cell."""
        return name in self.hidden or (name in self.scope.locals and name not in self.scope.cells)

    def is_settled(self, name: str) -> bool:
        """Whether a variable gives the same value, and raises nothing, whenever it is read."""
        return name in self.variables and name not in self.uncertain

    def read(self, name: str) -> Operand:
        """A variable's value at this point."""
        home = None if name in self.hidden else self.scope.home(name)
        if home is not None and name in home.cells:
            return Shared(home.owner, name)
        return self.variables.get(name, Unbound(name))

    def bind(self, name: str, operand: Operand) -> None:
        """From here on a variable that is a value has this one."""
        self.variables[name] = operand
        self.uncertain.discard(name)

    # Text ------------------------------------------------------------------------------------

    def offsets(self, node: cst.CSTNode) -> tuple[int, int]:
        """The characters that a node takes up; a function's or class's decorators are its own."""
        start, end = self.index.positions.offsets(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef) and node.decorators:
            start = self.index.positions.offsets(node.decorators[0])[0]
        return start, start + len(self.source.text[start:end].rstrip())

    def span(self, node: cst.CSTNode) -> Span:
        """The span of a node."""
        return self.source.span(*self.offsets(node))

    def text(self, node: cst.CSTNode) -> str:
        """A node as written."""
        start, end = self.offsets(node)
        return self.source.text[start:end]


def pick(variables: dict[str, Operand], names: Iterable[str]) -> Variables:
    """Some variables with their values, sorted by name."""
    return tuple((name, variables.get(name, Unbound(name))) for name in sorted(names))


LowerBlock = Callable[[Body, cst.BaseSuite, Around], Ending]
"""Lowers a block of statements: what statements with statements in them are given."""
