# drivers: research_topic, research_round, write_report, deep_research
"""Deep research: split a question, search every part, look for gaps, go again, then write it up."""
import asyncio
import hashlib
import os
from dataclasses import dataclass, field, asdict

import flyte
import flyte.io
from flyte.errors import RuntimeUserError
from tavily import AsyncTavilyClient

env = flyte.TaskEnvironment(
    name="deep-research",
    image=flyte.Image.from_debian_base().with_apt_packages("pandoc").with_pip_packages("tavily-python", "litellm"),
    secrets=[flyte.Secret(key="TAVILY_API_KEY")],
    resources=flyte.Resources(cpu=2, memory="4Gi"),
)

BREADTH = int(os.getenv("BREADTH", 4))


@dataclass(frozen=True)
class Source:
    url: str
    title: str
    content: str

    @property
    def key(self):
        return hashlib.sha1(self.url.encode()).hexdigest()


@dataclass
class Notes:
    topic: str
    summaries: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def merge(self, other: "Notes"):
        seen = {s.key for s in self.sources}
        self.summaries.extend(other.summaries)
        self.sources.extend(s for s in other.sources if s.key not in seen)


@env.task(cache="auto", retries=2)
async def make_queries(topic: str, known: list[str], n: int = BREADTH) -> list[str]:
    return [f"{topic} part {i}" for i in range(n)]


@env.task(cache="auto")
async def web_search(query: str, max_results: int = 5) -> list[Source]:
    client = AsyncTavilyClient()
    hits = await client.search(query, max_results=max_results)
    return [Source(h["url"], h["title"], h["raw_content"] or "") for h in hits["results"]]


@env.task
async def summarize(query: str, source: Source) -> str:
    return source.content[:100]


@env.task
async def find_gaps(topic: str, summaries: list[str]) -> list[str]:
    return []


@env.task
async def research_topic(query: str) -> Notes:
    sources = await web_search(query)
    sources = [s for s in sources if len(s.content) > 200]
    if not sources:
        return Notes(topic=query)
    with flyte.group("summaries"):
        summaries = await asyncio.gather(*[summarize(query, s) for s in sources])
    return Notes(topic=query, summaries=list(summaries), sources=sources)


@env.task
async def research_round(topic: str, known: list[str], breadth: int) -> Notes:
    queries = await make_queries(topic, known, breadth)
    jobs = [asyncio.create_task(research_topic(q)) for q in queries]
    total = Notes(topic)
    failures = 0
    for finished in asyncio.as_completed(jobs):
        try:
            total.merge(await finished)
        except RuntimeUserError:
            failures += 1
    if failures == len(jobs):
        raise RuntimeError("every search failed")
    return total


@env.task
async def section(title: str, notes: Notes) -> str:
    return f"## {title}\n" + "\n".join(notes.summaries)


@env.task(report=True)
async def write_report(topic: str, notes: Notes) -> flyte.io.File:
    titles = ["Background", "Findings", "Open questions"]
    parts = await asyncio.gather(*(section(t, notes) for t in titles))
    refs = "\n".join(f"{i}. [{s.title}]({s.url})" for i, s in enumerate(notes.sources, 1))
    with open("report.md", "w") as f:
        f.write(f"# {topic}\n\n")
        f.write("\n\n".join(parts))
        f.write(f"\n\n## References\n{refs}\n")
    return await flyte.io.File.from_local("report.md")


@env.task
async def deep_research(topic: str, max_rounds: int = 3, breadth: int = BREADTH) -> flyte.io.File:
    notes = await research_round(topic, [], breadth)
    for r in range(1, max_rounds):
        gaps = await find_gaps(topic, notes.summaries)
        if not gaps:
            print(f"nothing missing after {r} rounds")
            break
        for gap in gaps[:2]:
            more = await research_round(gap, notes.summaries, max(1, breadth // 2))
            notes.merge(more)
    return await write_report(topic, notes)


if __name__ == "__main__":
    flyte.init_from_config()
    r = flyte.run(deep_research, topic="history of dataflow architectures")
    print(asdict(Source("a", "b", "c")), r.url)
