"""Programs in a folder, typed by mypy."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph, Definition
from flyte_compiler.callgraph.program import Program, load_program
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.deep import with_deep_stack
from flyte_compiler.typecheck.model import ClassType, Type, TypedSignature, UnionType
from flyte_compiler.typecheck.mypy_bridge import mypy_oracle
from flyte_compiler.typecheck.mypy_bridge.oracle import MypyOracle

HEAD = "import flyte\n\nenv = flyte.TaskEnvironment('e')\n"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One program and its oracle."""

    program: Program
    graph: CallGraph
    oracle: MypyOracle

    def span(self, text: str, *, module: str = "main", nth: int = 0) -> Span:
        """Where a text stands, the first time by default."""
        source = self.program.modules[module].source
        at = -1
        for _ in range(nth + 1):
            at = source.text.index(text, at + 1)
        return source.span(at, at + len(text))

    def type_of(self, text: str, *, module: str = "main", nth: int = 0) -> Type | None:
        return self.oracle.type_of(self.span(text, module=module, nth=nth))

    def name_of(self, text: str, *, module: str = "main", nth: int = 0) -> str:
        return shown(self.type_of(text, module=module, nth=nth))

    def definition(self, name: str) -> Definition:
        return next(each for each in self.graph.definitions if each.function.name == name)

    def signature(self, name: str) -> TypedSignature:
        return self.oracle.signature_of(self.definition(name))

    @cached_property
    def faults(self) -> list[tuple[str, str, bool]]:
        """Code, text at fault, whether an `Any` takes part."""
        sources = {each.source.path: each.source for each in self.program.modules.values()}
        return [
            (each.code, sources[each.span.path].slice(each.span), each.involves_any)
            for each in self.oracle.faults
        ]


def typed(folder: Path, cache: Path | None, /, main: str, **others: str) -> Typed:
    """Type `main.py`, beside other modules."""
    for name, text in {"main": main, **others}.items():
        file = folder / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return typed_file(folder / "main.py", cache)


def typed_file(file: Path, cache: Path | None) -> Typed:
    """Type a file that is there."""

    def compiled() -> Typed:
        program = load_program([file]).programs[0]
        graph = build_call_graph(program.modules)
        oracle = mypy_oracle(program, graph, cache=cache)
        return Typed(program=program, graph=graph, oracle=oracle)

    return with_deep_stack(compiled)


def shown(type_: Type | None) -> str:
    """A type, short."""
    match type_:
        case ClassType(name=name, arguments=arguments):
            short = name.removeprefix("builtins.")
            return f"{short}[{', '.join(map(shown, arguments))}]" if arguments else short
        case UnionType(members=members):
            return " | ".join(map(shown, members))
        case None:
            return "nothing"
        case _:
            return type(type_).__name__.removesuffix("Type")
