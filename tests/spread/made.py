"""Selections made by hand: rows with defaults for every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from spillover.spread.selection import Selection

SCHEMA = {
    "set_id": pl.String, "id": pl.String, "start": pl.Date, "end": pl.Date, "date_prec": pl.UInt8, "type": pl.String,
    "side_a": pl.String, "side_b": pl.String, "actor_a_ids": pl.List(pl.String), "actor_b_ids": pl.List(pl.String),
    "country": pl.String, "admin1": pl.String, "admin1_code": pl.String, "admin2": pl.String, "lat": pl.Float64,
    "lon": pl.Float64, "where_prec": pl.UInt8, "deaths": pl.Int32, "civilians": pl.Int32, "group": pl.String,
}  # fmt: skip
DAY = date(2020, 1, 1)


def made(
    rows: Iterable[Mapping[str, Any]] = (), *, since: date | None = None, until: date | None = None,
    words: str = "all actors", sources: tuple[str, ...] = ("a made-up set",),
) -> Selection:  # fmt: skip
    """A selection of these rows, sorted by day. A row names only the columns that matter: the others have defaults.

    ``start`` may be text (``2020-03-01``); ``end`` is ``start`` where not given, ``side_b`` is ``group`` where not
    given. The window is the first to the last day of the rows where not given.
    """
    full = [_row(n, dict(row)) for n, row in enumerate(rows)]
    events = pl.DataFrame(full, schema=SCHEMA, orient="row").sort("start", "set_id", "id")
    first, last = (events["start"].min(), events["start"].max()) if full else (DAY, DAY)
    return Selection(events, since or first, until or last, words, sources)


def _row(n: int, given: dict[str, Any]) -> dict[str, Any]:
    unknown = set(given) - set(SCHEMA)
    assert not unknown, f"no such column: {unknown}"
    for column in ("start", "end"):
        if isinstance(given.get(column), str):
            given[column] = date.fromisoformat(given[column])
    start, group = given.get("start", DAY), given.get("group", "IS")
    row = {
        "set_id": "made", "id": f"{n:06}", "start": start, "end": start, "date_prec": 1, "type": "state-based",
        "side_a": "Government of Pakistan", "side_b": group, "actor_a_ids": [], "actor_b_ids": [], "country": "PAK",
        "admin1": "Punjab", "admin1_code": "PK-PB", "admin2": "Lahore", "lat": 31.55, "lon": 74.34, "where_prec": 1,
        "deaths": 1, "civilians": 0, "group": group,
    }  # fmt: skip
    return row | given
