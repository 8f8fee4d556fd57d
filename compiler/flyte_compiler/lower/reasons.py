"""Why a statement is left to run as Python, in the user's words."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.ir.leaves import Reason


class NotLowered(Exception):  # noqa: N818 - a way out of nested expressions, not an error
    """Raised anywhere inside a statement; the statement becomes a `DynamicNode`."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


_STATEMENTS: dict[type[cst.CSTNode], tuple[Reason, str]] = {
    cst.Match: (Reason.MATCH_GUARD, "a `match` with a guard"),
    cst.ClassDef: (Reason.NESTED_DEFINITION, "a nested class"),
}
_EXPRESSIONS: dict[type[cst.CSTNode], tuple[Reason, str]] = {
    cst.GeneratorExp: (Reason.GENERATOR_EXPRESSION, "a generator expression"),
    cst.Comparison: (Reason.CONDITIONAL_EVALUATION, "a chain of comparisons"),
    cst.Assert: (Reason.CONDITIONAL_EVALUATION, "the message of an `assert`"),
    cst.Del: (Reason.COMPUTED_TARGET, "a `del` of several places"),
}


def compound_statement(statement: cst.CSTNode, names: Sequence[str]) -> NotLowered:
    """Of a statement whose own structure holds the calls back."""
    reason, words = _STATEMENTS[type(statement)]
    return NotLowered(reason, f"{words} that calls {_all(names)}")


def inside_expression(expression: cst.CSTNode, names: Sequence[str]) -> NotLowered:
    """Of calls that an expression makes only sometimes, or more than once."""
    reason, words = _EXPRESSIONS.get(
        type(expression), (Reason.CONDITIONAL_EVALUATION, "a statement")
    )
    return NotLowered(reason, f"{words} that calls {_all(names)}")


def gather_options(names: Sequence[str]) -> NotLowered:
    """Of a gather whose options can't be read."""
    return NotLowered(
        Reason.UNPACKED_OPTIONS, f"a gather of {_all(names)} with options that are unpacked"
    )


def unusual_map(site: CallSite) -> NotLowered:
    """Of a `flyte.map` whose arguments can't be read."""
    return NotLowered(Reason.MAP, f"a map over {_quote(site)} with arguments that are unpacked")


def mapped_helper(names: Sequence[str]) -> NotLowered:
    """Of a `flyte.map` over a function that is no task."""
    return NotLowered(Reason.MAP, f"a map over {_all(names)}, which calls tasks and is none")


def unbindable(site: CallSite) -> NotLowered:
    """Of a call that doesn't fit the callee's parameters."""
    return NotLowered(
        Reason.UNBINDABLE_CALL, f"a call of {_quote(site)} that does not fit its parameters"
    )


def target(names: Sequence[str]) -> NotLowered:
    """Of an assignment whose target calls, or whose place is worked out before a call."""
    return NotLowered(
        Reason.COMPUTED_TARGET,
        f"an assignment to a computed place that calls {_all(names)}",
    )


def reads_variables(name: str) -> NotLowered:
    """Of a builtin that looks at the variables around it."""
    return NotLowered(Reason.INTROSPECTION, f"a call of `{name}`, which reads variables by name")


def shows_text(names: Sequence[str]) -> NotLowered:
    """Of an f-string field that shows its own source."""
    return NotLowered(
        Reason.INTROSPECTION, f"an f-string that shows the text of a call of {_all(names)}"
    )


def generator_driver() -> NotLowered:
    """Of a driver that yields."""
    return NotLowered(Reason.GENERATOR, "a driver that yields")


def nested_driver() -> NotLowered:
    """Of a driver whose variables may be another function's."""
    return NotLowered(Reason.NESTED_DEFINITION, "a driver that is defined inside a function")


def _called(site: CallSite) -> str:
    return site.callee.function.short_name


def _quote(site: CallSite) -> str:
    return f"`{_called(site)}`"


def _all(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in dict.fromkeys(names)] or ["tasks"]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def unusual_value_map(names: Sequence[str]) -> NotLowered:
    """As `unusual_map`, over a callable that is a value."""
    return NotLowered(Reason.MAP, f"a map over {_all(names)} with arguments that can't be read")


def chained_overrides(site: CallSite) -> NotLowered:
    """Of several `override`s in a row, with options that are unpacked: the later ones win."""
    return NotLowered(
        Reason.UNPACKED_OPTIONS,
        f"a call of {_quote(site)} with unpacked options in one of several `override`s",
    )


def captured_target(names: Sequence[str]) -> NotLowered:
    """Of a function in a comprehension with calls that reads the comprehension's own variable,
    which is one for all its turns."""
    return NotLowered(
        Reason.COMPREHENSION_FUNCTION,
        f"a comprehension of functions that share {_all(names)}",
    )
