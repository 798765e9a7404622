"""How evenly events lie over cells, corrected for how few events there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln


def entropy(counts: NDArray[np.int64]) -> float:
    """Entropy in nats of the shares behind some counts (Chao and Shen 2003, Environmental and Ecological Statistics 10,
    429–443): shares times the coverage C = 1 - f₁/n (f₁ cells seen once), each term over the chance of being seen,
    1 - (1 - p)ⁿ. Where all are seen once, f₁ = n - 1 is taken, as there.

    The entropy of the raw shares, about (cells - 1) / 2n too small, makes quiet periods look concentrated.
    """
    counts = counts[counts > 0]
    n, ones = int(counts.sum()), int((counts == 1).sum())
    if len(counts) <= 1:
        return 0.0
    shares = (1 - (ones - (ones == n)) / n) * counts / n
    return float(-(shares * np.log(shares) / -np.expm1(n * np.log1p(-shares))).sum())


def rarefied(counts: NDArray[np.int64], size: int) -> float:
    """Cells to be expected in ``size`` events drawn without replacement from cells with these counts: the sum of
    1 - C(n - nᵢ, size) / C(n, size) (Hurlbert 1971, Ecology 52, 577–586). ``size`` is at most their sum n."""
    counts = counts[counts > 0]
    n = int(counts.sum())
    rest = n - counts
    missed = np.where(
        rest < size, -np.inf,
        gammaln(rest + 1) - gammaln(np.maximum(rest - size, 0) + 1) - gammaln(n + 1) + gammaln(n - size + 1),
    )  # fmt: skip
    return float(-np.expm1(missed).sum())
