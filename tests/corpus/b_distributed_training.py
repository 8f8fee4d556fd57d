# drivers: train_with_recovery, hyperparameter_search, pretrain
"""Orchestrate distributed training: preprocess shards, train with checkpoints, grow resources on OOM."""
import asyncio
import itertools
import logging
import os
from dataclasses import dataclass, field

import flyte
import flyte.errors
import torch
from flyte.io import Dir

logger = logging.getLogger(__name__)

gpu_image = flyte.Image.from_debian_base().with_pip_packages("torch", "transformers", "datasets")
data_env = flyte.TaskEnvironment("pretrain_data", resources=flyte.Resources(cpu=4, memory="8Gi"))
train_env = flyte.TaskEnvironment(
    "pretrain_gpu",
    image=gpu_image,
    resources=flyte.Resources(cpu=8, memory="64Gi", gpu="A100:8", shm="auto"),
    env_vars={"NCCL_DEBUG": "INFO"},
)
env = flyte.TaskEnvironment("pretrain", depends_on=[data_env, train_env])

GLOBAL_STEP = 0


@dataclass
class Config:
    lr: float = 1e-4
    batch: int = 64
    epochs: int = 3
    layers: int = 12
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Checkpoint:
    path: str
    step: int
    loss: float


@data_env.task(cache=flyte.Cache(behavior="override", version_override="v3"))
async def tokenize_shard(shard: str, vocab: int) -> Dir:
    return await Dir.from_local(f"/tmp/{os.path.basename(shard)}")


@data_env.task
async def list_shards(prefix: str) -> list[str]:
    return [f"{prefix}/{i:05d}.jsonl" for i in range(16)]


@train_env.task(timeout=6 * 3600)
def train(cfg: Config, shards: list[Dir], resume_from: Checkpoint | None) -> Checkpoint:
    torch.distributed.init_process_group("nccl")
    step = resume_from.step if resume_from else 0
    return Checkpoint("s3://ckpt", step + 1000, 2.0)


@train_env.task
def evaluate(ckpt: Checkpoint, split: str = "val") -> float:
    return ckpt.loss


@env.task
async def latest_checkpoint(run_name: str) -> Checkpoint | None:
    return None


@env.task
async def train_with_recovery(run_name: str, cfg: Config, shards: list[Dir]) -> Checkpoint:
    memory, batch = 64, cfg.batch
    for attempt in range(1, 5):
        resume = await latest_checkpoint(run_name)
        try:
            return await train.override(
                resources=flyte.Resources(cpu=8, memory=f"{memory}Gi", gpu="A100:8"),
                short_name=f"train-{run_name}-{attempt}",
            ).aio(Config(cfg.lr, batch, cfg.epochs, cfg.layers), shards, resume)
        except flyte.errors.OOMError:
            memory *= 2
            if memory > 512:
                memory, batch = 64, batch // 2
            logger.warning("attempt %d: out of memory, now %dGi and batch %d", attempt, memory, batch)
        except flyte.errors.TaskTimeoutError:
            logger.warning("attempt %d timed out, resuming", attempt)
            continue
    raise RuntimeError(f"{run_name}: no attempt left")


@env.task
async def hyperparameter_search(shards: list[Dir], keep: float = 0.5) -> Config:
    """Successive halving."""
    space = [Config(lr=lr, batch=b, epochs=1) for lr, b in itertools.product([1e-3, 3e-4, 1e-4, 3e-5], [32, 64])]
    alive = list(enumerate(space))
    rung = 0
    while len(alive) > 1:
        with flyte.group(f"rung-{rung}"):
            ckpts = await asyncio.gather(
                *[train_with_recovery(f"hp-{i}", cfg, shards[: 2 ** rung]) for i, cfg in alive]
            )
            losses = await asyncio.gather(*[evaluate.aio(c) for c in ckpts])
        ranked = sorted(zip(losses, alive), key=lambda pair: pair[0])
        alive = [a for _, a in ranked[: max(1, int(len(ranked) * keep))]]
        rung += 1
    return alive[0][1]


@env.task
async def pretrain(prefix: str, search: bool = True) -> dict[str, float]:
    paths = await list_shards(prefix)
    shards = list(await asyncio.gather(*(tokenize_shard(p, 32_000) for p in paths)))
    cfg = await hyperparameter_search(shards) if search else Config()
    cfg.epochs = 10
    final = await train_with_recovery("final", cfg, shards)
    return {split: await evaluate.aio(final, split) for split in ("val", "test")}


if __name__ == "__main__":
    flyte.init_from_config("config.yaml")
    run = flyte.run(pretrain, prefix="s3://corpus/v1")
    print(run.url)
