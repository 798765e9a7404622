"""``spillover schema``: the form of a statement."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import typer

from spillover.cli.console import put_text


def schema(
    as_json: Annotated[bool, typer.Option("--json", help="The same: the schema is JSON.")] = False,
) -> None:
    """Show the JSON Schema (2020-12) that every line of 'spillover read FILE --json' fulfils.

    Example:

        spillover schema > statement.schema.json
    """
    put_text(files("spillover.reading").joinpath("statement.schema.json").read_text("utf-8"))
