import flyte

inner = flyte.TaskEnvironment("inner")
outer = flyte.TaskEnvironment("outer", depends_on=[inner])


@inner.task
def cell(row: int, column: int) -> int:
    return row * column


@outer.task
def row(index: int) -> list[int]:
    return list(flyte.map(cell, [index] * 3, range(3), return_exceptions=False))


@outer.task
def main(rows: int = 3) -> list[list[int]]:
    with flyte.group("table"):
        return list(flyte.map(row, range(rows), return_exceptions=False))
