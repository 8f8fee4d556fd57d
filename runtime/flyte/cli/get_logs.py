"""`flyte get logs`: what the actions of a run printed and logged."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from flyte.cli.exits import CommandError
from flyte.cli.output import output_option, print_json, wants_json
from flyte.cli.recorded import calls_in, find_action, find_run, opened, shown_id


@click.command("logs")
@click.option("--time/--no-time", "shows_time", default=False, help="When each line came, first.")
@output_option
@click.argument("name", metavar="RUN")
@click.argument("action", metavar="[ACTION]", required=False)
@click.pass_context
def get_logs(context: click.Context, name: str, action: str | None, shows_time: bool) -> None:
    """What a run's actions, or one of them, printed and logged, in the order of time."""
    from flyte._logs import read_logs  # noqa: PLC0415 - the engine, once it is needed
    from flyte._run_folder import run_folder  # noqa: PLC0415 - the same

    with opened() as store:
        run = find_run(store, name)
        records = calls_in(store.actions(run.name))
    if run.durability == "memory":
        raise CommandError(f"run `{name}` was kept in memory: nothing of it is there")
    chosen = records if action is None else (find_action(records, action, run),)
    folder = run_folder(name) / "logs"
    lines = [
        (line.time, {"action": shown_id(each), "task": each.task, "stream": line.stream}, line.text)
        for each in chosen
        for line in read_logs(folder, shown_id(each))
    ]
    lines.sort(key=lambda line: line[0])
    if wants_json(context):
        print_json([{"time": _stamp(time), **who, "text": text} for time, who, text in lines])
        return
    if not lines:
        click.echo("nothing was printed", err=True)
    width = max((len(who["task"]) for _, who, _ in lines), default=0)
    for time, who, text in lines:
        stamp = f"{_stamp(time)}  " if shows_time else ""
        label = f"{who['task'].ljust(width)}  " if action is None else ""
        click.echo(f"{stamp}{label}{text}")


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
