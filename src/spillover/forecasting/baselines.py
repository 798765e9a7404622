"""What every forecast is compared with: rules that need no model, each by drawing from a unit's own past.

Months are drawn evenly and not at random: with w as a month's weight, of m draws w·m are that month's value (the
remainders to the largest fractions). Random draws would only make a baseline worse.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

Floats = NDArray[np.float64]

NAMES = ("zero", "last_poisson", "bootstrap240", "conflictology12", "neighbours12", "ewma")
"""``zero``: nothing happens. ``last_poisson``: Poisson with the last month's value as its mean. ``bootstrap240``: the
last 240 months, of all units together. ``conflictology12``: the unit's last twelve months (Hegre et al. 2025, the
VIEWS 2023/24 challenge: the benchmark that no entrant beat on CRPS at country level). ``neighbours12``: the last twelve
months of the unit and the units next to it. ``ewma``: the unit's last 60 months, weights halved every six."""
HALF_LIFE, MEMORY = 6.0, 60


def draw(
    name: str,
    past: Floats,
    horizons: Sequence[int],
    *,
    draws: int = 1000,
    neighbours: Sequence[NDArray[np.int64]] = (),
) -> NDArray[np.float32]:
    """Draws of a baseline: units × horizons × draws, the same for each horizon.

    ``past``: units × months up to and with the origin, a count each. ``neighbours``: the rows next to each row, for
    ``neighbours12``. :class:`ValueError` for another name, a past without a month, or neighbours that are not given.
    """
    if name not in NAMES:
        raise ValueError(f"there is no baseline {name!r}; there are {', '.join(NAMES)}")
    if not past.shape[1]:
        raise ValueError("there is no month up to the origin")
    if name == "neighbours12" and len(neighbours) != len(past):
        raise ValueError("neighbours12 needs the neighbours of each unit")
    made = _drawn(name, past, draws, neighbours)
    return np.repeat(made.astype(np.float32)[:, None], len(horizons), axis=1)


def _drawn(name: str, past: Floats, draws: int, neighbours: Sequence[NDArray[np.int64]]) -> Floats:
    if name == "zero":
        return np.zeros((len(past), draws))
    if name == "last_poisson":
        made: Floats = poisson.ppf((np.arange(draws) + 0.5) / draws, past[:, -1:])
        made = np.where(
            np.isfinite(made), made, past[:, -1:]
        )  # beyond 1e10 SciPy gives up, and there is no spread left
        return np.where(past[:, -1:] > 0, made, 0.0)
    if name == "bootstrap240":
        every = np.sort(past[:, -240:], axis=None)
        return np.tile(_even(every, np.ones(every.size), draws), (len(past), 1))
    if name == "ewma":
        recent = past[:, -MEMORY:]
        weights = 0.5 ** (np.arange(recent.shape[1])[::-1] / HALF_LIFE)
        return np.stack([_even(row, weights, draws) for row in recent])
    recent = past[:, -12:]
    if name == "conflictology12":
        return np.stack([_even(row, np.ones(row.size), draws) for row in recent])
    near = (recent[np.append(rows, i).astype(int)].ravel() for i, rows in enumerate(neighbours))
    return np.stack([_even(row, np.ones(row.size), draws) for row in near])


def _even(values: Floats, weights: Floats, draws: int) -> Floats:
    """Each value as often as its weight says: whole shares first, then the largest remainders."""
    if len(values) > draws:
        order = np.argsort(values, kind="stable")
        cumulated = np.cumsum(weights[order]) / weights.sum()
        at = np.searchsorted(cumulated, (np.arange(draws) + 0.5) / draws)
        return values[order][np.minimum(at, len(values) - 1)]
    apart, which = np.unique(values, return_inverse=True)
    share = np.bincount(which.ravel(), weights) / weights.sum() * draws
    number = np.floor(share + 1e-9).astype(int)
    most = np.argsort(number - share, kind="stable")
    number[most[: draws - number.sum()]] += 1
    return np.repeat(apart, number)
