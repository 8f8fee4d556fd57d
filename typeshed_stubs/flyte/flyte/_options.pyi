from dataclasses import dataclass
from typing import Literal, TypeAlias

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
