"""Optional values in all the ways in which people test them."""

from dataclasses import dataclass
from typing import Optional

import flyte

env = flyte.TaskEnvironment("chain")


@dataclass
class User:
    name: str
    email: Optional[str] = None
    manager: Optional["User"] = None


@env.task
async def find(name: str) -> Optional[User]:
    return User(name) if name else None


@env.task
async def mail(address: str, text: str) -> bool:
    return "@" in address and bool(text)


def require(user: Optional[User]) -> User:
    if user is None:
        raise LookupError("no such user")
    return user


@env.task
async def main(name: str) -> bool:
    user = await find(name)
    if not user:
        return False
    if user.email is None:
        user.email = f"{user.name}@example.org"
    sent = await mail(user.email, "hello")
    manager = user.manager or await find("root")
    if manager is not None and manager.email:
        sent = await mail(manager.email, text=f"about {user.name}") and sent
    boss = require(await find("boss"))
    address = boss.email if boss.email is not None else "boss@example.org"
    try:
        other = require(await find(""))
    except LookupError:
        other = boss
    return sent and await mail(address, other.name)
