"""`Secret`: a value that a task needs and that no record may hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flyte._checks import as_tuple, check_type

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_MOUNT = Path("/etc/flyte/secrets")


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret by name, given to the task as an environment variable or a file.

    The variable is `as_env_var`, else `[GROUP_]KEY` in capitals.

    Raises:
        ValueError: an empty key, a name that is no variable's, or another `mount` than the one
            that engines provide.
    """

    key: str
    group: str | None = None
    mount: Path | None = None
    as_env_var: str | None = None

    def __post_init__(self) -> None:
        """Check the options and settle the variable's name."""
        check_type("Secret.key", self.key, str)
        check_type("Secret.group", self.group, str, type(None))
        if not self.key:
            raise ValueError("`Secret.key` is empty")
        if self.mount is not None:
            if Path(self.mount) != _MOUNT:
                raise ValueError(f"`Secret.mount` can only be `{_MOUNT}`, not `{self.mount}`")
            object.__setattr__(self, "mount", Path(self.mount))
            return
        if self.as_env_var is None:
            parts = [part for part in (self.group, self.key) if part]
            name = re.sub(r"\W", "_", "_".join(parts)).upper()
            object.__setattr__(self, "as_env_var", name)
        elif not _VARIABLE.fullmatch(self.as_env_var):
            raise ValueError(
                f"`Secret.as_env_var` is capitals, digits and `_`, not {self.as_env_var!r}"
            )


SecretRequest = str | Secret | list[str | Secret] | tuple[str | Secret, ...]
"""What `secrets=` takes."""


def secrets_of(request: SecretRequest | None) -> tuple[Secret, ...]:
    """From what `secrets=` takes; a text is a key."""
    given: Sequence[object] = as_tuple(request)
    for secret in given:
        check_type("secrets", secret, str, Secret)
    return tuple(s if isinstance(s, Secret) else Secret(key=str(s)) for s in given)
