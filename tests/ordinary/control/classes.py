"""A class that holds settings and calls tasks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("classes")


@env.task
async def render(template: str, name: str) -> str:
    return template.format(name=name)


@env.task
async def send(text: str, address: str) -> bool:
    return "@" in address


@dataclass(frozen=True)
class Mailer:
    template: str
    domain: str = "example.org"

    @classmethod
    def english(cls) -> Mailer:
        return cls("Dear {name}")

    @staticmethod
    def normalise(name: str) -> str:
        return name.strip().lower()

    def address(self, name: str) -> str:
        return f"{self.normalise(name)}@{self.domain}"

    async def mail(self, name: str) -> bool:
        text = await render(self.template, name=name)
        return await send(text, self.address(name))


@env.task
async def main(names: list[str]) -> int:
    mailer = Mailer.english()
    sent = await asyncio.gather(*[mailer.mail(name) for name in names])
    return sent.count(True)
