# drivers: draft_reply, triage_email, process_inbox, nightly
import flyte
import asyncio
from datetime import datetime, timedelta

env = flyte.TaskEnvironment("email_assistant")

VIP = {"ceo@example.com", "board@example.com"}

@env.task
async def fetch_emails(since: datetime, limit: int = 50) -> list[dict]:
    return [{"from": "a@b.c", "subject": "hi", "body": "hello", "id": i} for i in range(limit)]

@flyte.trace
async def ask_model(kind: str, body: str) -> dict:
    return {"label": "newsletter", "urgency": 1, "reply": "", "spam": False}

@env.task
async def draft_reply(email: dict, tone: str) -> str:
    answer = await ask_model("reply-" + tone, email["body"])
    return answer["reply"]

@env.task
async def archive(email_id: int): ...

@env.task
async def send(to: str, body: str, dry_run: bool) -> None:
    print("would send" if dry_run else "sending", to)

@env.task
async def notify(text: str) -> None:
    print(text)

@env.task
async def triage_email(email, dry_run=True):
    info = await ask_model("triage", email["body"])
    if info["spam"]:
        await archive(email["id"])
        return "spam"
    if email["from"] in VIP or info["urgency"] >= 4:
        await notify(f"urgent: {email['subject']}")
        return "urgent"
    elif info["label"] == "newsletter":
        await archive(email["id"])
        return "archived"
    else:
        tone = "friendly" if info["urgency"] < 2 else "formal"
        body = await draft_reply(email, tone)
        if body:
            await send(email["from"], body, dry_run)
            await archive(email["id"])
        return "answered"

@env.task
async def process_inbox(hours: int = 24, dry_run: bool = True) -> dict[str, int]:
    emails = await fetch_emails(datetime.now() - timedelta(hours=hours))
    outcomes = await asyncio.gather(*[triage_email(e, dry_run) for e in emails if e.get("body")])
    counts = {}
    for o in outcomes:
        counts[o] = counts.get(o, 0) + 1
    return counts

@env.task(triggers=flyte.Trigger(name="nightly", automation=flyte.Cron("0 2 * * *")))
async def nightly() -> str:
    counts = await process_inbox(hours=24, dry_run=False)
    summary = ", ".join(f"{k}={v}" for k, v in sorted(counts.items(), key=lambda kv: -kv[1]))
    await notify(summary)
    return summary

if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(process_inbox, hours=2)
