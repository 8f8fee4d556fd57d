"""The look of everything, as tables; nothing here draws.

An environment's place in the scene chooses its colour; a role chooses the shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flyte_compiler.emit.scene import Bond, Frame, Mark, Role

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

SHARP = Tint(fill="#fff1f2", stroke="#e11d48", text="#9f1239")
GUIDE = Tint(fill="#f8fafc", stroke="#94a3b8", text="#334155")

# No orange: that is what is dynamic.
ENVIRONMENTS: Sequence[Tint] = (
    Tint("#dbeafe", "#2563eb", "#1e3a8a"),
    Tint("#dcfce7", "#16a34a", "#14532d"),
    Tint("#ede9fe", "#7c3aed", "#4c1d95"),
    Tint("#cffafe", "#0891b2", "#164e63"),
    Tint("#ffe4ef", "#db2777", "#831843"),
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
    Role.LEAVE: GUIDE,
    Role.RAISE: SHARP,
    Role.HELPER: Tint("#ffffff", "#475569", "#0f172a"),
    Role.FUNCTION: GUIDE,
    Role.DECISION: GUIDE,
    Role.HANDLER: SHARP,
    Role.COLLAPSED: GUIDE,
    Role.PYTHON: QUIET,
    Role.PACK: QUIET,
    Role.GATHER: Tint("#f1f5f9", "#94a3b8", "#475569"),
    Role.DYNAMIC: WARM,
}

PILL = {"shape": "box", "style": "rounded,filled", "margin": "0.10,0.03"}
CALL = {"shape": "box", "style": "rounded,filled", "penwidth": "1.4"}

SHAPES: Mapping[Role, Mapping[str, str]] = {
    Role.PARAMETER: PILL,
    Role.RESULT: PILL,
    Role.LEAVE: PILL,
    Role.RAISE: {"shape": "box", "style": "filled", "margin": "0.08,0.03"},
    Role.TASK: CALL,
    Role.DRIVER: {**CALL, "peripheries": "2"},
    Role.TRACE: {"shape": "note", "style": "filled"},
    Role.HELPER: {"shape": "component", "style": "filled"},
    Role.FUNCTION: PILL,
    Role.PYTHON: {"shape": "box", "style": "filled", "margin": "0.08,0.03"},
    Role.PACK: {**PILL, "margin": "0.06,0.02"},
    Role.GATHER: {**PILL, "margin": "0.10,0.02"},
    Role.DECISION: {"shape": "hexagon", "style": "filled", "margin": "0.02,0.01"},
    Role.HANDLER: {**PILL, "style": "rounded,filled,dashed"},
    Role.DYNAMIC: {"shape": "box", "style": "filled,dashed", "penwidth": "1.4"},
    Role.COLLAPSED: {"shape": "tab", "style": "filled", "penwidth": "1.2"},
}
STACK: Mapping[str, str] = {"peripheries": "3"}
"""Added to the shape of what runs many times at once."""

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
    Role.LEAVE: 9,
    Role.RAISE: 9,
    Role.HELPER: 12,
    Role.FUNCTION: 10,
    Role.DECISION: 10,
    Role.HANDLER: 10,
    Role.COLLAPSED: 12,
}
LINE_POINTS = 9

ARROWS: Mapping[Bond, Mapping[str, str]] = {
    Bond.VALUE: {"color": "#64748b"},
    Bond.DEFERRED: {"color": "#64748b", "dir": "both", "arrowtail": "odot"},
    Bond.AGAIN: {"color": "#94a3b8", "style": "dashed", "constraint": "false"},
    Bond.CHOICE: {"color": "#94a3b8", "arrowhead": "vee", "penwidth": "1.4"},
    Bond.CAUGHT: {"color": "#e11d48", "style": "dashed", "arrowhead": "vee"},
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
REGION: Mapping[str, str] = {**CLUSTER, "margin": "10", "penwidth": "0.8"}


class FrameLook(NamedTuple):
    """How the cluster of a region is drawn."""

    tint: Tint
    style: str


FRAMES: Mapping[Frame, FrameLook] = {
    Frame.DRIVER: FrameLook(INK, "rounded,filled"),
    Frame.HELPER: FrameLook(Tint("#ffffff", "#475569", "#334155"), "rounded,filled"),
    Frame.ARM: FrameLook(Tint("#f8fafc", "#cbd5e1", "#475569"), "rounded,filled"),
    Frame.LOOP: FrameLook(Tint("#f5f3ff", "#a78bfa", "#5b21b6"), "rounded,filled"),
    Frame.MAP: FrameLook(Tint("#f0fdfa", "#2dd4bf", "#115e59"), "rounded,filled"),
    Frame.TRY: FrameLook(Tint("#f8fafc", "#94a3b8", "#475569"), "rounded,filled"),
    Frame.HANDLER: FrameLook(SHARP, "rounded,filled,dashed"),
    Frame.CLEANUP: FrameLook(Tint("#f1f5f9", "#94a3b8", "#475569"), "rounded,filled,dashed"),
    Frame.WITH: FrameLook(Tint("#ffffff", "#cbd5e1", "#64748b"), "rounded,filled"),
    Frame.PART: FrameLook(GUIDE, "rounded,filled"),
}

MARKS: Mapping[Mark, Tint] = {Mark.GOOD: GOOD, Mark.WARM: WARM, Mark.QUIET: QUIET}


def environment_tint(environments: Sequence[str], name: str | None) -> Tint | None:
    """The colour of an environment; None for what belongs to none."""
    if name is None:
        return None
    return ENVIRONMENTS[environments.index(name) % len(ENVIRONMENTS)]
