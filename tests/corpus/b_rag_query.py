# drivers: hybrid_search, answer, answer_with_followups, batch
"""Retrieval: hybrid search with reciprocal rank fusion, rerank, answer with citations."""
import asyncio
from collections import defaultdict

import flyte
from pydantic import BaseModel

env = flyte.TaskEnvironment("rag_query", resources=flyte.Resources(cpu=1, memory="2Gi"))


class Hit(BaseModel):
    doc: str
    score: float
    text: str = ""


class Answer(BaseModel):
    text: str
    citations: list[str] = []
    confident: bool = True


@env.task(cache="auto")
async def rewrite_query(question: str, n: int = 3) -> list[str]:
    return [question, question.lower(), question.rstrip("?")][:n]


@env.task
async def vector_search(query: str, k: int) -> list[Hit]:
    return [Hit(doc=f"v{i}", score=1 / (i + 1)) for i in range(k)]


@env.task
async def keyword_search(query: str, k: int) -> list[Hit]:
    return [Hit(doc=f"k{i}", score=1 / (i + 1)) for i in range(k)]


@env.task
async def rerank(question: str, hits: list[Hit], top: int) -> list[Hit]:
    return sorted(hits, key=lambda h: h.score, reverse=True)[:top]


@flyte.trace
async def generate(question: str, context: str) -> Answer:
    return Answer(text=context[:50], citations=["v0"])


@flyte.trace
async def stream_tokens(prompt: str):
    for token in prompt.split():
        yield token


def fuse(rankings: list[list[Hit]], c: int = 60) -> list[Hit]:
    scores = defaultdict(float)
    by_doc = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking):
            scores[hit.doc] += 1.0 / (c + rank)
            by_doc.setdefault(hit.doc, hit)
    return [by_doc[d].model_copy(update={"score": s}) for d, s in scores.items()]


@env.task
async def hybrid_search(query: str, k: int = 20) -> list[Hit]:
    dense, sparse = await asyncio.gather(vector_search(query, k), keyword_search(query, k))
    return fuse([dense, sparse])


@env.task
async def answer(question: str, k: int = 20, top: int = 5) -> Answer:
    queries = await rewrite_query(question)
    rankings = await asyncio.gather(*(hybrid_search(q, k) for q in queries))
    hits = await rerank(question, fuse(list(rankings)), top)
    if len(hits) < 2:
        return Answer(text="I could not find anything about that.", confident=False)
    context = "\n---\n".join(f"[{h.doc}] {h.text}" for h in hits)
    reply = await generate(question, context)
    known = {h.doc for h in hits}
    if not set(reply.citations) <= known:
        reply.confident = False
    return reply


@env.task
async def answer_with_followups(question: str) -> str:
    first = await answer(question)
    text = first.text if first.confident else (await answer(question, k=100, top=10)).text
    out = []
    async for token in stream_tokens(f"Rephrase for a customer: {text}"):
        out.append(token)
        if len(out) > 500:
            break
    return " ".join(out)


@env.task
async def batch(questions: list[str]) -> list[Answer]:
    answers = []
    async for a in flyte.map.aio(answer, questions, concurrency=8, return_exceptions=True):
        if isinstance(a, Exception):
            answers.append(Answer(text=str(a), confident=False))
            continue
        answers.append(a)
    return answers


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(answer, question="What is a task environment?").url)
