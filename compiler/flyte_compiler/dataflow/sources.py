"""What gives another value each time it is asked: tables of dotted names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from flyte_compiler.source.span import Span


class SourceKind(Enum):
    """What a value depends on that no replay brings back."""

    CLOCK = "the clock"
    ELAPSED = "elapsed time"
    RANDOM = "a random generator"
    IDENTITY = "this process"
    ENVIRONMENT = "an environment variable"
    ORDER = "the order of a set or a directory"
    SET = "a set"
    """Harmless until something goes through it."""
    DIRECTORY = "a directory listing"
    GENERATOR = "an unseeded generator"
    """Harmless until it is asked."""
    EVENT_LOOP = "the event loop"
    """As a generator: its `time` is a clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place where such a value comes from."""

    kind: SourceKind
    text: str
    """As written: `datetime.now()`."""
    span: Span


def _named(kind: SourceKind, module: str, names: str) -> dict[str, SourceKind]:
    return {f"{module}.{name}": kind for name in names.split()}


_CLOCK, _RANDOM, _IDENTITY = SourceKind.CLOCK, SourceKind.RANDOM, SourceKind.IDENTITY
_DIRECTORY = SourceKind.DIRECTORY

SOURCES: Mapping[str, SourceKind] = MappingProxyType(
    _named(
        _CLOCK,
        "time",
        "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time "
        "process_time_ns thread_time",
    )
    | _named(_CLOCK, "datetime.datetime", "now utcnow today")
    | _named(_CLOCK, "datetime.date", "today")
    | _named(_CLOCK, "pandas.Timestamp", "now utcnow today")
    | _named(_CLOCK, "pendulum", "now today tomorrow yesterday")
    | _named(_CLOCK, "arrow", "now utcnow")
    | _named(
        _RANDOM,
        "random",
        "random randint randrange uniform gauss normalvariate choice choices sample betavariate "
        "expovariate gammavariate lognormvariate triangular vonmisesvariate paretovariate "
        "weibullvariate getrandbits randbytes",
    )
    | _named(
        _RANDOM,
        "numpy.random",
        "rand randn randint random random_sample ranf sample choice permutation normal uniform "
        "standard_normal binomial poisson beta gamma exponential lognormal multivariate_normal "
        "integers",
    )
    | _named(_RANDOM, "secrets", "choice randbelow randbits token_bytes token_hex token_urlsafe")
    | _named(_RANDOM, "os", "urandom getrandom")
    | _named(_RANDOM, "torch", "rand randn randint randperm")
    | _named(_IDENTITY, "uuid", "uuid1 uuid4 uuid6 uuid7 getnode")
    | _named(_IDENTITY, "os", "getpid getppid")
    | _named(_IDENTITY, "threading", "get_ident get_native_id")
    | _named(_IDENTITY, "socket", "gethostname getfqdn")
    | _named(_IDENTITY, "platform", "node")
    | _named(_IDENTITY, "builtins", "id")
    | _named(SourceKind.ENVIRONMENT, "os", "getenv environb")
    | _named(SourceKind.ENVIRONMENT, "os.environ", "get copy items keys values")
    | _named(SourceKind.SET, "builtins", "set frozenset")
    | _named(_DIRECTORY, "os", "listdir scandir walk")
    | _named(_DIRECTORY, "glob", "glob iglob")
    | _named(SourceKind.EVENT_LOOP, "asyncio", "get_running_loop get_event_loop")
)
"""What a call of each gives."""

CLOCKS_WITHOUT_ARGUMENTS = frozenset({"time.localtime", "time.gmtime", "time.ctime"})
"""A clock when called without a time to convert."""

ENVIRONMENT = "os.environ"

GENERATORS = frozenset(
    {
        *("random.Random", "numpy.random.default_rng", "numpy.random.RandomState"),
        *("numpy.random.Generator", "numpy.random.SeedSequence", "torch.Generator"),
    }
)
"""Unseeded where they are made without arguments."""

ALWAYS_UNSEEDED = frozenset({"random.SystemRandom", "secrets.SystemRandom"})

SHUFFLES = frozenset({"random.shuffle", "numpy.random.shuffle"})
"""They change their argument."""

SEEDS: Mapping[str, str] = MappingProxyType(
    {
        "random.seed": "random.",
        "numpy.random.seed": "numpy.random.",
        "torch.manual_seed": "torch.",
        "torch.random.manual_seed": "torch.",
    }
)
"""What seeds which functions."""

PATHS = frozenset({"iterdir", "glob", "rglob"})
"""Methods of `pathlib.Path` that list a directory."""

CLEAN = ("flyte.durable.", "flyte.ctx")
"""What the journal gives back: the same at each replay."""

_ORDERLESS = "sorted len min max sum any all set frozenset dict"
ORDERLESS = frozenset(
    {
        *(f"builtins.{name}" for name in _ORDERLESS.split()),
        *("math.fsum", "statistics.mean", "statistics.fmean", "statistics.median"),
        "collections.Counter",
    }
)
"""Their result doesn't depend on the order of what they are given."""

_SILENT = "print isinstance issubclass type callable hasattr"
SILENT = frozenset(f"builtins.{name}" for name in _SILENT.split())
"""Their result doesn't depend on the value that they are given."""

UNORDERED = frozenset({SourceKind.ORDER, SourceKind.SET, SourceKind.DIRECTORY})
LATENT = frozenset({SourceKind.SET, SourceKind.GENERATOR, SourceKind.EVENT_LOOP})
"""No fault in themselves."""
