"""``spillover events list``, ``show``, ``diff`` and ``remove``: the sets of a case, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import complain, put, put_json, put_text, table, tell
from spillover.cli.search import DEFAULT_CASE

if TYPE_CHECKING:
    from spillover.records import Catalog

_Case = Annotated[Path, typer.Option("--case", help="The case.")]
_Json = Annotated[bool, typer.Option("--json", help="JSON: one object a line.")]
_ROWS = 10


def _catalog(case: Path) -> Catalog:
    from spillover.case import open_case

    with open_case(case, create=False, readonly=True) as opened:
        return opened.catalog


def list_sets(case: _Case = DEFAULT_CASE, as_json: _Json = False) -> None:
    """List the data sets of a case."""
    from spillover.cli.events_add import _covers, summary

    sets = _catalog(case).sets()
    if not sets:
        complain("there are no event data in this case; add some with 'spillover events add FILE'")
        raise typer.Exit(exits.SOME_UNREAD)
    if as_json:
        for entry in sets:
            put_json(summary(entry))
        return
    rows = (
        (
            s.id,
            s.dataset,
            s.release or "?",
            f"{s.kept:,}",
            f"{sum(s.skipped.values()):,}",
            _covers(s),
            s.licence.split(":")[0],
            s.source,
        )
        for s in sets
    )
    columns = ("set", "data set", "release", "rows", "left out", "covers", "licence", "file")
    put(table(None, columns, rows, right=("rows", "left out"), whole=("set", "data set", "release")))


def show(
    reference: Annotated[str, typer.Argument(metavar="SET", help="A set's id, or the start of it; a data set's name.")],
    case: _Case = DEFAULT_CASE,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write all its rows, in the normal form, to this .csv or .parquet file."),
    ] = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Show so many rows.")] = _ROWS,
    as_json: _Json = False,
) -> None:
    """Show a data set: what it is, what was left out and why, its first rows; or write it out whole.

    Examples:

        spillover events show ucdp-ged --case my-case

        spillover events show 99225b0c --case my-case --out events.csv
    """
    from spillover.cli.events_add import _covers, summary

    entry = _catalog(case).find(reference)
    if out is not None:
        from spillover.records import export

        if entry.private:
            tell(f"{entry.name}: {entry.licence}")
        put_text(f"{export(entry, out)}\n")
        return
    if as_json:
        put_json(summary(entry))
        return
    skipped = "; ".join(f"{n:,} {reason}" for reason, n in entry.skipped.items()) or "none"
    lines = [
        f"{entry.id}  {entry.label}", f"covers      {_covers(entry)}", f"rows        {entry.kept:,} of {entry.rows:,}",
        f"left out    {skipped}", f"file        {entry.source} (sha256 {entry.source_sha256})",
        f"imported    {entry.imported_at}", f"licence     {entry.licence}", f"attribution {entry.attribution}",
        *(f"note        {note}" for note in entry.notes),
    ]  # fmt: skip
    put_text("\n".join(lines) + "\n")
    if rows:
        _first_rows(entry.file, entry.what, rows)


def _first_rows(file: Path, what: str, count: int) -> None:
    import polars as pl

    shown = {
        "events": ("id", "date_start", "date_end", "type", "actor_a", "actor_b", "place", "country", "deaths_best"),
        "totals": ("country", "period_start", "period_end", "type", "events", "deaths_best"),
    }.get(what, ("actor_code", "actor", "relation", "other_code", "other"))
    frame = pl.scan_parquet(file).select(shown).head(count).collect()
    put(table(None, shown, frame.iter_rows()))


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older set.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer set.")],
    case: _Case = DEFAULT_CASE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compare two releases, where both cover the same: events added, removed, and changed, with both values."""
    from spillover.records import diff as compare

    catalog = _catalog(case)
    one, two = catalog.find(old), catalog.find(new)
    found = compare(one, two)
    if as_json:
        put_json({"old": one.id, "new": two.id, **found.to_dict()})
        return
    put_text(
        f"{one.label} ({one.id}) → {two.label} ({two.id}), where both cover the same\n"
        f"{len(found.added):,} added, {len(found.removed):,} removed, {len(found.changed):,} changed, "
        f"{found.same:,} the same; deaths (best) {found.deaths[0]:,} → {found.deaths[1]:,}\n"
    )
    rows: list[tuple[Any, ...]] = [
        ("+", e["id"], e["date_start"], e["country"], f"{e['actor_a']} – {e['actor_b']}") for e in found.added
    ]
    rows += [("−", e["id"], e["date_start"], e["country"], f"{e['actor_a']} – {e['actor_b']}") for e in found.removed]
    rows += [
        ("≠", c["id"], "", "", "; ".join(f"{f}: {a} → {b}" for f, (a, b) in c["changes"].items()))
        for c in found.changed
    ]
    if rows:
        put(table(None, ("", "id", "date", "country", "what"), rows))


def remove(
    reference: Annotated[str, typer.Argument(metavar="SET", help="A set's id, or the start of it; a data set's name.")],
    case: _Case = DEFAULT_CASE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take a data set out of a case. The file it was made from is not touched."""
    from spillover.case import open_case

    with open_case(case, create=False) as opened:
        entry = opened.catalog.find(reference)
        if not yes:
            typer.confirm(
                f"Remove set {entry.id} ({entry.label}, {entry.kept:,} rows, from {entry.source})?",
                abort=True,
                err=True,
            )
        opened.catalog.remove(entry)
    put_text(f"removed {entry.id} ({entry.label}); add {entry.source} again to have it back\n")
