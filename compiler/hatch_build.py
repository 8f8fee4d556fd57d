"""What the checkout keeps outside this folder, and a distribution needs inside: stubs, licence.

A source distribution has them where they are looked for, so that it builds on its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CHECKOUT = Path(__file__).resolve().parents[1]
_STUBS = _CHECKOUT / "typeshed_stubs" / "flyte" / "flyte"
_OUTSIDE = {
    _STUBS: "flyte_compiler/_stubs/flyte",
    _CHECKOUT / "LICENSE": "LICENSE",
    _CHECKOUT / "NOTICE": "NOTICE",
}
_IN_WHEEL = "flyte_compiler-{version}.dist-info/licenses/{name}"


class OutsideFiles(BuildHookInterface):  # type: ignore[type-arg]  # no configuration of its own
    """Takes them along when the build is from a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each target is built."""
        del version
        if not _STUBS.is_dir():
            return
        for source, target in _OUTSIDE.items():
            is_licence = source.is_file() and self.target_name == "wheel"
            place = _IN_WHEEL.format(version=self._version, name=target) if is_licence else target
            build_data["force_include"][str(source)] = place

    @property
    def _version(self) -> str:
        return str(self.metadata.version)
