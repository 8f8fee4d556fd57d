# drivers: cross_validate, train_with_early_stop, pick_backbone
"""K-fold CNN training with checkpoint/resume and early stop."""
from __future__ import annotations

import asyncio
import logging
import statistics
from dataclasses import asdict, dataclass, replace
from typing import Iterator, Sequence

import flyte
import flyte.errors
import torch
from flyte.io import Dir

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

env = flyte.TaskEnvironment(
    "cnn",
    resources=flyte.Resources(cpu=8, memory="32Gi", gpu="A100:1"),
    image=flyte.Image.from_uv_script(__file__, name="cnn"),
)


@dataclass(frozen=True)
class TrainConfig:
    backbone: str = "resnet18"
    lr: float = 1e-3
    batch_size: int = 128
    epochs_per_step: int = 5
    patience: int = 3


@dataclass
class Checkpoint:
    uri: str
    epoch: int
    val_loss: float


@env.task
async def prepare(dataset: str, k: int) -> list[str]:
    return [f"{dataset}/fold-{i}" for i in range(k)]


@env.task(retries=flyte.RetryStrategy(count=2), timeout=7200)
async def train_step(fold: str, cfg: TrainConfig, resume: Checkpoint | None) -> Checkpoint:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    epoch = (resume.epoch if resume else 0) + cfg.epochs_per_step
    logger.info(f"training {fold} to {epoch} on {device} with {asdict(cfg)}")
    return Checkpoint(uri=f"{fold}/ckpt-{epoch}", epoch=epoch, val_loss=1.0 / epoch)


@env.task
async def evaluate(ckpt: Checkpoint, fold: str) -> float:
    return 0.9


def halve_lr(cfg: TrainConfig) -> TrainConfig:
    return replace(cfg, lr=cfg.lr / 2)


@env.task
async def train_with_early_stop(fold: str, cfg: TrainConfig, max_epochs: int = 100) -> Checkpoint:
    best: Checkpoint | None = None
    current: Checkpoint | None = None
    stale = 0
    while current is None or current.epoch < max_epochs:
        try:
            current = await train_step(fold, cfg, current)
        except flyte.errors.OOMError:
            if cfg.batch_size <= 8:
                raise
            cfg = replace(cfg, batch_size=cfg.batch_size // 2)
            logger.warning("OOM, batch size now %d", cfg.batch_size)
            continue

        if best is None or current.val_loss < best.val_loss - 1e-4:
            best, stale = current, 0
        else:
            stale += 1
            if stale >= cfg.patience:
                break
            cfg = halve_lr(cfg)
    return best


@env.task
async def cross_validate(dataset: str, cfg: TrainConfig, k: int = 5) -> tuple[float, float]:
    folds = await prepare(dataset, k)
    checkpoints = await asyncio.gather(*[train_with_early_stop(f, cfg) for f in folds])
    scores = await asyncio.gather(*[evaluate(c, f) for c, f in zip(checkpoints, folds, strict=True)])
    return statistics.mean(scores), statistics.pstdev(scores)


@env.task
async def pick_backbone(dataset: str, backbones: list[str], min_gain: float = 0.005) -> str:
    """Try backbones smallest first; stop when the next one isn't worth it."""
    chosen, best = "", 0.0
    for name in backbones:
        mean, std = await cross_validate(dataset, TrainConfig(backbone=name), k=3)
        logger.info(f"{name}: {mean:.3f} ± {std:.3f}")
        if chosen and mean - best < min_gain:
            return chosen
        chosen, best = name, mean
    return chosen


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(pick_backbone, dataset="s3://ds/cifar", backbones=["resnet18", "resnet50"])
