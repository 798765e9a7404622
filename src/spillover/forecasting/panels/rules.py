"""How an event that lasts, or whose place is not well known, comes into a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from spillover.errors import ForecastError

When = Literal["start", "end", "days"]
"""The month of an event: that in which it starts, that in which it ends, or each by its share of the days."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``month``: which month an event counts in. ``cell``, ``division``: the coarsest ``where_prec`` with which an
    event has a PRIO-GRID cell (that of its point) or a first-order division (that of its coder); GED codebook 25.1.

    Levels 1 to 3 (exact, 25 km, second-order division) give a point that means something, and 4 (first-order division)
    a division. Level 5 (a line or an estimated area), 6 (the country) and 7 (sea or air) give neither: there the point
    says "somewhere in". An event without a place in the panel is left out and counted, not handed round.

    The default counts each event whole in the month in which it starts, as GED's own sums do, and leaves out what has
    no place. :data:`SIMPLE` takes every point at its word, as GED's ``priogrid_gid`` does. :data:`VIEWS` counts an
    event in the month in which it **ends**: the state-based deaths by country that VIEWS gave out for its 2023/24
    challenge are those sums (Pakistan: all 48 months of 2018–2021 equal those of GED 22.1 by the end, 44 by the start;
    Myanmar: 43 against 31 of 48 by GED 24.1, a later release). They hold no fractions but rounding. Which levels VIEWS
    leaves out of its grid is not tested here; its measures are said to hold "no known geographic imprecision".
    """

    month: When = "start"
    cell: int = 3
    division: int = 4

    def __post_init__(self) -> None:
        if self.month not in get_args(When):
            raise ForecastError(
                f"there is no rule {self.month!r} for months", to_do=f"Use one of {', '.join(get_args(When))}"
            )
        for name, level in (("cell", self.cell), ("division", self.division)):
            if not 1 <= level <= 7:
                raise ForecastError(f"{name} = {level} is no level of where_prec", to_do="Use a number from 1 to 7")


SIMPLE = Rules(cell=7, division=7)
VIEWS = Rules(month="end")


def index(day: pl.Expr) -> pl.Expr:
    """The month of a day as a number (see :mod:`~spillover.forecasting.months`)."""
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1


def by_month(events: pl.DataFrame, when: When) -> pl.DataFrame:
    """Events with the columns ``month`` and ``share``; under ``days`` a row for each month that an event touches, the
    shares of an event adding up to 1. ``start`` and ``end`` are days; an end that lacks or is too early is the start.
    """
    events = events.with_columns(end=pl.max_horizontal("start", pl.col("end").fill_null(pl.col("start"))))
    if when != "days":
        return events.with_columns(month=index(pl.col(when)), share=pl.lit(1.0))
    spread = events.with_columns(
        first=pl.date_ranges(pl.col("start").dt.truncate("1mo"), pl.col("end"), interval="1mo", eager=False)
    ).explode("first")
    last = pl.min_horizontal(pl.col("first").dt.month_end(), "end")
    days = (last - pl.max_horizontal("first", "start")).dt.total_days() + 1
    whole = (pl.col("end") - pl.col("start")).dt.total_days() + 1
    return spread.with_columns(month=index(pl.col("first")), share=days / whole).drop("first")
