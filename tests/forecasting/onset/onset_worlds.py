"""Made-up records of events, as selections, with nothing between them and what is tested."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from spillover.spread.selection import Selection

SCHEMA = {
    "set_id": pl.String, "id": pl.String, "start": pl.Date, "end": pl.Date, "date_prec": pl.UInt8, "type": pl.String,
    "side_a": pl.String, "side_b": pl.String, "country": pl.String, "admin1": pl.String, "admin1_code": pl.String,
    "admin2": pl.String, "lat": pl.Float64, "lon": pl.Float64, "where_prec": pl.UInt8, "deaths": pl.Int32,
    "civilians": pl.Int32, "group": pl.String,
}  # fmt: skip
STATE = "Government of Nowhere"


def event(n, day, place="P0", **more):
    """The ``n``-th event, by default between the state and ``Alpha`` in a division of Pakistan."""
    given = {"type": "state-based", "side_a": STATE, "side_b": "Alpha", "country": "PAK", "lat": 30.0, "lon": 70.0,
             "where_prec": 1, "date_prec": 1} | more  # fmt: skip
    return dict.fromkeys(SCHEMA) | {
        "set_id": "made", "id": str(n), "start": day, "end": day, "admin1": place, "deaths": 1, "civilians": 0,
        "group": given["side_b"],
    } | given  # fmt: skip


def selection(rows, since=date(2000, 1, 1), until=date(2019, 12, 31)):
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("start", "id")
    return Selection(frame, since, until, "all actors", ("made",))


def spreading(seed=1, *, groups=6, side=5, years=20, reach=0.25, random=0.0):
    """Groups that move on a square of divisions, mostly to the one beside: each month a group is in a place and has
    events there, and now and then goes on to a neighbouring place. ``random``: share of moves to anywhere."""
    draw = np.random.default_rng(seed)
    rows = []
    for g in range(groups):
        at = draw.integers(side, size=2)
        for month in range(12 * years):
            if draw.random() < reach / 4:
                if draw.random() < random:
                    at = draw.integers(side, size=2)
                else:
                    step = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)][draw.integers(4)])
                    at = np.clip(at + step, 0, side - 1)
            for _ in range(draw.poisson(0.8)):
                day = date(2000 + month // 12, month % 12 + 1, int(draw.integers(1, 29)))
                lat, lon = 25 + at[0] + draw.normal(0, 0.1), 65 + at[1] + draw.normal(0, 0.1)
                rows.append(event(len(rows), day, f"P{at[0]}{at[1]}", side_b=f"G{g}", lat=lat, lon=lon))
    return selection(rows, until=date(1999 + years, 12, 31))
