"""Source closures: a function's code, and all first-party code that it can reach.

A closure's digest changes when anything reachable does, and with nothing else: not with
comments, docstrings, layout, the options of our own decorators, unreachable code, or the body of
a task that is called. It is the same on every supported Python. Only files are read.
"""

from flyte_plan.closure.model import Closure, ClosurePart
from flyte_plan.closure.packages import installed_version
from flyte_plan.closure.reach import Versions, closure_of, task_functions
from flyte_plan.closure.sources import Sources

__all__ = [
    "Closure",
    "ClosurePart",
    "Sources",
    "Versions",
    "closure_of",
    "installed_version",
    "task_functions",
]
