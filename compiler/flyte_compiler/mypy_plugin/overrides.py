"""`t.override(...)`: unknown options by name, and the task's own signature kept."""

from __future__ import annotations

from mypy.nodes import ARG_NAMED, ARG_STAR2, CallExpr
from mypy.plugin import MethodContext, MethodSigContext
from mypy.types import FunctionLike, Instance, Type, get_proper_type

from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.mypy_plugin.arguments import ANYTHING
from flyte_compiler.mypy_plugin.codes import INVALID_OPTION
from flyte_compiler.mypy_plugin.fullnames import UPSTREAM_FUNCTION_TASK, UPSTREAM_TASK
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import called_name, carried_task

_NEVER = frozenset({"name", "image", "docs", "interface"})
"""What upstream's takes any keyword for, and then refuses."""


def check_override(context: MethodSigContext) -> FunctionLike:
    """Report options that don't exist; the values of the others are mypy's matter."""
    signature, call = context.default_signature, context.context
    if not isinstance(call, CallExpr):
        return signature
    known = [name for name in signature.arg_names if name and name not in ("self", "kwargs")]
    if len(known) < 2:  # upstream's deployed tasks take any option
        return signature
    unknown = [
        (name, value)
        for name, kind, value in zip(call.arg_names, call.arg_kinds, call.args, strict=True)
        if kind is ARG_NAMED and name is not None and name not in known
    ]
    for name, value in unknown:
        near = None if name in _NEVER else nearest(name, known)
        hint = f"; did you mean `{near}`?" if near else ""
        words = f"`override` of `{called_name(call.callee)}` has no option `{name}`{hint}"
        report(context.api, INVALID_OPTION, words, value)
    if not unknown or ARG_STAR2 in signature.arg_kinds:
        return signature
    return signature.copy_modified(
        arg_types=[*signature.arg_types, ANYTHING],
        arg_kinds=[*signature.arg_kinds, ARG_STAR2],
        arg_names=[*signature.arg_names, "options"],
    )


def overridden(context: MethodContext) -> Type:
    """The task itself, where a library forgets what it takes and gives."""
    instance = get_proper_type(context.type)
    if not isinstance(instance, Instance):
        return context.default_return_type
    is_upstream = instance.type.fullname in (UPSTREAM_TASK, UPSTREAM_FUNCTION_TASK)
    return instance if is_upstream or carried_task(instance) else context.default_return_type
