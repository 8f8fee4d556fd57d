from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Order: TypeAlias = Literal["dataflow", "program"]

@dataclass(frozen=True, slots=True)
class Documentation:
    description: str
    long_description: str | None = None
    source_link: str | None = None

@dataclass(frozen=True, slots=True)
class Link:
    name: str
    uri: str

class AnyLink(Protocol):
    """What is shown beside an action: a `Link`, or a class of one's own that makes its address."""

    @property
    def name(self) -> str: ...
