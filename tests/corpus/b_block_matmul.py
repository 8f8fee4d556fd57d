# drivers: block_multiply, power, strassen, conjugate_gradient, jacobi
"""Blocked linear algebra: blocks are small enough for a task, the algorithm is in the driver."""
import asyncio
from functools import reduce
from math import sqrt

import flyte
import numpy as np

env = flyte.TaskEnvironment("linalg", image=flyte.Image.from_debian_base().with_pip_packages("numpy"))

Matrix = list[list[float]]
Vector = list[float]


@env.task
async def multiply(a: Matrix, b: Matrix) -> Matrix:
    return (np.array(a) @ np.array(b)).tolist()


@env.task
async def add(a: Matrix, b: Matrix, sign: float = 1.0) -> Matrix:
    return (np.array(a) + sign * np.array(b)).tolist()


@env.task
async def matvec(a: Matrix, x: Vector) -> Vector:
    return (np.array(a) @ np.array(x)).tolist()


@env.task
async def split4(a: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    m = np.array(a)
    h = len(m) // 2
    return m[:h, :h].tolist(), m[:h, h:].tolist(), m[h:, :h].tolist(), m[h:, h:].tolist()


@env.task
async def assemble(c11: Matrix, c12: Matrix, c21: Matrix, c22: Matrix) -> Matrix:
    return np.block([[np.array(c11), np.array(c12)], [np.array(c21), np.array(c22)]]).tolist()


def dot(x: Vector, y: Vector) -> float:
    return sum(a * b for a, b in zip(x, y, strict=True))


@env.task
async def block_multiply(a: list[list[Matrix]], b: list[list[Matrix]]) -> list[list[Matrix]]:
    n = len(a)

    async def cell(i: int, j: int) -> Matrix:
        products = await asyncio.gather(*[multiply(a[i][k], b[k][j]) for k in range(n)])
        total = products[0]
        for p in products[1:]:
            total = await add(total, p)
        return total

    rows = await asyncio.gather(
        *[asyncio.gather(*[cell(i, j) for j in range(n)]) for i in range(n)]
    )
    return [list(r) for r in rows]


@env.task
async def strassen(a: Matrix, b: Matrix, leaf: int = 64) -> Matrix:
    if len(a) <= leaf or len(a) % 2:
        return await multiply(a, b)
    (a11, a12, a21, a22), (b11, b12, b21, b22) = await asyncio.gather(split4(a), split4(b))
    m1, m2, m3, m4, m5, m6, m7 = await asyncio.gather(
        strassen(await add(a11, a22), await add(b11, b22), leaf),
        strassen(await add(a21, a22), b11, leaf),
        strassen(a11, await add(b12, b22, -1), leaf),
        strassen(a22, await add(b21, b11, -1), leaf),
        strassen(await add(a11, a12), b22, leaf),
        strassen(await add(a21, a11, -1), await add(b11, b12), leaf),
        strassen(await add(a12, a22, -1), await add(b21, b22), leaf),
    )
    c11 = await add(await add(m1, m4), await add(m7, m5, -1))
    c12, c21 = await asyncio.gather(add(m3, m5), add(m2, m4))
    c22 = await add(await add(m1, m2, -1), await add(m3, m6))
    return await assemble(c11, c12, c21, c22)


@env.task
async def power(a: Matrix, n: int) -> Matrix:
    result = np.eye(len(a)).tolist()
    while n:
        if n & 1:
            result = await multiply(result, a)
        n >>= 1
        if n:
            a = await multiply(a, a)
    return result


@env.task
async def conjugate_gradient(a: Matrix, b: Vector, tol: float = 1e-8) -> Vector:
    x = [0.0] * len(b)
    r = list(b)
    p = list(r)
    rs = dot(r, r)
    for _ in range(len(b)):
        ap = await matvec(a, p)
        alpha = rs / dot(p, ap)
        x = [xi + alpha * pi for xi, pi in zip(x, p)]
        r = [ri - alpha * api for ri, api in zip(r, ap)]
        rs, old = dot(r, r), rs
        if sqrt(rs) < tol:
            return x
        p = [ri + rs / old * pi for ri, pi in zip(r, p)]
    return x


@env.task
async def jacobi(blocks: list[Matrix], b: list[Vector], sweeps: int = 10) -> list[Vector]:
    xs = [[0.0] * len(v) for v in b]
    for _ in range(sweeps):
        products = await asyncio.gather(*map(matvec, blocks, xs))
        xs = [[x + 0.1 * (r - p) for x, r, p in zip(*cols)] for cols in zip(xs, b, products)]
        worst = reduce(max, (abs(r - p) for v, pr in zip(b, products) for r, p in zip(v, pr)), 0.0)
        if worst < 1e-6:
            break
    return xs


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(power, a=[[1.0, 1.0], [1.0, 0.0]], n=30)
