from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

# The function's own type, not `Callable[P, R]`: a traced coroutine function stays `async def` to
# mypy, which `asyncio.gather` needs, and a traced method stays a method.
def trace(function: _F) -> _F: ...
