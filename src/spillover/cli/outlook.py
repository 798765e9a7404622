"""``spillover outlook``: the ledger of forecasts, and how they ended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table
from spillover.cli.search import DEFAULT_CASE


def outlook(
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: entries and sources.")] = False,
) -> None:
    """The ledger of all forecasts that were read: who said it, when, how sure, and what came of it.

    A source gets a score once ten of its forecasts have ended, with an interval; never from a few.

    Examples:

        spillover outlook --case my-case
    """
    from spillover.case import open_case
    from spillover.checking import outlook as ledger
    from spillover.publishing.checks import verdict_words

    with open_case(case, create=False, readonly=True) as opened:
        readings = [opened.reading(d.sha256) for d in opened.documents()]
        made = ledger(readings, opened.check())
    if as_json:
        put_json(made.to_dict())
    elif made.entries:
        words = verdict_words()
        rows = (
            (e.source, f"{'after ' if e.said_how == 'not before' else ''}{e.said}" if e.said else "?", e.what, e.horizon or "",
             e.likelihood.cue if e.likelihood else "", words[e.verdict]["name"], e.reason, e.score.value if e.score else "")
            for e in made.entries
        )  # fmt: skip
        put(table(None, ("said by", "on", "forecast", "by", "how sure", "came of it", "because", "score"), rows))
        for source in made.sources:
            score = (
                f"{source.score.name} {source.score.value} ({source.score.low} to {source.score.high}); "
                if source.score
                else ""
            )
            put_text(
                f"{source.source}: {source.forecasts} forecasts, {source.ended} ended, {source.came_true} came true; {score}{source.note}\n"
            )
    if not made.entries:
        complain("no forecast was read in this case")
        raise typer.Exit(exits.SOME_UNREAD)
