import flyte
import numpy as np

env = flyte.TaskEnvironment("np", image=flyte.Image.from_debian_base().with_pip_packages("numpy"))


@env.task
async def train(rate: float, layers: int) -> float:
    return rate * layers


@env.task
async def main(n: int = 4) -> float:
    rates = np.logspace(-4, -1, n)
    best, best_rate = np.inf, None
    for rate in rates:
        loss = await train(rate=float(rate), layers=2)
        if loss < best:
            best, best_rate = loss, rate
    losses = []
    for k in np.arange(1, 4):
        losses.append(await train(float(best_rate), int(k)))
    index = int(np.argmin(losses))
    weights = np.array(losses) / np.sum(losses)
    return await train(float(weights[index]), index)
