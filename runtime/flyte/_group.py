"""`group`: a name for the calls made inside a block, shown in the tree of actions.

Groups nest: `prepare/images` are calls made in group `images` inside group `prepare`. A group is
part of the identity of the calls in it; an empty name or one with `/` would blur that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flyte._checks import check_type
from flyte._context import CURRENT_GROUP

SEPARATOR = "/"


@contextmanager
def group(name: str) -> Iterator[None]:
    """Name the calls that the block makes.

    Raises:
        ValueError: an empty name, or one with `/`.
    """
    check_type("group", name, str)
    if not name or SEPARATOR in name:
        raise ValueError(f"a group's name has no `{SEPARATOR}` and isn't empty, but is {name!r}")
    outer = CURRENT_GROUP.get()
    token = CURRENT_GROUP.set(name if outer is None else f"{outer}{SEPARATOR}{name}")
    try:
        yield
    finally:
        CURRENT_GROUP.reset(token)
