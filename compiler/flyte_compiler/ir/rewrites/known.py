"""The functions and methods whose doings are known: tables.

Each says how far it looks into what it is given, and what it gives. What isn't listed may do
anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType


class Looks(Enum):
    """How far a function looks into its arguments, and so whose code it may run."""

    NOWHERE = auto()
    """It keeps them, or asks for their class alone."""
    INSIDE = auto()
    """At the objects themselves: their length, their elements as they are."""
    THROUGH = auto()
    """At all that they hold: compares, adds, formats, hashes."""


class Gives(Enum):
    """What a function gives."""

    SCALAR = auto()
    TEXTS = auto()
    """A new list of texts."""
    LIST = auto()
    """A new container of its argument's elements."""
    DICT = auto()
    ROWS = auto()
    """An iterator over tuples of its arguments' elements."""
    NUMBERED = auto()
    """An iterator over tuples of a number and an element."""
    RESULTS = auto()
    """An iterator over what a function gives for each element."""
    CHOSEN = auto()
    """An iterator over those elements that a function chooses."""
    ELEMENT = auto()
    """One of its argument's elements, or of its arguments."""
    BUILTIN = auto()
    """Something new, made of builtins."""
    ITSELF = auto()
    """A copy of what it is called on."""
    FOUND = auto()
    """What a container holds under a key or at an index; else the default."""
    PAIR = auto()
    """A key and its value."""
    PAIRS = auto()
    """A view of keys and values."""
    KEYS = auto()
    VALUES = auto()


class Stores(Enum):
    """How a method puts its arguments into what it is called on."""

    NOTHING = auto()
    LAST = auto()
    """The last argument as an element."""
    ELEMENTS = auto()
    """The arguments' elements."""
    ENTRY = auto()
    """The first argument as a key, the second as its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of a module."""

    looks: Looks
    gives: Gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a builtin."""

    looks: Looks
    """Into the arguments."""
    into_self: Looks
    gives: Gives
    changes: bool = False
    stores: Stores = Stores.NOTHING


def _functions(looks: Looks, gives: Gives, module: str, names: str) -> dict[str, Function]:
    function = Function(looks=looks, gives=gives)
    return {f"{module}.{name}": function for name in names.split()}


def _methods(names: str, method: Method) -> dict[str, Method]:
    return dict.fromkeys(names.split(), method)


_THROUGH, _INSIDE, _NOWHERE = Looks.THROUGH, Looks.INSIDE, Looks.NOWHERE

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    _functions(_INSIDE, Gives.SCALAR, "builtins", "len bool")
    | _functions(
        _THROUGH,
        Gives.SCALAR,
        "builtins",
        "abs all any ascii bin bytes chr complex divmod float format hash hex int oct ord pow "
        "range repr round str",
    )
    | _functions(_INSIDE, Gives.LIST, "builtins", "list tuple reversed")
    | _functions(_THROUGH, Gives.LIST, "builtins", "frozenset set sorted")
    | _functions(_THROUGH, Gives.ELEMENT, "builtins", "max min sum")
    | _functions(_THROUGH, Gives.DICT, "builtins", "dict")
    | _functions(_INSIDE, Gives.ROWS, "builtins", "zip")
    | _functions(_INSIDE, Gives.NUMBERED, "builtins", "enumerate")
    | _functions(_INSIDE, Gives.RESULTS, "builtins", "map")
    | _functions(_INSIDE, Gives.CHOSEN, "builtins", "filter")
    | _functions(
        _THROUGH,
        Gives.SCALAR,
        "math",
        "acos asin atan atan2 ceil comb cos degrees dist exp fabs floor fmod fsum gcd hypot "
        "isclose isfinite isinf isnan isqrt lcm log log10 log1p log2 perm pow prod radians sin "
        "sqrt tan tanh trunc",
    )
    | _functions(
        _THROUGH,
        Gives.SCALAR,
        "statistics",
        "fmean mean median mode pstdev pvariance stdev variance",
    )
    | _functions(_THROUGH, Gives.SCALAR, "json", "dumps")
    | _functions(_THROUGH, Gives.BUILTIN, "json", "loads")
    | _functions(
        _THROUGH, Gives.SCALAR, "os.path", "basename dirname isabs join normpath split splitext"
    )
    | _functions(_THROUGH, Gives.BUILTIN, "copy", "deepcopy")
)
"""By dotted name. They take keywords as arguments; `key` is a function."""

CONSTANTS = frozenset({"math.pi", "math.e", "math.inf", "math.nan", "math.tau", "os.sep"})

_EXCEPTIONS = (
    "ArithmeticError AssertionError AttributeError BaseException ConnectionError EOFError "
    "Exception FileNotFoundError IndexError KeyError LookupError NotImplementedError OSError "
    "OverflowError PermissionError RuntimeError StopIteration TimeoutError TypeError "
    "ValueError ZeroDivisionError"
)
EXCEPTIONS = frozenset(f"builtins.{name}" for name in _EXCEPTIONS.split())

_CLASSES = "bool bytes complex dict float frozenset int list object set str tuple"
CLASSES = EXCEPTIONS | frozenset(f"builtins.{name}" for name in _CLASSES.split())
"""Classes of which it may be asked whether an object is an instance."""

_LEVELS = "critical debug error exception info log warning"
_LOGURU = "critical debug error exception info success trace warning"

OUTPUTS = frozenset(
    {
        "builtins.print",
        *(f"logging.{level}" for level in _LEVELS.split()),
        *(f"logging.Logger.{level}" for level in _LEVELS.split()),
        *(f"loguru.logger.{level}" for level in _LOGURU.split()),
    }
)
"""What prints or logs."""
STREAMS = frozenset({"sys.stdout", "sys.stderr"})

SAID = frozenset(
    ".".join(parts[:length])
    for name in (*FUNCTIONS, *CONSTANTS, *CLASSES, *OUTPUTS, *STREAMS)
    for parts in (name.split("."),)
    for length in range(1, len(parts) + 1)
)
"""Every dotted name that the tables speak of, with the modules around."""

METHODS: Mapping[str, Method] = MappingProxyType(
    _methods(
        "capitalize casefold center encode endswith expandtabs find format index isalnum isalpha "
        "isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle "
        "isupper join ljust lower lstrip removeprefix removesuffix replace rfind rindex rjust "
        "rstrip startswith strip swapcase title translate upper zfill count decode hex bit_length "
        "bit_count is_integer as_integer_ratio conjugate partition rpartition isdisjoint issubset "
        "issuperset",
        Method(looks=_THROUGH, into_self=_THROUGH, gives=Gives.SCALAR),
    )
    | _methods(
        "split rsplit splitlines",
        Method(looks=_THROUGH, into_self=_THROUGH, gives=Gives.TEXTS),
    )
    | _methods(
        "difference intersection symmetric_difference union",
        Method(looks=_THROUGH, into_self=_THROUGH, gives=Gives.BUILTIN),
    )
    | {
        "copy": Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.ITSELF),
        "items": Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.PAIRS),
        "keys": Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.KEYS),
        "values": Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.VALUES),
        "get": Method(looks=_NOWHERE, into_self=_INSIDE, gives=Gives.FOUND),
    }
    | _methods(
        "append insert",
        Method(
            looks=_NOWHERE,
            into_self=_INSIDE,
            gives=Gives.SCALAR,
            changes=True,
            stores=Stores.LAST,
        ),
    )
    | _methods(
        "add discard remove",
        Method(
            looks=_THROUGH,
            into_self=_THROUGH,
            gives=Gives.SCALAR,
            changes=True,
            stores=Stores.LAST,
        ),
    )
    | {
        "extend": Method(
            looks=_INSIDE,
            into_self=_INSIDE,
            gives=Gives.SCALAR,
            changes=True,
            stores=Stores.ELEMENTS,
        ),
        "update": Method(
            looks=_THROUGH,
            into_self=_THROUGH,
            gives=Gives.SCALAR,
            changes=True,
            stores=Stores.ELEMENTS,
        ),
        "setdefault": Method(
            looks=_NOWHERE,
            into_self=_INSIDE,
            gives=Gives.FOUND,
            changes=True,
            stores=Stores.ENTRY,
        ),
        "pop": Method(looks=_NOWHERE, into_self=_INSIDE, gives=Gives.FOUND, changes=True),
        "popitem": Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.PAIR, changes=True),
        "sort": Method(looks=_THROUGH, into_self=_THROUGH, gives=Gives.SCALAR, changes=True),
    }
    | _methods(
        "clear reverse",
        Method(looks=_THROUGH, into_self=_INSIDE, gives=Gives.SCALAR, changes=True),
    )
)
"""By name: what a method of that name does on whichever builtin has it. `get`, `pop` and
`setdefault` hash their key and look at the keys of a dict."""
