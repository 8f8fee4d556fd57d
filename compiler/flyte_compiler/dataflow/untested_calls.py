"""What calls do with values that may hold errors."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flyte_compiler.callgraph.model import CallSite, Definition, Form, Kind, ValueCall
from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.outcomes import (
    Fixed,
    Many,
    Outcome,
    Table,
    Value,
    collected,
    element_of,
    joined,
    many,
    table,
    tuple_of,
)
from flyte_compiler.dataflow.trees import ModuleTree
from flyte_compiler.dataflow.untested_expressions import Expressions, dotted, takes_errors

Given = Sequence[Value | None]

_TESTS = frozenset(
    f"builtins.{name}" for name in ("isinstance", "issubclass", "type", "callable", "hasattr")
) | {"builtins.getattr"}
_NUMBERS = frozenset(f"builtins.{name}" for name in ("len", "int", "float", "abs", "round", "pow"))
_SUMS: Mapping[str, str] = MappingProxyType(
    {
        "builtins.sum": "summed",
        "math.fsum": "summed",
        "math.prod": "multiplied",
        **{f"builtins.{name}": "compared" for name in ("max", "min", "sorted")},
        "functools.reduce": "reduced",
        "itertools.chain.from_iterable": "iterated over",
        **{
            f"statistics.{name}": "averaged"
            for name in ("mean", "fmean", "median", "stdev", "pstdev", "variance")
        },
        **{
            f"numpy.{name}": "computed with"
            for name in ("mean", "sum", "max", "min", "median", "std", "var", "percentile")
        },
        **{
            f"{name}": "joined"
            for name in ("numpy.concatenate", "numpy.vstack", "numpy.hstack", "pandas.concat")
        },
    }
)
"""Functions of a collection, and what they do with each of its elements."""
_PUTS = frozenset({"append", "appendleft", "add", "insert"})
_LOOKS = frozenset({"print", "repr", "str", "format", "id"})


def _same(given: Given) -> Value | None:
    return collected(given[0]) if given else None


def _numbered(given: Given) -> Value | None:
    each = element_of(given[0]) if given else None
    return many(tuple_of([None, each]))


def _zipped(given: Given) -> Value | None:
    return many(tuple_of([element_of(each) for each in given]))


def _chained(given: Given) -> Value | None:
    return many(next((element_of(each) for each in given if each is not None), None))


def _tabled(given: Given) -> Value | None:
    match given[0] if given else None:
        case Table() as known:
            return known
        case Many(each=Fixed(parts=(_, each))):
            return table(each)
        case _:
            return None


def _first(given: Given) -> Value | None:
    return element_of(given[0]) if given else None


_SHAPES: Mapping[str, Callable[[Given], Value | None]] = MappingProxyType(
    {
        **{
            f"builtins.{name}": _same
            for name in ("list", "tuple", "set", "iter", "reversed", "sorted", "frozenset", "aiter")
        },
        **{f"builtins.{name}": _first for name in ("next", "anext", "max", "min")},
        "builtins.enumerate": _numbered,
        "builtins.zip": _zipped,
        "itertools.zip_longest": _zipped,
        "itertools.chain": _chained,
        "itertools.islice": _same,
        "collections.deque": _same,
        "builtins.dict": _tabled,
    }
)


class Calls(Expressions):
    """The calls of one body."""

    def call(self, tree: ast.Call) -> Value | None:
        """What a call gives."""
        if isinstance(tree.func, ast.Attribute):
            held = self.known.get(dotted(tree.func)) or self.of(tree.func.value)
            if held is not None or tree.func.attr in _PUTS:
                return self._method(tree, tree.func, held)
        given = [self.of(each) for each in tree.args]
        named = {each.arg: self.of(each.value) for each in tree.keywords}
        gathering = self.engine.gathering(self.module, tree)
        site = self.module.call_of(tree)
        if site is not None:
            self._hand_on(site, tree, given, named)
        if gathering is not None:
            return Many(Outcome(gathering), is_lazy=gathering.name == "flyte.map")
        function = self._function(tree, site)
        if function is not None:
            return self._first_party(*function, given, named)
        return None if site is not None else self._library(tree, given, named)

    def _method(self, tree: ast.Call, func: ast.Attribute, held: Value | None) -> Value | None:
        given = [self.of(each) for each in tree.args]
        for keyword in tree.keywords:
            self.of(keyword.value)
        name, place = func.attr, dotted(func.value)
        match held:
            case Outcome():
                self.of(func)
                return None
            case Table(each=each):
                return _of_table(name, each, held)
            case _ if name in _PUTS:
                put = many(given[-1] if given else None)
                if place and put is not None:
                    self.known[place] = joined(held, put) or put
                return None
            case _ if name == "extend" and place:
                self.known[place] = joined(held, given[0] if given else None) or Many(None)
                return None
            case Many(each=each) if name in ("pop", "popleft"):
                return each
            case Many(each=Outcome() as each) if name == "sort":
                self.use(each, tree, "compared")
                return None
            case _:
                return held if name in ("copy", "aclose", "__aiter__", "__iter__") else None

    def _hand_on(
        self,
        site: CallSite | ValueCall,
        tree: ast.Call,
        given: Given,
        named: Mapping[str | None, Value | None],
    ) -> None:
        """To a task or a trace go results, unless it says that it takes errors."""
        for callee in _across(site):
            places = list(callee.function.signature.parameters)
            skipped = 1 if site.form in (Form.MAP, Form.RUN) else 0
            by_name = {each.name: each for each in places}
            for at, value in enumerate(given[skipped:]):
                parameter = places[at] if at < len(places) else None
                annotation = None if parameter is None else parameter.annotation
                if not takes_errors(annotation):
                    self.use(value, tree.args[at + skipped], _handed(callee))
            for keyword in tree.keywords:
                parameter = by_name.get(keyword.arg or "")
                if parameter is not None and not takes_errors(parameter.annotation):
                    self.use(named[keyword.arg], keyword.value, _handed(callee))

    def _function(
        self, tree: ast.Call, site: CallSite | ValueCall | None
    ) -> tuple[ModuleTree, AnyScope] | None:
        """The first-party function whose body a call runs."""
        if isinstance(tree.func, ast.Name) and tree.func.id in self.nested:
            nested = self.nested[tree.func.id]
            self.called.add(id(nested))
            return self.module, nested
        if isinstance(site, CallSite):
            is_helper = site.callee.kind is Kind.HELPER and not site.is_bound
            return self.engine.trees.function_of(site.callee) if is_helper else None
        origin = self.origin(tree.func)
        return self.engine.trees.helper_named(origin) if origin and site is None else None

    def _first_party(
        self,
        module: ModuleTree,
        function: AnyScope,
        given: Given,
        named: Mapping[str | None, Value | None],
    ) -> Value | None:
        arguments = function.args
        places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        bound = {name: value for name, value in zip(places, given, strict=False) if value}
        known = {*places, *(each.arg for each in arguments.kwonlyargs)}
        bound |= {name: value for name, value in named.items() if name in known and value}
        around = self.known if any(each is function for each in self.nested.values()) else {}
        return self.engine.result_of(module, function, {**around, **bound})

    def _library(
        self, tree: ast.Call, given: Given, named: Mapping[str | None, Value | None]
    ) -> Value | None:
        origin = self.origin(tree.func)
        if origin in _TESTS:
            for each in given[:1]:
                self.test(each)
        elif origin == "builtins.filter" and given[1:]:
            is_test = not (isinstance(tree.args[0], ast.Constant) and tree.args[0].value is None)
            if is_test:
                self.test(given[1])
            return collected(given[1])
        elif origin in _NUMBERS:
            for argument, value in zip(tree.args, given, strict=True):
                if isinstance(value, Outcome):
                    self.use(value, argument, f"handed to `{ast.unparse(tree.func)}`")
        elif origin in _SUMS:
            self._sum(tree, given, _SUMS[origin])
        elif _is_join(tree.func):
            self._sum(tree, given, "joined")
        elif self.is_deciding and origin and origin.removeprefix("builtins.") not in _LOOKS:
            for each in (*given, *named.values()):
                self.test(each)
        shape = _SHAPES.get(origin)
        return None if shape is None else shape(given)

    def _sum(self, tree: ast.Call, given: Given, how: str) -> None:
        for argument, value in zip(tree.args, given, strict=True):
            each = element_of(value)
            if isinstance(each, Outcome):
                self.use(each, argument, how)


def _of_table(name: str, each: Value | None, held: Table) -> Value | None:
    match name:
        case "values":
            return many(each)
        case "items":
            return many(tuple_of([None, each]))
        case "get" | "pop" | "setdefault":
            return each
        case "copy":
            return held
        case _:
            return None


def _across(site: CallSite | ValueCall) -> Sequence[Definition]:
    """The tasks and traces that a call's arguments go to."""
    candidates = (site.callee,) if isinstance(site, CallSite) else site.candidates
    return [each for each in candidates if each.kind is not Kind.HELPER]


def _handed(callee: Definition) -> str:
    kind = "trace" if callee.kind is Kind.TRACE else "task"
    return f"handed to the {kind} `{callee.function.short_name}`"


def _is_join(func: ast.expr) -> bool:
    match func:
        case ast.Attribute(value=ast.Constant(value=str()), attr="join"):
            return True
        case _:
            return False
