# drivers: translate_segment, translate_document, localize, stream_translation
"""Machine translation of documents: segment, translate with glossary, back-translate to check."""
import asyncio
import difflib
from collections.abc import AsyncIterator

import flyte

env = flyte.TaskEnvironment("translation")
gpu_env = flyte.TaskEnvironment("translation_gpu", resources=flyte.Resources(gpu="L4:1", memory="12Gi"))
env.add_dependency(gpu_env)

LANGUAGES = ["de", "fr", "ja"]
HARD = {"ja", "zh", "ko"}


@env.task
async def segment(text: str, max_len: int) -> list[str]:
    return [text[i:i + max_len] for i in range(0, len(text), max_len)]


@gpu_env.task
def translate(text: str, source: str, target: str, beams: int = 4) -> str:
    from transformers import pipeline

    return pipeline("translation", model=f"Helsinki-NLP/opus-mt-{source}-{target}")(text, num_beams=beams)[0]["translation_text"]


@env.task(cache="auto")
async def glossary(target: str) -> dict[str, str]:
    return {}


@flyte.trace
async def token_stream(text: str, target: str) -> AsyncIterator[str]:
    for word in text.split():
        yield word[::-1]


@flyte.trace
def similarity(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


@env.task
async def translate_segment(text: str, target: str, min_similarity: float = 0.6) -> tuple[str, float]:
    best, best_sim = "", -1.0
    for beams in (2, 4, 8):
        out = await translate.aio(text, "en", target, beams)
        back = await translate.aio(out, source=target, target="en")
        sim = similarity(text, back)
        if sim > best_sim:
            best, best_sim = out, sim
        if best_sim >= min_similarity:
            break
    return best, best_sim


@env.task
async def translate_document(text: str, target: str) -> str:
    terms, parts = await asyncio.gather(glossary(target), segment(text, 200 if target in HARD else 400))
    pairs = await asyncio.gather(*(translate_segment(p, target) for p in parts))
    texts, sims = map(list, zip(*pairs)) if pairs else ([], [])
    doubtful = [i for i, s in enumerate(sims) if s < 0.4]
    if doubtful:
        again = await asyncio.gather(*[
            translate.override(resources=flyte.Resources(gpu="A100:1")).aio(parts[i], "en", target, beams=16)
            for i in doubtful
        ])
        for i, new in zip(doubtful, again):
            texts[i] = new
    joined = " ".join(texts)
    for term, wanted in terms.items():
        joined = joined.replace(term, wanted)
    return joined


@env.task
async def localize(text: str, languages: list[str] = LANGUAGES) -> dict[str, str]:
    translations = {"en": text}
    async with asyncio.TaskGroup() as tg:
        jobs = [(lang, tg.create_task(translate_document(text, lang))) for lang in languages if lang != "en"]
    for lang, job in jobs:
        translations[lang] = job.result()
    return translations


@env.task
async def stream_translation(text: str, target: str) -> int:
    words = 0
    async for token in token_stream(text, target):
        words += 1
        print(token, end=" ", flush=True)
    return words


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(localize, text="Hello world")
