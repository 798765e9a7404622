"""How long places stay without a first event: Kaplan-Meier, and a discrete hazard on what happens next to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.spread.common import Floats, Ints
from spillover.spread.tables import Interval, counted, ratio

_Z = 1.959963984540054
_TOO_FAR = 15.0
"""A coefficient beyond this means that the data separate: some value of a covariate never has a first hit."""


def kaplan_meier(times: Ints, hit: NDArray[np.bool_]) -> pl.DataFrame:
    """The product-limit curve (Kaplan & Meier 1958) of places still without an event.

    ``times``: days to the first event or, where ``hit`` is false, to the end of watching. A row a time with first
    events: ``day``, ``at_risk``, ``hits``, ``surviving``, ``low``, ``high`` (95 %, from Greenwood's variance on the
    scale of log(−log S): Kalbfleisch & Prentice 1980; ``None`` where S is 0).
    """
    days, number = np.unique(times[hit], return_counts=True)
    at_risk = (times[None, :] >= days[:, None]).sum(axis=1)
    surviving = np.cumprod(1 - number / at_risk)
    within = surviving > 0
    low, high = np.full(len(days), np.nan), np.full(len(days), np.nan)
    s, d, n = surviving[within], number[within], at_risk[within]
    spread = _Z * np.sqrt(np.cumsum(d / (n * (n - d)))) / np.abs(np.log(s))
    low[within], high[within] = s ** np.exp(spread), s ** np.exp(-spread)
    table = pl.DataFrame(
        {"day": days.astype(np.int64), "at_risk": at_risk.astype(np.int64), "hits": number.astype(np.int64),
         "surviving": surviving, "low": low, "high": high},
        schema_overrides={"surviving": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )  # fmt: skip
    return table.with_columns(pl.col("low", "high").fill_nan(None))


@dataclass(frozen=True, slots=True)
class Hazard:
    """A first hit a place and month: log(−log(1 − p)) = a + b · active neighbours + c · years (Prentice & Gloeckler
    1978; Allison 1982): exp b is a ratio of hazards, whatever the length of the month.

    ``neighbour``: that ratio for one active neighbour more, ``year``: for a year later, with 95 % intervals from a
    variance robust to clusters of places and of months at once (Cameron, Gelbach & Miller 2011). ``months``: in which a
    neighbour counts as active after an event. ``steps``: ``neighbours`` (3: three and more), ``place_months``,
    ``hits``, ``rate`` (a place and month).
    """

    neighbour: float
    neighbour_interval: Interval
    year: float
    year_interval: Interval
    months: int
    place_months: int
    hits: int
    steps: pl.DataFrame

    def words(self) -> str:
        """The ratio in a sentence."""
        low, high = self.neighbour_interval
        said = (
            f"With one active neighbour more in the last {counted(self.months, 'month')}, a first hit is "
            f"{ratio(self.neighbour)} times as likely (95% interval {ratio(low)} to {ratio(high)})"
        )
        return said + ("; that may be chance." if low <= 1 <= high else ".")


def cloglog(x: Floats, y: NDArray[np.bool_], *, rounds: int = 60) -> Floats | None:
    """Coefficients of a binary regression with complementary log-log link, by Fisher scoring (McCullagh & Nelder 1989).

    ``x``: shape (n, k), with a column of ones. ``None`` where there is no finite maximum.
    """
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(-np.log1p(-y.mean())) if 0 < y.mean() < 1 else 0.0
    for _ in range(rounds):
        gradient, weights = _scores(x, y, beta)
        try:
            step = np.linalg.solve((x * weights[:, None]).T @ x, x.T @ gradient)
        except np.linalg.LinAlgError:
            return None
        # long steps overshoot where few places are hit
        step *= min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        beta = beta + step
        if np.abs(beta[1:]).max() > _TOO_FAR:
            return None
        if np.abs(step).max() < 1e-9:
            return np.asarray(beta)
    return None


def _scores(x: Floats, y: NDArray[np.bool_], beta: Floats) -> tuple[Floats, Floats]:
    """∂ log L/∂η of each row, and the expected information of η."""
    rate = np.exp(np.clip(x @ beta, -30, 5))
    p = np.clip(-np.expm1(-rate), 1e-13, 1 - 1e-13)
    return rate * (1 - p) * (y - p) / (p * (1 - p)), rate**2 * (1 - p) / p


def variance(x: Floats, y: NDArray[np.bool_], beta: Floats, *clusters: Ints) -> Floats:
    """Sandwich variance, shape (k, k), robust to one or two clusterings; with two V₁ + V₂ − V₁₂."""
    gradient, weights = _scores(x, y, beta)
    bread = np.linalg.inv((x * weights[:, None]).T @ x)
    scores = x * gradient[:, None]

    def meat(labels: Ints) -> Floats:
        _, index = np.unique(labels, return_inverse=True)
        sums = np.zeros((index.max() + 1, x.shape[1]))
        np.add.at(sums, index, scores)
        return np.asarray(sums.T @ sums * len(sums) / max(len(sums) - 1, 1))

    middle = sum((meat(c) for c in clusters), np.zeros_like(bread))
    if len(clusters) == 2:
        both = middle - meat(clusters[0] * (clusters[1].max() + 1) + clusters[1])
        # the difference need not be a variance: then the larger of the two stands
        middle = both if np.linalg.eigvalsh(both).min() > 0 else max((meat(c) for c in clusters), key=np.trace)
    return np.asarray(bread @ middle @ bread)


def hazard(
    first: Ints, neighbours: list[Ints], active: NDArray[np.bool_], *, months: int, fewest: int = 20
) -> Hazard | None:
    """The hazard of first hits on active neighbours and time.

    ``first``: month of each place's first event, from 0, shape (places,); beyond the last month for those not hit.
    ``neighbours``: for each place the rows of its neighbours in ``active``, shape (places, all months): an event there
    in that month. Watching begins after ``months``, for before it is not known what was active, and after the first
    event of all, for before it nothing could spread. ``None``: fewer than ``fewest`` first hits, or the data separate.
    """
    places, last = active.shape
    begin = max(months, int(first.min()) + 1)
    total = np.concatenate([np.zeros((places, 1), dtype=np.int64), active.cumsum(axis=1)], axis=1)
    recent = np.zeros((places, last), dtype=np.int64)
    recent[:, months:] = (total[:, months:last] - total[:, : last - months]) > 0
    beside = np.array([recent[rows].sum(axis=0) for rows in neighbours])
    month = np.arange(last)[None, :]
    place_row, month_row = np.nonzero((month >= begin) & (month <= first[:, None]))
    y = first[place_row] == month_row
    if y.sum() < fewest:
        return None
    count = beside[place_row, month_row]
    years = (month_row - last / 2) / 12
    x = np.column_stack([np.ones(len(y)), count, years])
    beta = cloglog(x, y)
    if beta is None:
        return None
    error = np.sqrt(np.diag(variance(x, y, beta, place_row, month_row)))
    low, high = np.exp(beta - _Z * error), np.exp(beta + _Z * error)
    steps = (
        pl.DataFrame({"neighbours": np.minimum(count, 3), "hit": y})
        .group_by("neighbours").agg(place_months=pl.len().cast(pl.Int64), hits=pl.col("hit").sum().cast(pl.Int64))
        .sort("neighbours").with_columns(rate=pl.col("hits") / pl.col("place_months"))
    )  # fmt: skip
    return Hazard(
        float(np.exp(beta[1])), (float(low[1]), float(high[1])), float(np.exp(beta[2])),
        (float(low[2]), float(high[2])), months, len(y), int(y.sum()), steps,
    )  # fmt: skip
