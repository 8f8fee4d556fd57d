# drivers: moderate_video, moderate_queue, appeal
"""Video moderation: sample frames, escalate through ever more expensive models."""
import asyncio
import random
from dataclasses import dataclass
from typing import Optional

import flyte
import flyte.errors
import flyte.report

cpu_env = flyte.TaskEnvironment("mod_cpu", resources=flyte.Resources(cpu=2, memory="4Gi"))
gpu_env = flyte.TaskEnvironment("mod_gpu", resources=flyte.Resources(gpu="L4:1", cpu=4, memory="16Gi"))
env = flyte.TaskEnvironment("moderation", depends_on=[cpu_env, gpu_env])

BANNED = {"violence", "nudity"}


@dataclass
class Decision:
    video: str
    verdict: str  # allow | block | human
    score: float
    label: Optional[str] = None


@cpu_env.task
async def extract_frames(video: str, every: float) -> list[str]:
    return [f"{video}#{i * every:.1f}" for i in range(20)]


@cpu_env.task
async def audio_toxicity(video: str) -> float:
    return random.random()


@gpu_env.task
async def fast_model(frame: str) -> tuple[str, float]:
    return "ok", 0.1


@gpu_env.task(timeout=900)
async def slow_model(frame: str) -> tuple[str, float]:
    return "ok", 0.2


@cpu_env.task
async def ask_human(video: str, reason: str) -> bool:
    return True


@env.task(report=True)
async def moderate_video(video: str, every: float = 2.0) -> Decision:
    frames, tox = await asyncio.gather(extract_frames(video, every), audio_toxicity(video))
    first = await asyncio.gather(*[fast_model(f) for f in frames])
    suspects = [(f, label, s) for f, (label, s) in zip(frames, first) if label in BANNED or s > 0.5]
    await flyte.report.replace.aio(f"<p>{len(suspects)} suspects of {len(frames)}</p>")

    if not suspects and tox < 0.8:
        return Decision(video, "allow", tox)

    worst = 0.0
    for frame, label, score in sorted(suspects, key=lambda s: -s[2]):
        try:
            label, score = await asyncio.wait_for(slow_model(frame), timeout=300)
        except (asyncio.TimeoutError, flyte.errors.TaskTimeoutError):
            continue
        if label in BANNED and score > 0.9:
            return Decision(video, "block", score, label)
        worst = max(worst, score)

    verdict = "human" if worst > 0.5 or tox >= 0.8 else "allow"
    if verdict == "human" and not await ask_human(video, f"{worst=:.2f} {tox=:.2f}"):
        verdict = "block"
    return Decision(video, verdict, worst)


@env.task
async def moderate_queue(videos: list[str], workers: int = 4) -> dict[str, str]:
    q: asyncio.Queue[str | None] = asyncio.Queue(maxsize=100)
    verdicts: dict[str, str] = {}

    async def producer() -> None:
        for v in videos:
            await q.put(v)
        for _ in range(workers):
            await q.put(None)

    async def consumer() -> None:
        while (video := await q.get()) is not None:
            d = await moderate_video(video)
            verdicts[video] = d.verdict

    await asyncio.gather(producer(), *[consumer() for _ in range(workers)])
    return verdicts


@env.task
async def appeal(decision: Decision, max_rounds: int = 3) -> Decision:
    """A blocked video is looked at again, ever more closely."""
    if decision.verdict != "block":
        return decision
    every = 2.0
    for _ in range(max_rounds):
        every /= 2
        again = await moderate_video(decision.video, every=every)
        if again.verdict == "allow":
            return again
    return decision
