# drivers: critique, reflect_loop, write_section, outline, write_article
"""Reflection: a writer drafts, a critic scores, the writer revises until the score is good enough."""
import asyncio
from typing import NamedTuple

import flyte

env = flyte.TaskEnvironment("reflection", resources=flyte.Resources(cpu="500m", memory="500Mi"))

THRESHOLD = 0.8


class Critique(NamedTuple):
    score: float
    comments: list[str]


@flyte.trace
async def llm(prompt: str, temperature: float = 0.7) -> str:
    from langchain_openai import ChatOpenAI

    chat = ChatOpenAI(model="gpt-4o", temperature=temperature)
    return (await chat.ainvoke(prompt)).content


@env.task
async def critique(text: str, rubric: str) -> Critique:
    reply = await llm(f"Score the text 0..1 against {rubric}.\n{text}", temperature=0.0)
    first, *rest = reply.splitlines()
    return Critique(float(first), rest)


@env.task
async def reflect_loop(draft: str, rubric: str, budget: int = 4) -> tuple[str, float]:
    best, best_score = draft, 0.0
    current = draft
    for i in range(budget):
        score, comments = await critique(current, rubric)
        print(f"round {i}: {score:.2f}, {len(comments)} comments")
        if score > best_score:
            best, best_score = current, score
        if score >= THRESHOLD or not comments:
            break
        bullet_list = "\n".join(f"- {c}" for c in comments)
        current = await llm(f"Rewrite. Address:\n{bullet_list}\n\n{current}")
    return best, best_score


@env.task
async def write_section(title: str, notes: str = "", rubric: str = "clear, short, correct") -> str:
    draft = await llm(f"Write a section called {title}. Notes: {notes}")
    text, score = await reflect_loop(draft, rubric)
    return f"## {title}\n\n{text}\n\n<!-- {score:.2f} -->"


@env.task
async def outline(topic: str, n: int) -> list[str]:
    text = await llm(f"{n} section titles for an article about {topic}, one a line")
    return [t.strip("- ") for t in text.splitlines() if t.strip()][:n]


@env.task
async def write_article(topic: str, sections: int = 5) -> str:
    titles = await outline(topic, sections)
    coros = []
    for t in titles:
        coros.append(write_section(t, notes=topic))
    bodies = await asyncio.gather(*coros)
    return f"# {topic}\n\n" + "\n\n".join(bodies)


if __name__ == "__main__":
    import argparse

    p = argparse.ArgumentParser()
    p.add_argument("topic")
    p.add_argument("--sections", type=int, default=5)
    a = p.parse_args()
    flyte.init_from_config()
    r = flyte.run(write_article, topic=a.topic, sections=a.sections)
    print(r.name, r.url)
    r.wait()
    print(r.outputs())
