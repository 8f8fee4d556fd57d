# drivers: evaluate_policy, train_policy, sweep_seeds
import asyncio
import statistics

import flyte

from b_pkg_rl import rollouts
from b_pkg_rl.rollouts import Episode, actor_env, collect

learner_env = flyte.TaskEnvironment(
    "rl_learner", resources=flyte.Resources(gpu=1, memory="16Gi"), depends_on=[actor_env]
)


@learner_env.task
def init_policy(env_name: str, seed: int) -> bytes:
    return bytes([seed % 256])


@learner_env.task
def update(policy: bytes, episodes: list[Episode], lr: float) -> tuple[bytes, float]:
    return policy + b".", lr * len(episodes)


@learner_env.task
def save_checkpoint(policy: bytes, step: int) -> str:
    return f"s3://ckpt/{step}"


@learner_env.task
async def evaluate_policy(policy: bytes, env_name: str, n: int = 10) -> float:
    episodes = await collect(policy, env_name, episodes=n, base_seed=10_000)
    return statistics.fmean(e.total for e in episodes) if episodes else float("-inf")


@learner_env.task
async def train_policy(env_name: str, seed: int = 0, steps: int = 100, target: float = 200.0) -> str:
    policy = await init_policy.aio(env_name, seed)
    lr, best, stale = 3e-4, float("-inf"), 0
    checkpoint = ""
    for step in range(steps):
        # the first rounds are short, so collect a fixed amount of experience instead
        if step < 5:
            batch = await rollouts.rollout_forever(policy, env_name, 2000)
        else:
            batch = await collect(policy, env_name, 32, base_seed=step * 32)
        policy, loss = await update.aio(policy, batch, lr)
        print(f"{step=} {loss=:.4f} {len(batch)=}")
        if step % 10:
            continue
        score = await evaluate_policy(policy, env_name)
        if score > best:
            best, stale = score, 0
            checkpoint = await save_checkpoint.aio(policy, step)
        elif (stale := stale + 1) >= 3:
            lr *= 0.5
            stale = 0
        if best >= target:
            break
    return checkpoint


@learner_env.task
async def sweep_seeds(env_name: str, seeds: list[int]) -> list[str]:
    checkpoints = []
    async for c in flyte.map.aio(train_policy, [env_name] * len(seeds), seeds, return_exceptions=True):
        if not isinstance(c, Exception):
            checkpoints.append(c)
    return checkpoints
