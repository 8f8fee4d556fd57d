"""Stops when the loss doesn't get better."""

from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("early")


@dataclass
class State:
    epoch: int
    weights: list[float]
    loss: float


@env.task(retries=flyte.RetryStrategy(count=3))
async def train_epoch(state: State) -> State:
    weights = [weight * 0.9 for weight in state.weights]
    return State(state.epoch + 1, weights, sum(abs(weight) for weight in weights))


@env.task
async def main(size: int = 4, patience: int = 2, epochs: int = 50) -> State:
    state = State(0, [1.0] * size, float("inf"))
    best, waited = state, 0
    for _ in range(epochs):
        state = await train_epoch(state)
        if state.loss < best.loss - 1e-3:
            best, waited = state, 0
            continue
        waited += 1
        if waited > patience:
            break
    return best
