"""A helper's signature, as Python binds by it.

What binds is a function of the helper's own parameters that gives what they got, so that each
rule, and the words of each `TypeError`, are Python's.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

from flyte._engine.compiled.exits import UNBOUND
from flyte._engine.compiled.homes import Home

BINDER, CALL, LOCALS = "<binder>", "<call>", "<locals>"


class Signature:
    """The parameters of a helper."""

    def __init__(self, text: str, home: Home, *, is_async: bool) -> None:
        self._home = home
        self._is_async = is_async
        tree = ast.parse(f"def f{text}: pass").body[0]
        assert isinstance(tree, ast.FunctionDef)
        _strip(tree.args)
        self._arguments = tree.args
        positional = [*tree.args.posonlyargs, *tree.args.args]
        self.positional = tuple(each.arg for each in positional)
        self.positional_only = tuple(each.arg for each in tree.args.posonlyargs)
        self.keywords = tuple(each.arg for each in tree.args.kwonlyargs)
        self._binder = self._code(f"return {_SPELT_LOCALS}()", is_async=False)
        wait = "await " if is_async else ""
        self._caller = self._code(
            f"return {wait}{_SPELT_CALL}({_SPELT_LOCALS}())", is_async=is_async
        )

    def bind(
        self,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        defaults: FunctionType | None,
    ) -> dict[str, object]:
        """What the parameters get; the defaults are those of the function itself, if any.

        Raises:
            TypeError: the call doesn't fit.
        """
        binder = self._function(self._binder, {LOCALS: locals})
        if defaults is None:
            self._set_defaults(binder, {})
        else:
            binder.__defaults__ = defaults.__defaults__
            binder.__kwdefaults__ = defaults.__kwdefaults__
        bound: dict[str, object] = binder(*args, **kwargs)
        return bound

    def make(
        self, call: Callable[[dict[str, object]], Any], defaults: Mapping[str, object]
    ) -> FunctionType:
        """A function with this signature that hands what its parameters got to `call`."""
        made = self._function(self._caller, {LOCALS: locals, CALL: call})
        self._set_defaults(made, defaults)
        return made

    def _function(self, code: CodeType, names: dict[str, Any]) -> FunctionType:
        names["__name__"] = self._home.globals.get("__name__")
        made = FunctionType(code, names, self._home.name)
        made.__qualname__ = self._home.qualname
        return made

    def _set_defaults(self, function: FunctionType, given: Mapping[str, object]) -> None:
        count = len(self._arguments.defaults)
        with_default = self.positional[len(self.positional) - count :]
        function.__defaults__ = tuple(given.get(name, UNBOUND) for name in with_default)
        function.__kwdefaults__ = {
            name: given.get(name, UNBOUND)
            for name, default in zip(self.keywords, self._arguments.kw_defaults, strict=True)
            if default is not None
        }

    def _code(self, statement: str, *, is_async: bool) -> CodeType:
        define = "async def" if is_async else "def"
        module = ast.parse(f"{define} f():\n {statement}")
        function = module.body[0]
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        function.name, function.args = BINDER, self._arguments
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                node.id = _SPELT.get(node.id, node.id)
        ast.fix_missing_locations(module)
        # Compiled as a file of ours: its frames tell the user nothing.
        compiled = compile(module, __file__, "exec", dont_inherit=True)
        (code,) = [each for each in compiled.co_consts if isinstance(each, CodeType)]
        return code.replace(co_name=self._home.name, co_qualname=self._home.qualname)


_SPELT_LOCALS, _SPELT_CALL = "l", "c"
_SPELT = {_SPELT_LOCALS: LOCALS, _SPELT_CALL: CALL}
"""How the engine's names, which can't be written, are written until they are put in."""


def _strip(arguments: ast.arguments) -> None:
    """Leave names and which of them have defaults: the values are the function's own."""
    all_of_them = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in (*all_of_them, arguments.vararg, arguments.kwarg):
        if argument is not None:
            argument.annotation = None
    arguments.defaults = [ast.Constant(None) for _ in arguments.defaults]
    arguments.kw_defaults = [
        None if default is None else ast.Constant(None) for default in arguments.kw_defaults
    ]
