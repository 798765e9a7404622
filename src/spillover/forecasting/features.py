"""What the learned members look at: the record of a unit up to a month, and nothing after it.

Everything that has a size is relative to the unit's own level, so that what was learnt from one war holds for another
ten times as deadly; the level itself is among the features, but capped: beyond the cap there are too few wars to learn
from, and trees would learn their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spillover.forecasting.newyear import counting
from spillover.forecasting.panel import Panel

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.int64]

BASE = 6.0
"""Half-life in months of the level, an exponentially weighted mean."""
CAP = 100.0
"""Level, a month, above which levels are not told apart."""
LAGS = 6
MEANS = (3, 6, 12, 24, 36, 60, 120)
HALF_LIVES = (1.5, 3.0, 6.0, 12.0, 24.0, 60.0)
THRESHOLDS = (1.0, 25.0, 100.0)
LONG = 240
"""Months: what has not happened for longer counts as this long ago."""
PARTS = (
    "events", "deaths", "civilians", "high", "peak", "state_based_events", "non_state_events", "one_sided_events",
    "state_based_deaths", "non_state_deaths", "one_sided_deaths",
)  # fmt: skip
"""Parts of a panel that are looked at, where it has them."""


@dataclass(frozen=True, slots=True)
class Features:
    """Features of cells (unit, month): ``values``, cells × names; ``level``: log(1 + level) of each, not capped."""

    names: tuple[str, ...]
    values: Single
    level: Single


def level(values: Floats, start: int, half_life: float = BASE) -> Floats:
    """Exponentially weighted mean of each row up to and with each column, normalised for a short past.

    ``start``: the month of column 0; Januaries count less (:mod:`~spillover.forecasting.newyear`).
    """
    counts = counting(start, values.shape[1], january=False)
    return _faded(np.asarray(values, dtype=np.float64), half_life, counts)


def features(panel: Panel, columns: Ints) -> Features:
    """Features of every unit at some months: cells ordered by unit, then by month as in ``columns``."""
    names, parts = [], []
    base = np.log1p(level(panel.values, panel.start))[:, columns]
    for name, value in _series(panel, columns, base):
        names.append(name)
        parts.append(value.astype(np.float32).ravel())
    return Features(tuple(names), np.stack(parts, axis=1), base.astype(np.float32).ravel())


def _series(panel: Panel, columns: Ints, base: Floats) -> Iterator[tuple[str, Floats]]:
    values = panel.values
    log = np.log1p(values)
    yield "level", np.minimum(base, np.log1p(CAP))
    for k in range(LAGS):
        yield f"lag {k}", log[:, np.maximum(columns - k, 0)] - base
    for k in MEANS:
        yield f"mean {k}", np.log1p(_mean(values, k, columns)) - base
    yield "level, half-life 2", np.log1p(level(values, panel.start, 2.0))[:, columns] - base
    for half_life in HALF_LIVES:
        yield f"log level {half_life:g}", _faded(log, half_life)[:, columns] - base
    for threshold in THRESHOLDS:
        yield f"months since {threshold:g}", np.log1p(_since(values >= threshold)[:, columns])
    for k in (6, 12, 60):
        yield f"maximum {k}", np.log1p(_maximum(values, k, columns)) - base
    some: Floats = (values > 0).astype(np.float64)
    for k in (6, 12, 24, 60, 120):
        yield f"share of months {k}", _mean(some, k, columns)
    for k in (12, 36):
        spread = _mean(log * log, k, columns) - _mean(log, k, columns) ** 2
        yield f"deviation {k}", np.sqrt(np.maximum(spread, 0))
    yield "all units", np.broadcast_to(_mean(log.mean(axis=0, keepdims=True), 12, columns), base.shape)
    for name in PARTS:
        if name in panel.parts:
            part = np.log1p(panel.parts[name])
            yield f"{name} 6", _faded(part, 6.0)[:, columns]
            yield f"{name} 24", _faded(part, 24.0)[:, columns]
    if panel.neighbours:
        yield from _around(panel, log, columns)


def _around(panel: Panel, log: Floats, columns: Ints) -> Iterator[tuple[str, Floats]]:
    """Means and maxima over the units next door."""
    for half_life in (2.0, 12.0):
        faded = _faded(log, half_life)[:, columns]
        yield f"neighbours {half_life:g}", beside(faded, panel.neighbours)
    if panel.kind == "priogrid":
        yield from _rings(panel, log, columns)
    yield "neighbours, share of months 12", beside(_mean((log > 0).astype(np.float64), 12, columns), panel.neighbours)


def _rings(panel: Panel, log: Floats, columns: Ints) -> Iterator[tuple[str, Floats]]:
    """What lies around a cell, the nearer the more: means over the cell and its neighbours, taken again and again."""
    some = (log > 0).astype(np.float64)
    for half_life in (3.0, 12.0, 60.0):
        near = _faded(some, half_life)[:, columns]
        for times in range(1, 7):
            near = (near + 2 * beside(near, panel.neighbours)) / 3
            if times in (1, 3, 6):
                yield f"within {times}, half-life {half_life:g}", np.log(near + 1e-4)
        yield f"all cells, half-life {half_life:g}", np.broadcast_to(np.log(near.mean(axis=0) + 1e-5), near.shape)


def beside(values: Floats, neighbours: tuple[Ints, ...]) -> Floats:
    """The mean of each row's neighbours, 0 for a row that has none."""
    counts = np.array([len(near) for near in neighbours])
    first = np.concatenate([[0], np.cumsum(counts)])
    next_to = csr_array((np.ones(first[-1]), np.concatenate(neighbours), first), shape=(len(counts), len(counts)))
    mean: Floats = (next_to @ values) / np.maximum(counts, 1)[:, None]
    return mean


def _faded(values: Floats, half_life: float, counts: Floats | None = None) -> Floats:
    keep = 0.5 ** (1 / half_life)
    counts = np.ones(values.shape[1]) if counts is None else counts
    out = np.empty_like(values)
    total, weight = np.zeros(len(values)), 0.0
    for t in range(values.shape[1]):
        total = total * keep + values[:, t] * counts[t]
        weight = weight * keep + counts[t]
        out[:, t] = total / weight
    return out


def _mean(values: Floats, months: int, columns: Ints) -> Floats:
    """Mean of up to so many months up to each of some columns."""
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    first = np.maximum(columns + 1 - months, 0)
    return (sums[:, columns + 1] - sums[:, first]) / (columns + 1 - first)


def _maximum(values: Floats, months: int, columns: Ints) -> Floats:
    return np.stack([values[:, max(0, t + 1 - months) : t + 1].max(axis=1) for t in columns], axis=1)


def _since(happened: NDArray[np.bool_]) -> Floats:
    """Months since it was last so, up to and with each column; :data:`LONG` where it never was."""
    months = np.arange(happened.shape[1])
    last = np.maximum.accumulate(np.where(happened, months, -LONG), axis=1)
    return np.minimum(months - last, LONG).astype(np.float64)
