"""Plan, research in parallel, write, review."""

import asyncio

import flyte
from pydantic import BaseModel, Field

llm = flyte.TaskEnvironment(
    "llm",
    image=flyte.Image.from_debian_base().with_pip_packages("pydantic", "openai"),
    secrets=[flyte.Secret(key="OPENAI_API_KEY", as_env_var="OPENAI_API_KEY")],
)
env = flyte.TaskEnvironment("research", image=llm.image, depends_on=[llm])


class Plan(BaseModel):
    topics: list[str] = Field(default_factory=list)
    depth: int = 1


class Note(BaseModel):
    topic: str
    text: str
    sources: list[str] = []


class Review(BaseModel):
    accepted: bool
    remarks: str | None = None


@flyte.trace
async def complete(prompt: str) -> str:
    from openai import AsyncOpenAI

    client = AsyncOpenAI()
    answer = await client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}]
    )
    return answer.choices[0].message.content or ""


@llm.task(retries=3)
async def plan(question: str) -> Plan:
    return Plan(topics=(await complete(f"topics of {question}")).splitlines())


@llm.task(retries=3)
async def research(topic: str, depth: int) -> Note:
    return Note(topic=topic, text=await complete(f"{depth} paragraphs on {topic}"))


@llm.task
async def write(question: str, notes: list[Note], remarks: str | None = None) -> str:
    return await complete("\n".join([question, *(note.text for note in notes), remarks or ""]))


@llm.task
async def review(draft: str) -> Review:
    verdict = await complete(f"review {draft}")
    return Review(accepted=verdict.startswith("yes"), remarks=verdict)


@env.task
async def main(question: str, rounds: int = 3) -> str:
    outline = await plan(question)
    notes = await asyncio.gather(*[research(topic, outline.depth) for topic in outline.topics])
    draft = await write(question, list(notes))
    for _ in range(rounds):
        verdict = await review(draft)
        if verdict.accepted:
            break
        draft = await write(question, list(notes), remarks=verdict.remarks)
    return draft
