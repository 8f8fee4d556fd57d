"""Programs that a fuzzing campaign found, cut down: each ended the compiler with a traceback."""

from __future__ import annotations

import textwrap

import lowering
import pytest

from flyte_compiler.ir.leaves import DynamicNode
from flyte_compiler.ir.text import print_graph
from flyte_compiler.syntax.deep import with_deep_stack

CYCLES = {
    "a lambda that calls itself": """
        f = lambda v: f(v)

        @env.task
        async def main():
            await t(f(1))
    """,
    "a lambda that calls what it is given, which is itself": """
        def make(m):
            return lambda v: m(v)

        @env.task
        async def main():
            m = t
            m = make(m)
            return await m(1)
    """,
    "a lambda with its own result in a list": """
        f = lambda v: [f(v), t]

        @env.task
        async def main():
            return await f(1)[0][1](2)
    """,
    "an object that its own class calls": """
        class C:
            pass

        C.__call__ = C()

        @env.task
        async def main():
            await t(C()(1))
    """,
    "a class whose base is computed from its own object": """
        @env.task
        async def main(G):
            class C(G.other()):
                pass
            G = C()
            await t(G.x())
    """,
}


@pytest.mark.parametrize("text", CYCLES.values(), ids=CYCLES)
def test_what_calls_itself_is_followed_once(text: str) -> None:
    program = lowering.PREAMBLE + textwrap.dedent(text)
    assert with_deep_stack(lambda: lowering.lower_all(program))


def test_a_lambda_that_cannot_be_lowered_stays_python() -> None:
    graph = lowering.lower("f = note(lambda c: t(c, 1, 2, 3))\nreturn await f(n)")
    (helper,) = graph.helpers
    assert "dynamic" in print_graph(graph)
    (left,) = helper.body.nodes
    assert isinstance(left, DynamicNode)
    assert left.source == "return (t(c, 1, 2, 3)\n)"
