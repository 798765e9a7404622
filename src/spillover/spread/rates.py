"""Two Poisson counts compared, clustered events allowed for, and many comparisons at once."""

from __future__ import annotations

import numpy as np
from scipy import stats

from spillover.spread.common import Floats


def ratio_p(recent: float, before: float, exposure: float) -> float:
    """Two-sided p of equal Poisson rates from two counts; ``exposure``: length of the recent window over the other's.

    Given their sum, the recent count is binomial (Przyborowski and Wilenski 1940, Biometrika 31, 313–323). Twice the
    smaller tail, so that it agrees with the interval of Clopper and Pearson. Counts divided by a dispersion need not be
    whole: the tails are those of the beta distribution all the same.
    """
    chance = exposure / (1 + exposure)
    above = float(stats.beta.cdf(chance, recent, before + 1)) if recent > 0 else 1.0
    below = float(stats.beta.sf(chance, recent + 1, before)) if before > 0 else 1.0
    return min(1.0, 2 * min(above, below))


def adjusted(p: Floats) -> Floats:
    """Adjusted p of Benjamini and Hochberg (1995), JRSS B 57, 289–300: those up to a rate are found at it."""
    n = len(p)
    order = np.argsort(p)[::-1]
    out = np.empty(n)
    out[order] = np.minimum.accumulate(p[order] * n / np.arange(n, 0, -1))
    return np.minimum(out, 1.0)


def dispersion(counts: Floats) -> float:
    """Variance over mean of counts in spans on end, at least 1; 1 with fewer than four or none at all.

    The variance is half the mean squared difference of neighbours (von Neumann 1941, Annals of Mathematical Statistics
    12, 367–395), so that a slow rise is no noise. Counts come in clusters: they are divided by this before a test
    (quasi-likelihood, McCullagh and Nelder 1989, 4.5).
    """
    mean = float(counts.mean()) if len(counts) else 0.0
    if len(counts) < 4 or mean <= 0:
        return 1.0
    return max(1.0, float((np.diff(counts) ** 2).mean()) / 2 / mean)
