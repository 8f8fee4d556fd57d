"""The mypy plugin: what stubs can't say of tasks. In a configuration of mypy:

[tool.mypy]
plugins = ["flyte_compiler.mypy_plugin"]
"""

from flyte_compiler.mypy_plugin.plugin import plugin

__all__ = ["plugin"]
