# drivers: moderate_image, moderate_post, moderate_feed, appeal
"""Content moderation with cascading models and an exception group at the end."""
import asyncio
from typing import Optional

import flyte
from flyte.io import File
from pydantic import BaseModel

cheap = flyte.TaskEnvironment("mod_cheap", resources=flyte.Resources(cpu=1))
gpu = flyte.TaskEnvironment("mod_gpu", resources=flyte.Resources(gpu=1, memory="8Gi"))
env = flyte.TaskEnvironment("moderation", depends_on=[cheap, gpu])


class Label(BaseModel):
    name: str
    p: float


class Post(BaseModel):
    id: int
    text: str
    images: list[File] = []
    author: Optional[str] = None


class PolicyViolation(Exception):
    def __init__(self, post: int, label: Label):
        super().__init__(f"post {post}: {label.name} ({label.p:.2f})")
        self.label = label


@cheap.task
def toxicity(text: str) -> Label:
    return Label(name="toxic", p=0.1)


@cheap.task
def image_hash(image: File) -> str:
    return "abc"


@cheap.task
def known_hash(digest: str) -> bool:
    return False


@gpu.task
def nsfw(image: File, model: str = "small") -> Label:
    return Label(name="nsfw", p=0.2)


@cheap.task
def hide(post: int) -> None: ...


@cheap.task
def enqueue_review(post: int, why: str) -> str:
    return f"review-{post}"


@env.task
async def moderate_image(post: int, image: File) -> Label:
    if await known_hash.aio(await image_hash.aio(image)):
        raise PolicyViolation(post, Label(name="known", p=1.0))
    label = await nsfw.aio(image)
    if 0.3 < label.p < 0.7:
        label = await nsfw.override(short_name="nsfw-large").aio(image, model="large")
    if label.p >= 0.7:
        raise PolicyViolation(post, label)
    return label


@env.task
async def moderate_post(post: Post) -> str:
    text_label = await toxicity.aio(post.text)
    if text_label.p > 0.9:
        await hide.aio(post.id)
        return "hidden"
    try:
        async with asyncio.TaskGroup() as tg:
            jobs = []
            for image in post.images:
                jobs.append(tg.create_task(moderate_image(post.id, image)))
    except* PolicyViolation as group:
        await hide.aio(post.id)
        for e in group.exceptions:
            print(e)
        worst = "hidden"
    else:
        worst = "ok" if all(j.result().p < 0.2 for j in jobs) else "soft"
    if worst == "soft" or text_label.p > 0.5:
        return await enqueue_review.aio(post.id, f"text {text_label.p}")
    return worst


@env.task
async def moderate_feed(posts: list[Post]) -> dict[str, int]:
    tally: dict[str, int] = {}
    pending = {asyncio.create_task(moderate_post(p), name=str(p.id)) for p in posts}
    while pending:
        done, pending = await asyncio.wait(pending, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            for t in pending:
                t.cancel()
            raise TimeoutError(f"{len(pending)} posts took too long")
        for t in done:
            key = "error" if t.exception() else t.result().split("-")[0]
            tally[key] = tally.get(key, 0) + 1
    return tally


@env.task
async def appeal(post: Post, votes_needed: int = 2) -> bool:
    votes = 0
    for model in ("small", "medium", "large"):
        labels = await asyncio.gather(*[nsfw.aio(i, model) for i in post.images])
        votes += all(l.p < 0.5 for l in labels)
        if votes >= votes_needed:
            return True
    return False


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(moderate_feed, posts=[Post(id=1, text="hello")])
