"""A plan as canonical JSON, and back."""

from __future__ import annotations

import msgspec

from flyte_plan.plan.tasks import PLAN_VERSION, Plan


def encode_plan(plan: Plan) -> bytes:
    """Canonical JSON: fields in declared order, two spaces, a final line break."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n"


def decode_plan(data: bytes) -> Plan:
    """Read a plan; nothing is executed or imported.

    Raises:
        ValueError: not a plan, or one of another version; says what is wrong and where.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a plan: {error}") from error
    if version != PLAN_VERSION:
        raise ValueError(f"a plan of version {version}; this program reads {PLAN_VERSION}")
    try:
        return msgspec.json.decode(data, type=Plan)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a valid plan: {error}") from error


class _Versioned(msgspec.Struct):
    version: int
