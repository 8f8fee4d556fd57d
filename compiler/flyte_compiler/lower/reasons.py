"""Why a statement is left to run as Python, in the user's words."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Form, Kind
from flyte_compiler.ir.model import Reason


class NotLowered(Exception):  # noqa: N818 - a way out of nested expressions, not an error
    """Raised anywhere inside a statement; the statement becomes a `DynamicNode`."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


_STATEMENTS: dict[type[cst.CSTNode], tuple[Reason, str]] = {
    cst.For: (Reason.LOOP, "a loop"),
    cst.While: (Reason.LOOP, "a loop"),
    cst.If: (Reason.BRANCH, "an `if`"),
    cst.Match: (Reason.BRANCH, "a `match`"),
    cst.Try: (Reason.TRY, "a `try`"),
    cst.TryStar: (Reason.TRY, "a `try`"),
    cst.With: (Reason.WITH, "a `with`"),
    cst.FunctionDef: (Reason.NESTED_FUNCTION, "a nested function"),
    cst.ClassDef: (Reason.NESTED_FUNCTION, "a nested class"),
}
_EXPRESSIONS: dict[type[cst.CSTNode], tuple[Reason, str]] = {
    cst.Lambda: (Reason.NESTED_FUNCTION, "a `lambda`"),
    cst.ListComp: (Reason.COMPREHENSION, "a comprehension"),
    cst.SetComp: (Reason.COMPREHENSION, "a comprehension"),
    cst.DictComp: (Reason.COMPREHENSION, "a comprehension"),
    cst.GeneratorExp: (Reason.COMPREHENSION, "a generator expression"),
    cst.IfExp: (Reason.CONDITIONAL_EVALUATION, "a conditional expression"),
    cst.BooleanOperation: (Reason.CONDITIONAL_EVALUATION, "an `and` or `or`"),
    cst.Comparison: (Reason.CONDITIONAL_EVALUATION, "a chain of comparisons"),
    cst.Assert: (Reason.CONDITIONAL_EVALUATION, "the message of an `assert`"),
    cst.Yield: (Reason.GENERATOR, "a `yield`"),
}


def compound_statement(statement: cst.CSTNode, sites: Sequence[CallSite]) -> NotLowered:
    """Of a statement whose own structure holds the calls back."""
    if all(site.form is Form.MAP for site in sites):
        return NotLowered(Reason.MAP, f"a map over `{_called(sites[0])}`")
    reason, words = _STATEMENTS[type(statement)]
    return NotLowered(reason, f"{words} that calls {_all_called(sites)}")


def inside_expression(expression: cst.CSTNode, sites: Sequence[CallSite]) -> NotLowered:
    """Of calls that an expression makes only sometimes, or more than once."""
    reason, words = _EXPRESSIONS.get(
        type(expression), (Reason.CONDITIONAL_EVALUATION, "a statement")
    )
    return NotLowered(reason, f"{words} that calls {_all_called(sites)}")


def early_exit(statement: cst.CSTNode) -> NotLowered:
    """Of a plain statement that may leave the driver."""
    _, words = _STATEMENTS[type(statement)]
    return NotLowered(Reason.EARLY_EXIT, f"a `return` inside {words}")


def helper(site: CallSite) -> NotLowered:
    """Of a call of a function that calls tasks."""
    if "<locals>" in site.callee.function.name:
        return NotLowered(Reason.NESTED_FUNCTION, f"a call of the nested function {_quote(site)}")
    return NotLowered(
        Reason.HELPER, f"a call of {_quote(site)}, which calls tasks or traces itself"
    )


def shared_variable(name: str) -> NotLowered:
    """Of a nested function over a variable that changes elsewhere."""
    return NotLowered(
        Reason.NESTED_FUNCTION,
        f"a nested function that shares `{name}` with statements after a call",
    )


def unusual_call(site: CallSite) -> NotLowered | None:
    """Of a call that is lowered in no position; None for an ordinary one."""
    if site.callee.kind is Kind.HELPER or site.form is Form.FORWARD:
        return helper(site)
    if site.form is Form.MAP:
        return NotLowered(Reason.MAP, f"a map over {_quote(site)}")
    if site.callee.function.signature.is_generator:
        return NotLowered(Reason.GENERATOR, f"a call of the generator {_quote(site)}")
    return None


def coroutine(site: CallSite) -> NotLowered:
    """Of a call that isn't awaited where it stands."""
    return NotLowered(Reason.COROUTINE, f"a call of {_quote(site)} that is not awaited in place")


def awaited_value(site: CallSite) -> NotLowered:
    """Of `await` before a call that gives its result right away."""
    return NotLowered(Reason.COROUTINE, f"an `await` of {_quote(site)}, which is not async")


def mixed_gather(sites: Sequence[CallSite]) -> NotLowered:
    """Of a gather of more than calls of tasks and traces."""
    return NotLowered(
        Reason.COROUTINE, f"a gather of {_all_called(sites)} with something that is no task"
    )


def starred(site: CallSite) -> NotLowered:
    """Of a call whose arguments are known at run time only."""
    return NotLowered(
        Reason.STARRED_ARGUMENTS, f"a call of {_quote(site)} with `*` or `**` arguments"
    )


def starred_gather(sites: Sequence[CallSite]) -> NotLowered:
    """Of a gather whose members are known at run time only."""
    return NotLowered(
        Reason.STARRED_ARGUMENTS, f"a gather of `*` arguments and {_all_called(sites)}"
    )


def unbindable(site: CallSite) -> NotLowered:
    """Of a call that doesn't fit the callee's parameters."""
    return NotLowered(
        Reason.UNBINDABLE_CALL, f"a call of {_quote(site)} that does not fit its parameters"
    )


def target(sites: Sequence[CallSite]) -> NotLowered:
    """Of an assignment whose target calls, or whose place is worked out before a call."""
    return NotLowered(
        Reason.CONDITIONAL_EVALUATION,
        f"an assignment to a computed place that calls {_all_called(sites)}",
    )


def conditional_binding(name: str) -> NotLowered:
    """Of a walrus that an expression may skip."""
    return NotLowered(
        Reason.CONDITIONAL_EVALUATION, f"an expression that binds `{name}` only sometimes"
    )


def reads_variables(name: str) -> NotLowered:
    """Of a builtin that looks at the variables around it."""
    return NotLowered(Reason.INTROSPECTION, f"a call of `{name}`, which reads variables by name")


def shows_text(sites: Sequence[CallSite]) -> NotLowered:
    """Of an f-string field that shows its own source."""
    return NotLowered(
        Reason.INTROSPECTION, f"an f-string that shows the text of a call of {_all_called(sites)}"
    )


def unbound(name: str) -> NotLowered:
    """Of a local variable that nothing has bound yet."""
    return NotLowered(Reason.UNBOUND_NAME, f"a read of `{name}` before anything binds it")


def generator_driver() -> NotLowered:
    """Of a driver that yields."""
    return NotLowered(Reason.GENERATOR, "a driver that yields")


def nested_driver() -> NotLowered:
    """Of a driver whose variables may be another function's."""
    return NotLowered(Reason.NESTED_FUNCTION, "a driver that is defined inside a function")


def _called(site: CallSite) -> str:
    return site.callee.function.short_name


def _quote(site: CallSite) -> str:
    return f"`{_called(site)}`"


def _all_called(sites: Sequence[CallSite]) -> str:
    names = list(dict.fromkeys(_quote(site) for site in sites))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
