"""What learned members are fitted on: cells of the past with what came so many months later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting.features import Features, features
from spillover.forecasting.newyear import is_january
from spillover.forecasting.panel import Panel

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.int64]

FIRST = 24
"""Months that a record must have before features of it are learnt from."""
ROWS = 90_000
"""About how many rows are learnt from."""
MOST_COLUMNS = 120
"""Most months that features are taken at where there are too many cells to take all."""


AHEAD = ("horizon", "month", "January", "same month", "same month, three years")
"""What is known of a target month beside the features of its origin."""


class TooShort(ValueError):
    """A panel has no cell with an outcome so many months ahead."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Rows to learn from: ``inputs`` (rows × names, :data:`AHEAD` last), the unit's ``level`` then, as log(1 + level),
    the ``outcome`` (a count), its ``age`` in months before the origin, and ``weight``, how many rows it stands for."""

    names: tuple[str, ...]
    inputs: Single
    level: Floats
    outcome: Floats
    age: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Question:
    """Rows to forecast: ``inputs`` as of a :class:`Lesson`, units by horizons, the horizon fastest; and ``level``."""

    inputs: Single
    level: Floats


def lesson(panel: Panel, horizons: Sequence[int], seed: int) -> Lesson:
    """What the panel teaches about these horizons; all of it up to and with its last month.

    Of a panel with more cells than :data:`ROWS` quiet ones (no count above 0 within ten years) are taken less often,
    and weigh as much more; which are taken hangs on features alone, never on what came. A cell is taken at one
    horizon, drawn at random; a smaller panel's cells more than once.
    """
    random = np.random.default_rng([seed, panel.end])
    last = panel.values.shape[1] - 1
    columns = np.arange(min(FIRST, max(last - max(horizons), 0)), last - min(horizons) + 1)
    if not columns.size:
        raise TooShort(f"{last + 1} months are too few to learn {min(horizons)} months ahead")
    if len(panel) * columns.size > ROWS and columns.size > MOST_COLUMNS:
        columns = columns[::-1][:: -(-columns.size // MOST_COLUMNS)][::-1]
    found = features(panel, columns)
    unit, column = (grid.ravel() for grid in np.meshgrid(np.arange(len(panel)), columns, indexing="ij"))
    alive = panel.exists[unit, column]
    chance = np.where(alive, _chances(found, alive), 0.0)
    offered = np.asarray(horizons)
    rows, ahead = [], []
    for _ in range(max(1, min(2, round(ROWS / max(chance.sum(), 1))))):
        h = random.choice(offered, unit.size)
        taken = (random.random(unit.size) < chance) & (column + h <= last)
        taken &= panel.exists[unit, np.minimum(column + h, last)]  # what came is known
        rows.append(np.flatnonzero(taken))
        ahead.append(h[taken])
    row, h = np.concatenate(rows), np.concatenate(ahead)
    base = found.level[row].astype(np.float64)
    return Lesson(
        (*found.names, *AHEAD),
        np.column_stack([found.values[row], _ahead(panel, unit[row], column[row], h, base)]).astype(np.float32),
        base,
        panel.values[unit[row], column[row] + h],
        (last - column[row] - h).astype(np.float64),
        1 / chance[row],
    )


def question(panel: Panel, horizons: Sequence[int]) -> Question:
    """Every unit at the panel's last month, for each horizon."""
    found = features(panel, np.array([panel.values.shape[1] - 1]))
    n = len(horizons)
    base = np.repeat(found.level.astype(np.float64), n)
    unit, h = np.repeat(np.arange(len(panel)), n), np.tile(np.asarray(horizons), len(panel))
    ahead = _ahead(panel, unit, np.full(unit.size, panel.values.shape[1] - 1), h, base)
    return Question(np.column_stack([np.repeat(found.values, n, axis=0), ahead]).astype(np.float32), base)


def _ahead(panel: Panel, unit: Ints, column: Ints, horizon: Ints, base: Floats) -> Floats:
    """Rows × :data:`AHEAD`; the same month of years past is relative to the level, 0 before the record begins."""
    target = panel.start + column + horizon
    back = -(-horizon // 12) * 12
    same = []
    for years in (0, 1, 2):
        at = column + horizon - back - 12 * years
        same.append(np.where(at >= 0, np.log1p(panel.values[unit, np.maximum(at, 0)]) - base, 0.0))
    return np.column_stack([horizon, target % 12, is_january(target), same[0], np.mean(same, axis=0)])


def _chances(found: Features, alive: NDArray[np.bool_]) -> Floats:
    """The chance that each cell is taken."""
    quiet = found.values[:, found.names.index("share of months 120")] == 0
    loud = int(np.count_nonzero(~quiet & alive))
    asleep = int(np.count_nonzero(quiet & alive))
    of_quiet = min(1.0, max(ROWS - loud, ROWS / 4) / max(asleep, 1))
    of_loud = min(1.0, ROWS / max(loud, 1))
    return np.where(quiet, of_quiet, of_loud)
