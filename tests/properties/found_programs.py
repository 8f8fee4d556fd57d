"""Programs that once ran differently from their plans: statements of `main(x, y)`, by what was
wrong."""

from __future__ import annotations

ASYNC = {
    "an `else` that nothing gets to is left out": """
try:
    if x > 1:
        return [x]
    else:
        return [await picky(x)]
except ValueError:
    x = 9
else:
    return [await add(x)]
""",
    "a `finally` that goes on with the next turn hands on what the body left": """
for x in range(3):
    try:
        x = len([await add(v) for v in xs[:4] if v > x])
    finally:
        continue
""",
    "a keyword has the name of the parameter that takes what is left over": """
xs[0] += await many(x, *xs[:2], by=x, more=x)
""",
    "a shared variable is annotated": """
z: int = await add(x)
def inner(a):
    nonlocal z
    z = a
    return a
try:
    z: int = await picky(x)
    y: int
except ValueError:
    z += inner(5)
""",
}

SYNC = {
    "an unbound variable is an argument that raises": """
try:
    del z
    x = loud(z)
except NameError as error:
    STATE.append(len(str(error)))
""",
    "a function has a place for what it only declares `nonlocal`": """
def inner(a):
    nonlocal x, y
    x = a
    return a
z = times(inner(3), x)
""",
}
