"""Front: are places farther from where it began hit later, and how fast would that be? Exploratory.

The slope of the day of a cell's first event on its distance from the origin, by the method of Theil (1950) and Sen
(1968, JASA 63:1379): the median of the slopes of all pairs, which outliers do not rule. Its inverse is the speed of a
wave, as ecology measures invasions (Pioz et al. 2011, Veterinary Research 42:60, for such fits). Violence that does not
move at all but is denser where it began is also first seen there: the slope is set against those of the same events
with their days shuffled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import h3
import numpy as np
import polars as pl
from scipy import stats

from spillover.errors import SpreadError
from spillover.spread.common import Floats, Ints, beside, interval, km_from, left_form, middle
from spillover.spread.hexagons import RESOLUTION, with_cell
from spillover.spread.selection import LeftOut, Selection
from spillover.spread.tables import Interval, counted, plain, rounded, rows

FEWEST = 10
ORIGIN = 5
_MONTH = 365.25 / 12
_LEVEL = 0.05
_PAIRS = 200_000


@dataclass(frozen=True, slots=True)
class Front:
    """``cells``: a row a cell: ``cell`` (H3), ``first`` (day), ``km`` from the origin, ``days`` after the first event.

    ``origin``: degrees north and east. ``slope``: days a km, with its bootstrap ``interval`` over cells. ``tau``:
    Kendall's rank correlation of distance and day. ``still``: the median slope with the days shuffled among the events,
    with the 95 % of those slopes; ``p``: the share of them that are as steep, one-sided. ``speed``: km a month with its
    interval, ``None`` unless the whole interval of the slope is above 0 and p ≤ .05.
    """

    words_of: str
    cells: pl.DataFrame
    origin: tuple[float, float]
    resolution: int
    slope: float
    interval: Interval
    tau: float
    still: float
    still_interval: Interval
    p: float
    speed: float | None
    speed_interval: Interval | None
    seed: int
    left_out: LeftOut

    def words(self) -> str:
        """Whether there is a front, marked as exploratory."""
        head = (
            f"Exploratory: {self.words_of}: over {counted(self.cells.height, 'cell')}, for every 100 km from where it "
            f"began on {self.cells['first'][0]} first hits come {_days(self.slope)} (95% interval "
            f"{_days(self.interval[0])} to {_days(self.interval[1])}); with the days shuffled, {_days(self.still)}."
        )
        if self.speed is None or self.speed_interval is None:
            return f"{head} No front moving outwards can be told from violence that stays where it is."
        low, high = self.speed_interval
        return (
            f"{head} That is {rounded(self.speed)} km a month ({rounded(low)} to {rounded(high)}) if it was one front; "
            "reports that reach farther over the years, or a second centre, would look the same."
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        form = {
            "measure": "front", "seed": self.seed,
            "exploratory": True, "cells": rows(self.cells), "origin": self.origin, "resolution": self.resolution,
            "slope": self.slope, "interval": self.interval, "tau": self.tau, "still": self.still,
            "still_interval": self.still_interval, "p": self.p, "speed": self.speed,
            "speed_interval": self.speed_interval, "left_out": left_form(self.left_out), "words": self.words(),
        }  # fmt: skip
        return {name: plain(value) for name, value in form.items()}


def front(
    selection: Selection, *, origin: tuple[float, float] | None = None, origin_events: int = ORIGIN,
    resolution: int = RESOLUTION, resamples: int = 500, seed: int = 1,
) -> Front:  # fmt: skip
    """The slope of first-hit day on distance over the H3 cells that were hit.

    ``origin``: degrees north and east; by default the centre of the first ``origin_events`` events. Distances are
    great-circle ones to the cells' centres. Only cells that were hit can enter: what was not reached says nothing here.
    The bootstrap resamples cells and leaves the origin; a shuffle finds its own where none is given.

    :class:`~spillover.errors.SpreadError` where fewer than ten cells were hit, or all on one day or as far.
    """
    if origin_events < 1:
        raise SpreadError("the origin needs an event at least", to_do="Give 1 or more")
    events, left_out = selection.usable()
    events = with_cell(events.sort("start", "id"), resolution)
    names = events["cell"].unique(maintain_order=True)
    if len(names) < FEWEST:
        raise SpreadError(
            f"a front needs {FEWEST} cells, {counted(len(names), 'cell')} hit{beside(left_out)}",
            to_do="Choose a longer window, more actors or smaller cells",
        )
    row = {name: i for i, name in enumerate(names)}
    scene = _Scene(
        events["cell"].replace_strict(row, return_dtype=pl.Int64).to_numpy(),
        events.select("lat", "lon").to_numpy(), np.array([h3.cell_to_latlng(name) for name in names]),
        events["start"].to_physical().to_numpy().astype(float), origin, origin_events,
    )  # fmt: skip
    at, km, days = scene.first(np.arange(events.height))
    slope = theil_sen(km, days)
    if not days.any() or slope is None:
        raise SpreadError("all cells were hit on one day, or are as far from the origin", to_do="Choose other events")
    random = np.random.default_rng(seed)
    again = [theil_sen(km[i], days[i]) for i in random.integers(len(km), size=(resamples, len(km)))]
    low, high = interval([s for s in again if s is not None])
    shuffled = [theil_sen(*scene.first(random.permutation(events.height))[1:]) for _ in range(resamples)]
    still = np.array([s for s in shuffled if s is not None])
    p = float((1 + (still >= slope).sum()) / (1 + len(still)))
    cells = pl.DataFrame({"cell": names, "first": events["start"][0], "km": km, "days": days.astype(np.int64)})
    cells = cells.with_columns(pl.col("first") + pl.duration(days="days")).sort("first", maintain_order=True)
    outward = low > 0 and p <= _LEVEL
    return Front(
        selection.words, cells, at, resolution, slope, (low, high), float(stats.kendalltau(km, days)[0]),
        float(np.median(still)), interval(still), p, _MONTH / slope if outward else None,
        (_MONTH / high, _MONTH / low) if outward else None, seed, left_out,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scene:
    """Events by cell. ``points``: shape (events, 2); ``centres``: shape (cells, 2); ``days``: ascending."""

    cell: Ints
    points: Floats
    centres: Floats
    days: Floats
    origin: tuple[float, float] | None
    origin_events: int

    def first(self, order: Ints) -> tuple[tuple[float, float], Floats, Floats]:
        """The origin, and km and days of each cell, were the events to happen in that order on the same days."""
        days = np.full(len(self.centres), np.inf)
        np.minimum.at(days, self.cell[order], self.days)
        began = self.points[order[: self.origin_events]]
        origin = self.origin or middle(began[:, 0], began[:, 1])
        return origin, km_from(*origin, self.centres[:, 0], self.centres[:, 1]), days - self.days[0]


def _days(slope: float) -> str:
    """Days for 100 km."""
    return f"{counted(round(abs(slope) * 100), 'day')} {'later' if slope >= 0 else 'earlier'}"


def theil_sen(x: Floats, y: Floats) -> float | None:
    """The median of the slopes of all pairs with different ``x`` (of a regular sample of 200,000 or so where there are
    many more); ``None`` without any.
    """
    i, j = np.triu_indices(len(x), 1)
    step = max(len(i) // _PAIRS, 1)
    i, j = i[::step], j[::step]
    run = x[j] - x[i]
    # cells as far from the origin but for a rounding error have no slope
    apart = np.abs(run) > 1e-6
    return float(np.median((y[j] - y[i])[apart] / run[apart])) if apart.any() else None
