"""`flyte.run(task, ...)`, `with_runcontext(...).run(task, ...)`, and the outputs of what they give.

Upstream's take any arguments and give a run that says nothing of its task: there the run carries
the result's type along, from the call to `outputs()`.
"""

from __future__ import annotations

from mypy.nodes import CallExpr, Expression, MemberExpr, RefExpr
from mypy.plugin import CheckerPluginInterface, MethodContext, MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    TupleType,
    Type,
    get_proper_type,
)

from flyte_compiler.mypy_plugin.arguments import (
    Given,
    check_arguments,
    taking_anything,
)
from flyte_compiler.mypy_plugin.codes import ARGUMENT_TYPE
from flyte_compiler.mypy_plugin.fullnames import (
    RUN_FUNCTION,
    RUNS,
    UPSTREAM_RUN,
    UPSTREAM_RUN_CONTEXT,
)
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import (
    called_name,
    carried_result,
    carrying_result,
    is_task,
    task_type,
    with_last,
)
from flyte_compiler.mypy_plugin.words import shown


def check_run(context: MethodSigContext) -> FunctionLike:
    """Report arguments that the task doesn't take, and what isn't a task."""
    signature, call = context.default_signature, context.context
    if not isinstance(call, CallExpr) or not call.args or call.arg_kinds[0].is_star():
        return signature
    if call.arg_names[0] is not None:
        return signature
    given = get_proper_type(context.api.get_expression_type(call.args[0]))
    if isinstance(given, AnyType):
        return signature
    task = task_type(given)
    if task is not None:
        name = called_name(call.args[0])
        check_arguments(name, task.parameters, Given.of(call, skipped=1), context.api)
        return _giving(taking_anything(signature), task.result)
    if not is_task(given):
        words = f"`flyte.run` expects a task, but receives {shown(given, context.api.options)}"
        report(context.api, ARGUMENT_TYPE, f"{words}{_cure(call.args[0], context)}", call.args[0])
        return taking_anything(signature).copy_modified(variables=[])
    return signature


def check_syncified_run(context: MethodSigContext) -> FunctionLike:
    """Upstream's, which is one of many functions of its kind."""
    call = context.context
    if isinstance(call, CallExpr) and _is_run(_without_aio(call.callee), context.api):
        return check_run(context)
    return context.default_signature


def outputs(context: MethodContext) -> Type:
    """A part for each of a tuple of fixed length, else the one result."""
    given, call = context.default_return_type, context.context
    if not isinstance(call, CallExpr):
        return given
    asked = _without_aio(call.callee)
    if not isinstance(asked, MemberExpr) or asked.name != "outputs":
        return given
    run = get_proper_type(context.api.get_expression_type(asked.expr))
    result = _result_of_run(run)
    return given if result is None else with_last(given, lambda last: _outputs(last, result))


def _cure(given: Expression, context: MethodSigContext) -> str:
    """Whoever calls the task wants to hand it over."""
    if not isinstance(given, CallExpr):
        return ""
    called = context.api.get_expression_type(_without_aio(given.callee))
    if not is_task(get_proper_type(called)):
        return ""
    name = called_name(given.callee)
    return f"; write `flyte.run({name}, ...)`, with the arguments of `{name}`"


def _giving(signature: CallableType, result: Type) -> CallableType:
    given = with_last(signature.ret_type, lambda last: _run_of(last, result))
    return signature.copy_modified(ret_type=given, variables=[])


def _run_of(run: Instance, result: Type) -> Type:
    if run.type.fullname == UPSTREAM_RUN:
        return carrying_result(run, result)
    return run.copy_modified(args=[result]) if len(run.args) == 1 else run


def _result_of_run(run: Type) -> Type | None:
    if not isinstance(run, Instance) or run.type.fullname not in RUNS:
        return None
    return carried_result(run) or (run.args[0] if run.args else None)


def _outputs(given: Instance, result: Type) -> Type:
    proper = get_proper_type(result)
    is_several = isinstance(proper, TupleType) and not proper.partial_fallback.type.is_named_tuple
    parts = list(proper.items) if isinstance(proper, TupleType) and is_several else [result]
    return TupleType(parts, given)


def _without_aio(callee: Expression) -> Expression:
    return callee.expr if isinstance(callee, MemberExpr) and callee.name == "aio" else callee


def _is_run(callee: Expression, api: CheckerPluginInterface) -> bool:
    if isinstance(callee, RefExpr) and callee.fullname == RUN_FUNCTION:
        return True
    if not isinstance(callee, MemberExpr) or callee.name != "run":
        return False
    owner = get_proper_type(api.get_expression_type(callee.expr))
    return isinstance(owner, Instance) and owner.type.fullname == UPSTREAM_RUN_CONTEXT
