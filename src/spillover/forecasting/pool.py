"""The linear pool of the members, as draws that carry no sampling noise.

The pool's distribution is the weighted mean of the members' (Stone 1961; Gneiting and Ranjan 2013), and its draws are
its quantiles at (i + ½)/m: a score of them is the score of the distribution, not of luck.
"""

from __future__ import annotations

from collections.abc import Mapping

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

TIMES, LEAST, MEMORY = 10.0, 1000.0, 120
"""No draw is above so many times the unit's highest month of the last 120, or this many a month, if that is more."""
_STEP = 500


def pool(made: Mapping[str, Single], weights: Floats, past: Floats, *, draws: int = 1000) -> Single:
    """Draws: units × horizons × draws, smallest first.

    ``made``: quantiles by member, units × horizons × levels each; ``weights``: units × members, in that order;
    ``past``: units × months up to the origin, for the cap (:data:`TIMES`).
    """
    units, horizons, levels = next(iter(made.values())).shape
    highest = past[:, -MEMORY:].max(axis=1, initial=0.0)
    cap = np.maximum(TIMES * highest, LEAST).astype(np.float32)
    out = np.empty((units, horizons, draws), np.float32)
    for first in range(0, units, _STEP):
        part = slice(first, min(first + _STEP, units))
        values = np.stack([member[part] for member in made.values()], axis=2)
        values = np.minimum(values, cap[part, None, None, None])
        n = values.shape[0]
        flat = np.ascontiguousarray(values.reshape(n * horizons, len(made) * levels))
        each = np.repeat(np.repeat(weights[part] / levels, levels, axis=1), horizons, axis=0)
        out[part] = _mixed(flat, each, draws).reshape(n, horizons, draws)
    return out


@numba.njit(cache=True, parallel=True)
def _mixed(values: Single, weights: Floats, draws: int) -> Single:
    rows, n = values.shape
    out = np.zeros((rows, draws), np.float32)
    for r in numba.prange(rows):
        if values[r].max() == 0:
            continue
        order = np.argsort(values[r])
        total = weights[r].sum()
        at, below = 0, weights[r, order[0]]
        for d in range(draws):
            level = (d + 0.5) / draws * total - 1e-12
            while at < n - 1 and below < level:
                at += 1
                below += weights[r, order[at]]
            out[r, d] = values[r, order[at]]
    return out
