"""`flyte signal`: answer what a task waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flyte._near import did_you_mean
from flyte.cli.exits import CommandError
from flyte.cli.output import output_option, print_json, print_table, wants_json
from flyte.cli.recorded import find_run, opened

if TYPE_CHECKING:
    from flyte._condition import Question


@click.command()
@output_option
@click.argument("name", metavar="RUN")
@click.argument("action", metavar="[ACTION]", required=False)
@click.argument("value", metavar="[VALUE]", required=False)
@click.pass_context
def signal(context: click.Context, name: str, action: str | None, value: str | None) -> None:
    """Answer what a task of RUN waits for, by the condition's name or its action's id.

    Without ACTION what the run waits for is listed; without VALUE it is asked for here.
    """
    from flyte._condition import answer, questions  # noqa: PLC0415 - the engine, once it is needed
    from flyte.errors import ConditionFailedError  # noqa: PLC0415 - the same

    with opened() as store:
        find_run(store, name)
    waiting = questions(name)
    if action is None:
        _list(context, waiting)
        return
    question = _question(waiting, name, action)
    if value is None:
        value = str(click.prompt(question.prompt, err=True, prompt_suffix=f" [{question.kind}] "))
    try:
        given = answer(name, question, value)
    except ConditionFailedError as error:
        raise CommandError(f"`{question.name}`: {error}") from None
    if wants_json(context):
        print_json({"run": name, "action": question.action, "name": question.name, "value": given})
    else:
        click.echo(f"{question.name}: {given}")


def _list(context: click.Context, waiting: list[Question]) -> None:
    rows = [
        {"name": each.name, "type": each.kind, "prompt": each.prompt, "action": each.action}
        for each in waiting
    ]
    if wants_json(context):
        print_json(rows)
    elif rows:
        print_table(("name", "type", "prompt", "action"), rows)
    else:
        click.echo("nothing is waited for", err=True)


def _question(waiting: list[Question], run: str, said: str) -> Question:
    found = [each for each in waiting if each.name == said]
    found = found or [each for each in waiting if each.action.startswith(said)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = "".join(f"\n  {each.action}" for each in found)
        raise CommandError(f"run `{run}` waits for several answers to `{said}`; say which:{ids}")
    hint = did_you_mean(said, [each.name for each in waiting])
    what = f"not for `{said}`{hint}" if waiting else "for nothing"
    raise CommandError(f"run `{run}` waits {what}")
