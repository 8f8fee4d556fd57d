"""Which versions of mypy are known to answer as this package reads them.

mypy promises nothing about its insides, and users need the version that they have. A minor that
isn't listed has to type a small program right before it is believed.
"""

from __future__ import annotations

from pathlib import Path

from mypy.options import Options
from mypy.version import __version__

from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.typecheck.model import ClassType
from flyte_compiler.typecheck.mypy_bridge.build import build_modules
from flyte_compiler.typecheck.mypy_bridge.oracle import MypyOracle
from flyte_compiler.typecheck.mypy_bridge.sources import PRIVATE, Module, ModuleSet

TESTED = frozenset({"1.18", "2.4"})
"""The minors that the contract tests passed on."""

_TEXT = """\
def shown(x: int | None) -> str:
    if x is None:
        return "ä" + "ö"
    return x + 1
"""
_FILE = Path("check.py")
_SUM = Span(path=_FILE, start=Position(4, 12), end=Position(4, 17))
_JOINED = Span(path=_FILE, start=Position(3, 16), end=Position(3, 25))


def minor() -> str:
    """The minor of the installed mypy: `1.18`."""
    return ".".join(__version__.split(".")[:2])


def is_believed(options: Options, stubs: Path) -> bool:
    """Whether the installed mypy is known to work, or shows now that it does."""
    return minor() in TESTED or answers_right(options, stubs)


def answers_right(options: Options, stubs: Path) -> bool:
    """Whether a small program is typed as it must be."""
    source = SourceFile(path=_FILE, module="check", text=_TEXT)
    name = f"{PRIVATE}check"
    module = Module(name="check", known_as=name, file=str(_FILE.absolute()), source=source)
    modules = ModuleSet(modules=(module,), packages={}, misled=())
    built = build_modules(modules, {name}, options, stubs)
    if built.result is None:
        return False
    oracle = MypyOracle(remarks=(), modules=(module,), result=built.result)
    faults = [(each.code, each.span) for each in oracle.faults]
    return (
        _is_class(oracle, _SUM, "builtins.int")
        and _is_class(oracle, _JOINED, "builtins.str")
        and faults == [("return-value", _SUM)]
    )


def _is_class(oracle: MypyOracle, span: Span, name: str) -> bool:
    found = oracle.type_of(span)
    return isinstance(found, ClassType) and found.name == name
