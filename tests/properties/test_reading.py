"""Reading and lowering never raise: any bytes, any text and any mutilated program give a result or
a fault; wild code, made tasks and damaged, gives graphs. The long campaign is in `tests/faults`.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import flyte_compiler.callgraph.build
import flyte_compiler.syntax.model
import flyte_compiler.syntax.scope
from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.text import print_call_graph
from flyte_compiler.ir.text import print_graph
from flyte_compiler.lower.task import is_driver, lower_task
from flyte_compiler.source.read import Unreadable, decode_source
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.deep import with_deep_stack
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.parse import Parsed, SyntaxFault, TooDeep, parse
from flyte_compiler.syntax.text import print_index

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

import wild_code

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

SOURCES = [
    inspect.getsource(flyte_compiler.callgraph.build),
    inspect.getsource(flyte_compiler.syntax.model),
    inspect.getsource(flyte_compiler.syntax.scope),
    textwrap.dedent(
        """
        import flyte as f
        from flyte import *
        env = f.TaskEnvironment(name="e")
        @env.task
        async def t(x: int = 1, /, *a, k=2, **kw) -> int:
            global g
            return [y async for y in z if (w := y)]
        @env.task(cache=f.Cache())
        async def main():
            match t:
                case {"a": b, **rest} | C(d=[*e]): await t.override(retries=1).aio(b)
            try: x = t(1)
            except* E as e: del e
            async with a as (b, c): yield lambda: (yield f"{t(1)!r:>{w}}")
        """
    ),
]

PYTHONISH = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("abdefinrtx_01 \t\n\r\f()[]{}:;,.=+-*/%@#'\"\\<>!&|^~$?`")),
        st.characters(),
    ),
    max_size=80,
)


def read_wholly(text: str) -> None:
    """Every phase that reads, on one text."""
    source = SourceFile(path=Path("m.py"), module="m", text=text)
    outcome = parse(source)
    if isinstance(outcome, Parsed):
        index = index_module(source, outcome)
        assert print_index(index)
        graph = build_call_graph({"m": index})
        assert print_call_graph(graph)
        for definition in graph.definitions:
            if is_driver(definition, graph):
                assert print_graph(lower_task(definition, graph))
    else:
        assert isinstance(outcome, SyntaxFault | TooDeep)
        assert outcome.words
        assert source.offset(outcome.span.start) <= source.offset(outcome.span.end) <= len(text)


@BOUNDED
@given(PYTHONISH)
@example("\r")
@example("x = 1\rdef f(): pass\r\n\fy = 2")
@example("\ufeffx = 1")
@example("'\\ud800'; \ud800")
@example("# coding: latin-1\nx = 'é'")
@example("if a:\n\tx\n        y\n")
@example("\\\n")
@example("x = 1 \\\n")
@example("\x00")
def test_any_text_gives_a_tree_or_a_fault(text: str) -> None:
    with_deep_stack(lambda: read_wholly(text))


@BOUNDED
@given(st.data())
def test_a_mutilated_program_gives_a_tree_or_a_fault(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SOURCES))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        text = text[:start] + data.draw(PYTHONISH) + text[end:]
    with_deep_stack(lambda: read_wholly(text))


@BOUNDED
@given(st.binary(max_size=60), st.sampled_from([b"", b"\xef\xbb\xbf", b"# coding: utf-7\n"]))
def test_any_bytes_give_text_or_a_reason(raw: bytes, start: bytes) -> None:
    outcome = decode_source(start + raw, module="m", shown=Path("m.py"))
    match outcome:
        case Unreadable():
            assert outcome.reason
        case SourceFile():
            with_deep_stack(lambda: read_wholly(outcome.text))


OWN = [file.read_text(encoding="utf-8") for file in wild_code.own_files()]


@settings(BOUNDED, max_examples=200)
@given(st.sampled_from(OWN), st.integers(0, 2**32))
def test_wild_code_with_tasks_in_it_is_lowered(text: str, seed: int) -> None:
    random = Random(seed)
    if random.random() < 0.8:
        text = wild_code.as_tasks(text, random)
    text = wild_code.mutated(text, random, OWN)
    with_deep_stack(lambda: read_wholly(text))


@settings(BOUNDED, max_examples=300)
@given(st.lists(st.sampled_from(wild_code.SNIPPETS), min_size=1, max_size=4))
def test_any_statements_that_call_tasks_are_lowered(statements: list[str]) -> None:
    body = textwrap.indent("\n".join(statements), "    ")
    text = f"{wild_code.HEADER}\n@env.task\nasync def main(y, z):\n{body}\n"
    with_deep_stack(lambda: read_wholly(text))
