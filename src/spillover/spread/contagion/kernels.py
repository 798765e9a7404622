"""The shapes of triggering in time and space, integrated over bins.

Waits are a mixture of exponentials, cut at the longest wait; distances a mixture of the own cell and of Gaussians
around it, cut at the reach. Both are kept as tables, a row a component and a column a bin, so that a pair of events
costs one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from spillover.spread.contagion.catalogue import Floats


@dataclass(frozen=True, slots=True)
class Kernels:
    """Bins and components. ``wait_edges`` (T + 1): days; ``wait`` (K × T): share a day of each component, by bin;
    ``space`` (L × D): share of each component in one cell at that distance; ``distance_step``: km a bin.
    """

    longest: float
    reach: float
    cell: float
    half_lives: tuple[float, ...]
    scales: tuple[float, ...]
    wait_edges: Floats
    wait: Floats
    space: Floats
    distance_step: float

    @property
    def bins(self) -> tuple[int, int]:
        """Number of bins of waits and of distances."""
        return self.wait.shape[1], self.space.shape[1]

    def within(self, days: Floats) -> Floats:
        """Share of each component's waits that are at most so long (K × N)."""
        rate = np.log(2) / np.array(self.half_lives)[:, None]
        shares = -np.expm1(-rate * np.clip(days, 0, self.longest)[None, :]) / -np.expm1(-rate * self.longest)
        return np.asarray(shares)

    def median_wait(self, weights: Floats) -> float:
        """The wait that half of the triggered events do not reach, in days."""
        days = np.linspace(0, self.longest, 2001)
        return float(np.interp(0.5, weights @ self.within(days), days))

    def share_beyond(self, weights: Floats) -> float:
        """Share of triggered events outside the cell of the event that triggered them."""
        return float(1 - weights @ self.space[:, 0])

    def reach_of(self, weights: Floats, share: float) -> float | None:
        """Distance within which that share of triggered events lies, km; ``None`` where it is less than a cell."""
        distance = np.linspace(0, self.reach, 2001)
        within = np.zeros_like(distance)
        for weight, scale in zip(weights, self.scales, strict=True):
            gone = np.ones_like(distance) if scale == 0 else -np.expm1(-(distance**2) / (2 * scale**2))
            within += weight * gone / gone[-1]
        found = float(np.interp(share, within, distance))
        return found if found > self.cell / 2 else None


def kernels(
    *,
    longest: float,
    reach: float,
    cell: float,
    half_lives: tuple[float, ...],
    scales: tuple[float, ...],
) -> Kernels:
    """Tables for waits up to ``longest`` days and distances up to ``reach`` km.

    ``half_lives``: days; ``scales``: standard deviations in km, 0 for the own cell alone.
    """
    edges = np.concatenate([np.arange(0, 2, 0.25), np.arange(2, 6, 0.5), np.arange(6, max(longest, 6), 1.0)])
    edges = np.concatenate([edges[edges < longest], [longest]])
    rate = np.log(2) / np.array(half_lives)[:, None]
    cumulated = -np.expm1(-rate * edges[None, :]) / -np.expm1(-rate * longest)
    wait = np.diff(cumulated, axis=1) / np.diff(edges)[None, :]
    step = cell / 8
    centres = np.arange(int(np.ceil(reach / step)) + 1, dtype=np.float64) * step
    space = np.stack([_in_cell(centres, s, cell, reach) for s in scales])
    return Kernels(longest, reach, cell, half_lives, scales, edges, wait, space, step)


def _in_cell(distance: Floats, scale: float, cell: float, reach: float) -> Floats:
    """Share of a Gaussian around a cell's centre that falls into a cell so far away."""
    if scale == 0:
        return np.asarray(distance == 0, dtype=np.float64)
    spread = scale**2 + cell**2 / 12  # the other cell is as wide as ours: its variance is added

    def density(d: Floats) -> Floats:
        return np.asarray(cell**2 / (2 * np.pi * spread) * np.exp(-(d**2) / (2 * spread)))

    own = float(erf(cell / (2 * np.sqrt(2) * scale))) ** 2
    n = int(np.ceil(reach / cell))
    grid = np.hypot(*np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1))) * cell
    others: NDArray[np.float64] = grid[(grid > 0) & (grid <= reach * (1 + 1e-9))]
    whole = own + density(others).sum()
    return np.asarray(np.where(distance == 0, own, density(distance)) / whole)
