import flyte

try:
    from common import Record, clean
except ImportError:  # the library isn't installed where this is only read
    from ._records import Record, clean

env = flyte.TaskEnvironment("scoring")


@env.task
async def read(count: int) -> list[Record]:
    return clean([Record(f"R{i}", i - 1.0) for i in range(count)])


@env.task
async def score(record: Record) -> float:
    return record.value**0.5
