"""A driver run from its plan, in program order, with exactly Python's meaning.

A *body* (the driver's, or one call of a helper's) runs its region; a region runs its nodes in
order, each activation with a table of values of its own. What a node gives is kept there under
its id; how a region was left is a value as well (`exits`), which no code of the user's can catch.

An asynchronous body awaits; a synchronous one runs wholly on its own thread, where calls block.
Both are the same coroutines: those of a synchronous body are never suspended. A call's slot is
static, its node and the indices of the turns around it, so nothing has to be counted.
"""

from flyte._engine.compiled.driver import run_driver, run_driver_blocking
from flyte._engine.compiled.graph import CompiledGraph

__all__ = ["CompiledGraph", "run_driver", "run_driver_blocking"]
