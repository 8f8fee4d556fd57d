# drivers: transcribe_episode, summarize_episode, publish_episode, publish_feed, cleanup
"""Podcast pipeline: fetch the feed, transcribe in pieces, summarise hierarchically, make show notes."""
import asyncio
import functools
import os
import shutil
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import feedparser
import flyte
import httpx
from flyte.io import File

io_env = flyte.TaskEnvironment("podcast_io", resources=flyte.Resources(cpu=1, memory="1Gi"))
asr_env = flyte.TaskEnvironment("podcast_asr", resources=flyte.Resources(gpu="T4:1", cpu=4, memory="16Gi"))
env = flyte.TaskEnvironment("podcast", depends_on=[io_env, asr_env], env_vars={"TZ": "UTC"})

MAX_CHARS = int(os.environ.get("MAX_CHARS", "8000"))


class FeedError(RuntimeError):
    pass


@io_env.task(retries=3)
async def fetch_feed(url: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient() as c:
        feed = feedparser.parse((await c.get(url)).text)
    if feed.bozo:
        raise FeedError(url)
    return [{"id": e.id, "title": e.title, "audio": e.links[0].href} for e in feed.entries]


@io_env.task
async def download(url: str) -> File:
    return await File.from_local("/tmp/a.mp3")


@io_env.task
async def cut(audio: File, seconds: int) -> list[File]:
    return [audio]


@asr_env.task(timeout=900)
async def transcribe(audio: File, language: str | None = None) -> str:
    return "text"


@io_env.task
async def exists(episode_id: str) -> bool:
    return False


@io_env.task
async def upload_notes(episode_id: str, notes: str, tags: list[str]) -> str:
    return f"https://notes/{episode_id}"


@io_env.task
async def delete_old(days: int) -> int:
    return 0


@io_env.task
async def lock(name: str) -> str:
    return name


@io_env.task
async def unlock(token: str) -> None: ...


@flyte.trace
async def summarize(text: str, style: str) -> str:
    return text[:100]


@asynccontextmanager
async def feed_lock(url):
    token = await lock(url)
    try:
        yield
    finally:
        await unlock(token)


@env.task
async def transcribe_episode(audio_url: str, language: str | None = None) -> str:
    pieces = await cut(await download(audio_url), seconds=600)
    texts = await asyncio.gather(*[transcribe(p, language) for p in pieces], return_exceptions=True)
    lines = []
    for piece, text in zip(pieces, texts):
        if isinstance(text, BaseException):
            # once more, alone and with a longer timeout
            text = await transcribe.override(timeout=3600)(piece, language)
        lines.append(text)
    return "\n".join(lines)


@env.task
async def summarize_episode(text: str) -> str:
    while len(text) > MAX_CHARS:
        parts = [text[i : i + MAX_CHARS] for i in range(0, len(text), MAX_CHARS)]
        shorter = "\n".join(await asyncio.gather(*(summarize(p, "dense") for p in parts)))
        if len(shorter) >= len(text):
            text = text[:MAX_CHARS]
            break
        text = shorter
    return await summarize(text, style="show notes")


@env.task
async def publish_episode(episode: dict[str, Any]) -> str | None:
    if await exists(episode["id"]):
        return None
    workdir = tempfile.mkdtemp()
    try:
        text = await transcribe_episode(episode["audio"])
        notes = await summarize_episode(text)
        tags = [t for t in ("ai", "data", "python") if t in text.lower()]
        return await upload_notes(**{"episode_id": episode["id"], "notes": notes, "tags": tags})
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


@env.task
async def publish_feed(url: str, newest: int = 3) -> list[str]:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(feed_lock(url))
        episodes = (await fetch_feed(url))[:newest]
        publish = functools.partial(publish_episode)
        urls = await asyncio.gather(*map(publish, episodes))
    return [u for u in urls if u]


@env.task
async def cleanup(days: int = 90) -> int:
    removed = 0
    with suppress(FeedError):
        removed = await delete_old(days)
    return removed


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(publish_feed, url="https://example.com/feed.xml")
