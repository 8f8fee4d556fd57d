"""The plugin's error codes: `flyte-` and the name of the compiler's rule that says the same.

What is only a warning of the compiler, and stands in many working programs, is off until
`enable_error_code` names it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mypy.errorcodes import ErrorCode

_CATEGORY = "Flyte"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule, as the plugin reports it. `rule_code` and `rule_name` are the catalogue's."""

    rule_code: str
    rule_name: str
    error: ErrorCode

    @property
    def code(self) -> str:
        """As selectors of comments ask for it."""
        return self.rule_code

    @property
    def name(self) -> str:
        """As selectors of comments ask for it."""
        return self.rule_name


def _fault(rule_code: str, rule_name: str, description: str, *, is_on: bool = True) -> Fault:
    error = ErrorCode(f"flyte-{rule_name}", description, _CATEGORY, default_enabled=is_on)
    return Fault(rule_code, rule_name, error)


ARGUMENT_TYPE = _fault("FC301", "argument-type", "An argument that a task doesn't take")
ARGUMENT_COUNT = _fault("FC302", "argument-count", "A missing, unknown or surplus argument")
ELEMENT_TYPE = _fault("FC304", "element-type", "Elements that a mapped task doesn't take")
INVALID_OPTION = _fault("FC107", "invalid-option", "An option that `override` doesn't have")
UNSUPPORTED_BOUNDARY_TYPE = _fault(
    "FC102", "unsupported-boundary-type", "Values that can't cross from task to task"
)
UNRESOLVED_CALLEE = _fault("FC201", "unresolved-callee", "A deployed task that isn't there")
UNAWAITED_TASK = _fault("FC203", "unawaited-task", "A task that nobody awaits")
UNCONSUMED_MAP = _fault("FC204", "unconsumed-map", "A map whose results nobody asks for")
BLOCKING_TASK_CALL = _fault("FC206", "blocking-task-call", "A sync task in an async driver")
BLOCKING_MAP = _fault("FC213", "blocking-map", "A sync map in an async driver", is_on=False)

FAULTS = (
    ARGUMENT_TYPE,
    ARGUMENT_COUNT,
    ELEMENT_TYPE,
    INVALID_OPTION,
    UNSUPPORTED_BOUNDARY_TYPE,
    UNRESOLVED_CALLEE,
    UNAWAITED_TASK,
    UNCONSUMED_MAP,
    BLOCKING_TASK_CALL,
    BLOCKING_MAP,
)
