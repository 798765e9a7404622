"""Members that look at a unit's own past alone: the same for every month ahead, but that Januaries are apart."""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import nbinom

from spillover.forecasting.members.quantiles import LEVELS

Floats = NDArray[np.float64]
Single = NDArray[np.float32]

KERNEL = 0.45
"""Standard deviation of the kernel around a past month, in log(1 + count)."""
LEAK = 0.03
"""Weight of the counts in :data:`LEAKED`, so that a quiet past does not promise a quiet future."""
LEAKED = np.array([0.0, 1.0, 2.0, 4.0, 10.0])
MEMORY, LONG = 60, 120
"""Months that are looked at: by the smoothed draws, and by the members that take moments."""


def smoothed(past: Floats, counts: Floats, half_life: float) -> Single:
    """Quantiles (units × levels) of past months, faded by age and each smeared on the log scale.

    ``past``: units × months up to the origin; ``counts``: how much each month counts, whatever its age. A month with
    nothing stays nothing.
    """
    recent = past[:, -MEMORY:]
    weights = _weights(recent.shape[1], half_life, counts)
    made: Single = _smeared(np.ascontiguousarray(recent, dtype=np.float64), weights, _counts(recent), LEVELS)
    return made


def hurdle(past: Floats, counts: Floats, half_life: float) -> Single:
    """Quantiles (units × levels) of a month with nothing or else a lognormal, both by faded moments.

    Drawn towards a prior worth half a month (a month in ten has something, three deaths, a standard deviation of 1.2
    in the log worth two months): a unit without a past has a forecast as well.
    """
    recent = past[:, -LONG:]
    weights = _weights(recent.shape[1], half_life, counts)
    some = recent > 0
    seen = some @ weights
    share = (seen + 0.05) / (weights.sum() + 0.6)
    log = np.log(np.maximum(recent, 1))
    centre = ((some * log) @ weights + 0.5 * math.log(3)) / (seen + 0.5)
    spread = np.sqrt((((log - centre[:, None]) ** 2 * some) @ weights + 2 * 1.2**2) / (seen + 2))
    inside = np.clip((LEVELS - (1 - share[:, None])) / share[:, None], 0, 1)
    drawn = np.exp(centre[:, None] + spread[:, None] * ndtri(np.clip(inside, 1e-9, 1 - 1e-9)))
    return np.where(inside > 0, np.maximum(np.round(drawn), 1), 0).astype(np.float32)


def negative_binomial(past: Floats, counts: Floats, half_life: float) -> Single:
    """Quantiles (units × levels) of a negative binomial with the faded mean and variance."""
    recent = past[:, -LONG:]
    weights = _weights(recent.shape[1], half_life, counts)
    weights /= weights.sum()
    mean = recent @ weights + 0.02
    variance = np.maximum(((recent - mean[:, None]) ** 2) @ weights + 1.05 * mean + 0.02, 1.1 * mean)
    size = mean**2 / (variance - mean)
    pairs, where = np.unique(np.stack([size, size / (size + mean)], axis=1), axis=0, return_inverse=True)
    found: Floats = nbinom.ppf(LEVELS, pairs[:, :1], pairs[:, 1:])
    return found[where.ravel()].astype(np.float32)


def _weights(months: int, half_life: float, counts: Floats) -> Floats:
    """Weights of the last months: faded by age, times ``counts`` (of all months), as many in all as without them."""
    faded = 0.5 ** (np.arange(months)[::-1] / half_life)
    weights = faded * counts[-months:]
    return np.asarray(weights * (faded.sum() / weights.sum()))


def _counts(past: Floats) -> Floats:
    """Counts at which the distribution is worked out: every one to 60, then steps of a 64th or so."""
    highest = max(60.0, float(past.max(initial=0.0)))
    top = math.log(highest) + 4 * KERNEL + 0.1
    steps = np.exp(np.arange(math.log(60), top, 1 / 64))
    return np.unique(np.round(np.concatenate([np.arange(60), steps])))


@numba.njit(cache=True, parallel=True)
def _smeared(past: Floats, weights: Floats, counts: Floats, levels: Floats) -> Single:
    units, months = past.shape
    out = np.empty((units, levels.size), np.float32)
    edges = np.log1p(counts + 0.5)
    total = weights.sum()
    for u in numba.prange(units):
        below = np.zeros(counts.size)
        for t in range(months):
            share = weights[t] / total
            if past[u, t] == 0:
                below += share
                continue
            centre = math.log1p(past[u, t])
            for g in range(counts.size):
                z = (edges[g] - centre) / KERNEL
                if z > 5:
                    below[g:] += share
                    break
                if z > -5:
                    below[g] += share * 0.5 * math.erfc(-z / math.sqrt(2))
        for leaked in LEAKED:
            for g in range(counts.size):
                if counts[g] >= leaked:
                    below[g] += LEAK / (1 - LEAK) / LEAKED.size
        g = 0
        for q in range(levels.size):
            while g < counts.size - 1 and below[g] * (1 - LEAK) < levels[q] - 1e-12:
                g += 1
            out[u, q] = counts[g]
    return out
