"""A forecast: the predictive distribution of every unit in every month of a horizon, as draws."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months, scores, weights
from spillover.forecasting.draws import Draws
from spillover.forecasting.members import members
from spillover.forecasting.panel import Panel, Unit
from spillover.forecasting.pool import pool
from spillover.forecasting.weights import Marks, Weights

Single = NDArray[np.float32]
Progress = Callable[[int, int, str], Any]

DRAWS = 1000
FEWEST_MONTHS = 12
FURTHEST = 36
"""Most months ahead: beyond, nothing has been scored."""
_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Draws of a count a month: units × horizons × draws, smallest first.

    ``origin``: the last month that was looked at; ``horizons``: months after it. ``weights``: how much each member
    counted; ``without``: members that this panel is too short for.
    """

    kind: Unit
    target: str
    origin: int
    horizons: tuple[int, ...]
    units: tuple[str, ...]
    names: tuple[str, ...]
    draws: Single
    weights: Weights
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def months(self) -> tuple[int, ...]:
        """The months that are forecast."""
        return tuple(self.origin + h for h in self.horizons)

    def to_draws(self) -> Draws:
        """A row a cell, as files have it."""
        n = len(self.horizons)
        cells = self.draws.reshape(-1, self.draws.shape[2])
        return Draws(np.repeat(np.array(self.units), n), np.tile(np.array(self.months), len(self.units)), cells)

    def table(self) -> pl.DataFrame:
        """A row a unit and month: ``unit``, ``name``, ``month``, ``mean``, ``median``, the ends of the 50 and 90 %
        intervals, ``p1`` and ``p25``, the chance of that many or more."""
        flat = self.draws.reshape(-1, self.draws.shape[2])
        cuts = scores.quantiles(flat, [0.05, 0.25, 0.5, 0.75, 0.95]).T
        n = len(self.horizons)
        return pl.DataFrame(
            {
                "unit": np.repeat(np.array(self.units), n),
                "name": np.repeat(np.array(self.names or self.units), n),
                "month": [months.name(m) for m in self.months] * len(self.units),
                "mean": flat.mean(axis=1, dtype=np.float64),
                **dict(zip(("low90", "low50", "median", "high50", "high90"), cuts, strict=True)),
                "p1": scores.exceedance(flat, 1),
                "p25": scores.exceedance(flat, 25),
            }
        )


def forecast(
    panel: Panel,
    origin: int,
    horizons: Sequence[int],
    *,
    marks: Sequence[Marks] = (),
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | None = None,
) -> Forecast:
    """Forecast every unit of a panel that is there at the origin; no value after the origin is looked at.

    ``marks``: how members did in earlier windows (:func:`~spillover.forecasting.backtest.backtest`); of them, too, only
    months up to the origin count. Without them members weigh as chosen beforehand. The same panel, origin, horizons,
    marks and seed give the same draws, whatever ``workers`` (threads) is.

    :class:`~spillover.errors.ForecastError` where the panel has no such month or fewer than a year up to it, where a
    horizon is below 1 or above :data:`FURTHEST`, or where a package of the ``forecast`` extra is missing.
    """
    return made_of(panel, origin, horizons, marks=marks, draws=draws, seed=seed, workers=workers)[0]


def made_of(
    panel: Panel, origin: int, horizons: Sequence[int], *, marks: Sequence[Marks], draws: int, seed: int,
    workers: int | None,
) -> tuple[Forecast, Panel, dict[str, Single]]:  # fmt: skip
    """A forecast, the panel that it was made from, and what each member said."""
    seen = seen_until(panel, origin, horizons)
    made = members(seen, horizons, seed=seed, workers=workers or os.cpu_count() or 1)
    past = [kept for kept in (m.until(origin) for m in marks) if kept is not None]
    chosen = weights.learnt(tuple(made), past, panel.kind)
    drawn = pool(made, chosen.of(weights.levels(seen)), seen.values, draws=draws)
    answer = Forecast(
        panel.kind, panel.target, origin, tuple(horizons), seen.units, seen.names, drawn, chosen, seed, seen.notes
    )
    return answer, seen, made


def seen_until(panel: Panel, origin: int, horizons: Sequence[int]) -> Panel:
    """The panel as a forecast from this origin sees it, or the reason why there can be none."""
    if not horizons or min(horizons) < 1 or max(horizons) > FURTHEST:
        raise ForecastError(
            f"horizons go from 1 to {FURTHEST} months, not {listed(horizons)}", to_do="Ask for others, such as 3-14"
        )
    if not panel.start <= origin <= panel.end:
        raise ForecastError(
            f"the panel has {months.name(panel.start)} to {months.name(panel.end)}, not {months.name(origin)}",
            to_do="Choose an origin in it: the last month that may be looked at",
        )
    if origin - panel.start + 1 < FEWEST_MONTHS:
        raise ForecastError(
            f"there are {origin - panel.start + 1} months up to {months.name(origin)}, fewer than {FEWEST_MONTHS}",
            to_do="; ".join(["Choose a later origin, or add earlier months", *panel.notes]),
        )
    seen = panel.until(origin)
    covered = np.ones_like(seen.exists) if seen.covered is None else seen.covered
    known = np.asarray(covered[:, -FEWEST_MONTHS:].all(axis=1))
    notes = (*panel.notes, *_not_forecast(panel, origin, {u for u, k in zip(seen.units, known, strict=True) if k}))
    if not known.any():
        raise ForecastError(
            f"no unit is there in {months.name(origin)} with the {FEWEST_MONTHS} months before it known",
            to_do="; ".join(["Choose another origin, or add data", *notes]),
        )
    return replace(seen.only(known), notes=notes)


def _not_forecast(panel: Panel, origin: int, forecast: Collection[str]) -> tuple[str, ...]:
    """What to note of units that were there, and are not forecast because nothing is known of their last months."""
    if panel.covered is None:
        return ()
    there = np.asarray(panel.exists[:, : origin - panel.start + 1].any(axis=1))
    lost = [unit for unit, was in zip(panel.units, there, strict=True) if was and unit not in forecast]
    if not lost:
        return ()
    named = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else "")
    return (
        f"not forecast from {months.name(origin)}: {len(lost):,} of {int(there.sum()):,} units, of which the data do "
        f"not cover all of the {FEWEST_MONTHS} months up to it: {named}",
    )


def listed(horizons: Sequence[int]) -> str:
    """Horizons as people write them: 3-14, or 1,3,6."""
    whole = list(range(min(horizons), max(horizons) + 1)) if horizons else []
    if len(whole) > 1 and whole == list(horizons):
        return f"{whole[0]}-{whole[-1]}"
    return ",".join(map(str, horizons)) or "none"
