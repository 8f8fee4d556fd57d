# drivers: bfs, shortest_path, connected_components, pagerank, friends_of_friends
"""Graph algorithms where looking at a vertex is expensive, and hence a task."""
import asyncio
import heapq
from collections import deque

import flyte

env = flyte.TaskEnvironment("graphs")


@env.task(cache="auto")
async def neighbours(v: str) -> list[str]:
    return [v + "0", v + "1"] if len(v) < 4 else []


@env.task(cache="auto")
async def weighted(v: str) -> dict[str, float]:
    return {v + "x": 1.0}


@env.task
async def contribution(v: str, rank: float) -> dict[str, float]:
    return {}


@env.task
async def bfs(start: str, goal: str | None = None, max_depth: int = 5) -> dict[str, int]:
    dist = {start: 0}
    frontier = [start]
    depth = 0
    while frontier and depth < max_depth:
        depth += 1
        adjacent = await asyncio.gather(*[neighbours(v) for v in frontier])
        nxt = []
        for vs in adjacent:
            for v in vs:
                if v not in dist:
                    dist[v] = depth
                    nxt.append(v)
                    if v == goal:
                        return dist
        frontier = nxt
    return dist


@env.task
async def shortest_path(start: str, goal: str) -> list[str]:
    best = {start: 0.0}
    came_from: dict[str, str] = {}
    heap = [(0.0, start)]
    while heap:
        d, v = heapq.heappop(heap)
        if v == goal:
            break
        if d > best[v]:
            continue
        for w, cost in (await weighted(v)).items():
            nd = d + cost
            if nd < best.get(w, float("inf")):
                best[w] = nd
                came_from[w] = v
                heapq.heappush(heap, (nd, w))
    else:
        raise LookupError(f"no path from {start} to {goal}")
    path = [goal]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]


@env.task
async def connected_components(vertices: list[str]) -> list[set[str]]:
    left = set(vertices)
    components = []
    while left:
        todo = deque([min(left)])
        component: set[str] = set()
        while todo:
            v = todo.popleft()
            if v in component:
                continue
            component.add(v)
            todo.extend(w for w in await neighbours(v) if w in left)
        left -= component
        components.append(component)
    return components


@env.task
async def pagerank(vertices: list[str], damping: float = 0.85, eps: float = 1e-6) -> dict[str, float]:
    n = len(vertices)
    rank = dict.fromkeys(vertices, 1 / n)
    delta = 1.0
    iteration = 0
    while delta > eps and (iteration := iteration + 1) <= 50:
        parts = await asyncio.gather(*(contribution(v, r) for v, r in rank.items()))
        new = {v: (1 - damping) / n + damping * sum(p.get(v, 0.0) for p in parts) for v in vertices}
        delta = sum(abs(new[v] - rank[v]) for v in vertices)
        rank = new
    return rank


@env.task
async def friends_of_friends(v: str) -> set[str]:
    direct = await neighbours(v)
    return {ff for f in direct for ff in await neighbours(f)} - {v, *direct}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(bfs, start="a").wait()
