"""The look of everything, as tables; nothing here draws.

An environment's place in the scene chooses its colour; a role chooses the shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flyte_compiler.emit.scene import Bond, Role

# Names for which the layout engine has metrics; `engine` widens them to families for browsers.
SANS = "Helvetica"
MONO = "Courier"


class Tint(NamedTuple):
    """One colour in three strengths."""

    fill: str
    stroke: str
    text: str


INK = Tint(fill="#ffffff", stroke="#64748b", text="#0f172a")
QUIET = Tint(fill="#f8fafc", stroke="#cbd5e1", text="#64748b")
WARM = Tint(fill="#fff7ed", stroke="#ea580c", text="#9a3412")
GOOD = Tint(fill="#ecfdf5", stroke="#059669", text="#047857")

# No orange: that is what is dynamic.
ENVIRONMENTS: Sequence[Tint] = (
    Tint("#dbeafe", "#2563eb", "#1e3a8a"),
    Tint("#dcfce7", "#16a34a", "#14532d"),
    Tint("#ede9fe", "#7c3aed", "#4c1d95"),
    Tint("#cffafe", "#0891b2", "#164e63"),
    Tint("#ffe4e6", "#e11d48", "#881337"),
    Tint("#fef9c3", "#ca8a04", "#713f12"),
    Tint("#fae8ff", "#c026d3", "#701a75"),
    Tint("#e2e8f0", "#475569", "#1e293b"),
)

TINTS: Mapping[Role, Tint] = {
    Role.PARAMETER: INK,
    Role.RESULT: INK,
    Role.TASK: INK,
    Role.DRIVER: INK,
    Role.TRACE: Tint("#ffffff", "#475569", "#0f172a"),
    Role.PYTHON: QUIET,
    Role.PACK: QUIET,
    Role.GATHER: Tint("#f1f5f9", "#94a3b8", "#475569"),
    Role.DYNAMIC: WARM,
}

SHAPES: Mapping[Role, Mapping[str, str]] = {
    Role.PARAMETER: {"shape": "box", "style": "rounded,filled", "margin": "0.10,0.03"},
    Role.RESULT: {"shape": "box", "style": "rounded,filled", "margin": "0.10,0.03"},
    Role.TASK: {"shape": "box", "style": "rounded,filled", "penwidth": "1.4"},
    Role.DRIVER: {
        "shape": "box",
        "style": "rounded,filled",
        "penwidth": "1.4",
        "peripheries": "2",
    },
    Role.TRACE: {"shape": "note", "style": "filled"},
    Role.PYTHON: {"shape": "box", "style": "filled", "margin": "0.08,0.03"},
    Role.PACK: {"shape": "box", "style": "rounded,filled", "margin": "0.06,0.02"},
    Role.GATHER: {"shape": "box", "style": "rounded,filled", "margin": "0.10,0.02"},
    Role.DYNAMIC: {"shape": "box", "style": "filled,dashed", "penwidth": "1.4"},
}

TITLE_POINTS: Mapping[Role, int] = {
    Role.PARAMETER: 11,
    Role.RESULT: 11,
    Role.TASK: 13,
    Role.DRIVER: 13,
    Role.TRACE: 12,
    Role.PYTHON: 9,
    Role.PACK: 9,
    Role.GATHER: 9,
    Role.DYNAMIC: 12,
}
LINE_POINTS = 9

ARROWS: Mapping[Bond, Mapping[str, str]] = {
    Bond.VALUE: {"color": "#64748b"},
    Bond.ORDER: {"color": "#cbd5e1", "style": "dashed", "arrowhead": "vee"},
    Bond.OPENS: {"color": "#334155", "style": "dotted", "penwidth": "1.6", "arrowhead": "empty"},
}

GRAPH: Mapping[str, str] = {
    "fontname": SANS,
    "bgcolor": "white",
    "rankdir": "TB",
    "compound": "true",
    "newrank": "true",
    "nodesep": "0.30",
    "ranksep": "0.34",
    "pad": "0.25",
}
NODE: Mapping[str, str] = {
    "fontname": SANS,
    "fontsize": "12",
    "height": "0.2",
    "width": "0.2",
    "margin": "0.12,0.06",
}
EDGE: Mapping[str, str] = {
    "fontname": SANS,
    "fontsize": "9",
    "fontcolor": "#475569",
    "arrowsize": "0.6",
}
CLUSTER: Mapping[str, str] = {
    "style": "rounded,filled",
    "fillcolor": "#fcfdff",
    "penwidth": "1.2",
    "margin": "16",
    "labelloc": "t",
    "labeljust": "l",
}


def environment_tint(environments: Sequence[str], name: str | None) -> Tint | None:
    """The colour of an environment; None for what belongs to none."""
    if name is None:
        return None
    return ENVIRONMENTS[environments.index(name) % len(ENVIRONMENTS)]
