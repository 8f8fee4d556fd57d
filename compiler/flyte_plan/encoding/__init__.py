"""The canonical encoding of values: injective, reversible, and never `repr`, `id` or pickle.

`encode` is what is stored: it keeps the order of a dict's keys, since programs rely on it.
`canonical` is what is digested: the same, with dict keys sorted, so that the order of insertion
is in no identity. Both are CBOR over a tree of tags of our own; `decode` reads either back,
importing nothing.

Two values have one canonical form exactly when they are of the same types and equal all the way
down, where `-0.0` is not `0.0`, every NaN is one NaN, a list is no tuple, and `True`, `1` and
`1.0` differ. What a class instance is:

* a dataclass: its fields. Other attributes (cached properties) are left out; a field that was
  never set stays unset.
* a pydantic model: its fields, which of them were set, extra and private attributes, as
  pydantic's own equality has it. What is in `__dict__` besides is left out.
* a named tuple: its elements.
* an enum: the member's name, and its value where that is a scalar; a flag: its number.

Their classes are written as `module:qualname`, with a digest of the field names; nothing of a
class is run when one is decoded, neither `__init__` nor a validator. Values that share a part
hold two equal parts after decoding.
"""

from flyte_plan.encoding.decode import DecodeError, FindClass, Restore, decode
from flyte_plan.encoding.encode import canonical, encode
from flyte_plan.encoding.immutable import is_immutable
from flyte_plan.encoding.kinds import MAX_DEPTH, Foreign, ModuleName, UnencodableError

__all__ = [
    "MAX_DEPTH",
    "DecodeError",
    "FindClass",
    "Foreign",
    "ModuleName",
    "Restore",
    "UnencodableError",
    "canonical",
    "decode",
    "encode",
    "is_immutable",
]
