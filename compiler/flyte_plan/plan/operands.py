"""Operands: where the values come from that a node takes."""

from __future__ import annotations

import msgspec

DRIVER = "d"
"""The owner of the driver's own cells."""
ELEMENT, ENTERED, CAUGHT, VALUE = "<element>", "<entered>", "<caught>", "<value>"
"""Names of values that aren't variables."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and strict about what it is decoded from."""


class LiteralOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="literal"):
    """A constant: JSON's own, or `bytes` and non-finite floats as text."""

    value: bool | int | float | str | None
    type: str
    """`None`, `bool`, `int`, `float`, `str` or `bytes`. `bytes` are base64 text, a float that
    JSON can't write is `nan`, `inf` or `-inf`, an int beyond 64 bits its decimal text."""


class InputOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="input"):
    """A parameter of the driver."""

    name: str


class RegionOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="region"):
    """A value that enters a region of the node, or of the helper, `owner`."""

    owner: str
    name: str


class OutputOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="output"):
    """What a node gives, or the part at `path`."""

    node: str
    path: tuple[str | int, ...] = ()


class SharedOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="shared"):
    """A cell of the innermost running body of `owner` (a helper, or `DRIVER`), seen from where
    the reader's function was made."""

    owner: str
    name: str


class UnboundOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="unbound"):
    """A variable without a value: to read it raises `UnboundLocalError`."""

    name: str


Operand = (
    LiteralOperand | InputOperand | RegionOperand | OutputOperand | SharedOperand | UnboundOperand
)


class NamedOperand(Record, frozen=True, kw_only=True):
    """An operand and the name under which it is handed on."""

    name: str
    value: Operand
    type: str | None = None


class Place(Record, frozen=True, kw_only=True):
    """Where it stands: lines and columns from 1, `end_column` exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
