"""A long leaf that goes on where it was."""

from pathlib import Path

import flyte

env = flyte.TaskEnvironment("checkpoints")


@env.task(retries=3)
async def train(steps: int) -> int:
    checkpoint = flyte.ctx().checkpoint
    first = 0
    if checkpoint is not None:
        saved = await checkpoint.load()
        if saved is not None:
            first = int(Path(saved).read_text())
    for step in range(first, steps):
        if checkpoint is not None and step % 10 == 0:
            await checkpoint.save(str(step).encode())
    return steps


@env.task
async def main(steps: int = 100) -> int:
    context = flyte.ctx()
    if context.action is not None:
        print("run", context.action.run_name)
    return await train(steps)
