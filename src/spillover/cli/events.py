"""``spillover events``: the event data of a case."""

from __future__ import annotations

import typer

from spillover.cli.events_add import add
from spillover.cli.events_get import get
from spillover.cli.events_list import diff, list_sets, remove, show
from spillover.cli.events_sql import sql

_HELP = """The event data of a case: UCDP, ACLED, GTD, or any table by a mapping.

Examples:

    spillover events add ged251.csv --case my-case

    spillover events list --case my-case

    spillover events sql "select year(date_start) as year, count(*) from events group by year" --case my-case
"""

events = typer.Typer(
    name="events", help=_HELP, no_args_is_help=True, add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
events.command("add", no_args_is_help=True)(add)
events.command("list")(list_sets)
events.command("show", no_args_is_help=True)(show)
events.command("diff", no_args_is_help=True)(diff)
events.command("get", no_args_is_help=True)(get)
events.command("remove", no_args_is_help=True)(remove)
events.command("sql", no_args_is_help=True)(sql)
