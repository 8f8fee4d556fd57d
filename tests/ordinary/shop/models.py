from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Currency = Literal["EUR", "USD"]


@dataclass
class Article:
    name: str
    price: float
    currency: Currency = "EUR"
    tags: list[str] = field(default_factory=list)

    def in_euros(self, rate: float) -> Article:
        if self.currency == "EUR":
            return self
        return Article(self.name, self.price * rate, "EUR", self.tags)
