"""The page that ``spillover spread`` prints: sections in words, and tables where they say it better."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.cli.console import printable, put, put_text, stdout, table
from spillover.spread.tables import counted, rounded

if TYPE_CHECKING:
    from spillover.spread import Contagion, Lately, Overview, Tempo

_WIDTH = 100
_ROWS = 8


def page(made: Overview, *, with_tables: bool) -> None:
    """Print an overview. ``with_tables``: those of what changed lately."""
    from rich.text import Text

    s, width = made.selection, min(_WIDTH, stdout().width)
    words = s.words[:1].upper() + s.words[1:]
    put(Text(printable(f"{words}, {s.since} to {s.until}: {counted(len(s), 'event')}"), style="bold"))
    for section in made.sections():
        put(Text(f"\n{section.title}", style="bold"))
        filled = textwrap.fill(printable(section.text), width, initial_indent="  ", subsequent_indent="  ")
        put_text(f"{filled}\n")
        if section.measure == "tempo" and made.tempo is not None:
            _changes(made.tempo)
        if section.measure == "contagion" and made.contagion is not None:
            _spillover(made.contagion)
        if section.measure == "lately" and made.lately is not None and with_tables:
            _lately(made.lately)


def _changes(tempo: Tempo) -> None:
    """The last change points."""
    found = tempo.breaks.tail(_ROWS)
    if found.height < 2:
        return
    rows = (
        (f"{r['period']:%Y-%m}" if tempo.by == "month" else r["period"], rounded(r["before"]), rounded(r["after"]),
         f"{r['support']:.0%}")
        for r in found.iter_rows(named=True)
    )  # fmt: skip
    title = f"  changes of tempo, events a {tempo.by}" + (
        f" (the last {_ROWS} of {tempo.breaks.height})" if tempo.breaks.height > _ROWS else ""
    )
    put(_indented(title, ("from", "before", "after", "in resamples"), rows, ("before", "after", "in resamples")))


def _spillover(model: Contagion) -> None:
    """Who set off whose events, in the last year of the window."""
    found = model.spillover.filter(pl.col("triggered") >= 1)
    if not model.told_apart or found.is_empty():
        return
    year = max(found["year"].to_list())
    shown = found.filter(year=year).sort("kind", "triggered", "from", descending=[True, True, False])
    for kind in ("country", "group"):
        part = shown.filter(kind=kind)
        if part.is_empty() or (kind == "country" and len(model.catalogue.countries) < 2):
            continue
        rows = (
            (r["from"], r["to"], f"{r['triggered']:.0f}", f"{r['low']:.0f} – {r['high']:.0f}", f"{r['events']:,}")
            for r in part.head(_ROWS).iter_rows(named=True)
        )
        title = f"  set off in {year}, by {kind}, with 90 % intervals"
        columns = ("from", "to", "events set off", "interval", "of events in all")
        put(_indented(title, columns, rows, columns[2:]))


def _lately(found: Lately) -> None:
    for name, column, noun in (
        ("countries", "country", "country"), ("divisions", "admin1", "first-order division"),
        ("actors", "actor", "actor"),
    ):  # fmt: skip
        shown = getattr(found, name).sort(
            [pl.col("flag").is_null(), "events", "before", column], descending=[False, True, True, False]
        )
        if name == "countries" and shown.height < 2:
            continue
        rows = ((r[column], *_compared(r)) for r in shown.head(_ROWS).iter_rows(named=True))
        columns = (noun, "events", "expected", "ratio", "95 %, clustering allowed for", "change")
        more = f"  ({_ROWS} of {shown.height:,})" if shown.height > _ROWS else None
        put(_indented(more, columns, rows, ("events", "expected", "ratio")))
    if found.cells.height:
        rows = (
            (r["admin1"] or r["country"], f"{r['lat']:.2f}, {r['lon']:.2f}", r["events"], r["deaths"], r["first"],
             "again" if r["earlier"] else "for the first time")
            for r in found.cells.head(_ROWS).iter_rows(named=True)
        )  # fmt: skip
        more = f" ({_ROWS} of {found.cells.height:,})" if found.cells.height > _ROWS else ""
        columns = ("division", "centre", "events", "deaths", "first", "active")
        put(_indented(f"  newly active cells{more}", columns, rows, ("events", "deaths")))


def _compared(row: dict[str, Any]) -> tuple[str, ...]:
    low, high = row["wide_low"], row["wide_high"]
    span = "" if low is None else f"{low:.2f} – {'…' if high is None else f'{high:.2f}'}"
    said = f"clearly {row['flag']}" if row["flag"] else {"new": "new", "silent": "silent"}.get(row["status"], "")
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    return f"{row['events']:,}", rounded(row["expected"]), ratio, span, said


def _indented(title: str | None, columns: tuple[str, ...], rows: Any, right: tuple[str, ...]) -> Any:
    from rich.padding import Padding

    if title:
        put_text(f"\n{title}\n")
    return Padding(table(None, columns, rows, right=right), (0, 0, 0, 2), expand=False)
