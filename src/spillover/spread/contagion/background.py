"""The slow background: what would have happened without triggering, local in space and time.

Per group a mixture. A component spreads each background event over a cell of the map (5, 15 or 50 km, or all known
cells, by how many events of any group they have) and over time (a slow curve of its own neighbourhood, or the curve of
the whole group). An event never counts for itself. The curve is a two-sided Matérn-3/2 kernel: flat at its top, so
that it does not follow bursts, and summed forward and backward in one pass. Cells of 15 and 50 km are laid four
times, each shifted by half a cell, and averaged (average shifted histogram, Scott 1985), so that no border of a cell
matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from spillover.spread.contagion.catalogue import Catalogue, Floats, Ints
from spillover.spread.contagion.cells import Cells, numbered, snap

UNSEEN = 0.5  # of an event in each known cell, so that none is out of the question
_MANY = 50_000  # events from which two cores are worth their while
_SHIFTS = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Events of one group in one cell of a layer, a row each.

    ``order`` (N): events by row and time; ``begins``: of each row; ``gap`` (N): from the event before it in its row, in
    units of tau; ``decay``: e to the minus of that.
    """

    order: Ints
    begins: Ints
    gap: Floats
    decay: Floats


@dataclass(frozen=True, slots=True)
class Component:
    """One way to spread background events. ``size``: km, ``None`` for all known cells; ``local``: by a local curve."""

    size: float | None
    local: bool


class Background:
    """The components' leave-one-out densities at the events, for any weights of the events.

    Densities are events a day and cell. ``tau``: days, the kernel's scale (its standard deviation is 2 tau).
    """

    def __init__(
        self, catalogue: Catalogue, times: Floats, cells: Cells, sizes: tuple[float, ...], tau: float, group_tau: float
    ) -> None:
        self.components = (
            *(Component(size, True) for size in sizes), *(Component(size, False) for size in sizes),
            Component(None, False),
        )  # fmt: skip
        self.group, self.times, self.tau, self.group_tau = catalogue.group, times, tau, group_tau
        self.n_cells, self.n_groups = len(cells), len(catalogue.groups)
        self._cell = cells.of
        self._edge = _inside(times, tau, catalogue.days)
        self._group_edge = _inside(times, group_tau, catalogue.days)
        self._whole = self._rows(np.zeros(len(times), dtype=np.int64), group_tau)
        self._layers = []
        for size in sizes:
            if size <= cells.size:
                self._layers.append((1.0, [self._rows(cells.of, tau)]))
                continue
            # as many cells as fit: a row of the layer holds that many of the finest
            lat, lon = cells.lat[cells.of], cells.lon[cells.of]
            layer = [self._rows(numbered(*snap(lat, lon, size, shift=shift))[0], tau) for shift in _SHIFTS]
            self._layers.append(((size / cells.size) ** 2, layer))

    def _rows(self, cell: Ints, tau: float) -> _Rows:
        row, _ = numbered(self.group, cell)
        order = np.lexsort((self.times, row)).astype(np.int64)
        gap = np.diff(self.times[order], prepend=0.0) / tau
        begins = np.concatenate([[0], np.cumsum(np.bincount(row))]).astype(np.int64)
        gap[begins[:-1]] = 0.0
        return _Rows(order, begins, gap, np.exp(-gap))

    def densities(self, weights: Floats) -> NDArray[np.float64]:
        """Density of each component at each event (N × C), the event itself left out."""
        smooth = _smooth_parallel if len(weights) > _MANY else _smooth
        whole = self._whole
        edged = weights / self._group_edge
        curve = smooth(whole.order, whole.begins, whole.gap, whole.decay, edged, weights)[0] / (4 * self.group_tau)
        totals = np.bincount(self.group, weights, minlength=self.n_groups)[self.group] - weights
        share = curve / np.maximum(totals, 1e-12)
        found = np.empty((len(weights), len(self.components)))
        n = len(self._layers)
        edged = weights / self._edge
        for k, (area, layer) in enumerate(self._layers):
            local, mass = np.zeros(len(weights)), np.zeros(len(weights))
            for rows in layer:
                one, two = smooth(rows.order, rows.begins, rows.gap, rows.decay, edged, weights)
                local += one
                mass += two
            found[:, k] = local / (area * len(layer) * 4 * self.tau)
            found[:, n + k] = mass / (area * len(layer)) * share
        found[:, 2 * n] = totals * share * self._popularity(weights)
        return found

    def _popularity(self, weights: Floats) -> Floats:
        """Share of all groups' other background events in an event's cell; half an event more in each known cell."""
        in_cell = np.bincount(self._cell, weights, minlength=self.n_cells)[self._cell] - weights
        return np.asarray((in_cell + UNSEEN) / (weights.sum() - weights + UNSEEN * self.n_cells))


def kernel(u: Floats, tau: float) -> Floats:
    """The Matérn-3/2 density at a distance of ``u`` days: (1 + |u|/τ) e^{-|u|/τ} / 4τ."""
    x = np.abs(u) / tau
    return np.asarray((1 + x) * np.exp(-x) / (4 * tau))


def _tail(x: Floats) -> Floats:
    """Mass of the kernel beyond x = u/τ."""
    return np.asarray((2 + x) * np.exp(-x) / 4)


def _inside(times: Floats, tau: float, days: float) -> Floats:
    """Mass of the kernel around each time that lies in the window."""
    return 1 - _tail(times / tau) - _tail((days - times) / tau)


def _sums(order, begins, gap, decay, edged, weights):  # type: ignore[no-untyped-def]
    """At each event, over the others of its row: 4τ times the sum of the kernel, and the sum of the weights."""
    kernel, mass = np.zeros(len(order)), np.zeros(len(order))
    for row in prange(len(begins) - 1):
        low, high = begins[row], begins[row + 1]
        zero = one = total = 0.0  # sums of w e^{-u}, of w u e^{-u}, and of w
        for k in range(low, high):
            event = order[k]
            one = (one + gap[k] * zero) * decay[k]
            zero *= decay[k]
            kernel[event] = zero + one
            mass[event] = total
            zero += edged[event]
            total += weights[event]
        zero = one = total = 0.0
        for k in range(high - 1, low - 1, -1):
            event = order[k]
            kernel[event] += zero + one
            mass[event] += total
            zero += edged[event]
            total += weights[event]
            one = (one + gap[k] * zero) * decay[k]
            zero *= decay[k]
    return kernel, mass


_smooth = njit(cache=True, nogil=True)(_sums)
_smooth_parallel = njit(parallel=True, cache=True, nogil=True)(_sums)
