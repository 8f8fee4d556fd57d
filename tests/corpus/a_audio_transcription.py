# drivers: transcribe_episode, transcribe_feed, weekly_digest
import asyncio
import os
from typing import Any

import flyte
from openai import AsyncOpenAI

# Podcasts -> transcripts -> summaries.
env = flyte.TaskEnvironment("audio", secrets="OPENAI_API_KEY", image="auto")
gpu = flyte.TaskEnvironment("whisper", resources=flyte.Resources(gpu=1, cpu=4, memory="12Gi"))
env.add_dependency(gpu)

MODEL = os.getenv("WHISPER_MODEL", "large-v3")
_client = None


def client():
    global _client
    if _client is None:
        _client = AsyncOpenAI()
    return _client


@env.task
async def fetch_feed(url: str) -> list[dict[str, Any]]:
    import feedparser

    return [{"id": e.id, "audio": e.enclosures[0].href, "title": e.title} for e in feedparser.parse(url).entries]


@env.task
async def download(url: str) -> str:
    return f"/tmp/{url.rsplit('/', 1)[-1]}"


@env.task
async def split_silence(path: str, max_seconds: int = 600) -> list[tuple[float, float]]:
    return [(0.0, 600.0), (600.0, 1200.0)]


@gpu.task(retries=3)
async def whisper(path: str, start: float, end: float, lang: str | None = None) -> str:
    import whisperx

    return whisperx.load_model(MODEL, "cuda").transcribe(path)["text"]


@gpu.task
async def diarize(path: str) -> list[str]:
    return ["SPEAKER_0", "SPEAKER_1"]


@flyte.trace
async def summarize(text: str, style: str = "bullets") -> str:
    resp = await client().chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "system", "content": f"Summarise as {style}"}, {"role": "user", "content": text}],
    )
    return resp.choices[0].message.content


@env.task
async def transcribe_episode(audio_url: str, title: str, with_speakers: bool = False) -> dict[str, str]:
    path = await download(audio_url)
    segments = await split_silence(path)
    speakers_job = asyncio.ensure_future(diarize(path)) if with_speakers else None

    texts = await asyncio.gather(*[whisper(path, *seg) for seg in segments])
    transcript = " ".join(t.strip() for t in texts)
    speakers = []
    if speakers_job is not None:
        try:
            speakers = await speakers_job
        except Exception as e:  # nice to have
            print(f"diarisation failed for {title}: {e}")
    summary = await summarize(transcript[:100_000])
    return {"title": title, "text": transcript, "summary": summary, "speakers": ",".join(speakers)}


@env.task
async def transcribe_feed(url: str, limit: int = 5, done: list[str] | None = None) -> list[dict[str, str]]:
    seen = set(done or ())
    todo = []
    for ep in await fetch_feed(url):
        if ep["id"] in seen:
            continue
        todo.append(transcribe_episode(ep["audio"], ep["title"]))
        if len(todo) == limit:
            break
    return list(await asyncio.gather(*todo))


@env.task
async def weekly_digest(feeds: list[str]) -> str:
    per_feed = await asyncio.gather(*(transcribe_feed(f, limit=2) for f in feeds), return_exceptions=True)
    good = [eps for eps in per_feed if not isinstance(eps, BaseException)]
    text = "\n\n".join(f"## {e['title']}\n{e['summary']}" for eps in good for e in eps)
    return text and await summarize(text, style="newsletter")


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(weekly_digest, feeds=["https://example.com/rss"]).wait()
