"""Services beside tasks: an `AppEnvironment` can be declared, and is not served here."""

from __future__ import annotations

from typing import Any

from flyte._absent import absent_module
from flyte._checks import check_type
from flyte._environment import Environment


class AppEnvironment(Environment):
    """A service that tasks depend on; its options are kept as they are."""

    def __init__(self, name: str, **options: Any) -> None:
        check_type("name", name, str)
        super().__init__(
            name,
            description=options.pop("description", None),
            image=options.pop("image", "auto"),
            include=options.pop("include", ()),
            depends_on=options.pop("depends_on", ()),
        )
        self._options = options

    def __getattr__(self, name: str) -> Any:
        options = vars(self).get("_options", {})
        if name in options:
            return options[name]
        if name not in _HOOKS:
            raise AttributeError(f"app environment `{self.name}` has no `{name}`")
        return lambda function: function


_HOOKS = ("server", "on_startup", "on_shutdown")
"""Decorators of the functions that serve; there is nothing here to call them."""


__getattr__ = absent_module(__name__)
