"""The command ``spillover``: its commands, its help, and how it ends."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from spillover import __version__
from spillover.cli import (
    actors,
    assess,
    backtest,
    check,
    doctor,
    events,
    exits,
    forecast,
    onset,
    outlook,
    read,
    rerun,
    scenario,
    schema,
    scores,
    search,
    show,
    spread,
)
from spillover.cli.console import complain
from spillover.errors import SpilloverError

_HELP = """Puts what is written about armed groups to the test.

It reads articles and reports into statements, each with the words that say it, and checks them against event data.

Examples:

    spillover assess article.txt                 a report to look at

    spillover assess article.txt --events ged251.csv    the same, checked against event data

    spillover read article.pdf                   a table of statements

    spillover read article.html --json           one JSON object a line

    spillover read reports/ --out statements/    a whole folder

    spillover search '"pledged allegiance" OR bay*'

    spillover spread --no-contagion              how the violence in the event data spreads

Data goes to standard output; messages and progress to standard error.
"""
_EPILOG = "Exit codes: " + " · ".join(f"{code} {meaning}" for code, meaning in exits.MEANINGS.items())


class _Group(TyperGroup):
    """Commands end with a message and an exit code, never with a traceback for an error that was foreseen."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SpilloverError as error:
            complain(str(error))
            raise typer.Exit(exits.code_of(error)) from error
        except KeyboardInterrupt as error:
            complain("stopped; run the same command again to go on")
            raise typer.Exit(exits.INTERRUPTED) from error
        except BrokenPipeError as error:
            # the reader of our output has enough ("| head"): nothing is wrong, and there is nobody to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(exits.OK) from error


app = typer.Typer(
    cls=_Group,
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"spillover {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


for _command in (assess.assess, read.read, show.show, search.search):
    app.command(no_args_is_help=True)(_command)
app.add_typer(events.events)
app.command()(check.check)
app.command()(outlook.outlook)
app.command()(spread.spread)
app.command()(onset.onset)
app.add_typer(scenario.scenario)
app.command()(forecast.forecast)
app.command()(backtest.backtest)
app.command(no_args_is_help=True)(scores.scores)
app.command(no_args_is_help=True)(rerun.rerun)
app.add_typer(actors.actors)
app.command()(schema.schema)
app.command()(doctor.doctor)
