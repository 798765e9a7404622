"""``spillover events sql``: a query over all event data of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from spillover.cli.console import put, put_json, put_text, table, tell
from spillover.cli.search import DEFAULT_CASE

_MOST = 10_000


def sql(
    query: Annotated[
        str, typer.Argument(metavar="SELECT", help="One SELECT, in DuckDB's SQL; - reads it from standard input.")
    ],
    case: Annotated[Path, typer.Option("--case", help="The case.")] = DEFAULT_CASE,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Stop it after so long.")] = 60.0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Show at most so many rows.")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV.")] = False,
) -> None:
    """Ask the event data of a case. Tables: events (each event once, over all sets), events_all, totals, dyad_years,
    actor_ties, duplicates, sets; their columns are in docs/events.md. Nothing can be changed, and files and the network
    are out of reach.

    Examples:

        spillover events sql "select year(date_start) as year, count(*), sum(deaths_best) from events group by year
        order by year"

        spillover events sql "from events where list_contains(actor_ids, 'islamic-state-khorasan') limit 5" --json
    """
    from spillover.case import open_case

    if query == "-":
        query = typer.get_text_stream("stdin").read()
    with open_case(case, create=False, readonly=True) as opened, opened.events() as session:
        answer = session.query(query, seconds=seconds, most=limit + 1)
    rows = answer.rows[:limit]
    if as_json:
        for row in rows:
            put_json({name: plain(value) for name, value in zip(answer.columns, row, strict=True)})
    elif as_csv:
        put_text(_csv(answer.columns, rows))
    else:
        numbers = [
            n for i, n in enumerate(answer.columns) if rows and all(isinstance(r[i], int | float | None) for r in rows)
        ]
        put(
            table(None, answer.columns, ([_cell(v) for v in row] for row in rows), right=numbers), f"{len(rows):,} rows"
        )
    if len(answer.rows) > limit:
        tell(f"there are more than {limit:,} rows; --limit shows more")


def plain(value: Any) -> Any:
    """A value of a query as JSON."""
    from decimal import Decimal

    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _cell(value: Any) -> str:
    return "" if value is None else ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _csv(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    # a spreadsheet runs a cell that begins so
    guarded = (
        [f"'{c}" if isinstance(c, str) and c[:1] in ("=", "+", "-", "@", "\t", "\r") else c for c in map(plain, row)]
        for row in rows
    )
    writer.writerows(guarded)
    return out.getvalue()
