"""What goes beyond functions: containers, sleeps and batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flyte._image import Image
from flyte._task import AsyncTask

class ContainerTask(AsyncTask[..., Any]):
    """A container's command as a task; called with its `inputs` by name."""

    def __init__(
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
    ) -> None: ...

@dataclass
class Sleep: ...

class SleepTask(AsyncTask[..., Any]):
    def __init__(self, **kwargs: Any) -> None: ...

def serialize_env(*args: Any, **kwargs: Any) -> Any: ...
def serialize(*args: Any, **kwargs: Any) -> Any: ...

BatchStats: Any
CostEstimator: Any
DynamicBatcher: Any
Prompt: Any
TokenBatcher: Any
TokenEstimator: Any
model_streamer: Any
shell: Any
webhooks: Any
