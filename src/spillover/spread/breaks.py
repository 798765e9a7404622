"""Change points in a series of counts: PELT with a negative binomial cost, and their support by bootstrap.

PELT (Killick, Fearnhead & Eckley 2012, JASA 107:1590) finds the exact minimum of Σ cost(segment) + penalty × breaks.
The cost of a segment is −2 log-likelihood of negative binomial counts with the segment's mean and one dispersion α for
the whole series (variance μ + α μ²; Poisson where α = 0): counts of violent events are overdispersed, and with a
Poisson cost every busy fortnight becomes a break. The penalty is BIC's: two parameters a break (its place and a mean),
2 log n (Killick et al., § 4.1 with p = 2; Yao 1988).
"""

from __future__ import annotations

import math
from itertools import pairwise

import numba
import numpy as np

from spillover.spread.common import Floats, Ints


def dispersion(counts: Ints) -> float:
    """α of the variance μ + α μ², from neighbours in time, so that breaks count little: Σ (Δ²/2 − mean) / Σ y y′.

    Half the squared difference of two draws of one mean estimates their variance (von Neumann 1941), their product μ².
    0 where counts vary no more than Poisson ones.
    """
    y, z = counts[:-1].astype(float), counts[1:].astype(float)
    products = float((y * z).sum())
    return max(float(((z - y) ** 2 / 2 - (y + z) / 2).sum()) / products, 0.0) if products else 0.0


@numba.njit(cache=True)
def _cost(total: float, n: int, alpha: float) -> float:
    # terms that are the same for every segmentation are left out
    if total <= 0:
        return 0.0
    mean = total / n
    if alpha <= 0:
        return -2 * (total * math.log(mean) - total)
    r = 1 / alpha
    return -2 * (total * math.log(mean / (mean + r)) + n * r * math.log(r / (mean + r)))


def cost(counts: Ints, alpha: float) -> float:
    """−2 log-likelihood of a segment with its own mean, but for terms that no break changes."""
    return float(_cost(float(counts.sum()), len(counts), alpha))


@numba.njit(cache=True)
def _pelt(total: Floats, shortest: int, alpha: float, penalty: float) -> Ints:
    """``total``: sums up to each period, shape (n + 1,). For each end of a series the start of its last segment."""
    n = len(total) - 1
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    before = np.zeros(n + 1, dtype=np.int64)
    starts = np.zeros(n + 1, dtype=np.int64)
    dead = np.full(n + 1, n + 1, dtype=np.int64)
    alive = 0
    for end in range(shortest, n + 1):
        starts[alive] = end - shortest
        alive += 1
        for i in range(alive):
            s = starts[i]
            value = best[s] + _cost(total[end] - total[s], end - s, alpha) + penalty
            if value < best[end]:
                best[end] = value
                before[end] = s
        kept = 0
        for i in range(alive):
            s = starts[i]
            worse = best[s] + _cost(total[end] - total[s], end - s, alpha) >= best[end]
            # a break at this end can only take its place from the first end that leaves a segment long enough
            if worse and dead[s] > end + shortest:
                dead[s] = end + shortest
            if dead[s] > end + 1:
                starts[kept] = s
                kept += 1
        alive = kept
    return before


def change_points(counts: Ints, *, shortest: int, alpha: float | None = None, penalty: float | None = None) -> Ints:
    """Where the mean changes: the first period of each new segment, ascending.

    ``shortest``: fewest periods of a segment. ``alpha``: by default :func:`dispersion`. ``penalty``: by default
    2 log n. Empty where the series is shorter than two segments.
    """
    n = len(counts)
    if n < 2 * shortest:
        return np.empty(0, dtype=np.int64)
    alpha = dispersion(counts) if alpha is None else alpha
    penalty = 2 * math.log(n) if penalty is None else penalty
    before = _pelt(np.concatenate([[0.0], np.cumsum(counts, dtype=float)]), shortest, alpha, penalty)
    found, at = [], int(before[n])
    while at > 0:
        found.append(at)
        at = int(before[at])
    return np.array(found[::-1], dtype=np.int64)


def support(
    counts: Ints, found: Ints, *, shortest: int, near: int, resamples: int, random: np.random.Generator
) -> Floats:
    """The share of resamples with a change point within ``near`` periods of each one found, shape (breaks,).

    Resamples are drawn from the fitted segments (parametric bootstrap): counts of each segment's mean with the series'
    dispersion, which each resample estimates anew.
    """
    if not len(found):
        return np.empty(0)
    alpha = dispersion(counts)
    edges = [0, *found.tolist(), len(counts)]
    mean = np.concatenate([np.full(b - a, counts[a:b].mean()) for a, b in pairwise(edges)])
    hits = np.zeros(len(found))
    for _ in range(resamples):
        # negative binomial counts are Poisson ones with a gamma rate
        rate = random.gamma(1 / alpha, mean * alpha) if alpha > 0 else mean
        again = change_points(random.poisson(rate).astype(np.int64), shortest=shortest)
        if len(again):
            hits += np.abs(again[None, :] - found[:, None]).min(axis=1) <= near
    return hits / max(resamples, 1)
