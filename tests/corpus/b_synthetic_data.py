# drivers: generate_example, generate_batch, dedupe, build_dataset, finetune_and_eval
"""Synthetic instruction data, filtered and de-duplicated, then a fine-tune and an eval."""
import asyncio
import json
import random
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import flyte
import flyte.errors
from flyte.io import File

MODEL = "meta-llama/Llama-3.1-8B"
TOPICS = ["sql", "regex", "pandas", "git", "bash"]

env = flyte.TaskEnvironment("synth", resources=flyte.Resources(cpu=1, memory="2Gi"))
gpu = flyte.TaskEnvironment("synth_gpu", resources=flyte.Resources(gpu="H100:1", memory="80Gi"))


@dataclass
class Example:
    topic: str
    instruction: str
    response: str
    score: float = 0.0


@flyte.trace
async def sample_llm(prompt: str, seed: int) -> str:
    return f"{prompt} {seed}"


@env.task
async def grade(ex: Example) -> float:
    return 0.5 + 0.5 * random.Random(ex.instruction).random()


@env.task
async def embed(texts: list[str]) -> list[list[float]]:
    return [[float(len(t))] for t in texts]


@env.task
async def near_duplicates(vectors: list[list[float]], threshold: float) -> list[int]:
    return []


@gpu.task
def finetune(data: File, base: str, lora_rank: int) -> str:
    from peft import LoraConfig
    from trl import SFTTrainer

    return "s3://models/1"


@gpu.task
def benchmark(model: str, suite: str) -> float:
    return 0.6


@env.task
async def generate_example(topic: str, seed: int) -> Example | None:
    instruction = await sample_llm(f"Write a question about {topic}", seed)
    if re.search(r"as an ai", instruction, re.I):
        return None
    response = await sample_llm(instruction, seed)
    ex = Example(topic, instruction, response)
    ex.score = await grade(ex)
    return ex if ex.score >= 0.6 else None


@env.task
async def generate_batch(topic: str, wanted: int, max_tries: int = 3) -> list[Example]:
    kept: list[Example] = []
    seed = 0
    for _ in range(max_tries):
        need = wanted - len(kept)
        batch = await asyncio.gather(*[generate_example(topic, seed + i) for i in range(need)])
        seed += need
        kept += filter(None, batch)
        if len(kept) >= wanted:
            break
    else:
        print(f"only {len(kept)} of {wanted} for {topic}")
    return kept


@env.task
async def dedupe(examples: list[Example]) -> list[Example]:
    drop = set(await near_duplicates(await embed([e.instruction for e in examples]), 0.95))
    return [e for i, e in enumerate(examples) if i not in drop]


@env.task
async def build_dataset(per_topic: int, topics: list[str] = TOPICS) -> File:
    groups = list(flyte.map(generate_batch, topics, [per_topic] * len(topics)))
    examples = [e for g in groups if not isinstance(g, Exception) for e in g]
    examples = await dedupe(examples)
    random.Random(0).shuffle(examples)
    path = Path("train.jsonl")
    with path.open("w") as f:
        for e in examples:
            f.write(json.dumps(asdict(e)) + "\n")
    return await File.from_local(str(path))


@env.task
async def finetune_and_eval(per_topic: int = 100, ranks: tuple[int, ...] = (8, 32)) -> dict[str, float]:
    data = await build_dataset(per_topic)
    board: dict[str, float] = {}
    for rank in ranks:
        try:
            model = await finetune.aio(data, MODEL, rank)
        except flyte.errors.OOMError:
            print(f"rank {rank} does not fit")
            continue
        suites = ["mmlu", "humaneval"]
        scores = await asyncio.gather(*(benchmark.aio(model, s) for s in suites))
        board.update({f"{rank}/{s}": v for s, v in zip(suites, scores)})
    if not board:
        raise RuntimeError("nothing could be trained")
    return board


if __name__ == "__main__":
    import typer

    app = typer.Typer()

    @app.command()
    def go(per_topic: int = 10):
        flyte.init_from_config()
        run = flyte.with_runcontext(mode="local").run(finetune_and_eval, per_topic=per_topic)
        typer.echo(run.url)

    app()
