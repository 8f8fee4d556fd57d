"""The oracle that asks annotations, and nothing but the source around them."""

from __future__ import annotations

from collections.abc import Sequence

from flyte_compiler.callgraph.model import CallGraph, Definition
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.assignable import Assignability
from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.declared import Declared
from flyte_compiler.typecheck.annotations.infer import Inference
from flyte_compiler.typecheck.annotations.iterate import awaited, element_of
from flyte_compiler.typecheck.annotations.names import Names, parameters_of
from flyte_compiler.typecheck.annotations.trees import Trees
from flyte_compiler.typecheck.model import Type, TypedSignature
from flyte_compiler.typecheck.oracle import TypeFault, TypeSource


class AnnotationsOracle:
    """What annotations say of one program's types."""

    def __init__(self, graph: CallGraph) -> None:
        self.trees = Trees(graph.modules)
        names = Names(self.trees, graph.modules)
        self.classes = Classes(self.trees, names)
        self._declared = Declared(names, self.classes)
        self._inference = Inference(graph, self.trees, names, self._declared, self.classes)
        self._relation = Assignability(self.classes)

    @property
    def source(self) -> TypeSource:
        """What answers."""
        return TypeSource.ANNOTATIONS

    @property
    def remarks(self) -> Sequence[str]:
        """None: what annotations don't say, nobody misses here."""
        return ()

    @property
    def faults(self) -> Sequence[TypeFault]:
        """None."""
        return ()

    def type_of(self, expression: Span) -> Type | None:
        """The type of the expression that fills a span."""
        tree = self.trees.holding(expression)
        node = None if tree is None else tree.expression_at(expression)
        return None if tree is None or node is None else self._inference.type_of(node, tree)

    def signature_of(self, definition: Definition) -> TypedSignature:
        """The types that a definition declares."""
        tree = self.trees.of_module.get(definition.module)
        function = self.trees.function_of(definition)
        if tree is None or function is None:
            return TypedSignature(parameters={}, result=None)
        scope = tree.scope_of(function)
        read = self._declared.type_of
        return TypedSignature(
            parameters={
                each.arg: read(each.annotation, scope, tree)
                for each in parameters_of(function)
                if each.annotation is not None
            },
            result=None if function.returns is None else read(function.returns, scope, tree),
        )

    def is_assignable(self, provided: Type, expected: Type) -> bool:
        """Whether a value may go where a type is declared; true wherever a part isn't known."""
        return self._relation.holds(provided, expected)

    def element_of(self, iterable: Type) -> Type | None:
        """What iterating over a value gives."""
        return element_of(iterable)

    def awaited(self, value: Type) -> Type | None:
        """What awaiting a value gives."""
        return awaited(value)
