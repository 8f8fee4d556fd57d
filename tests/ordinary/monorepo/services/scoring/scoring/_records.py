from dataclasses import dataclass


@dataclass
class Record:
    id: str
    value: float = 0.0


def clean(records: list[Record]) -> list[Record]:
    return [record for record in records if record.value >= 0]
