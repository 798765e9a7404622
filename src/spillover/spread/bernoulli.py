"""Independent yes-or-no draws, given how many come out yes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

Floats = NDArray[np.float64]


def conditional(odds: Floats, k: int, draws: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """Bernoulli draws with these log odds, shape (n,), given that ``k`` are true; shape (draws, n).

    One after another with the exact chance given what is left (Chen and Liu 1997, Statistica Sinica 7, 875–892).
    """
    n = len(odds)
    if k in (0, n):
        return np.full((draws, n), k == n)
    chance = scaled(odds, k)
    # left[j, m]: chance that m of the cells from j on are true; a row to spare in front for m = -1
    left = np.zeros((n + 1, k + 2))
    left[n, 1] = 1
    for j in range(n - 1, -1, -1):
        left[j, 1:] = (1 - chance[j]) * left[j + 1, 1:] + chance[j] * left[j + 1, :-1]
    out = np.zeros((draws, n), dtype=bool)
    wanted = np.full(draws, k)
    for j, uniform in enumerate(random.random((n, draws))):
        yes = chance[j] * left[j + 1, wanted] > uniform * left[j, wanted + 1]
        out[:, j] = yes
        wanted = wanted - yes
    return out


def scaled(odds: Floats, total: float) -> Floats:
    """Chances with these log odds, all moved by one number so that they sum to ``total``, above 0 and below n.

    Moving them changes no draw given how many are true; it keeps the numbers in range.
    """
    wide = 40 + float(np.abs(odds).max())
    return np.asarray(expit(odds + brentq(lambda shift: float(expit(odds + shift).sum()) - total, -wide, wide)))
