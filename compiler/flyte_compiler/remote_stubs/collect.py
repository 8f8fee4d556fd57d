"""From a compiled program to its tasks that have a name to be looked up by."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallGraph, Definition
from flyte_compiler.remote_stubs.model import DeployedTask, TypedParameter
from flyte_compiler.syntax.model import Parameter, ParameterKind
from flyte_compiler.typecheck.model import AnyType, Type
from flyte_compiler.typecheck.program import TypedProgram

_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


def collect_tasks(
    call_graph: CallGraph, modules: frozenset[str], types: TypedProgram
) -> Iterator[DeployedTask]:
    """The tasks of some modules, in the order of their definitions.

    Without those that nobody can look up: of an environment whose name is computed, and with
    `*args` or `**kwargs`.
    """
    for definition in call_graph.definitions:
        if definition.module in modules and _has_name(definition) and not _is_variadic(definition):
            yield _described(definition, types)


def _has_name(definition: Definition) -> bool:
    environment = definition.environment
    return definition.is_task and environment is not None and environment.name is not None


def _is_variadic(definition: Definition) -> bool:
    return any(each.kind in _VARIADIC for each in definition.function.signature.parameters)


def _described(definition: Definition, types: TypedProgram) -> DeployedTask:
    declared = types.oracle.signature_of(definition)
    result = declared.result
    return DeployedTask(
        name=definition.name,
        module=definition.module,
        function=definition.function.name,
        parameters=tuple(
            _parameter(each, declared.parameters.get(each.name))
            for each in definition.function.signature.parameters
        ),
        result=AnyType() if result is None else result,
    )


def _parameter(parameter: Parameter, declared: Type | None) -> TypedParameter:
    return TypedParameter(
        name=parameter.name,
        kind=parameter.kind,
        is_optional=parameter.default is not None,
        type=AnyType() if declared is None else declared,
    )
