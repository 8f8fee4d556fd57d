"""`PodTemplate`: what a Kubernetes pod of a task looks like. Kept for engines that make pods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flyte._checks import check_string_map, check_type


@dataclass
class PodTemplate:
    """A pod's specification (`kubernetes.client.V1PodSpec`), and what is written on it.

    Raises:
        TypeError: an option of a wrong type.
    """

    pod_spec: Any | None = None
    primary_container_name: str = "primary"
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        check_type("PodTemplate.primary_container_name", self.primary_container_name, str)
        for name in ("labels", "annotations"):
            given = getattr(self, name)
            if given is not None:
                check_string_map(f"PodTemplate.{name}", given)
