# drivers: train_uplift, choose_audience, send_campaign, run
import asyncio
import logging
import random
import time
from typing import Dict, List, Optional, Tuple

import flyte
import pandas as pd

# uplift modelling + send. messy but works

logger = logging.getLogger("uplift")
env = flyte.TaskEnvironment(name="uplift")
DRY_RUN = True
HOLDOUT = 0.1
sent_so_far = 0


@env.task
async def get_history(campaign: str) -> pd.DataFrame:
    return pd.DataFrame()


@env.task
async def fit_response(df: pd.DataFrame, treated: bool) -> bytes:
    return b""


@env.task
async def predict(model: bytes, users: List[int]) -> List[float]:
    return [random.random() for _ in users]


@env.task
async def get_users(segment: str) -> List[int]:
    return list(range(1000))


@env.task
async def send_email(user: int, template: str) -> bool:
    time.sleep(0.01)
    return True


@env.task
async def log_result(campaign: str, n: int, n_ok: int) -> None:
    logger.info(f"{campaign}: {n_ok}/{n}")


@env.task
async def train_uplift(campaign: str) -> Tuple[bytes, bytes]:
    df = await get_history(campaign)
    t = fit_response(df, treated=True)
    c = fit_response(df, treated=False)
    return await asyncio.gather(t, c)


@env.task
async def choose_audience(campaign: str, segment: str, budget: int, min_uplift: Optional[float] = None) -> List[int]:
    (treated, control), users = await asyncio.gather(train_uplift(campaign), get_users(segment))
    if not users:
        logger.info("empty segment")
        return []
    p1 = await predict(treated, users)
    p0 = await predict(control, users)
    uplift = {u: a - b for u, a, b in zip(users, p1, p0)}
    ranked = sorted(uplift, key=lambda u: uplift[u], reverse=True)
    if min_uplift is not None:
        ranked = [u for u in ranked if uplift[u] >= min_uplift]
    return ranked[:budget]


@env.task
async def send_campaign(campaign: str, users: List[int], template: str = "default", rate: int = 50) -> int:
    global sent_so_far
    ok = 0
    rng = random.Random(campaign)
    holdout = {u for u in users if rng.random() < HOLDOUT}
    to_send = [u for u in users if u not in holdout]
    i = 0
    while i < len(to_send):
        batch, i = to_send[i : i + rate], i + rate
        if DRY_RUN:
            logger.info("dry run: would send to %s", batch[:3])
            continue
        results = await asyncio.gather(*[send_email(u, template) for u in batch], return_exceptions=True)
        n_failed = len([r for r in results if r is not True])
        ok += len(batch) - n_failed
        sent_so_far += len(batch)
        if n_failed > len(batch) // 2:
            logger.error("half of the batch failed; giving up")
            break
    await log_result(campaign, len(to_send), ok)
    return ok


@env.task
async def run(campaign: str, segments: List[str], budget: int = 1000) -> Dict[str, int]:
    left = budget
    out: Dict[str, int] = {}
    for seg in segments:
        if left <= 0:
            break
        audience = await choose_audience(campaign, seg, left, min_uplift=0.01)
        out[seg] = n = await send_campaign(f"{campaign}/{seg}", audience)
        left -= n
    return out


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(run, campaign="spring", segments=["new", "lapsed"])
