"""Which units a forecast expects most of: a table for people."""

from __future__ import annotations

import numpy as np
import polars as pl

from spillover.forecasting.forecast import Forecast


def at_risk(made: Forecast, n: int = 15) -> pl.DataFrame:
    """The ``n`` units with the largest expected sum over the months, largest first.

    Columns: ``unit``, ``name``, ``expected`` (of all months together), and of one month of them taken at random
    ``median``, ``low90``, ``high90``, ``p1`` and ``p25``, the chance of that many or more. Of the sum there is no
    interval: what a unit's months have to do with each other is not forecast.
    """
    expected = made.draws.mean(axis=2, dtype=np.float64).sum(axis=1)
    first = np.argsort(-expected, kind="stable")[: max(n, 0)]
    drawn = made.draws[first].reshape(first.size, -1)
    low, median, high = np.quantile(drawn, [0.05, 0.5, 0.95], axis=1)
    names = made.names or made.units
    return pl.DataFrame(
        {
            "unit": [made.units[i] for i in first], "name": [names[i] for i in first], "expected": expected[first],
            "median": median, "low90": low, "high90": high,
            "p1": (drawn >= 1).mean(axis=1), "p25": (drawn >= 25).mean(axis=1),
        },
        schema_overrides={"unit": pl.String, "name": pl.String},
    )  # fmt: skip
