# drivers: play_match, round_robin, knockout, swiss, championship
"""Game tournaments between engines: round robin, knock-out (recursive), Swiss."""
import asyncio
import itertools
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum

import flyte

env = flyte.TaskEnvironment("chess", resources=flyte.Resources(cpu=2))


class Outcome(Enum):
    WHITE = "1-0"
    BLACK = "0-1"
    DRAW = "1/2"


@dataclass(order=True, frozen=True)
class Engine:
    rating: int
    name: str


@env.task(timeout=3600)
async def play_game(white: Engine, black: Engine, seed: int) -> Outcome:
    rng = random.Random(f"{white.name}{black.name}{seed}")
    return rng.choice(list(Outcome))


@env.task
async def elo_update(engine: Engine, score: float, expected: float) -> Engine:
    return Engine(int(engine.rating + 32 * (score - expected)), engine.name)


def expected(a: Engine, b: Engine) -> float:
    return 1 / (1 + 10 ** ((b.rating - a.rating) / 400))


@env.task
async def play_match(a: Engine, b: Engine, games: int = 2) -> tuple[float, float]:
    score_a = score_b = 0.0
    outcomes = await asyncio.gather(
        *[play_game(a, b, g) if g % 2 == 0 else play_game(b, a, g) for g in range(games)]
    )
    for g, outcome in enumerate(outcomes):
        first, second = (1.0, 0.0) if outcome is Outcome.WHITE else (0.0, 1.0)
        if outcome is Outcome.DRAW:
            first = second = 0.5
        if g % 2:
            first, second = second, first
        score_a += first
        score_b += second
    return score_a, score_b


@env.task
async def round_robin(engines: list[Engine]) -> dict[str, float]:
    pairs = list(itertools.combinations(engines, 2))
    scores = await asyncio.gather(*(play_match(*pair) for pair in pairs))
    table: dict[str, float] = defaultdict(float)
    for (a, b), (sa, sb) in zip(pairs, scores):
        table[a.name] += sa
        table[b.name] += sb
    return dict(table)


@env.task
async def knockout(engines: list[Engine]) -> Engine:
    n = len(engines)
    if n == 1:
        return engines[0]
    left, right = await asyncio.gather(knockout(engines[: n // 2]), knockout(engines[n // 2 :]))
    sa, sb = await play_match(left, right)
    extra = 0
    while sa == sb:
        extra += 1
        if extra > 3:
            return max(left, right)
        sa, sb = await play_match(left, right, games=1)
    return left if sa > sb else right


@env.task
async def swiss(engines: list[Engine], rounds: int = 3) -> list[Engine]:
    points: Counter = Counter()
    current = {e.name: e for e in engines}
    for _ in range(rounds):
        order = sorted(current.values(), key=lambda e: (-points[e.name], -e.rating))
        pairs = list(zip(order[::2], order[1::2]))
        results = await asyncio.gather(*[play_match(a, b) for a, b in pairs])
        updates = []
        for (a, b), (sa, sb) in zip(pairs, results):
            points[a.name] += sa
            points[b.name] += sb
            updates.append(elo_update(a, sa / 2, expected(a, b)))
            updates.append(elo_update(b, sb / 2, expected(b, a)))
        for e in await asyncio.gather(*updates):
            current[e.name] = e
    return sorted(current.values(), reverse=True)


@env.task
async def championship(names: list[str]) -> str:
    engines = [Engine(1500 + 10 * i, n) for i, n in enumerate(names)]
    table = await round_robin(engines)
    qualified = [e for e in engines if table[e.name] >= sorted(table.values())[-4]]
    if len(qualified) > 4:
        qualified = (await swiss(qualified))[:4]
    return (await knockout(qualified)).name


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(championship, names=["stock", "leela", "fruit", "crafty", "komodo"])
