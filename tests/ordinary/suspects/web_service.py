"""Tasks beside a web service in one file."""

import asyncio
from contextlib import asynccontextmanager

import flyte
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

image = flyte.Image.from_debian_base().with_pip_packages("fastapi", "uvicorn")
env = flyte.TaskEnvironment("service-tasks", image=image)


class Request(BaseModel):
    text: str
    times: int = 1


class Answer(BaseModel):
    parts: list[str]


@env.task
async def shout(text: str) -> str:
    return text.upper()


@env.task
async def main(request: Request) -> Answer:
    parts = await asyncio.gather(*[shout(request.text) for _ in range(request.times)])
    return Answer(parts=list(parts))


@asynccontextmanager
async def lifespan(app: FastAPI):
    await flyte.init_from_config.aio()
    yield


app = FastAPI(lifespan=lifespan)


def limit() -> int:
    return 10


@app.post("/shout")
async def endpoint(request: Request, most: int = Depends(limit)) -> dict[str, str]:
    if request.times > most:
        raise HTTPException(400, "too many")
    run = await flyte.run.aio(main, request=request)
    return {"run": run.name, "url": run.url}


@app.get("/runs/{name}")
async def status(name: str) -> dict[str, str]:
    return {"phase": str(name)}
