"""The part of the report's data that holds forecasts, and how good such forecasts have been.

Its types for the front end are in ``frontend/src/lib/forecasttypes.ts``. Long tables are cut; ``of`` says how long they
are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from spillover.forecasting import months, scores
from spillover.forecasting.backtest import REFERENCE
from spillover.forecasting.panel import KINDS
from spillover.forecasting.record import OURS, SHOWN, Record
from spillover.forecasting.recordwords import SCORE_NAMES, quality
from spillover.forecasting.risk import at_risk
from spillover.spread.tables import counted

if TYPE_CHECKING:
    from spillover.publishing.forecasts import Forecasts, Onsets

UNITS, WRONG, PLACES = 12, 10, 10
"""Rows kept: of units, of the cells that were most wrong, and of places where a group may strike."""
HISTORY = 48
"""Months before the origin that are drawn."""
YEAR = 12
"""Months without an event after which a name may have been given up."""
RENAMED = (
    "A name without an event for a year or more may have gone on under that of an alliance or a successor, which is "
    "forecast under its own."
)
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles of a month: the ends of the 90, 80 and 50 % intervals, and the median."""


def forecast_data(found: Forecasts | str) -> dict[str, Any]:
    """Forecasts as the page carries them, or the reason why there are none. The same forecasts give the same bytes."""
    if isinstance(found, str):
        return {"reason": found}
    made, panel = found.made, found.data.panel
    first = max(panel.start, made.origin - HISTORY + 1)
    units = _units(found, found.shown[:UNITS], first)
    silent = any((unit["last"] or "") < months.name(made.origin - YEAR + 1) for unit in units)
    return {
        "reason": None,
        "about": found.about,
        "absent": found.absent,
        "target": made.target,
        "kind": KINDS[made.kind][0],
        "origin": months.name(made.origin),
        "months": [months.name(month) for month in made.months],
        "since": months.name(first),
        "draws": int(made.draws.shape[2]),
        "seed": made.seed,
        "units": units,
        "renamed": RENAMED if silent else None,
        "of": len(found.shown),
        "every": counted(len(made.units), *KINDS[made.kind]),
        "notes": list(made.notes),
        "attribution": list(found.data.attribution),
        "record": _record(found.record, found.run),
        "onsets": _onsets(found.onsets),
    }


def _units(found: Forecasts, kept: tuple[str, ...], first: int) -> list[dict[str, Any]]:
    """Units with their history from a month on, the quantiles of each month, and the figures of all months together."""
    made, panel = found.made, found.data.panel
    row_of = {unit: i for i, unit in enumerate(panel.units)}
    place = {unit: i for i, unit in enumerate(made.units)}
    risk = {row["unit"]: row for row in at_risk(made, len(made.units)).iter_rows(named=True)}
    span = slice(first - panel.start, made.origin - panel.start + 1)
    units = []
    for unit in kept:
        row, there = panel.values[row_of[unit], span], panel.exists[row_of[unit], span]
        quantiles = scores.quantiles(made.draws[place[unit]], list(LEVELS))
        active = np.flatnonzero(panel.parts["events"][row_of[unit]])
        units.append({
            "unit": unit, "name": risk[unit]["name"],
            "last": months.name(panel.start + int(active[-1])) if active.size else None,
            "history": [_number(value) if known else None for value, known in zip(row, there, strict=True)],
            "quantiles": [[_number(value) for value in of_month] for of_month in quantiles],
            **{name: _number(risk[unit][name]) for name in ("expected", "median", "low90", "high90", "p1", "p25")},
        })  # fmt: skip
    return units


def _record(record: Record, run: str) -> dict[str, Any]:
    """How good such forecasts have been: in sentences, by window, and the cells that were most wrong."""
    ours = record.ratios().filter(
        (pl.col("split") == "all") & (pl.col("forecast") == OURS) & pl.col("score").is_in(SHOWN)
    )
    wide = ours.pivot("score", index=["first", "last"], values="ratio").sort("first")
    columns = ("name", "month", "median", "low90", "high90", "happened")
    return {
        "run": run, "reference": REFERENCE, "said": list(quality(record, run)),
        "scores": {score: SCORE_NAMES[score] for score in SHOWN},
        "windows": [{name: _number(value) for name, value in row.items()} for row in wide.iter_rows(named=True)],
        "worst": [
            {name: _number(value) for name, value in row.items()}
            for row in record.worst.head(WRONG).select(*columns, "origin").iter_rows(named=True)
        ],
    }  # fmt: skip


def _onsets(found: Onsets | str) -> dict[str, Any]:
    """The likeliest of the places where a group was quiet, or the reason why there are none."""
    if isinstance(found, str):
        return {"reason": found}
    made, said = found.made, found.tested.words()
    columns = ("group", "name", "probability", "base_rate", "raises")
    return {
        "reason": None, "quiet": made.quiet, "window": made.window, "of": made.table.height,
        "expected": _number(made.table["probability"].sum()),
        "rows": [
            {name: _number(value) for name, value in row.items()}
            for row in made.table.head(PLACES).select(*columns).iter_rows(named=True)
        ],
        "said": said[:1].upper() + said[1:],
    }  # fmt: skip


def _number(value: Any) -> Any:
    """Numbers to four decimals, more than a page shows; whole ones without a point."""
    if isinstance(value, float | np.floating):
        return int(value) if float(value).is_integer() else round(float(value), 4)
    return value
