# drivers: expand, beam_search, solve, best_first
from __future__ import annotations

import asyncio
import heapq
import itertools
import typing as t

import flyte

env = flyte.TaskEnvironment(name="tree_of_thought", resources=flyte.Resources(cpu=1))


class Node(t.NamedTuple):
    thoughts: tuple[str, ...]
    score: float = 0.0

    @property
    def depth(self):
        return len(self.thoughts)


@flyte.trace
async def propose(problem: str, thoughts: tuple[str, ...], k: int) -> list[str]:
    return [f"{problem}-{len(thoughts)}-{i}" for i in range(k)]


@env.task
async def evaluate(problem: str, thoughts: tuple[str, ...]) -> float:
    return 1.0 / (1 + len(thoughts[-1]))


@env.task
async def is_solution(problem: str, thoughts: tuple[str, ...]) -> bool:
    return len(thoughts) > 3


@env.task
async def expand(problem: str, node: Node, k: int = 3) -> list[Node]:
    ideas = await propose(problem, node.thoughts, k)
    children = [node.thoughts + (idea,) for idea in ideas]
    scores = await asyncio.gather(*(evaluate(problem, c) for c in children))
    return [Node(c, s) for c, s in zip(children, scores)]


@env.task
async def beam_search(problem: str, width: int = 4, depth: int = 5) -> Node | None:
    frontier = [Node(())]
    for _ in range(depth):
        levels = await asyncio.gather(*[expand(problem, n) for n in frontier])
        candidates = list(itertools.chain.from_iterable(levels))
        candidates.sort(key=lambda n: n.score, reverse=True)
        frontier = candidates[:width]
        checks = await asyncio.gather(*[is_solution(problem, n.thoughts) for n in frontier])
        for node, ok in zip(frontier, checks):
            if ok:
                return node
    return None


@env.task
async def best_first(problem: str, budget: int = 20) -> Node | None:
    heap: list[tuple[float, int, Node]] = [(0.0, 0, Node(()))]
    counter = itertools.count(1)
    while heap and budget > 0:
        budget -= 1
        _, _, node = heapq.heappop(heap)
        if node.depth and await is_solution(problem, node.thoughts):
            return node
        for child in await expand(problem, node, k=2):
            heapq.heappush(heap, (-child.score, next(counter), child))
    return None


@env.task
async def solve(problem: str) -> str:
    found = await beam_search(problem) or await best_first(problem)
    if found is None:
        raise RuntimeError(f"could not solve {problem}")
    return " -> ".join(found.thoughts)


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(solve, "24 game: 4 9 10 13").url)
