# drivers: embed_chunks, ingest_document, ingest_corpus, reindex
"""RAG ingestion: load → parse → chunk → embed → upsert, with idempotent re-runs."""
import asyncio
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import flyte
from flyte.io import Dir, File

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger("ingest")

IMAGE = (
    flyte.Image.from_debian_base(python_version=(3, 11))
    .with_apt_packages("poppler-utils")
    .with_pip_packages("pypdf", "qdrant-client", "sentence-transformers")
)

embed_env = flyte.TaskEnvironment(
    "rag_embed", image=IMAGE, resources=flyte.Resources(cpu=2, memory="8Gi", gpu=1)
)
env = flyte.TaskEnvironment("rag_ingest", image=IMAGE, depends_on=[embed_env])

BATCH = 64


@dataclass
class Chunk:
    doc_id: str
    position: int
    text: str

    def fingerprint(self) -> str:
        return hashlib.md5(f"{self.doc_id}:{self.position}:{self.text}".encode()).hexdigest()


def batched(xs: list, n: int) -> Iterator[list]:
    for i in range(0, len(xs), n):
        yield xs[i : i + n]


@env.task(cache="auto")
async def parse(doc: File) -> str:
    local = await doc.download()
    if local.endswith(".pdf"):
        from pypdf import PdfReader

        return "\n".join(p.extract_text() for p in PdfReader(local).pages)
    return Path(local).read_text()


@env.task
async def chunk(doc_id: str, text: str, size: int = 800, overlap: int = 80) -> list[Chunk]:
    step = size - overlap
    return [Chunk(doc_id, i, text[s : s + size]) for i, s in enumerate(range(0, len(text), step))]


@embed_env.task
async def embed_batch(texts: list[str]) -> list[list[float]]:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer("BAAI/bge-small-en").encode(texts).tolist()


@env.task(retries=5)
async def upsert(collection: str, chunks: list[Chunk], vectors: list[list[float]]) -> int:
    from qdrant_client import QdrantClient

    QdrantClient(url="http://qdrant:6333").upsert(collection, list(zip(chunks, vectors)))
    return len(chunks)


@env.task
async def drop_collection(collection: str) -> None:
    ...


@env.task
async def embed_chunks(chunks: list[Chunk]) -> list[list[float]]:
    batches = list(batched([c.text for c in chunks], BATCH))
    with flyte.group("embed"):
        vectors = await asyncio.gather(*[embed_batch(b) for b in batches])
    return [v for vs in vectors for v in vs]


@env.task
async def ingest_document(doc: File, collection: str) -> int:
    text = await parse(doc)
    if not text.strip():
        logger.warning("%s is empty", doc.path)
        return 0
    chunks = await chunk(doc.path, text)
    unique = list({c.fingerprint(): c for c in chunks}.values())
    vectors = await embed_chunks(unique)
    assert len(vectors) == len(unique), "the embedder lost something"
    return await upsert(collection, unique, vectors)


@env.task
async def ingest_corpus(folder: Dir, collection: str = "docs", concurrency: int = 10) -> int:
    sem = asyncio.Semaphore(concurrency)

    async def guarded(doc: File) -> int:
        async with sem:
            try:
                return await ingest_document(doc, collection)
            except Exception:
                logger.exception("could not ingest %s", doc.path)
                return 0

    docs = [f async for f in folder.walk()]
    counts = await asyncio.gather(*map(guarded, docs))
    return sum(counts)


@env.task
async def reindex(folder: Dir, collection: str) -> int:
    await drop_collection(collection)
    n = await ingest_corpus(folder, collection, concurrency=4)
    if n == 0:
        raise ValueError("nothing was indexed")
    return n


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(ingest_corpus, folder=Dir(path="s3://bucket/docs"))
