"""Years, quarters and months of a window, and which of them it cuts."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import SpreadError

Period = Literal["year", "quarter", "month"]
_EVERY = {"year": "1y", "quarter": "1q", "month": "1mo"}


def periods(since: date, until: date, period: Period) -> pl.DataFrame:
    """The periods of a window, oldest first: ``period`` (``2021``, ``2021-Q3``, ``2021-07``), ``since`` and ``until``
    (within the window) and ``whole`` (the window holds all its days).

    :class:`~spillover.errors.SpreadError` for another kind of period.
    """
    if period not in get_args(Period):
        raise SpreadError(f"there is no period {period!r}", to_do="Use year, quarter or month")
    every = _EVERY[period]
    first = pl.Series([since]).dt.truncate(every)[0]
    table = pl.DataFrame({"since": pl.date_range(first, until, every, eager=True)})
    table = table.with_columns(until=pl.col("since").dt.offset_by(every).dt.offset_by("-1d"))
    year = pl.col("since").dt.year().cast(pl.String)
    label = {
        "year": year,
        "quarter": pl.concat_str([year, pl.lit("-Q"), pl.col("since").dt.quarter().cast(pl.String)]),
        "month": pl.col("since").dt.strftime("%Y-%m"),
    }[period]
    return table.select(
        period=label,
        whole=(pl.col("since") >= since) & (pl.col("until") <= until),
        since=pl.max_horizontal("since", pl.lit(since)),
        until=pl.min_horizontal("until", pl.lit(until)),
    )


def period_of(days: pl.Series, table: pl.DataFrame) -> NDArray[np.int64]:
    """The row of :func:`periods` in which each day lies; days before the window have -1."""
    starts = table["since"].to_physical().to_numpy()
    return np.searchsorted(starts, days.to_physical().to_numpy(), side="right").astype(np.int64) - 1
