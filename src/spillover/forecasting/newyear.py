"""What the record does to January.

UCDP dates an event by its first possible day, so what a source reports for a whole year stands on 1 January (GED
codebook 25.1, ``date_start`` and ``date_prec`` 5). In the country-month panel of 1989-2017 the Januaries of years with
over 100 deaths hold 15 % of them, every other month 7 to 9 %. A forecast that takes January for a month like others
expects the last one again in summer, and no new one in winter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

JANUARY = 0
"""Months are counted from 0 within a year, as :mod:`~spillover.forecasting.months` does."""
OTHERS = 0.2
"""How much a January counts, beside another month of its age, for months that are none."""
SAME = 20.0
"""How much a January counts, beside another month of its age, for a January."""


def is_january(month: int | NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a month, or each of some, is a January."""
    return np.asarray(np.asarray(month) % 12 == JANUARY)


def counting(start: int, months: int, january: bool) -> NDArray[np.float64]:
    """How much each of so many months from ``start`` on counts for a target that is a January, or is none."""
    return np.where(is_january(start + np.arange(months)), SAME if january else OTHERS, 1.0)
