# drivers:
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Station:
    id: str
    lat: float
    lon: float


@dataclass
class Forecast:
    station: str
    issued: datetime
    values: list[float]

    def rmse(self, truth: list[float]) -> float:
        return (sum((a - b) ** 2 for a, b in zip(self.values, truth)) / len(truth)) ** 0.5
