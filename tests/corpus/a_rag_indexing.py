# drivers: index_document, index_corpus, answer, evaluate_rag
"""Index documents for RAG, then answer and evaluate."""
import asyncio
import hashlib
from typing import AsyncGenerator

import flyte
from openai import AsyncOpenAI
from pydantic import BaseModel

env = flyte.TaskEnvironment(
    name="rag",
    image=flyte.Image.from_debian_base().with_requirements("requirements.txt"),
    secrets=[flyte.Secret(key="openai", as_env_var="OPENAI_API_KEY")],
)
oai = AsyncOpenAI(max_retries=0)


class Chunk(BaseModel):
    doc: str
    text: str
    vector: list[float] = []

    @property
    def key(self) -> str:
        return hashlib.sha1(self.text.encode()).hexdigest()


class QA(BaseModel):
    question: str
    expected: str


@flyte.trace
async def embed(texts: list[str]) -> list[list[float]]:
    r = await oai.embeddings.create(model="text-embedding-3-small", input=texts)
    return [d.embedding for d in r.data]


@flyte.trace
async def stream_answer(question: str, context: str) -> AsyncGenerator[str, None]:
    stream = await oai.chat.completions.create(
        model="gpt-4o", stream=True, messages=[{"role": "user", "content": f"{context}\n\nQ: {question}"}]
    )
    async for event in stream:
        if event.choices and event.choices[0].delta.content:
            yield event.choices[0].delta.content


@env.task
async def load_text(uri: str) -> str:
    return "lorem ipsum " * 1000


@env.task
async def upsert(chunks: list[Chunk]) -> int:
    return len(chunks)


@env.task
async def retrieve(vector: list[float], k: int) -> list[Chunk]:
    return []


@env.task
async def judge(expected: str, got: str) -> float:
    return 1.0 if expected.lower() in got.lower() else 0.0


def chunked(text: str, size: int = 1000, overlap: int = 100):
    start = 0
    while start < len(text):
        yield text[start : start + size]
        start += size - overlap


@env.task
async def index_document(uri: str, batch: int = 64) -> int:
    text = await load_text(uri)
    pieces = list(chunked(text))
    n = 0
    for i in range(0, len(pieces), batch):
        window = pieces[i : i + batch]
        vectors = await embed(window)
        n += await upsert([Chunk(doc=uri, text=t, vector=v) for t, v in zip(window, vectors)])
    return n


@env.task
async def index_corpus(uris: list[str], parallel: int = 10) -> int:
    counts = []
    async for c in flyte.map.aio(index_document, uris, concurrency=parallel):
        if isinstance(c, Exception):
            print("indexing failed:", c)
        else:
            counts.append(c)
    return sum(counts)


@env.task
async def answer(question: str, k: int = 5) -> str:
    (vector,) = await embed([question])
    hits = await retrieve(vector, k)
    context = "\n---\n".join(h.text for h in hits) or "(nothing found)"
    parts: list[str] = []
    async for token in stream_answer(question, context):
        parts.append(token)
    return "".join(parts)


@env.task
async def evaluate_rag(qas: list[QA], k: int = 5) -> float:
    sem = asyncio.Semaphore(5)

    async def one(qa: QA) -> float:
        async with sem:
            got = await answer(qa.question, k)
        return await judge(qa.expected, got)

    scores = await asyncio.gather(*(one(qa) for qa in qas))
    return sum(scores) / len(scores) if scores else 0.0


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(index_corpus, uris=["s3://docs/a.txt"])
