"""The tail of counts as a discrete power law: exponent, where the tail begins, and whether a power law is plausible.

Clauset, Shalizi & Newman 2009 (SIAM Review 51:661): p(x) = x^−α / ζ(α, x_min) for x ≥ x_min, α by maximum likelihood
(eq. 3.5), x_min where the Kolmogorov–Smirnov distance of data and fit is least (§ 3.3), and the semiparametric
bootstrap of § 4.1: below x_min drawn from the data, above it from the fit, x_min chosen anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import zeta

from spillover.spread.common import Floats, Ints, interval
from spillover.spread.tables import Interval

FEWEST = 50
"""Fewest events of a tail: below, estimates of x_min and α stray (Clauset et al., § 3.3 and fig. 4)."""
_FLATTEST, _STEEPEST = 1.01, 8.0
_GOLDEN = (5**0.5 - 1) / 2
_TABLE = 10_000


@dataclass(frozen=True, slots=True)
class Tail:
    """``exponent`` α and its bootstrap ``interval``; ``start``: x_min, with its interval; ``events``: of the tail.

    ``distance``: Kolmogorov–Smirnov. ``p``: share of samples from the fit that lie farther from their own fits; at .1
    or less a power law is ruled out (Clauset et al., § 4.1).
    """

    exponent: float
    interval: Interval
    start: int
    start_interval: Interval
    events: int
    distance: float
    p: float

    @property
    def plausible(self) -> bool:
        """Whether a power law is not ruled out."""
        return self.p > 0.1


@dataclass(frozen=True, slots=True)
class Fit:
    """The best tail of a sample. ``events``: how many it has."""

    exponent: float
    start: int
    events: int
    distance: float


def exponents(starts: Ints, sums: Floats, numbers: Ints) -> Floats:
    """α of the tails from each start, shape (tails,), from their Σ log x and sizes, by golden-section search.

    −log L / n = log ζ(α, x_min) + α · mean log x has one minimum in α.
    """
    mean, x = sums / numbers, starts.astype(float)

    def loss(alpha: Floats) -> Floats:
        return np.asarray(np.log(zeta(alpha, x)) + alpha * mean)

    low, high = np.full(len(x), _FLATTEST), np.full(len(x), _STEEPEST)
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = loss(a), loss(b)
    for _ in range(45):
        left = at_a < at_b
        low, high = np.where(left, low, a), np.where(left, b, high)
        new = np.where(left, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        at_new = loss(new)
        a, b = np.where(left, new, b), np.where(left, a, new)
        at_a, at_b = np.where(left, at_new, at_b), np.where(left, at_a, at_new)
    return np.asarray((low + high) / 2)


def fit(values: Ints) -> Fit | None:
    """The tail of positive counts with the least distance; ``None`` where they have fewer than two different values."""
    x, number = np.unique(values[values > 0], return_counts=True)
    if len(x) < 2:
        return None
    tail = number[::-1].cumsum()[::-1]
    sums = (number * np.log(x))[::-1].cumsum()[::-1]
    # the greatest value alone is no tail
    starts = x[:-1]
    alpha = exponents(starts, sums[:-1], tail[:-1])
    # P(X ≥ v), of data and fit, at each value and just above it: both are step functions of the integers
    fitted = zeta(alpha[:, None], starts[:, None].astype(float))
    gap = np.zeros((len(starts), len(x)))
    for points, above in ((x, tail), (x + 1, np.append(tail[1:], 0))):
        gap = np.maximum(gap, np.abs(above[None, :] / tail[:-1, None] - zeta(alpha[:, None], points[None, :]) / fitted))
    gap[np.arange(len(x))[None, :] < np.arange(len(starts))[:, None]] = 0
    distance = gap.max(axis=1)
    best = int(distance.argmin())
    return Fit(float(alpha[best]), int(starts[best]), int(tail[best]), float(distance[best]))


def draw(exponent: float, start: int, size: int, random: np.random.Generator) -> Ints:
    """Counts from a discrete power law, by its inverse distribution; beyond the table by eq. D.6 of Clauset et al."""
    u = random.random(size)
    values = np.arange(start, start + _TABLE)
    # P(X > v), falling
    above = zeta(exponent, values + 1.0) / zeta(exponent, float(start))
    at = np.searchsorted(-above, -u)
    far = at == _TABLE
    found = values[np.minimum(at, _TABLE - 1)]
    beyond = (start - 0.5) * np.maximum(u, 1e-12) ** (-1 / (exponent - 1)) + 0.5
    return np.asarray(np.where(far, np.minimum(np.floor(beyond), 1e9), found), dtype=np.int64)


def tail(values: Ints, *, resamples: int, random: np.random.Generator) -> Tail | None:
    """The tail of positive counts with its intervals; ``None`` where it has fewer than ``FEWEST`` events."""
    values = values[values > 0]
    best = fit(values)
    if best is None or best.events < FEWEST:
        return None
    below = values[values < best.start]
    again = []
    for _ in range(resamples):
        above = int(random.binomial(len(values), best.events / len(values)))
        body = random.choice(below, len(values) - above) if len(below) else np.empty(0, dtype=np.int64)
        found = fit(np.concatenate([draw(best.exponent, best.start, above, random), body]))
        if found is not None:
            again.append(found)
    return Tail(
        best.exponent, interval([f.exponent for f in again]), best.start, interval([f.start for f in again]),
        best.events, best.distance, sum(f.distance >= best.distance for f in again) / len(again),
    )  # fmt: skip
