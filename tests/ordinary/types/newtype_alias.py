import sys
from typing import Annotated, Any, NewType, TypeAlias, Union

import flyte

UserId = NewType("UserId", int)
Json: TypeAlias = dict[str, Any]
Number = Union[int, float]
Score = Annotated[float, "between 0 and 1"]

env = flyte.TaskEnvironment("aliases")

if sys.version_info >= (3, 11):
    from typing import Self as Self


@env.task
async def user(name: str) -> UserId:
    return UserId(len(name))


@env.task
async def profile(user: UserId) -> Json:
    return {"id": user, "score": user / 100}


@env.task
async def clamp(value: Number) -> Score:
    return min(max(float(value), 0.0), 1.0)


@env.task
async def main(name: str) -> Score:
    identity = await user(name)
    fields = await profile(identity)
    return await clamp(fields["score"])
