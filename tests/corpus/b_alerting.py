# drivers: deliver, route_alert, handle_alerts
"""Alert routing: dedupe, enrich, route by severity through channels, escalate until acknowledged."""
import asyncio
import logging
import time
from enum import Enum
from typing import Callable, Awaitable

import flyte
import httpx
from pydantic import BaseModel

env = flyte.TaskEnvironment("alerts", secrets=[flyte.Secret("PAGERDUTY_TOKEN"), flyte.Secret("SLACK_TOKEN")])
log = logging.getLogger("alerts")


class Level(str, Enum):
    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"


class Alert(BaseModel):
    key: str
    service: str
    level: Level
    text: str
    at: float = 0.0


class DeliveryError(Exception):
    pass


@env.task(retries=2)
async def slack(channel: str, text: str) -> str:
    async with httpx.AsyncClient() as c:
        r = await c.post("https://slack.example.com", json={"channel": channel, "text": text})
    if r.status_code >= 400:
        raise DeliveryError(r.text)
    return "slack"


@env.task
async def email(to: str, text: str) -> str:
    return "email"


@env.task
async def page(person: str, text: str) -> str:
    return "page"


@env.task
async def acknowledged(key: str) -> bool:
    return False


@env.task
async def on_call(service: str) -> list[str]:
    return ["primary", "secondary", "manager"]


@env.task
async def runbook(service: str) -> str:
    return f"https://runbooks/{service}"


Sender = Callable[[str, str], Awaitable[str]]
CHANNELS: dict[Level, list[tuple[Sender, str]]] = {
    Level.LOW: [(email, "team@example.com")],
    Level.HIGH: [(slack, "#alerts"), (email, "team@example.com")],
    Level.CRITICAL: [(slack, "#incidents"), (page, "primary")],
}


@env.task
async def deliver(alert: Alert) -> list[str]:
    text = f"[{alert.level.value}] {alert.text}\n{await runbook(alert.service)}"
    used = []
    for send, target in CHANNELS[alert.level]:
        try:
            used.append(await send(target, text))
        except DeliveryError as e:
            log.error("%s: %s", target, e)
    if not used:
        used.append(await page("primary", text))
    return used


class Escalation:
    WAIT = 300

    def __init__(self, alert: Alert):
        self.alert = alert
        self.paged: list[str] = []

    async def run(self) -> str | None:
        for person in await on_call(self.alert.service):
            await page(person, self.alert.text)
            self.paged.append(person)
            deadline = time.time() + self.WAIT
            while time.time() < deadline:
                if await acknowledged(self.alert.key):
                    return person
                await asyncio.sleep(30)
        return None


@env.task
async def route_alert(alert: Alert) -> str:
    if alert.level is Level.CRITICAL:
        _, owner = await asyncio.gather(deliver(alert), Escalation(alert).run())
        return owner or "nobody"
    channels = await deliver(alert)
    return "+".join(channels)


@env.task
async def handle_alerts(alerts: list[Alert], quiet: bool = False) -> dict[str, str]:
    latest: dict[str, Alert] = {}
    for a in sorted(alerts, key=lambda a: a.at):
        latest[a.key] = a
    todo = [a for a in latest.values() if not (quiet and a.level == Level.LOW)]
    owners = await asyncio.gather(*[route_alert(a) for a in todo], return_exceptions=True)
    return {a.key: str(o) for a, o in zip(todo, owners)}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(handle_alerts, alerts=[Alert(key="1", service="api", level=Level.HIGH, text="slow")])
