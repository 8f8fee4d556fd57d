"""Known to exist; not described."""

from typing import Any

def __getattr__(name: str) -> Any: ...
