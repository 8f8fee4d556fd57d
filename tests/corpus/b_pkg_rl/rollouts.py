# drivers: collect, rollout_forever
"""Rollouts of the current policy. Actors are cheap and reused; the learner is not here."""
import asyncio
from dataclasses import dataclass

import flyte

actor_env = flyte.TaskEnvironment(
    "rl_actors",
    resources=flyte.Resources(cpu=1, memory="1Gi"),
    reusable=flyte.ReusePolicy(replicas=16, concurrency=1),
)


@dataclass
class Episode:
    rewards: list[float]
    length: int
    seed: int

    @property
    def total(self) -> float:
        return sum(self.rewards)


@actor_env.task(retries=3)
def play_episode(policy: bytes, env_name: str, seed: int, max_steps: int = 1000) -> Episode:
    import gymnasium as gym
    import torch

    env = gym.make(env_name)
    obs, _ = env.reset(seed=seed)
    rewards = []
    for _ in range(max_steps):
        action = env.action_space.sample()
        obs, reward, done, truncated, _ = env.step(action)
        rewards.append(float(reward))
        if done or truncated:
            break
    return Episode(rewards, len(rewards), seed)


@actor_env.task
async def collect(policy: bytes, env_name: str, episodes: int, base_seed: int = 0) -> list[Episode]:
    with flyte.group("rollouts"):
        seeds = range(base_seed, base_seed + episodes)
        got = await asyncio.gather(
            *[play_episode.aio(policy, env_name, s) for s in seeds], return_exceptions=True
        )
    return [e for e in got if isinstance(e, Episode)]


@actor_env.task
async def rollout_forever(policy: bytes, env_name: str, wanted: int) -> list[Episode]:
    """Keep a fixed number of episodes in flight until enough steps were seen."""
    steps, seed = 0, 0
    in_flight = set()
    out: list[Episode] = []
    while steps < wanted:
        while len(in_flight) < 8:
            in_flight.add(asyncio.create_task(play_episode.aio(policy, env_name, seed)))
            seed += 1
        done, in_flight = await asyncio.wait(in_flight, return_when=asyncio.FIRST_COMPLETED)
        for t in done:
            episode = t.result()
            out.append(episode)
            steps += episode.length
    for t in in_flight:
        t.cancel()
    return out
