# drivers: newton, continuation, bifurcation_diagram, fixed_point
"""Numerical continuation: Newton's method at each parameter value, starting from the last solution;
the step size adapts to how hard the last solve was."""

import asyncio
from typing import Optional, Tuple

import flyte
import numpy as np

env = flyte.TaskEnvironment("continuation", resources=flyte.Resources(cpu=1))


class DidNotConverge(ArithmeticError):
    pass


@env.task
async def residual(x: list[float], lam: float) -> list[float]:
    a = np.asarray(x)
    return (a**3 - lam * a + 0.1).tolist()


@env.task
async def jacobian(x: list[float], lam: float) -> list[list[float]]:
    a = np.asarray(x)
    return np.diag(3 * a**2 - lam).tolist()


@env.task
async def linear_solve(jac: list[list[float]], rhs: list[float]) -> list[float]:
    return np.linalg.solve(np.array(jac), np.array(rhs)).tolist()


@env.task
async def newton(x0: list[float], lam: float, tol: float = 1e-8, max_iter: int = 20) -> Tuple[list[float], int]:
    x = x0
    for k in range(max_iter):
        f, jac = await asyncio.gather(residual(x, lam), jacobian(x, lam))
        norm = max(abs(v) for v in f)
        if norm < tol:
            return x, k
        dx = await linear_solve(jac, [-v for v in f])
        x = [a + b for a, b in zip(x, dx)]
    raise DidNotConverge(f"|f| = {norm} at lambda = {lam}")


@env.task
async def continuation(x0: list[float], start: float, stop: float, step: float = 0.1) -> list[tuple[float, list[float]]]:
    lam, x = start, x0
    branch: list[tuple[float, list[float]]] = []
    while start <= lam <= stop:
        try:
            x_new, iterations = await newton(x, lam)
        except DidNotConverge:
            step /= 2
            if step < 1e-4:
                break
            lam = branch[-1][0] + step if branch else start
            continue
        x = x_new
        branch.append((lam, x))
        if iterations <= 3:
            step *= 1.5
        lam += step
    return branch


@env.task
async def fixed_point(x: float, n: int = 100, damping: float = 1.0) -> Optional[float]:
    value = [x]
    prev = None
    while prev is None or abs(prev - value[0]) > 1e-10:
        n -= 1
        if not n:
            return None
        prev = value[0]
        (r,) = await residual(value, 1.0)
        value = [prev - damping * r]
    else:
        print("converged")
    return value[0]


@env.task
async def bifurcation_diagram(starts: list[float]) -> dict[str, int]:
    branches = await asyncio.gather(*(continuation([s], -1.0, 2.0) for s in starts), return_exceptions=True)
    sizes = {f"{s:+.2f}": len(b) for s, b in zip(starts, branches) if not isinstance(b, BaseException)}
    fp = await fixed_point(starts[0])
    if fp is not None:
        sizes["fixed"] = 1
    return sizes


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(bifurcation_diagram, starts=[-1.0, 0.0, 1.0]).wait()
