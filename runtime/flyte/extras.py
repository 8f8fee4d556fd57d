"""What goes beyond functions: a container's command as a task.

Neither containers nor cluster sleeps can run here: such a task can be declared, deployed and
called in a program that is checked, and says what it lacks when it is run.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from flyte import _options
from flyte._absent import Absent, not_available
from flyte._checks import check_choice, check_type
from flyte._image import Image
from flyte._interface import Interface
from flyte._options import TaskOptions
from flyte._task import AsyncTask


class ContainerTask(AsyncTask[..., Any]):
    """A container's command as a task; called with its `inputs` by name.

    It belongs to the environment that `TaskEnvironment.from_task` makes of it.

    Raises:
        TypeError, ValueError: an option that it can't be, with what is allowed.
    """

    def __init__(  # noqa: PLR0917 - as upstream has it
        self,
        name: str,
        image: str | Image,
        command: list[str],
        inputs: Mapping[str, Any] | None = None,
        arguments: list[str] | None = None,
        outputs: Mapping[str, Any] | None = None,
        input_data_dir: str | Path = "/var/inputs",
        output_data_dir: str | Path = "/var/outputs",
        metadata_format: Literal["JSON", "YAML", "PROTO"] = "JSON",
        local_logs: bool = True,
        file_input_layout: Literal["DIRECT", "NAMED_DIR"] = "DIRECT",
        **kwargs: Any,
    ) -> None:
        check_type("name", name, str)
        check_type("image", image, str, Image)
        check_type("command", command, list, tuple)
        check_choice("metadata_format", metadata_format, ("JSON", "YAML", "PROTO"))
        check_choice("file_input_layout", file_input_layout, ("DIRECT", "NAMED_DIR"))
        self.image = image
        self.command = tuple(command)
        self.arguments = tuple(arguments or ())
        self.input_data_dir = Path(input_data_dir)
        self.output_data_dir = Path(output_data_dir)
        self.metadata_format = metadata_format
        self.local_logs = local_logs
        self.file_input_layout = file_input_layout
        _stand_alone(self, name, inputs or {}, outputs or {}, kwargs)


@dataclass
class Sleep:
    """How long a `SleepTask` sleeps is its input."""


class SleepTask(AsyncTask[..., Any]):
    """A sleep that takes no worker of a cluster; here `flyte.durable.sleep` takes none."""

    def __init__(self, **kwargs: Any) -> None:
        name = kwargs.pop("name", "sleep")
        _stand_alone(self, str(name), {"duration": Any}, {}, kwargs)


BatchStats: Any = Absent("flyte.extras.BatchStats")
CostEstimator: Any = Absent("flyte.extras.CostEstimator")
DynamicBatcher: Any = Absent("flyte.extras.DynamicBatcher")
Prompt: Any = Absent("flyte.extras.Prompt")
TokenBatcher: Any = Absent("flyte.extras.TokenBatcher")
TokenEstimator: Any = Absent("flyte.extras.TokenEstimator")
model_streamer: Any = Absent("flyte.extras.model_streamer")
shell: Any = Absent("flyte.extras.shell")
webhooks: Any = Absent("flyte.extras.webhooks")


def serialize_env(*args: Any, **kwargs: Any) -> Any:
    """Raises:
    NotAvailableError: always.
    """
    raise not_available("flyte.extras.serialize_env")


def serialize(*args: Any, **kwargs: Any) -> Any:
    """Raises:
    NotAvailableError: always.
    """
    raise not_available("flyte.extras.serialize")


def _stand_alone(
    task: AsyncTask[..., Any],
    name: str,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> None:
    """Make a task of no function of the user's, and of no environment yet."""

    async def refuse(**_inputs: Any) -> Any:
        raise not_available(f"task {name}", "there are no containers")

    parameters = [
        inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
        for each, kind in inputs.items()
    ]
    kinds = tuple(outputs.values())
    result: Any = (
        None if not kinds else kinds[0] if len(kinds) == 1 else tuple.__class_getitem__(kinds)
    )
    function = cast(Any, refuse)
    function.__signature__ = inspect.Signature(parameters, return_annotation=result)
    function.__annotations__ = {**inputs, "return": result}
    function.__name__ = function.__qualname__ = name
    task.name = task.__name__ = task.__qualname__ = name
    task.function = function
    task.interface = Interface.of(function, owner=name)
    task.kind = "task"
    where = f"task `{name}`"
    task.options = _options.define(TaskOptions(), options, where=where, is_compiled=False)
