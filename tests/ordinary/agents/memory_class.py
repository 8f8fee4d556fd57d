"""An agent as a class; its steps are tasks."""

from dataclasses import dataclass, field

import flyte

env = flyte.TaskEnvironment("memory")


@env.task
async def think(thoughts: list[str], question: str) -> str:
    return f"{len(thoughts)}: {question}"


@env.task
async def act(thought: str) -> str:
    return thought.upper()


@dataclass
class Agent:
    name: str
    limit: int = 3
    thoughts: list[str] = field(default_factory=list)

    async def step(self, question: str) -> str:
        thought = await think(self.thoughts, question)
        self.thoughts.append(thought)
        return await act(thought)

    @property
    def is_done(self) -> bool:
        return len(self.thoughts) >= self.limit


@env.task
async def main(question: str) -> list[str]:
    agent = Agent("one")
    answers: list[str] = []
    while not agent.is_done:
        answers.append(await agent.step(question))
    return answers
