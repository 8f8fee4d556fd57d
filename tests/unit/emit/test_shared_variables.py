"""Where the arrow to a reader of a shared variable begins, in programs as they are written."""

from __future__ import annotations

from pathlib import Path

from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.scene import boxes_in
from flyte_compiler.pipeline import compile_paths

HEAD = """
import flyte

env = flyte.TaskEnvironment("e")


@env.task
async def step(x: int) -> int:
    return x


@env.task
"""


def drawn(folder: Path, body: str) -> set[tuple[str, str]]:
    """The first lines of the fragments at the two ends of each arrow between fragments."""
    file = folder / "e.py"
    file.write_text(HEAD + body)
    (program,) = compile_paths([file]).programs
    scene = compose(program.graphs)
    lines = {box.id: box.lines[0] for box in boxes_in(scene.clusters) if box.lines}
    return {
        (lines[arrow.source], lines[arrow.target])
        for arrow in scene.arrows
        if arrow.source in lines and arrow.target in lines
    }


def test_a_function_is_not_fed_by_what_its_owner_reads_afterwards(tmp_path: Path) -> None:
    arrows = drawn(
        tmp_path,
        """async def main(n: int) -> int:
    seen: list[int] = []

    async def again(k: int) -> int:
        try:
            return await step(k)
        except ValueError:
            return await again(k - 1)
        finally:
            seen.append(k)

    last = await again(n)
    return last + len(seen)
""",
    )
    assert {source for source, target in arrows if target == "seen.append(k)"} == {"int"}


def test_an_else_is_fed_by_the_body_and_not_by_a_handler(tmp_path: Path) -> None:
    arrows = drawn(
        tmp_path,
        """async def main(n: int) -> str:
    text = "a"
    for i in range(n):
        try:
            text += str(await step(i))
        except ValueError as error:
            text += f"[{error}]"
            continue
        else:
            text += "E"
        finally:
            text += "F"
    return text
""",
    )
    assert ("text += str(…)", 'text += "E"') in arrows
    assert ("text += str(…)", 'text += f"[{error}]"') in arrows
    assert ('text += f"[{error}]"', 'text += "E"') not in arrows
    assert ('text += "E"', 'text += "F"') in arrows
