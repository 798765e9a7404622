"""A hurdle by gradient boosting (LightGBM): whether anything happens, and how much if it does.

How much is learnt as log(count) − log(1 + level) at thirteen quantiles; between them and beyond, straight lines on
the scale of the normal score.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from spillover.forecasting.extra import lightgbm
from spillover.forecasting.members.learning import Lesson, Question
from spillover.forecasting.members.quantiles import LEVELS

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ask = Callable[[Question], Floats]

TAUS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
TREES = 80
_SETTINGS: dict[str, Any] = {
    "num_leaves": 7, "learning_rate": 0.1, "min_data_in_leaf": 100, "feature_fraction": 0.5, "bagging_fraction": 0.6,
    "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 63, "verbose": -1, "num_threads": 1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip
_FEWEST = 200
"""Rows with a count above 0 below which nothing can be learnt of how much there will be."""


def jobs(lesson: Lesson, memory: float, seed: int) -> list[Callable[[], Ask]]:
    """One fit each: the chance of anything, then the quantiles. ``memory``: half-life of a row's weight, months."""
    weight = lesson.weight * 0.5 ** (lesson.age / memory)
    some = lesson.outcome > 0
    if some.sum() < _FEWEST:
        return []
    much = np.log(lesson.outcome[some]) - lesson.level[some]
    made: list[Callable[[], Ask]] = [lambda: _fit(lesson.inputs, some.astype(float), weight, seed, objective="binary")]
    for tau in TAUS:
        made.append(
            lambda tau=tau: _fit(  # type: ignore[misc]
                lesson.inputs[some], much, weight[some], seed, objective="quantile", alpha=tau
            )
        )
    return made


def quantiles(asks: list[Ask], question: Question) -> Single:
    """Quantiles (rows × levels) from what :func:`jobs` fitted."""
    chance = asks[0](question)
    much = np.sort(np.stack([ask(question) for ask in asks[1:]], axis=1), axis=1)
    inside = (LEVELS - (1 - chance[:, None])) / chance[:, None]
    log = _between(much, ndtri(np.clip(inside, 1e-4, 1 - 1e-4))) + question.level[:, None]
    return np.where(inside > 0, np.maximum(np.round(np.exp(log)), 1), 0).astype(np.float32)


def _fit(inputs: Single, target: Floats, weight: Floats, seed: int, **settings: Any) -> Ask:
    lgb = lightgbm()
    data = lgb.Dataset(inputs, target, weight=weight, params={"max_bin": 63, "verbose": -1})
    model = lgb.train({**_SETTINGS, "seed": seed, **settings}, data, TREES)

    def ask(question: Question) -> Floats:
        return np.asarray(model.predict(question.inputs, num_threads=1))

    return ask


def _between(at: Floats, scores: Floats) -> Floats:
    """Values (rows × levels) at normal scores from values at those of :data:`TAUS`."""
    known = ndtri(np.array(TAUS))
    left = np.clip(np.searchsorted(known, scores) - 1, 0, len(TAUS) - 2)
    rows = np.arange(len(at))[:, None]
    share = (scores - known[left]) / (known[left + 1] - known[left])
    found = at[rows, left] + np.clip(share, 0, 1) * (at[rows, left + 1] - at[rows, left])
    above, below = scores > known[-1], scores < known[0]
    slope = (at[:, -1] - at[:, -4]) / (known[-1] - known[-4])
    found = np.where(above, at[:, -1:] + slope[:, None] * (scores - known[-1]), found)
    slope = (at[:, 3] - at[:, 0]) / (known[3] - known[0])
    return np.asarray(np.where(below, at[:, :1] + slope[:, None] * (scores - known[0]), found))
