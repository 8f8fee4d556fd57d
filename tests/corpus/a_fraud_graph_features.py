# drivers: neighbourhood, score_account, score_batch, nightly_scores
import asyncio
import math
import typing as t

import flyte
import networkx as nx
from pydantic import BaseModel, ConfigDict

env = flyte.TaskEnvironment(name="fraud", resources=flyte.Resources(cpu="250m", memory="512Mi"))


class Account(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str
    country: str
    age_days: int


class Score(BaseModel):
    account: str
    risk: float
    reasons: t.List[str] = []


@env.task(cache=flyte.Cache(behavior="override", version_override="v2"))
async def neighbours(account: str) -> t.List[str]:
    return []


@env.task
async def account_info(account: str) -> Account:
    return Account(id=account, country="NL", age_days=3)


@env.task
async def velocity(account: str, hours: int) -> float:
    return 0.0


@env.task
async def pagerank(edges: t.List[t.Tuple[str, str]]) -> t.Dict[str, float]:
    return nx.pagerank(nx.DiGraph(edges))


@env.task
async def blocklist(country: str) -> t.Set[str]:
    return set()


@env.task
async def neighbourhood(account: str, hops: int = 2) -> t.List[t.Tuple[str, str]]:
    edges: t.List[t.Tuple[str, str]] = []
    seen = {account}
    layer = [account]
    for _ in range(hops):
        found = await asyncio.gather(*[neighbours(a) for a in layer])
        nxt = []
        for src, dsts in zip(layer, found):
            edges.extend((src, d) for d in dsts)
            nxt.extend(d for d in dsts if d not in seen)
        seen.update(nxt)
        if not nxt:
            break
        layer = nxt
    return edges


@env.task
async def score_account(account: str) -> Score:
    info_c = account_info(account)
    edges_c = neighbourhood(account)
    v1, v24 = velocity(account, 1), velocity(account, 24)
    info, edges, fast, slow = await asyncio.gather(info_c, edges_c, v1, v24)

    reasons = []
    risk = 0.0
    if info.age_days < 7:
        risk += 0.2
        reasons.append("new account")
    if slow and fast / slow > 0.5:
        risk += 0.3
        reasons.append("burst")
    if edges:
        ranks = await pagerank(edges)
        if ranks.get(account, 0) > 1 / math.sqrt(len(ranks)):
            risk += 0.2
            reasons.append("hub")
    blocked = await blocklist(info.country)
    if any(dst in blocked for _, dst in edges):
        risk, reasons = 1.0, [*reasons, "linked to blocked account"]
    return Score(account=account, risk=min(risk, 1.0), reasons=reasons)


@env.task
async def score_batch(accounts: t.List[str]) -> t.List[Score]:
    coros = list(map(score_account, accounts))
    results = await asyncio.gather(*coros, return_exceptions=True)
    return [r for r in results if not isinstance(r, BaseException)]


@env.task
async def nightly_scores(accounts: t.List[str], shard: int = 500) -> t.Dict[str, float]:
    shards = [accounts[i : i + shard] for i in range(0, len(accounts), shard)]
    high: t.Dict[str, float] = {}
    for scores in await asyncio.gather(*[score_batch(s) for s in shards]):
        high |= {s.account: s.risk for s in scores if s.risk > 0.7}
    return dict(sorted(high.items(), key=lambda kv: kv[1], reverse=True))
