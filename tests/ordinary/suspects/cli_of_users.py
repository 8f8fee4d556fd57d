"""A command line of the user's own around runs."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Optional

import flyte
import typer

cli = typer.Typer()
env = flyte.TaskEnvironment("cli", image=flyte.Image.from_debian_base().with_pip_packages("typer"))


@env.task
async def count(text: str) -> dict[str, int]:
    return {letter: text.count(letter) for letter in sorted(set(text))}


@env.task
async def merge(counts: list[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for each in counts:
        for key, value in each.items():
            merged[key] = merged.get(key, 0) + value
    return merged


@env.task
async def main(texts: list[str]) -> dict[str, int]:
    return await merge(await asyncio.gather(*[count(text) for text in texts]))


@cli.command()
def start(
    paths: list[Path],
    output: Annotated[Optional[Path], typer.Option(help="where to")] = None,
    local: bool = False,
) -> None:
    flyte.init_from_config()
    context = flyte.with_runcontext(mode="local" if local else "remote")
    run = context.run(main, texts=[path.read_text() for path in paths])
    run.wait()
    result = json.dumps(run.outputs()[0])
    if output:
        output.write_text(result)
    else:
        typer.echo(result)


if __name__ == "__main__":
    cli()
