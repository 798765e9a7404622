"""The members of the pool: each says for every unit and horizon what it expects, as quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting.members import boost, forest, own
from spillover.forecasting.members.learning import TooShort, lesson, question
from spillover.forecasting.members.quantiles import LEVELS, MEMBER_DRAWS
from spillover.forecasting.newyear import counting, is_january
from spillover.forecasting.panel import SMALL, Panel

__all__ = ["LEVELS", "MEMBERS", "MEMBER_DRAWS", "members"]

Single = NDArray[np.float32]

_OWN: dict[str, tuple[Callable[..., Single], float]] = {
    "smoothed 2": (own.smoothed, 2.0),
    "smoothed 4": (own.smoothed, 4.0),
    "smoothed 6": (own.smoothed, 6.0),
    "hurdle 6": (own.hurdle, 6.0),
    "negative binomial 4": (own.negative_binomial, 4.0),
}
_NEAR = {"near 6": 6.0, "near 24": 24.0}
_BOOSTED = {"boosted 180": 180.0, "boosted 60": 60.0}
_FORESTS = {"forest 180": 180.0}
MEMBERS = (*_OWN, *_BOOSTED, *_FORESTS)
"""Names of the members of every pool. Where units are small there are ``near 6`` and ``near 24`` as well, and for cells
``nothing``, which expects nothing. The number is a half-life in months, of past months or of rows learnt from."""


def members(panel: Panel, horizons: Sequence[int], *, seed: int = 1, workers: int = 2) -> dict[str, Single]:
    """Quantiles of each member that the panel is long enough for: units × horizons × levels (of :data:`LEVELS`).

    The panel ends at the origin. The same panel, horizons and seed give the same numbers, whatever ``workers`` is.
    :class:`~spillover.errors.ForecastError` where a package of the ``forecast`` extra is missing.
    """
    n, h = len(panel), len(horizons)
    shape = (n, h, MEMBER_DRAWS)
    made = _of_own_pasts(panel, horizons)
    try:
        taught = lesson(panel, horizons, seed)
    except TooShort:
        return made
    asked = question(panel, horizons)
    with ThreadPoolExecutor(workers) as threads:
        boosted = {
            name: [threads.submit(job) for job in boost.jobs(taught, memory, seed)] for name, memory in _BOOSTED.items()
        }
        if not all(boosted.values()):
            return made
        for name, jobs in boosted.items():
            made[name] = boost.quantiles([job.result() for job in jobs], asked).reshape(shape)
    for name, memory in _FORESTS.items():
        made[name] = forest.fit(taught, memory, seed, workers)(asked).reshape(shape)
    return made


def _of_own_pasts(panel: Panel, horizons: Sequence[int]) -> dict[str, Single]:
    """Of the unit's own past, and of its neighbours' where units are small: for Januaries, and for other months."""
    january = is_january(panel.end + np.asarray(horizons)).astype(int)
    small = panel.kind in SMALL
    leak = own.leaking(panel.values) if small else own.LEAK

    def twice(rule: Callable[..., Single], half_life: float, *more: Any) -> Single:
        counts = (counting(panel.start, panel.values.shape[1], january=kind) for kind in (False, True))
        return np.stack([rule(panel.values, count, half_life, *more) for count in counts], axis=1)[:, january]

    made = {name: twice(rule, h, *([leak] if rule is own.smoothed else [])) for name, (rule, h) in _OWN.items()}
    if panel.kind == "priogrid":
        made["nothing"] = np.broadcast_to(np.float32(0), (len(panel), len(horizons), MEMBER_DRAWS))
    if small and panel.neighbours:
        made |= {name: twice(own.near, h, leak, panel.neighbours) for name, h in _NEAR.items()}
    return made
