# drivers: solve_once, self_consistent, race_models, main
"""Sample a reasoning model several times, vote; and race several models for latency."""
import asyncio
import re
from collections import Counter

import flyte
import torch  # noqa: F401  used on the GPU image
from transformers import AutoModelForCausalLM, AutoTokenizer

gpu = flyte.TaskEnvironment(
    name="sampler_gpu",
    resources=flyte.Resources(cpu=4, memory="16Gi", gpu="A10G:1"),
    reusable=flyte.ReusePolicy(replicas=(1, 4), concurrency=2, idle_ttl=300),
)
env = flyte.TaskEnvironment(name="sampler", depends_on=[gpu])

MODELS = ["Qwen/Qwen2-7B-Instruct", "mistralai/Mistral-7B-Instruct-v0.3", "google/gemma-2-9b-it"]


@gpu.task
def sample(model: str, prompt: str, temperature: float, seed: int) -> str:
    torch.manual_seed(seed)
    tok = AutoTokenizer.from_pretrained(model)
    lm = AutoModelForCausalLM.from_pretrained(model, device_map="auto")
    ids = tok(prompt, return_tensors="pt").to(lm.device)
    out = lm.generate(**ids, do_sample=True, temperature=temperature, max_new_tokens=512)
    return tok.decode(out[0], skip_special_tokens=True)


@env.task
async def extract_answer(text: str) -> str:
    m = re.search(r"answer is\s*(-?\d+)", text)
    return m.group(1) if m else ""


@env.task
async def solve_once(model: str, question: str, seed: int = 0) -> str:
    return await extract_answer(await sample.aio(model, f"Q: {question}\nA:", 0.8, seed))


@env.task
async def self_consistent(question: str, n: int = 8, model: str = MODELS[0]) -> tuple[str, float]:
    pending = [solve_once(model, question, seed) for seed in range(n)]
    answers = [a for a in await asyncio.gather(*pending) if a]
    if not answers:
        return "", 0.0
    (top, count), *_ = Counter(answers).most_common(1)
    return top, count / n


@env.task
async def race_models(question: str) -> str:
    tasks = {asyncio.create_task(solve_once(m, question)): m for m in MODELS}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for t in pending:
        t.cancel()
    winner = done.pop()
    print(f"{tasks[winner]} won, {len(pending)} cancelled")
    return winner.result()


@env.task
async def main(question: str = "What is 6 * 7?", fast: bool = False) -> str:
    if fast:
        return await race_models(question)
    answer, agreement = await self_consistent(question)
    if agreement < 0.5:
        answer, agreement = await self_consistent(question, n=16)
    return f"{answer} ({agreement:.0%})"


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(main)
