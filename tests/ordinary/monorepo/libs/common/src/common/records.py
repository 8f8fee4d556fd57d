from dataclasses import dataclass
from typing import Any


@dataclass
class Record:
    id: str
    value: float = 0.0

    def __post_init__(self) -> None:
        self.id = self.id.lower()

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "value": self.value}


def clean(records: list[Record]) -> list[Record]:
    return [record for record in records if record.value >= 0]
