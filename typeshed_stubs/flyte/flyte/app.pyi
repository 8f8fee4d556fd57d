"""Services beside tasks; their options are open."""

from typing import Any

from flyte._environment import Environment

class AppEnvironment(Environment):
    def __init__(self, name: str, **options: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

def __getattr__(name: str) -> Any: ...
