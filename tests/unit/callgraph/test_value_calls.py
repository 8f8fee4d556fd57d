"""Which definitions a call may call whose callee is a value, and what reaches a task through it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph, Definition, Form, Kind
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.parse import Parsed, parse

STEPS = """
import flyte
env = flyte.TaskEnvironment("e")
envs = {"a": flyte.TaskEnvironment("a"), "b": flyte.TaskEnvironment("b")}
@env.task
async def one(x: int) -> int: return x
@env.task
async def two(x: int) -> int: return x
@flyte.trace
async def traced(x: int) -> int: return x
def plain(x): return x
REGISTRY = {"one": one, "two": two}
class MyEnvironment(flyte.TaskEnvironment): ...
def make_env(name): return flyte.TaskEnvironment(name)
"""
HEAD = """
import asyncio, functools
from dataclasses import dataclass
from functools import partial
import flyte, flyte.remote
from flyte import remote
from flyte.remote import Task as RemoteTask
import steps
from steps import env, envs, make_env, one, two, traced, plain, MyEnvironment
HANDLERS = {"one": one, "two": two}
STEPS = [one, two]
NAMED = [("one", one), ("two", two)]
async def helper(x): return await one(x)
def apply(fn, x): return fn(x)
class Base:
    step = one
    async def inherited(self, x): return await one(x)
    @staticmethod
    async def static(x): return await one(x)
    @classmethod
    async def of_class(cls, x): return await two(x)
    def __call__(self, x): return one(x)
class Runner(Base):
    def __init__(self, step=None): self.step = step; self.fixed = two
    async def run(self, x): return await one(x)
    async def again(self, x): return await super().inherited(x)
@dataclass
class Config:
    name: str
    step: object
async def outer(x):
    async def inner(y): return await one(y)
    return await inner(x)
"""


def graph_of(text: str, **others: str) -> CallGraph:
    texts = {"steps": STEPS, "main": text, **others}
    return build_call_graph({name: _index(name, each) for name, each in texts.items()})


def _index(module: str, text: str) -> ModuleIndex:
    source = SourceFile(path=Path(f"{module}.py"), module=module, text=textwrap.dedent(text))
    outcome = parse(source)
    assert isinstance(outcome, Parsed), outcome
    return index_module(source, outcome)


def in_driver(body: str, *, before: str = "") -> tuple[CallGraph, Definition]:
    driver = "@env.task\nasync def driver(x, k, c):\n" + textwrap.indent(body, "    ")
    graph = graph_of(HEAD + before + driver)
    return graph, definition(graph, "driver")


def definition(graph: CallGraph, name: str) -> Definition:
    return next(each for each in graph.definitions if each.function.name == name)


def called(body: str, *, before: str = "") -> list[tuple[str, ...]]:
    graph, driver = in_driver(body, before=before)
    return [
        (*(each.function.name for each in call.candidates), *(["remote"] * call.is_remote))
        for call in graph.value_calls_of(driver)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "fn = one if c else two\nawait fn(x)",
        "fn = c and one or two\nawait fn(x)",
        "fn = one\nif c:\n    fn = two\nawait fn(x)",
        "await HANDLERS[k](x)",
        "await HANDLERS.get(k, two)(x)",
        "await steps.REGISTRY[k](x)",
        "for step in STEPS:\n    x = await step(x)",
        "for name, fn in HANDLERS.items():\n    await fn(x)",
        "for fn in HANDLERS.values():\n    await fn(x)",
        "for name, fn in NAMED:\n    await fn(x)",
        "for n, fn in enumerate(STEPS):\n    await fn(x)",
        "for fn, y in zip(STEPS, x):\n    await fn(y)",
        "await asyncio.gather(*[fn(x) for fn in STEPS])",
        "todo = []\ntodo.append(one)\ntodo.append(two)\nawait todo.pop()(x)",
        "todo = {}\ntodo[k] = one\ntodo['b'] = two\nawait todo[k](x)",
        "both = [*STEPS]\nawait both[0](x)",
        "flyte.map(HANDLERS[k], x)",
        "fn = HANDLERS[k]\nflyte.map(fn, x)",
        "configs = [Config('a', one), Config('b', step=two)]\nfor each in configs:\n"
        "    await each.step(x)",
    ],
)
def test_containers_and_choices_give_each_of_their_tasks(body: str) -> None:
    assert called(body) == [("one", "two")]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("pair = one, two\nawait pair[1](x)", ("two",)),
        ("first, second = one, two\nfirst = c\nawait second(x)", ("two",)),
        ("fast = one.override(retries=3)\nawait fast(x)", ("one",)),
        ("await partial(one, a=1)(x)", ("one",)),
        ("bound = functools.partial(two, 1)\nawait bound(x)", ("two",)),
        ("await remote.Task.get('e.t', auto_version='latest')(x=x)", ("remote",)),
        ("far = flyte.remote.Task.get('e.t')\nawait far(x=x)", ("remote",)),
        ("far = RemoteTask.get('e.t')\nawait far.aio(x=x)", ("remote",)),
        ("r = Runner(one)\nawait r.step(x)", ("one",)),
        ("r = Runner()\nawait r.fixed(x)", ("two",)),
        ("f = lambda y: two(y)\nawait f(x)", ("two",)),
    ],
)
def test_a_value_that_may_be_one_definition_gives_it(body: str, names: tuple[str, ...]) -> None:
    assert called(body) == [names]


def test_a_parameter_may_be_what_the_program_hands_over() -> None:
    graph, driver = in_driver("await apply(one, x)\napply(lambda y: y, x)\napply(fn=two, x=x)")
    (call,) = graph.value_calls_of(definition(graph, "apply"))
    assert [each.function.name for each in call.candidates] == ["one", "two"]
    assert graph.reaches_task(driver)


def test_a_task_kept_under_another_name_is_a_site() -> None:
    graph, driver = in_driver("fn = one\nawait fn(x)\nawait fn.override(retries=1)(x)")
    assert [(s.callee.function.name, s.overridden) for s in graph.calls_of(driver)] == [
        ("one", False),
        ("one", True),
    ]
    assert not graph.value_calls


@pytest.mark.parametrize(
    ("body", "callee", "is_bound"),
    [
        ("await Runner().run(x)", "Runner.run", True),
        ("r = Runner()\nawait r.run(x)", "Runner.run", True),
        ("r = Runner()\nawait r.inherited(x)", "Base.inherited", True),
        ("r = Runner()\nr(x)", "Base.__call__", True),
        ("await Base.static(x)", "Base.static", False),
        ("await Runner.static(x)", "Base.static", False),
        ("await Runner.of_class(x)", "Base.of_class", True),
    ],
)
def test_methods_are_helpers(body: str, callee: str, is_bound: bool) -> None:
    graph, driver = in_driver(body)
    sites = [(site.callee.function.name, site.is_bound) for site in graph.calls_of(driver)]
    assert sites == [(callee, is_bound)]


def test_methods_call_each_other_through_self_and_super() -> None:
    graph, _ = in_driver("await Runner().again(x)")
    (site,) = graph.calls_of(definition(graph, "Runner.again"))
    assert site.callee.function.name == "Base.inherited"


def test_a_constructor_that_calls_tasks_is_called_by_its_class() -> None:
    before = "class Eager:\n    def __init__(self, x): self.x = one(x)\n"
    graph, driver = in_driver("Eager(x)", before=before)
    assert [site.callee.function.name for site in graph.calls_of(driver)] == ["Eager.__init__"]


def test_an_annotated_parameter_gives_the_methods_of_its_class() -> None:
    before = "async def use(runner: 'Runner', x): return await runner.run(x)\n"
    graph, driver = in_driver("await use(k, x)", before=before)
    assert graph.reaches_task(driver)


def test_a_method_that_a_derived_class_replaces_may_be_either() -> None:
    before = (
        "class A:\n    async def go(self, x): return await self.do(x)\n"
        "    async def do(self, x): return await one(x)\n"
        "class B(A):\n    async def do(self, x): return await two(x)\n"
    )
    graph, _ = in_driver("await B().go(x)", before=before)
    (call,) = graph.value_calls_of(definition(graph, "A.go"))
    assert [each.function.name for each in call.candidates] == ["A.do", "B.do"]


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.gather(*map(helper, x))",
        "k.submit(helper, x)",
        "k.submit(partial(helper, 1))",
        "sorted(x, key=helper)",
        "k.run(STEPS)",
        "k.step = c or helper\nk.go(k.step, helper)",
    ],
)
def test_a_body_that_hands_on_a_function_may_call_it(body: str) -> None:
    graph, driver = in_driver(body)
    assert graph.reaches_task(driver)
    (*_, mention) = graph.mentions
    assert mention.caller is driver
    assert graph.mention_of(mention.tree) in graph.mentions


@pytest.mark.parametrize(
    "body",
    [
        "print(len(STEPS))",
        "return ', '.join(HANDLERS), sorted(HANDLERS)",
        "print(one.name)",
        "print([name for name, _ in NAMED])",
        "flyte.run(one, x)",
        "fn = HANDLERS.get(k, one)\nlater = partial(fn, 1)",
        "fn = one\nRunner(fn)\nreturn fn",
        "x.sort(key=plain)",
        "for step in k:\n    step(x)",
    ],
)
def test_a_body_that_only_looks_reaches_no_task(body: str) -> None:
    graph, driver = in_driver(body)
    assert not graph.reaches_task(driver)
    assert not graph.value_calls_of(driver)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("@envs['a'].task\nasync def t(x): ...", Kind.TASK, "<line 2>.t"),
        ("@make_env('q').task\nasync def t(x): ...", Kind.TASK, None),
        ("mine = MyEnvironment(name='mine')\n@mine.task\nasync def t(x): ...", Kind.TASK, "mine.t"),
        ("async def t(x): ...\nt = env.task(t)", Kind.TASK, "e.t"),
        ("async def t(x): ...\nu = env.task(cache='auto')(t)", Kind.TASK, "e.t"),
        ("async def t(x): ...\nu = flyte.trace(t)", Kind.TRACE, "main.t"),
        ("from flyte import trace as tr\n@tr\nasync def t(x): ...", Kind.TRACE, "main.t"),
        ("import functools\ndef logged(fn):\n    @functools.wraps(fn)\n"
         "    def w(*a): return fn(*a)\n    return w\n"
         "@logged\n@env.task\n@logged\nasync def t(x): ...", Kind.TASK, "e.t"),
        ("if flyte:\n    @env.task\n    async def t(x): ...", Kind.TASK, "e.t"),
        ("def build(e: flyte.TaskEnvironment):\n    @e.task\n    async def t(x): ...", Kind.TASK,
         None),
        ("from celery import Celery\napp = Celery()\n@app.task\ndef t(x): one(x)", Kind.HELPER,
         "main.t"),
    ],
)  # fmt: skip
def test_tasks_are_found_in_every_form(text: str, kind: Kind, name: str | None) -> None:
    head = "import flyte; from steps import env, envs, make_env, MyEnvironment, one\n"
    graph = graph_of(head + text)
    (found,) = [each for each in graph.definitions if each.function.short_name == "t"]
    assert found.kind is kind
    if name is not None:
        assert found.name == name


def test_the_plain_function_under_a_task_is_forwarded_to() -> None:
    graph, driver = in_driver("await u(x)\nt(x)", before="async def t(x): ...\nu = env.task(t)\n")
    assert [site.form for site in graph.calls_of(driver)] == [Form.CALL, Form.FORWARD]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x): return f(x)",
        "def f(x): return g(x)\ndef g(x): return f(x)",
        "def f(fn): return f(fn)(f)\nf(f)",
        "fn = one\nfn = [fn]\nfn = (fn, fn)\nfn[0](1)",
        "class A(B): ...\nclass B(A): ...\nA().run()",
        "from main import *\nlost(1)",
        "def f(x=None):\n    y = x\n    while y: x, y = y, [x, y, one]\n    return x(1)",
    ],
)
def test_cycles_end(text: str) -> None:
    assert graph_of(HEAD + text).definitions
