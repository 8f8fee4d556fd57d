# drivers: notify_user, notify_all, reminders
# small service-y workflow, mostly straight lines and a few ifs
import flyte
import httpx

env = flyte.TaskEnvironment(name="notifications", secrets=[flyte.Secret(key="SMTP", as_env_var="SMTP")])


@env.task
async def get_user(user_id: int) -> dict:
    async with httpx.AsyncClient(base_url="https://users.internal") as c:
        return (await c.get(f"/users/{user_id}")).json()


@env.task
async def get_preferences(user_id: int) -> dict:
    return {"email": True, "push": False, "lang": "en"}


@env.task
async def render_template(name: str, lang: str, **values: str) -> str:
    return f"{name}/{lang}: {values}"


@env.task(retries=3)
async def send_email(address: str, body: str) -> str:
    return "msg-1"


@env.task(retries=3)
async def send_push(device: str, body: str) -> str:
    return "push-1"


@env.task
async def log_delivery(user_id: int, message_id: str) -> None:
    print(user_id, message_id)


@env.task
async def due_reminders() -> list[tuple[int, str]]:
    return [(1, "invoice"), (2, "renewal")]


@env.task
async def notify_user(user_id: int, template: str) -> bool:
    user = await get_user(user_id)
    if user.get("deleted"):
        return False
    prefs = await get_preferences(user_id)
    body = await render_template(template, prefs["lang"], name=user["name"])
    sent = None
    if prefs["email"]:
        sent = await send_email(user["email"], body)
    if prefs["push"] and user.get("device"):
        sent = await send_push(user["device"], body)
    if sent is None:
        return False
    await log_delivery(user_id, sent)
    return True


@env.task
async def notify_all(user_ids: list[int], template: str) -> int:
    n = 0
    for uid in user_ids:
        if await notify_user(uid, template):
            n += 1
    return n


@env.task
async def reminders() -> dict[str, int]:
    due = await due_reminders()
    by_template: dict[str, list[int]] = {}
    for uid, template in due:
        by_template.setdefault(template, []).append(uid)
    return {t: await notify_all(ids, t) for t, ids in by_template.items()}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(reminders)
