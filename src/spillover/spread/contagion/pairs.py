"""Pairs of events near in space and time: the earlier could have triggered the later. Two 16-bit codes a pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from spillover.errors import SpreadError
from spillover.spread.contagion.catalogue import MARKS, Floats, Ints
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.kernels import Kernels

CLASSES = len(MARKS) + 1
_CODES = 2**16
_MANY = 50_000  # events from which two cores are worth their while


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs, those of one later event together.

    ``begins`` (N + 1): where each event's pairs begin. ``shape``: bin of wait × bin of distance. ``parent``: group ×
    class of mark × whether a border lies between.
    """

    begins: Ints
    shape: NDArray[np.uint16]
    parent: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.shape)


def find_pairs(
    times: Floats, group: Ints, mark: Ints, country: Ints, cells: Cells, kernels: Kernels, n_groups: int
) -> Pairs:
    """The pairs of events at ``times`` (in any order); an event is no pair with one at the very same time."""
    bins_wait, bins_distance = kernels.bins
    if bins_wait * bins_distance > _CODES:
        raise SpreadError(
            f"a reach of {kernels.reach:g} km in cells of {kernels.cell:g} km makes more distances than the model can "
            "hold apart",
            to_do="Choose a shorter reach or larger cells",
        )
    if n_groups * CLASSES * 2 > _CODES:
        raise SpreadError(
            f"{n_groups:,} groups are more than the model can hold apart", to_do="Put the small ones together"
        )
    near = neighbours(times, cells, kernels)
    numbers, many = count_pairs(near, cells, kernels), len(times) > _MANY
    begins = np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
    shape = np.empty(begins[-1], dtype=np.uint16)
    parent = np.empty(begins[-1], dtype=np.uint16)
    (_fill_parallel if many else _fill)(
        near.order, near.times, cells.of, near.begins_cell, near.begins, near.cells, near.bins, kernels.longest,
        near.wait_bin, bins_distance, (group * CLASSES + mark) * 2, country, begins, shape, parent,
    )  # fmt: skip
    return Pairs(begins, shape, parent)


def count_pairs(near: Neighbours, cells: Cells, kernels: Kernels) -> Ints:
    """Number of pairs of each event with earlier ones (N)."""
    count = _count_parallel if len(near.order) > _MANY else _count
    return np.asarray(
        count(near.order, near.times, cells.of, near.begins_cell, near.begins, near.cells, kernels.longest)
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Events by cell and time, and cells by nearness: what every walk over pairs needs.

    ``order`` (N): events by cell, then time, and their ``times``; ``begins_cell`` (P + 1): of each cell in it.
    ``begins`` (P + 1), ``cells``, ``bins``: the cells near each cell and the bins of their distances. ``wait_bin``: bin
    of a wait, by quarters of a day.
    """

    order: Ints
    times: Floats
    begins_cell: Ints
    begins: Ints
    cells: Ints
    bins: Ints
    wait_bin: Ints


def neighbours(times: Floats, cells: Cells, kernels: Kernels) -> Neighbours:
    """Events by cell and time, and which cells are within reach of which."""
    order = np.lexsort((times, cells.of)).astype(np.int64)
    begins_cell = np.concatenate([[0], np.cumsum(np.bincount(cells.of, minlength=len(cells)))]).astype(np.int64)
    begins, near, distance = cells.near(kernels.reach)
    bins = np.minimum(np.rint(distance / kernels.distance_step), kernels.bins[1] - 1).astype(np.int64)
    bins[(distance > 0) & (bins == 0)] = 1  # the first bin is the own cell's
    return Neighbours(order, times[order], begins_cell, begins, near, bins, _wait_bins(kernels))


_STEP = 0.25  # days: every edge of a wait bin is a multiple of it


def _wait_bins(kernels: Kernels) -> Ints:
    """Bin of the wait, for each quarter of a day."""
    quarters = np.arange(int(np.ceil(kernels.longest / _STEP)) + 1) * _STEP
    found = np.searchsorted(kernels.wait_edges, quarters + 1e-9, side="right") - 1
    return np.minimum(found, kernels.bins[0] - 1).astype(np.int64)


def _counted(order, times, cell_of, begins_cell, near_begins, near, longest):  # type: ignore[no-untyped-def]
    numbers = np.zeros(len(order), dtype=np.int64)
    for at in prange(len(order)):
        event = order[at]
        cell = cell_of[event]
        now, total = times[at], 0
        for k in range(near_begins[cell], near_begins[cell + 1]):
            low, high = begins_cell[near[k]], begins_cell[near[k] + 1]
            inside = times[low:high]
            total += np.searchsorted(inside, now) - np.searchsorted(inside, now - longest, side="right")
        numbers[event] = total
    return numbers


def _filled(  # type: ignore[no-untyped-def]
    order, times, cell_of, begins_cell, near_begins, near, bin_of, longest, wait_bin, n_distance, parent_code, country,
    begins, shape, parent,
):  # fmt: skip
    for at in prange(len(order)):
        event = order[at]
        cell = cell_of[event]
        now, put, here = times[at], begins[event], country[event]
        for k in range(near_begins[cell], near_begins[cell + 1]):
            low, high = begins_cell[near[k]], begins_cell[near[k] + 1]
            inside = times[low:high]
            first = low + np.searchsorted(inside, now - longest, side="right")
            last = low + np.searchsorted(inside, now)
            for other in range(first, last):
                before = order[other]
                quarter = int((now - times[other]) * 4)
                shape[put] = wait_bin[quarter] * n_distance + bin_of[k]
                parent[put] = parent_code[before] + (country[before] != here)
                put += 1


_count, _fill = njit(cache=True, nogil=True)(_counted), njit(cache=True, nogil=True)(_filled)
_count_parallel = njit(parallel=True, cache=True, nogil=True)(_counted)
_fill_parallel = njit(parallel=True, cache=True, nogil=True)(_filled)
