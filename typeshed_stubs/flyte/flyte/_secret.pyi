from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

@dataclass(frozen=True, slots=True)
class Secret:
    key: str
    group: str | None = None
    mount: Path | None = None
    as_env_var: str | None = None

SecretRequest: TypeAlias = str | Secret | list[str | Secret] | tuple[str | Secret, ...]
