"""Who calls whom, in which form, and what becomes of the value."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import libcst as cst
import pytest

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph, CallSite, Form, Kind, Use
from flyte_compiler.callgraph.names import qualified_name
from flyte_compiler.callgraph.text import print_call_graph
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.parse import Parsed, parse
from flyte_compiler.syntax.tree import walk

COMMON = """
import flyte
env = flyte.TaskEnvironment("common")
class Envs:
    gpu = flyte.TaskEnvironment("gpu")
@env.task
async def step(x: int = 0) -> int: return x
@env.task
def sync(x: int = 0) -> int: return x
step2 = step
def helper(n): return step(n)
def far(n): return helper(n)
def plain(n): return n
"""
HEAD = """
import asyncio, functools
import flyte as f
import common, common as c
from common import env as e, step, sync, Envs
from flyte import trace
"""


def index_of(module: str, text: str) -> ModuleIndex:
    path = Path(module.replace(".", "/") + ".py")
    source = SourceFile(path=path, module=module, text=textwrap.dedent(text))
    outcome = parse(source)
    assert isinstance(outcome, Parsed), outcome
    return index_module(source, outcome)


def graph_of(**texts: str) -> CallGraph:
    return build_call_graph({name: index_of(name, text) for name, text in texts.items()})


def in_driver(body: str) -> CallGraph:
    """The graph of a driver with this body, and `common` beside it."""
    text = HEAD + "@e.task\nasync def main(given, xs):\n" + textwrap.indent(body, "    ")
    return graph_of(common=COMMON, main=text)


def sites_of(body: str) -> list[CallSite]:
    return [site for site in in_driver(body).sites if site.module == "main"]


def site_of(body: str) -> CallSite:
    (site,) = sites_of(body)
    return site


@pytest.mark.parametrize(
    ("decorators", "kind", "name"),
    [
        ("@e.task", Kind.TASK, "common.t"),
        ("@common.env.task(cache='auto')", Kind.TASK, "common.t"),
        ("@e2.task", Kind.TASK, "common.t"),
        ("@c.Envs.gpu.compiled_task", Kind.COMPILED_TASK, "gpu.t"),
        ("@Envs.gpu.task\n@other", Kind.TASK, "gpu.t"),
        ("@trace", Kind.TRACE, "main.t"),
        ("@f.trace", Kind.TRACE, "main.t"),
    ],
)
def test_decorators_are_resolved_across_modules(decorators: str, kind: Kind, name: str) -> None:
    graph = graph_of(common=COMMON, main=f"{HEAD}e2 = e\n{decorators}\ndef t(): ...\n")
    (found,) = [each for each in graph.definitions if each.module == "main"]
    assert (found.kind, found.name) == (kind, name)


def test_environments_of_classes_and_factories_are_found_by_their_own_rules() -> None:
    graph = graph_of(
        common=COMMON,
        main="""
import flyte
from common import env
class Tasks:
    own = flyte.TaskEnvironment("own")
    @own.task
    def t(): ...
def factory(env):
    @env.task
    def hidden(): ...
def maker():
    inner = flyte.TaskEnvironment("inner")
    @inner.task
    def t(): ...
""",
    )
    assert [each.name for each in graph.definitions if each.module == "main"] == [
        "own.t",
        "inner.t",
    ]


@pytest.mark.parametrize(
    ("call", "form", "overridden"),
    [
        ("step(1)", Form.CALL, False),
        ("step.aio(1)", Form.AIO, False),
        ("sync.aio(1)", Form.AIO, False),
        ("step.forward(1)", Form.FORWARD, False),
        ("step.override(retries=1)(1)", Form.CALL, True),
        ("step.override(retries=1).aio(1)", Form.AIO, True),
        ("step.override(retries=1).override(cache='auto')(1)", Form.CALL, True),
        ("common.step(1)", Form.CALL, False),
        ("c.step2.aio(1)", Form.AIO, False),
        ("f.run(step, 1)", Form.RUN, False),
        ("f.run.aio(step.override(retries=1), 1)", Form.RUN, True),
        ("f.with_runcontext(mode='local').run(step, 1)", Form.RUN, False),
        ("f.map(step, 1)", Form.MAP, False),
        ("f.map.aio(functools.partial(step), 1)", Form.MAP, False),
    ],
)
def test_every_form_of_a_call_is_a_site(call: str, form: Form, overridden: bool) -> None:
    site = site_of(f"v = {call}")
    assert (site.form, site.overridden) == (form, overridden)
    assert site.callee.function.name in ("step", "sync")
    assert [argument.text for argument in site.arguments] == ["1"]


@pytest.mark.parametrize(
    "body",
    [
        "given(1)",
        "step = given\nstep(1)",
        "for step in xs: step(1)",
        "[step(1) for step in xs]",
        "(lambda step: step(1))(given)",
        "from elsewhere import step\nstep(1)",
        "common = given\ncommon.step(1)",
        "step.override(retries=1)",
        "common.plain(1)",
        "f.map(given, [1])",
    ],
)
def test_what_only_looks_like_a_call_of_a_task_is_none(body: str) -> None:
    assert sites_of(body) == []


def test_a_local_import_is_followed() -> None:
    assert site_of("from common import step as mine\nawait mine(1)").callee.name == "common.step"


def test_helpers_that_reach_a_task_are_definitions() -> None:
    graph = in_driver("common.far(1)\ncommon.plain(1)\ndef inner(): return step(1)\nawait inner()")
    helpers = [each.name for each in graph.definitions if each.kind is Kind.HELPER]
    assert helpers == ["common.helper", "common.far", "main.main.<locals>.inner"]


@pytest.mark.parametrize(
    ("body", "use", "escapes"),
    [
        ("await step(1)", Use.AWAITED, False),
        ("step(1)", Use.DISCARDED, False),
        ("return step(1)", Use.RETURNED, False),
        ("await asyncio.gather(step(1), other())", Use.GATHERED, False),
        ("await asyncio.gather(*[step(x) for x in xs])", Use.GATHERED, False),
        ("await asyncio.wait([step(1)])", Use.GATHERED, False),
        ("async with asyncio.TaskGroup() as g: g.create_task(step(1))", Use.GATHERED, False),
        ("sync(step(1))", Use.TASK_ARGUMENT, False),
        ("xs.append(step(1))", Use.VALUE, False),
        ("print([step(1)])", Use.VALUE, False),
        ("yield step(1)", Use.VALUE, False),
        ("v = w = step(1)", Use.KEPT, False),
        ("v = w = step(1)\nawait w", Use.KEPT, True),
        ("v, w = step(1), 2", Use.KEPT, False),
        ("v, w = step(1), 2\nawait v", Use.KEPT, True),
        ("v, *w = step(1), 2", Use.VALUE, False),
        ("given and step(1)", Use.DISCARDED, False),
        ("step(1) if given else None", Use.DISCARDED, False),
        ("[step(x) for x in xs]", Use.DISCARDED, False),
        ("v = given and step(1)", Use.VALUE, False),
        ("given.v = step(1)", Use.VALUE, False),
        ("return [x for x in step(1)]", Use.VALUE, False),
        ("v = step(1)", Use.KEPT, False),
        ("v = step(1)\nv", Use.KEPT, False),
        ("v = step(1)\nsync(x=v)", Use.KEPT, False),
        ("v = step(1)\nsync.override(a=1).aio(v)", Use.KEPT, False),
        ("v: int = step(1)\nawait v", Use.KEPT, True),
        ("v = step(1)\nreturn v", Use.KEPT, True),
        ("v = step(1)\nxs.append(v)", Use.KEPT, True),
        ("v = step(1)\nw = v", Use.KEPT, True),
        ("v = step(1)\nsync(*v)", Use.KEPT, True),
        ("v = step(1)\nsync([v])", Use.KEPT, True),
        ("v = step(1)\nsync.forward(v)", Use.KEPT, True),
        ("v = step(1)\ncommon.plain(v)", Use.KEPT, True),
        ("v = step(1)\nreturn lambda: v", Use.KEPT, True),
        ("v = step(1)\nreturn [v for x in xs]", Use.KEPT, True),
        ("v = step(1)\nreturn locals()", Use.KEPT, True),
        ("global v\nv = step(1)", Use.KEPT, True),
        ("for x in xs:\n  await v\n  v = step(1)", Use.KEPT, True),
    ],
)
def test_the_fate_of_a_value(body: str, use: Use, escapes: bool) -> None:
    site = next(site for site in sites_of(body) if site.callee.function.name == "step")
    assert (site.use, site.escapes) == (use, escapes)
    assert site.kept_as == ("v" if use is Use.KEPT else None)


def test_a_sites_tree_leads_back_to_it() -> None:
    graph = in_driver("await step(1)\nprint(2)")
    tree = graph.modules["main"].tree
    found = [graph.site_of(node) for node in walk(tree) if isinstance(node, cst.Call)]
    assert [site for site in found if site is not None] == [
        site for site in graph.sites if site.module == "main"
    ]


@pytest.mark.parametrize(
    ("body", "name", "candidate"),
    [
        ("stp(1)", "stp", "step"),
        ("stp.aio(1)", "stp", "step"),
        ("stp.override(retries=1)(1)", "stp", "step"),
        ("common.stepp(1)", "common.stepp", "common.step"),
        ("common.stepp.override(a=1).aio(1)", "common.stepp", "common.step"),
        ("[nope() for x in xs]", "nope", "step"),
    ],
)
def test_calls_of_nothing_are_unresolved(body: str, name: str, candidate: str) -> None:
    (found,) = in_driver(body).unresolved
    assert found.name == name
    assert candidate in found.candidates


@pytest.mark.parametrize(
    "body",
    [
        *("len(xs)", "given(1)", "given.any.thing()", "asyncio.anything()", "xs[0](1)"),
        *("exec(given)\nnope()", "v = 1\ndel v\nv()", "import late\nlate.thing()", "super().x()"),
        *("common.step.anything()", "common.Envs.gpu.add_dependency(e)", "(lambda q: q())(1)"),
    ],
)
def test_calls_that_may_mean_something_are_left_alone(body: str) -> None:
    assert in_driver(body).unresolved == ()


def test_open_modules_and_plain_functions_are_left_alone() -> None:
    task = "@e.task\ndef main(): nope()\n"
    assert graph_of(common=COMMON, main=f"from x import *\n{HEAD}{task}").unresolved == ()
    assert graph_of(common=COMMON, main=f"{HEAD}def main(): nope()\n").unresolved == ()


@pytest.mark.parametrize(
    ("expression", "meaning"),
    [
        ("asyncio.gather", "asyncio.gather"),
        ("f.map.aio", "flyte.map.aio"),
        ("trace", "flyte.trace"),
        ("gather", "asyncio.gather"),
        ("nothing.here", None),
        ("asyncio[0]", None),
    ],
)
def test_dotted_names_mean_what_imports_say(expression: str, meaning: str | None) -> None:
    index = index_of("m", f"{HEAD}gather = asyncio.gather\n")
    assert qualified_name(index, cst.parse_expression(expression)) == meaning


def test_hidden_names_mean_nothing() -> None:
    index = index_of("m", HEAD)
    expression = cst.parse_expression("asyncio.gather")
    assert qualified_name(index, expression, hidden={"asyncio"}) is None


def test_imports_that_go_in_circles_mean_nothing() -> None:
    graph = graph_of(
        a="from b import x\nfrom common import env\n@env.task\ndef t(): x()\n",
        b="from a import x\n",
        common=COMMON,
    )
    assert graph.unresolved == ()


def test_the_text_form_shows_definitions_and_their_calls() -> None:
    graph = in_driver("v = step(1, x=2)\nsync(*xs)\nawait common.step.override(retries=1)(v)")
    assert print_call_graph(graph).splitlines()[-4:] == [
        "task common.main [main:main]  @8:11",
        "  common.step(1, x=2) as t(x); kept as v  @9:9",
        "  common.sync(*xs) as t(x); discarded  @10:5",
        "  common.step(v) as t(x), overridden; awaited  @11:11",
    ]


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="its own guard speaks earlier")
def test_long_chains_are_walked_without_recursion() -> None:
    arms = "".join(f"    elif given == {n}: await step({n})\n" for n in range(1_000))
    body = f"if given: pass\n{textwrap.dedent(arms)}x = " + " + ".join(["sync(1)"] * 500)
    assert len(sites_of(body)) == 1_500


def test_scopes_in_an_annotation_call_nothing() -> None:
    body = "value: Annotated[int, lambda v: step(v), [step(i) for i in xs]] = 1\n"
    assert [site.module for site in in_driver(body).sites if site.module == "main"] == []
