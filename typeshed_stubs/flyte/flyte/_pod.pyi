from dataclasses import dataclass
from typing import Any

@dataclass
class PodTemplate:
    pod_spec: Any | None = None  # `kubernetes.client.V1PodSpec`, where that is installed
    primary_container_name: str = "primary"
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
