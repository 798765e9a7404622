"""A forest of extremely randomised trees whose leaves are distributions (Meinshausen 2006, Geurts et al. 2006).

A tree puts a question into a leaf, and every row that it was taught in that leaf is a possible outcome; the forest's
distribution is the mean of its trees'. Outcomes are kept as log(1 + count) − log(1 + level) and carried to the level
of the unit that is asked about.
"""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray

from spillover.forecasting.extra import extra_trees
from spillover.forecasting.members.learning import Lesson, Question
from spillover.forecasting.members.quantiles import LEVELS

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.int64]

TREES, LEAF, TRIED = 40, 20, 0.5
BINS = 2048
"""Outcomes are told apart this finely: equally many rows to a bin."""


def fit(lesson: Lesson, memory: float, seed: int, workers: int = 1) -> Callable[[Question], Single]:
    """A forest, asked for quantiles (rows × levels). ``memory``: half-life of a row's weight, months."""
    weight = lesson.weight * 0.5 ** (lesson.age / memory)
    change = np.log1p(lesson.outcome) - lesson.level
    model = extra_trees()(TREES, min_samples_leaf=LEAF, max_features=TRIED, n_jobs=workers, random_state=seed)
    model.fit(lesson.inputs, change, sample_weight=weight)
    bins, means = _binned(change)
    leaves = model.apply(lesson.inputs)
    order = np.argsort(leaves, axis=0, kind="stable")

    def ask(question: Question) -> Single:
        asked = model.apply(question.inputs)
        first, last = np.empty_like(asked), np.empty_like(asked)
        for tree in range(TREES):
            held = leaves[order[:, tree], tree]
            first[:, tree] = np.searchsorted(held, asked[:, tree], side="left")
            last[:, tree] = np.searchsorted(held, asked[:, tree], side="right")
        changes = _quantiles(order, first, last, bins, weight, means, LEVELS)
        found = np.maximum(np.round(np.expm1(changes + question.level[:, None])), 0)
        return found.astype(np.float32)

    return ask


def _binned(values: Floats) -> tuple[Ints, Floats]:
    """The bin of each value, and the mean of each bin."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)))
    bins = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(len(edges) - 2, 0))
    count = np.bincount(bins, minlength=max(len(edges) - 1, 1))
    return bins, np.bincount(bins, values, minlength=len(count)) / np.maximum(count, 1)


@numba.njit(cache=True, parallel=True)
def _quantiles(
    order: Ints, first: Ints, last: Ints, bins: Ints, weight: Floats, means: Floats, levels: Floats
) -> Floats:
    rows, trees = first.shape
    out = np.empty((rows, levels.size))
    for i in numba.prange(rows):
        mass = np.zeros(means.size)
        for tree in range(trees):
            total = 0.0
            for j in range(first[i, tree], last[i, tree]):
                total += weight[order[j, tree]]
            for j in range(first[i, tree], last[i, tree]):
                row = order[j, tree]
                mass[bins[row]] += weight[row] / total
        b, below = 0, mass[0]
        for q in range(levels.size):
            while b < means.size - 1 and below < levels[q] * trees - 1e-9:
                b += 1
                below += mass[b]
            out[i, q] = means[b]
    return out
