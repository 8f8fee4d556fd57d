# drivers: work_item, review, run_team
import asyncio

import flyte

from .llm import chat_yes_no, count_tokens
from .roles import Manager, Role, ToolAgent, Agent as BaseAgent
from .tools.files import files_env
from .tools.shell import run_checks, shell_env

env = flyte.TaskEnvironment("agent_team", depends_on=[files_env, shell_env])


@env.task
async def work_item(goal: str) -> str:
    coder = ToolAgent(Role.CODER)
    return await coder.act(goal)


@env.task
async def review(goal: str, text: str) -> str | None:
    """None when there is nothing to complain about."""
    reviewer = BaseAgent(Role.REVIEWER)
    opinion = await reviewer.say(f"Review for {goal}: {text}")
    if await chat_yes_no(f"Is this review positive? {opinion}"):
        return None
    return opinion


@env.task
async def run_team(goal: str, pieces: int = 3, rounds: int = 2, path: str = ".") -> dict[str, str]:
    manager = Manager(Role.MANAGER)
    todo = await manager.split(goal, pieces)
    finished: dict[str, str] = {}
    for round_no in range(rounds):
        texts = await asyncio.gather(*(work_item(t) for t in todo))
        opinions = await asyncio.gather(*(review(t, x) for t, x in zip(todo, texts)))
        again = []
        for item, text, opinion in zip(todo, texts, opinions):
            if opinion is None:
                finished[item] = text
            else:
                again.append(f"{item}\nReviewer: {opinion}")
        if not again:
            break
        todo = again
    checks = await run_checks(path)
    finished["checks"] = " ".join(k for k, v in checks.items() if "error" in v) or "clean"
    finished["tokens"] = str(sum(count_tokens(v) for v in finished.values()))
    return finished


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(run_team, goal="add a --json flag")
