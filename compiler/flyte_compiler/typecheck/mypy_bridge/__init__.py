"""The types of a program, from mypy in process.

Everything that knows mypy is in this package. Importing it imports no mypy: that takes as long as
a small compile, so it waits until `mypy_oracle` is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flyte_compiler.callgraph.model import CallGraph
from flyte_compiler.callgraph.program import Program
from flyte_compiler.typecheck.stubs import stubs_folder

if TYPE_CHECKING:
    from flyte_compiler.typecheck.mypy_bridge.oracle import MypyOracle


def mypy_oracle(
    program: Program, call_graph: CallGraph, *, cache: Path | None, stubs: Path | None = None
) -> MypyOracle:
    """The oracle that mypy answers for, of one program.

    `cache` is the project's cache folder (`flyte_plan.modules.cache_folder`), None to keep
    nothing; `stubs` is the folder in which the package `flyte` lies that programs are checked
    against, None for ours. Nothing is raised for a program's sake: where mypy can't serve, for a
    file or at all, a remark says so, `covers` is false, and `type_of` gives None.
    """
    from flyte_compiler.typecheck.mypy_bridge.ask import ask  # noqa: PLC0415 - imports mypy

    return ask(program, call_graph, cache=cache, stubs=stubs or stubs_folder())
