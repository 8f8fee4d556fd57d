"""Logging to a service that is imported where it is used."""

import os

import flyte

image = flyte.Image.from_debian_base().with_pip_packages("wandb", "scikit-learn")
env = flyte.TaskEnvironment(
    "logged", image=image, secrets=flyte.Secret("wandb-key", as_env_var="WANDB_API_KEY")
)


@env.task(retries=2)
async def train(config: dict[str, float], project: str) -> float:
    import wandb
    from sklearn.linear_model import SGDClassifier

    run = wandb.init(project=project, config=config, mode=os.getenv("WANDB_MODE", "online"))
    model = SGDClassifier(alpha=config["alpha"])
    model.fit([[0], [1]], [0, 1])
    score = model.score([[0], [1]], [0, 1])
    run.log({"score": score})
    run.finish()
    return float(score)


@env.task
async def main(project: str, alphas: list[float] = [1e-4, 1e-3]) -> float:
    best = 0.0
    for alpha in alphas:
        score = await train({"alpha": alpha, "l1": 0}, project)
        best = max(best, score)
    return best
