"""The area that holds a given share of a kernel density: the isopleths of home-range studies (Worton 1989)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spillover.errors import SpreadError
from spillover.spread.centrography import Floats

BANDWIDTH = 25.0
"""Default bandwidth, km: a GED event with ``where_prec`` 2 lies within about that of its point (codebook 25.1). One for
all selections, so that areas compare; Worton's own rule would smooth a country of several war zones into one."""
_STEPS = 4  # grid steps in a bandwidth
_REACH = 4 * _STEPS  # the kernel is cut at four bandwidths, where .03 % of it lies outside


def reference_bandwidth(x: Floats, y: Floats) -> float:
    """The reference bandwidth of Worton (1989), Ecology 70, 164–168, km: σ n^(-1/6), σ² the mean variance of x and y.

    Least-squares cross-validation, the other rule in use there, falls to zero where events share points (Silverman
    1986, 3.4.3), as those of a gazetteer do. Never below 5 km, as near as places are known.
    """
    sigma = math.sqrt((float(np.var(x)) + float(np.var(y))) / 2)
    return max(sigma * math.pow(len(x), -1 / 6), 5.0)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A Gaussian kernel of one bandwidth (km) over some points; made once, asked for many weightings of them.

    ``spread``: what an event at each place adds to the grid cells within reach, shape (cells, places); ``place``: each
    point's.
    """

    step: float
    spread: csr_array
    place: NDArray[np.int64]

    @classmethod
    def over(cls, x: Floats, y: Floats, bandwidth: float) -> Kernel:
        """:class:`~spillover.errors.SpreadError` where the bandwidth is not positive."""
        if not 0 < bandwidth < math.inf:
            raise SpreadError(f"a bandwidth of {bandwidth:g} km makes no map", to_do="Use a number of km above 0")
        step = bandwidth / _STEPS
        row, column = np.rint((y - y.min()) / step).astype(np.int64), np.rint((x - x.min()) / step).astype(np.int64)
        width = int(column.max()) + 2 * _REACH + 1
        places, place = np.unique(row * width + column, return_inverse=True)
        offsets = np.arange(-_REACH, _REACH + 1)
        down, right = (a.ravel() for a in np.meshgrid(offsets, offsets, indexing="ij"))
        near = down**2 + right**2 <= _REACH**2
        # rounding to the grid has spread each point by step²/12 already (Sheppard's correction)
        heights = np.exp(-(down[near] ** 2 + right[near] ** 2) / (2 * (_STEPS**2 - 1 / 12)))
        reached, cell = np.unique(places[:, None] + (down * width + right)[near], return_inverse=True)
        at = np.repeat(np.arange(len(places)), len(heights))
        shape = (len(reached), len(places))
        by_place = csr_array((np.tile(heights / heights.sum(), len(places)), (cell.ravel(), at)), shape=shape)
        return cls(step, by_place, place)

    def areas(self, weights: Floats, levels: Sequence[float] = (0.5, 0.95)) -> tuple[float, ...]:
        """Area in km² of the smallest region that holds each share of the density."""
        heights = np.sort(self.spread @ np.bincount(self.place, weights, self.spread.shape[1]))[::-1]
        shares = np.cumsum(heights) / heights.sum()
        cells = np.arange(1, len(shares) + 1)
        return tuple(float(np.interp(level, shares, cells)) * self.step**2 for level in levels)
