"""``spillover outlook``: the ledger of forecasts, and how they ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.checking import Entry, SourceScore


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
        rows = ((
            e.source, _day(e), e.what, e.horizon or "", e.likelihood.cue if e.likelihood else "",
            words[e.verdict]["name"], e.reason, e.score.value if e.score else "",
        ) for e in made.entries)  # fmt: skip
        put(table(None, ("said by", "on", "forecast", "by", "how sure", "came of it", "because", "score"), rows))
        for source in made.sources:
            put_text(_line(source) + "\n")
    if not made.entries:
        complain("no forecast was read in this case")
        raise typer.Exit(exits.SOME_UNREAD)


def _day(entry: Entry) -> str:
    return f"{'after ' if entry.said_how == 'not before' else ''}{entry.said}" if entry.said else "?"


def _line(s: SourceScore) -> str:
    score = f"{s.score.name} {s.score.value} ({s.score.low} to {s.score.high}); " if s.score else ""
    return f"{s.source}: {s.forecasts} forecasts, {s.ended} ended, {s.came_true} came true; {score}{s.note}"
