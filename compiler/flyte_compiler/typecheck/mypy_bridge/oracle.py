"""The oracle that mypy answers for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mypy import types as of
from mypy.build import BuildResult
from mypy.nodes import ArgKind, FuncDef
from mypy.types import get_proper_type

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.model import AnyType, Type, TypedSignature
from flyte_compiler.typecheck.mypy_bridge import questions
from flyte_compiler.typecheck.mypy_bridge.convert import Converter
from flyte_compiler.typecheck.mypy_bridge.faults import faults_in
from flyte_compiler.typecheck.mypy_bridge.origin import Origin
from flyte_compiler.typecheck.mypy_bridge.places import Places
from flyte_compiler.typecheck.mypy_bridge.sources import Module
from flyte_compiler.typecheck.oracle import TypeFault, TypeSource


@dataclass(frozen=True, kw_only=True)
class MypyOracle:
    """What mypy knows about the types of one program.

    Of files that `covers` is false for, nothing is known: `type_of` gives None, and a signature
    is empty. Spans are looked up where they are asked for; a module that nobody asks about isn't
    gone through.
    """

    remarks: Sequence[str]
    modules: tuple[Module, ...] = ()
    """Those that mypy has types for."""
    result: BuildResult | None = field(default=None, repr=False)
    _places: dict[Path, Places] = field(init=False, repr=False, default_factory=dict)

    @property
    def source(self) -> TypeSource:
        """What answers."""
        return TypeSource.MYPY

    def covers(self, path: Path) -> bool:
        """Whether mypy has types for a file, named as in its spans."""
        return path in self._by_path

    @cached_property
    def faults(self) -> Sequence[TypeFault]:
        """mypy's errors in the program's own modules, in order of their places."""
        if self.result is None:
            return ()
        found = self.result.manager.errors.error_info_map
        faults = {
            fault
            for module in self.modules
            if found.get(module.file)
            for fault in faults_in(found[module.file], self._places_in(module), self.result.types)
        }
        return sorted(faults, key=lambda each: (each.span, each.code, each.message))

    def type_of(self, expression: Span) -> Type | None:
        """The type of the expression that fills a span."""
        module = self._by_path.get(expression.path)
        if module is None or self.result is None:
            return None
        node = self._places_in(module).expression(expression)
        found = None if node is None else self.result.types.get(node)
        return None if found is None else self._converter.convert(found)

    def signature_of(self, definition: Definition) -> TypedSignature:
        """The types that a definition declares."""
        function = definition.function
        module = self._by_path.get(function.span.path)
        if module is None:
            return TypedSignature(parameters={}, result=None)
        place = function.name_span.start
        node = self._places_in(module).function(function.short_name, place)
        return TypedSignature(
            parameters=self._parameters(node, definition), result=self._result(node, definition)
        )

    def is_assignable(self, provided: Type, expected: Type) -> bool:
        """Whether PEP 484 lets a value of one type go where another is declared."""
        left, right = self._own(provided), self._own(expected)
        return left is None or right is None or questions.is_assignable(left, right)

    def element_of(self, iterable: Type) -> Type | None:
        """What iterating over a value gives."""
        known = self._own(iterable)
        return AnyType() if known is None else self._maybe(questions.element_of(known))

    def awaited(self, value: Type) -> Type | None:
        """What awaiting a value gives."""
        known = self._own(value)
        return AnyType() if known is None else self._maybe(questions.awaited(known))

    @cached_property
    def _by_path(self) -> Mapping[Path, Module]:
        return {each.source.path: each for each in self.modules}

    @cached_property
    def _converter(self) -> Converter:
        return Converter(self.result, {each.known_as: each.name for each in self.modules})

    def _places_in(self, module: Module) -> Places:
        assert self.result is not None
        path = module.source.path
        if path not in self._places:
            self._places[path] = Places(module.source, self.result.files[module.known_as])
        return self._places[path]

    def _own(self, type_: Type) -> of.Type | None:
        """What mypy knows a type as, if it is of this build."""
        origin = type_.origin
        return origin.type if isinstance(origin, Origin) and origin.build is self.result else None

    def _maybe(self, type_: of.Type | None) -> Type | None:
        return None if type_ is None else self._converter.convert(type_)

    def _parameters(self, node: FuncDef | None, definition: Definition) -> Mapping[str, Type]:
        declared = None if node is None else get_proper_type(node.type)
        if node is None or not isinstance(declared, of.CallableType):
            return {}
        annotated = {
            each.name for each in definition.function.signature.parameters if each.annotation
        }
        return {
            argument.variable.name: self._parameter(type_, argument.kind)
            for argument, type_ in zip(node.arguments, declared.arg_types, strict=False)
            if argument.variable.name in annotated
        }

    def _parameter(self, type_: of.Type, kind: ArgKind) -> Type:
        unpacked = get_proper_type(type_)
        if kind.is_star() and isinstance(unpacked, of.UnpackType):
            return self._converter.convert(unpacked.type)
        return self._converter.convert(type_)

    def _result(self, node: FuncDef | None, definition: Definition) -> Type | None:
        signature = definition.function.signature
        declared = None if node is None else get_proper_type(node.type)
        if signature.result is None or not isinstance(declared, of.CallableType):
            return None
        result = get_proper_type(declared.ret_type)
        is_coroutine = signature.is_async and not signature.is_generator
        if is_coroutine and isinstance(result, of.Instance) and len(result.args) == 3:
            return self._converter.convert(result.args[2])
        return self._converter.convert(declared.ret_type)
