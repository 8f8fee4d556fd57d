# drivers:
"""Agents as classes; their methods call traces and tasks."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from .llm import chat, chat_list
from .tools import TOOLBOX


class Role(Enum):
    CODER = "coder"
    REVIEWER = "reviewer"
    MANAGER = "manager"


@dataclass
class Agent:
    role: Role
    memory: list[str] = field(default_factory=list)

    async def say(self, prompt: str) -> str:
        text = await chat(f"You are a {self.role.value}. {' '.join(self.memory[-5:])}", prompt)
        self.memory.append(text)
        return text


class ToolAgent(Agent):
    async def act(self, goal: str, limit: int = 5) -> str:
        for _ in range(limit):
            reply = await self.say(f"{goal}\nReply `tool: input` or `done: text`.")
            name, _, rest = reply.partition(":")
            if name == "done":
                return rest.strip()
            if (task := TOOLBOX.get(name)) is None:
                self.memory.append(f"there is no {name}")
                continue
            self.memory.append(await task(rest.strip()))
        return "ran out of steps"


class Manager(Agent):
    async def split(self, goal: str, n: int) -> list[str]:
        return await chat_list(f"Split into {n} pieces: {goal}", n)
