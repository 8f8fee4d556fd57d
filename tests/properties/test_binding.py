"""`Interface.bind` is `inspect.signature(f).bind` with defaults, and refuses the same calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flyte._interface import Interface

NAMES = ("a", "b", "c", "d", "e")


@st.composite
def functions(draw: st.DrawFn) -> Callable[..., Any]:
    """A function of up to five parameters of every kind that a task may have."""
    names = NAMES[: draw(st.integers(0, 5))]
    first, second = sorted(draw(st.tuples(*[st.integers(0, len(names))] * 2)))
    defaults_from = draw(st.integers(0, second))
    parts = []
    for index, name in enumerate(names):
        has_default = draw(st.booleans()) if index >= second else index >= defaults_from
        if index == second:
            parts.append("*")
        parts.append(f"{name}={index}" if has_default else name)
        if index == first - 1:
            parts.append("/")
    space: dict[str, Any] = {}
    exec(f"def function({', '.join(parts)}): ...", space)
    made: Callable[..., Any] = space["function"]
    return made


calls = st.tuples(
    st.lists(st.integers(), max_size=6),
    st.dictionaries(st.sampled_from((*NAMES, "z")), st.integers(), max_size=4),
)


@given(functions(), calls)
def test_bind_gives_what_inspect_gives(
    function: Callable[..., Any], call: tuple[list[int], dict[str, int]]
) -> None:
    args, kwargs = call
    interface = Interface.of(function, owner="env.f")
    try:
        expected = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        expected = None
    if expected is None:
        with pytest.raises(TypeError, match=r"^task `env\.f`: "):
            interface.bind(args, kwargs)
        return
    expected.apply_defaults()
    assert list(interface.bind(args, kwargs).items()) == list(expected.arguments.items())
