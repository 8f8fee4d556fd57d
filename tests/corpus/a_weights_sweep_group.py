# drivers: train_seed, sweep_lr, sweep, resume_sweep
"""Fine-tuning sweep with chained checkpoints."""
import argparse
import asyncio
import json
import logging
from dataclasses import asdict, dataclass
from typing import Optional

import flyte
import flyte.errors
from flyte.io import Dir, File
from transformers import TrainingArguments

log = logging.getLogger("sweep")

base_image = (
    flyte.Image.from_debian_base()
    .with_pip_packages("torch", "transformers", "datasets")
    .with_env_vars({"TOKENIZERS_PARALLELISM": "false"})
)
cpu_env = flyte.TaskEnvironment("ft_cpu", image=base_image, resources=flyte.Resources(cpu=2, memory="4Gi"))
gpu_env = flyte.TaskEnvironment("ft_gpu", image=base_image, resources=flyte.Resources(cpu=8, memory="64Gi", gpu="A100:1"))
env = flyte.TaskEnvironment("ft", image=base_image, depends_on=[cpu_env, gpu_env])


@dataclass
class RunConfig:
    model: str
    lr: float
    seed: int = 0
    epochs: int = 3
    batch: int = 16


@dataclass
class RunResult:
    config: RunConfig
    loss: float
    checkpoint: Optional[str] = None


@cpu_env.task(cache="auto")
async def tokenize(dataset: str, model: str) -> Dir:
    return await Dir.from_local("/tmp/tok")


@gpu_env.task(retries=flyte.RetryStrategy(count=3))
async def train_epoch(data: Dir, cfg: RunConfig, epoch: int, ckpt: str | None) -> tuple[str, float]:
    TrainingArguments(output_dir="/tmp/out", learning_rate=cfg.lr, per_device_train_batch_size=cfg.batch)
    return f"s3://ckpt/{cfg.model}/{cfg.seed}/{epoch}", 1.0 / (epoch + 1)


@gpu_env.task
async def evaluate(ckpt: str, data: Dir) -> float:
    return 0.4


@cpu_env.task
async def export(ckpt: str, quantize: bool) -> File:
    return File(path=ckpt)


@env.task
async def train_seed(data: Dir, cfg: RunConfig, max_loss: float = 5.0) -> RunResult:
    ckpt: str | None = None
    loss = float("inf")
    for epoch in range(cfg.epochs):
        with flyte.group(f"epoch-{epoch}"):
            ckpt, train_loss = await train_epoch(data, cfg, epoch, ckpt)
            loss = await evaluate(ckpt, data)
        log.info("seed %d epoch %d: train %.3f val %.3f", cfg.seed, epoch, train_loss, loss)
        if train_loss > max_loss:
            log.warning("diverged")
            return RunResult(cfg, float("inf"))
    return RunResult(cfg, loss, ckpt)


@env.task
async def sweep_lr(data: Dir, model: str, lr: float, seeds: int = 3) -> tuple[float, RunResult]:
    configs = [RunConfig(model, lr, seed=s) for s in range(seeds)]
    runs = await asyncio.gather(*[train_seed(data, c) for c in configs])
    mean = sum(r.loss for r in runs) / seeds
    return mean, min(runs, key=lambda r: r.loss)


@env.task
async def sweep(dataset: str, model: str, lrs: list[float]) -> File:
    data = await tokenize(dataset, model)
    results = {}
    for lr in lrs:
        results[lr] = asyncio.create_task(sweep_lr(data, model, lr), name=f"lr={lr}")
    means = {lr: (await task)[0] for lr, task in results.items()}
    best_lr = min(means, key=means.get)
    _, best = results[best_lr].result()
    log.info(json.dumps({"means": means, "best": asdict(best.config)}))
    if best.checkpoint is None:
        raise flyte.errors.RuntimeUserError("Diverged", "every run diverged")
    return await export(best.checkpoint, quantize=True)


@env.task
async def resume_sweep(dataset: str, done: list[RunResult], lrs: list[float]) -> list[RunResult]:
    seen = {(r.config.model, r.config.lr) for r in done}
    model = done[0].config.model if done else "bert-base-uncased"
    data = await tokenize(dataset, model)
    todo = [sweep_lr(data, model, lr, seeds=1) for lr in lrs if (model, lr) not in seen]
    fresh = [best for _, best in await asyncio.gather(*todo)]
    return sorted([*done, *fresh], key=lambda r: r.loss)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--lrs", type=float, nargs="+", default=[1e-5, 3e-5])
    p.add_argument("--mode", choices=["local", "remote"], default="remote")
    ns = p.parse_args()
    flyte.init_from_config()
    flyte.with_runcontext(mode=ns.mode).run(sweep, "imdb", "bert-base-uncased", ns.lrs)
