"""Members that look at a unit's own past alone: the same for every month ahead, but that Januaries are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import nbinom

from spillover.forecasting.members.quantiles import LEVELS

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.int64]

KERNEL = 0.45
"""Standard deviation of the kernel around a past month, in log(1 + count)."""
LEAK = 0.03
"""Weight of the counts in :data:`LEAKED`, so that a quiet past does not promise a quiet future."""
LEAKED = np.array([0.0, 1.0, 2.0, 4.0, 10.0])
AROUND = 0.5
"""How much of the whole a unit's neighbours count, where they count."""
MEMORY, LONG = 60, 120
"""Months that are looked at: by the smoothed draws, and by the members that take moments."""


def smoothed(past: Floats, counts: Floats, half_life: float, leak: float = LEAK) -> Single:
    """Quantiles (units × levels) of past months, faded by age and each smeared on the log scale.

    ``past``: units × months up to the origin; ``counts``: how much each month counts, whatever its age. A month with
    nothing stays nothing; ``leak`` of the weight goes to :data:`LEAKED`.
    """
    return _drawn(past[:, -MEMORY:], counts, half_life, leak, (), 0.0)


def near(past: Floats, counts: Floats, half_life: float, leak: float, neighbours: Sequence[Ints]) -> Single:
    """As :func:`smoothed`, over a unit and its neighbours: theirs together count :data:`AROUND` of the whole."""
    return _drawn(past[:, -LONG:], counts, half_life, leak, neighbours, AROUND)


def leaking(past: Floats) -> float:
    """How much leaks where units are many and small: so that of months after five quiet years as many have something
    as had in the last ten; at most :data:`LEAK`, which was chosen for countries."""
    recent = past[:, -(LONG + MEMORY) :]
    some = np.cumsum(recent > 0, axis=1)
    if recent.shape[1] <= MEMORY:
        return LEAK
    quiet: NDArray[np.bool_] = (
        some[:, MEMORY:] - (recent[:, MEMORY:] > 0) - np.pad(some, ((0, 0), (1, 0)))[:, : -MEMORY - 1] == 0
    )
    if not quiet.any():
        return LEAK
    positive = 1 - 1 / LEAKED.size
    return float(min(LEAK, max((recent[:, MEMORY:] > 0)[quiet].mean(), 1e-4) / positive))


def _drawn(
    recent: Floats, counts: Floats, half_life: float, leak: float, neighbours: Sequence[Ints], around: float
) -> Single:
    weights = _weights(recent.shape[1], half_life, counts)
    first = np.zeros(len(recent) + 1, np.int64)
    if len(neighbours):
        first[1:] = np.cumsum([len(rows) for rows in neighbours])
    beside = np.concatenate(list(neighbours)).astype(np.int64) if first[-1] else np.zeros(0, np.int64)
    values = np.ascontiguousarray(recent, dtype=np.float64)
    made: Single = _smeared(values, weights, _counts(recent), LEVELS, leak, first, beside, around)
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
def _smeared(
    past: Floats, weights: Floats, counts: Floats, levels: Floats, leak: float, first: Ints, beside: Ints, around: float
) -> Single:
    units, months = past.shape
    out = np.empty((units, levels.size), np.float32)
    edges = np.log1p(counts + 0.5)
    total = weights.sum()
    for u in numba.prange(units):
        below = np.zeros(counts.size)
        number = first[u + 1] - first[u]
        own = 1.0 - around if number else 1.0
        for n in range(number + 1):
            unit, part = np.int64(u), own / total
            if n < number:
                unit, part = beside[first[u] + n], around / number / total
            for t in range(months):
                share = weights[t] * part
                if past[unit, t] == 0:
                    below[0] += share
                    continue
                centre = math.log1p(past[unit, t])
                last = 0.0
                for g in range(counts.size):
                    z = (edges[g] - centre) / KERNEL
                    if z < -5:
                        continue
                    here = 1.0 if z > 5 else 0.5 * math.erfc(-z / math.sqrt(2))
                    below[g] += share * (here - last)
                    last = here
                    if z > 5:
                        break
        for leaked in LEAKED:
            for g in range(counts.size):
                if counts[g] >= leaked:
                    below[g] += leak / (1 - leak) / LEAKED.size
                    break
        g, sum_ = 0, below[0]
        for q in range(levels.size):
            while g < counts.size - 1 and sum_ * (1 - leak) < levels[q] - 1e-12:
                g += 1
                sum_ += below[g]
            out[u, q] = counts[g]
    return out
