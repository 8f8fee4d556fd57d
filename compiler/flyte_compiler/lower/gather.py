"""`asyncio.gather` of calls in place: members that run at once, joined in order."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.ir.edges import exception_or, pack_type
from flyte_compiler.ir.model import Output, PackKind, PackNode
from flyte_compiler.lower import reasons
from flyte_compiler.lower.calls import Evaluate, issue, prepare_call
from flyte_compiler.lower.driver import Driver
from flyte_compiler.syntax.tree import dotted, head

_GATHER = "asyncio.gather"
_OPTION = "return_exceptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Members:
    sites: tuple[CallSite, ...]
    return_exceptions: bool


def is_gather(driver: Driver, call: cst.BaseExpression) -> bool:
    """Whether an expression calls `asyncio.gather`, by whatever name it was imported."""
    if not isinstance(call, cst.Call):
        return False
    name, start = dotted(call.func), head(call.func)
    if name is None or start is None:
        return False
    rest = name[len(start.value) :]
    return any(
        f"{i.module}.{i.attribute}{rest}" == _GATHER if i.attribute else i.module + rest == _GATHER
        for i in driver.index.imports
        if i.local == start.value and i.top_level != (start.value in driver.locals)
    )


def lower_gather(driver: Driver, call: cst.Call, evaluate: Evaluate) -> Output:
    """Evaluate every member's arguments, issue the members, and join them.

    Raises:
        NotLowered: a member isn't a call in place.
    """
    members = _members(driver, call)
    prepared = [prepare_call(driver, site, evaluate) for site in members.sites]
    outputs = tuple(issue(driver, member) for member in prepared)
    results = [site.callee.function.signature.result for site in members.sites]
    if members.return_exceptions:
        results = [exception_or(result) for result in results]
    return driver.emit(
        lambda node: PackNode(
            id=node,
            kind=PackKind.GATHER,
            elements=outputs,
            return_exceptions=members.return_exceptions,
            type=pack_type(PackKind.GATHER, tuple(results)),
            span=driver.span(call),
        )
    )


def _members(driver: Driver, call: cst.Call) -> _Members:
    sites: list[CallSite] = []
    return_exceptions = False
    for argument in call.args:
        if argument.star:
            raise _starred(driver, call, argument)
        if argument.keyword is not None:
            return_exceptions = _option(driver, call, argument)
            continue
        site = driver.calls.at(argument.value)
        if site is None:
            raise reasons.mixed_gather(driver.calls.within(call))
        if refusal := reasons.unusual_call(site):
            raise refusal
        if not site.gives_coroutine:
            raise reasons.mixed_gather([site])
        sites.append(site)
    return _Members(sites=tuple(sites), return_exceptions=return_exceptions)


def _starred(driver: Driver, call: cst.Call, argument: cst.Arg) -> reasons.NotLowered:
    comprehensions = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
    sites = driver.calls.within(argument)
    if sites and isinstance(argument.value, comprehensions):
        return reasons.inside_expression(argument.value, sites)
    return reasons.starred_gather(driver.calls.within(call))


def _option(driver: Driver, call: cst.Call, argument: cst.Arg) -> bool:
    """The value of `return_exceptions`, which only a literal gives away."""
    match argument:
        case cst.Arg(keyword=cst.Name(value=keyword), value=cst.Name(value="True" | "False" as v)):
            if keyword == _OPTION:
                return v == "True"
        case _:
            pass
    raise reasons.mixed_gather(driver.calls.within(call))
