"""Forecasts beside each other and beside what came: mean scores, ratios with intervals, splits, the worst cells.

All forecasts are compared over the cells that every one of them and the outcomes have. Intervals resample whole units
with all their months: a war lasts, so the months of a unit are no independent cases, and the same wars stand in every
forecast's mean. Months can be resampled instead, where a shock that many units share is the worry. With few units that
have most of the deaths, either interval is too narrow rather than too wide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months, scores
from spillover.forecasting.draws import Draws, Ints, Names, Observed, align, listed

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
By = Literal["split", "unit", "month", "horizon"]
Block = Literal["unit", "month"]

RATIOS = ("crps", "crps_log", "twcrps", "ign", "mis", "brier1", "brier25")
"""Scores that are divided by the baseline's; below 1 is better."""
SPLITS = {
    "all": "all units and months",
    "active": "units with a death in the 24 months up to the origin",
    "quiet": "units without one",
    "onsets": "months with deaths in quiet units (chosen by what came: misses show, false alarms do not)",
    "deadly": "months with deaths (chosen by what came)",
    "without_two_largest": "without the two units that had most deaths",
}
RECENT = 24
"""Months in which a unit with a death is active."""
THRESHOLDS = {"p1": 1.0, "p25": scores.TAIL}
_FEWEST_BLOCKS = 5
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores of forecasts over shared cells. Made by :func:`score_forecasts`.

    ``names``: the forecasts, the first being the one that is asked about; ``baseline``: the one that the others are
    divided by. ``unit``, ``month``, ``actual``: the shared cells. ``cells``: by forecast and score, a number a cell;
    ``said``: by forecast, what :func:`~spillover.forecasting.scores.summarise` gives; ``sizes``: draws a cell;
    ``missing``: the cells of the outcomes that a forecast lacks in the months that it covers; ``unscored``: how many of
    its cells are not among the shared ones. ``splits``: masks of cells by the names of :data:`SPLITS`. ``notes``: what
    to know of all this, for people.
    """

    names: tuple[str, ...]
    baseline: str | None
    origin: int | None
    unit: Names
    month: Ints
    actual: Floats
    cells: Mapping[str, Mapping[str, Floats]]
    said: Mapping[str, Mapping[str, Floats]]
    sizes: Mapping[str, int]
    missing: Mapping[str, Observed]
    unscored: Mapping[str, int]
    splits: Mapping[str, Mask]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.unit)

    def table(self, by: By = "split") -> pl.DataFrame:
        """Mean scores by split, unit, month or horizon: a row for each of them and forecast.

        Columns: ``by``, ``forecast``, ``cells``, the scores, and with a baseline ``<score>_ratio``, empty where the
        baseline's mean is 0. :class:`~spillover.errors.ForecastError` for horizons without an origin.
        """
        rows = [
            {by: label, "forecast": name, "cells": len(rows)} | self._means(name, rows)
            for label, rows in self._groups(by)
            for name in self.names
        ]
        kinds: dict[str, Any] = {by: pl.Int64 if by == "horizon" else pl.String, "forecast": pl.String}
        columns = [*scores.NAMES, *(f"{s}_ratio" for s in RATIOS if self.baseline)]
        return pl.DataFrame(rows, schema=kinds | {"cells": pl.Int64} | dict.fromkeys(columns, pl.Float64))

    def intervals(
        self, split: str = "all", *, block: Block = "unit", resamples: int = _RESAMPLES, seed: int = 0
    ) -> pl.DataFrame:
        """90 % block-bootstrap intervals of means and ratios, in the cells of a split: a row a forecast and score.

        Columns: ``forecast``, ``score``, ``mean``, ``low``, ``high``, and with a baseline ``ratio``, ``ratio_low``,
        ``ratio_high``. All forecasts share the resampled blocks, so that a ratio compares like with like. Percentiles
        (Efron 1979; blocks: Künsch 1989); empty where there are fewer than five blocks.
        """
        chosen = np.flatnonzero(self.splits[split])
        drawn = {name: self._resampled(name, chosen, block, resamples, seed) for name in self.names}
        rows = []
        for name in self.names:
            means = self._means(name, chosen)
            for k, score in enumerate(scores.NAMES):
                row = {"forecast": name, "score": score, "mean": means[score]}
                row |= dict(zip(("low", "high"), _ends(drawn[name][:, k]), strict=True))
                if self.baseline is not None:
                    below = drawn[self.baseline][:, k]
                    ratio = np.divide(drawn[name][:, k], below, out=np.full(len(below), np.nan), where=below > 0)
                    ends = _ends(ratio) if score in RATIOS else (None, None)
                    row |= {"ratio": means.get(f"{score}_ratio"), "ratio_low": ends[0], "ratio_high": ends[1]}
                rows.append(row)
        numbers = ["mean", "low", "high"] + ["ratio", "ratio_low", "ratio_high"] * (self.baseline is not None)
        return pl.DataFrame(
            rows, schema={"forecast": pl.String, "score": pl.String, **dict.fromkeys(numbers, pl.Float64)}
        )

    def most_wrong(self, n: int = 10, forecast: str | None = None) -> pl.DataFrame:
        """The ``n`` cells with the largest CRPS: what was forecast (median, 90 % interval) and what came.

        Columns: ``unit``, ``month``, ``happened``, ``median``, ``low90``, ``high90``, ``crps`` and ``share``, that of
        the forecast's whole CRPS.
        """
        name = forecast or self.names[0]
        crps, said = self.cells[name]["crps"], self.said[name]
        # equal scores stand in the order of unit and month
        worst = np.argsort(-crps, kind="stable")[: max(n, 0)]
        total = float(crps.sum())
        return pl.DataFrame(
            {
                "unit": self.unit[worst].tolist(), "month": [months.name(int(m)) for m in self.month[worst]],
                "happened": self.actual[worst], **{k: said[k][worst] for k in ("median", "low90", "high90")},
                "crps": crps[worst], "share": crps[worst] / total if total else np.zeros(len(worst)),
            },
            schema_overrides={"unit": pl.String, "month": pl.String},
        )  # fmt: skip

    def reliability(self, forecast: str | None = None, chance: str = "p1", *, bins: int = 10) -> scores.Reliability:
        """Of the chances ``p1`` (one death or more) or ``p25`` (25 or more): were they followed by it as often?"""
        said = self.said[forecast or self.names[0]][chance]
        return scores.reliability(said, self.actual >= THRESHOLDS[chance], bins=bins)

    def pit_shares(self, forecast: str | None = None, *, bins: int = 10) -> list[float]:
        """Shares of the randomised PIT in equal bins of [0, 1]: all alike where the forecast is calibrated."""
        u = self.said[forecast or self.names[0]]["pit"]
        counted = np.bincount(np.minimum((u * bins).astype(np.int64), bins - 1), minlength=bins)
        return [float(share) for share in counted / max(len(u), 1)]

    def per_cell(self) -> pl.DataFrame:
        """A row a cell and forecast: ``unit``, ``month``, ``forecast``, ``happened``, what was said, every score."""
        parts = [
            pl.DataFrame({
                "unit": self.unit.tolist(), "month": [months.name(int(m)) for m in self.month],
                "forecast": [name] * len(self), "happened": self.actual, **self.said[name], **self.cells[name],
            }, schema_overrides=dict.fromkeys(("unit", "month", "forecast"), pl.String))
            for name in self.names
        ]  # fmt: skip
        return pl.concat(parts)

    def to_dict(self, *, by: By | None = None, wrong: int = 10, seed: int = 0) -> dict[str, Any]:
        """Every number, ready for JSON; ``by`` adds the means by unit, month or horizon."""
        table, intervals = self.table(), self.intervals(seed=seed)
        first, last = (int(self.month.min()), int(self.month.max()))
        found: dict[str, Any] = {
            "cells": len(self), "units": len(np.unique(self.unit)), "months": [months.name(first), months.name(last)],
            "origin": None if self.origin is None else months.name(self.origin), "baseline": self.baseline,
            "splits": {name: SPLITS[name] for name in self.splits}, "notes": list(self.notes),
        }  # fmt: skip
        found["forecasts"] = {
            name: {
                "draws": self.sizes[name], "missing_cells": len(self.missing[name]),
                "unscored_cells": self.unscored[name],
                "scores": {
                    row["split"]: {k: v for k, v in row.items() if k not in ("split", "forecast")}
                    for row in table.filter(pl.col("forecast") == name).iter_rows(named=True)
                },
                "intervals": {
                    row["score"]: {k: v for k, v in row.items() if k not in ("forecast", "score")}
                    for row in intervals.filter(pl.col("forecast") == name).iter_rows(named=True)
                },
                "reliability": {chance: self.reliability(name, chance).to_dict() for chance in THRESHOLDS},
                "pit": self.pit_shares(name),
                "most_wrong": self.most_wrong(wrong, name).to_dicts(),
            }
            for name in self.names
        }  # fmt: skip
        if by is not None:
            found[f"by_{by}"] = self.table(by).to_dicts()
        return found

    def _means(self, name: str, rows: Ints) -> dict[str, float | None]:
        means = {s: float(values[rows].mean()) if len(rows) else None for s, values in self.cells[name].items()}
        if self.baseline is None:
            return means
        below = {s: float(self.cells[self.baseline][s][rows].mean()) if len(rows) else 0.0 for s in RATIOS}
        ratios = {
            f"{s}_ratio": above / below[s] if (above := means[s]) is not None and below[s] > 0 else None for s in RATIOS
        }
        return means | ratios

    def _groups(self, by: By) -> Iterator[tuple[Any, Ints]]:
        """Label and rows of each group."""
        if by == "split":
            yield from ((name, np.flatnonzero(mask)) for name, mask in self.splits.items())
            return
        if by == "horizon" and self.origin is None:
            raise ForecastError("horizons count from an origin", to_do="Say which: the last month that was known")
        labels, where = np.unique(self.unit if by == "unit" else self.month, return_inverse=True)
        ends = np.cumsum(np.bincount(where, minlength=len(labels)))[:-1]
        for label, rows in zip(labels.tolist(), np.split(np.argsort(where, kind="stable"), ends), strict=True):
            yield label if by == "unit" else months.name(label) if by == "month" else label - (self.origin or 0), rows

    def _resampled(self, name: str, rows: Ints, block: Block, resamples: int, seed: int) -> Floats:
        """Means of resampled blocks: resamples × scores; not a number where there are too few blocks."""
        _, where = np.unique((self.unit if block == "unit" else self.month)[rows], return_inverse=True)
        blocks = int(where.max()) + 1 if len(where) else 0
        if blocks < _FEWEST_BLOCKS:
            return np.full((resamples, len(scores.NAMES)), np.nan)
        sums = np.stack(
            [np.bincount(where, weights=self.cells[name][s][rows], minlength=blocks) for s in scores.NAMES], 1
        )
        cells = np.bincount(where, minlength=blocks).astype(np.float64)
        random, means = np.random.default_rng(seed), np.empty((resamples, sums.shape[1]))
        for k in range(resamples):
            times = np.bincount(random.integers(0, blocks, blocks), minlength=blocks).astype(np.float64)
            means[k] = (times[:, None] * sums).sum(0) / (times * cells).sum()
        return means


def score_forecasts(
    forecasts: Mapping[str, Draws], actuals: Observed, *, baseline: str | None = None, history: Observed | None = None,
    origin: int | None = None, window: tuple[int, int] | None = None, units: Collection[str] | None = None,
    seed: int = 0,
) -> ScoreTable:  # fmt: skip
    """Score forecasts, by name, over the cells that all of them and the outcomes have.

    ``baseline``: the name of one of them; ``history``: values before, for the splits that need them; ``origin``: the
    last month that was known; ``window``, ``units``: only these months and units; ``seed``: of the randomised PIT.
    :class:`~spillover.errors.ForecastError` where there is no such cell, :class:`ValueError` where the baseline is not
    among the forecasts.
    """
    if not forecasts or (baseline is not None and baseline not in forecasts):
        raise ValueError(f"the baseline {baseline!r} is not among the forecasts {list(forecasts)}")
    wanted = actuals.select(units, window)
    names = tuple(forecasts)
    *rows, came = align(*forecasts.values(), wanted)
    if not len(came):
        raise ForecastError("no unit and month is in all of the forecasts and in the outcomes",
                            to_do=_apart(forecasts, actuals, wanted))  # fmt: skip
    unit, month, actual = wanted.unit[came], wanted.month[came], wanted.value[came]
    check_ahead(int(month.min()), origin)
    cells, said = {}, {}
    for name, at in zip(names, rows, strict=True):
        cells[name] = scores.score_cells(forecasts[name].draws, actual, rows=at)
        said[name] = scores.summarise(forecasts[name].draws, actual, rows=at, seed=seed)
    splits, notes = _splits(unit, month, actual, history, origin)
    notes = _not_scored(forecasts, dict(zip(names, rows, strict=True)), wanted, units, window) + notes
    sizes = {name: forecasts[name].size for name in names}
    if len(set(sizes.values())) > 1:
        many = ", ".join(f"{name} {n:,}" for name, n in sizes.items())
        notes.append(
            f"Draws differ in number ({many}): CRPS charges a small ensemble for its size, and IGN depends on it."
        )
    return ScoreTable(
        names=names, baseline=baseline, origin=origin, unit=unit, month=month, actual=actual, cells=cells, said=said,
        sizes=sizes, missing={name: _missing(forecasts[name], wanted) for name in names},
        unscored={name: len(forecasts[name]) - len(came) for name in names}, splits=splits, notes=tuple(notes),
    )  # fmt: skip


def baseline_forecast(name: str, history: Observed, origin: int, ahead: Collection[int], *, draws: int = 1000) -> Draws:
    """A baseline's draws for every unit of a history in the months ``ahead``, from values up to and with the origin.

    A cell that the history lacks counts as 0. :class:`~spillover.errors.ForecastError` where it does not reach the
    origin, where a month is not after it, and for ``neighbours12`` where the units do not say what they border on;
    :class:`ValueError` for a name that is not among those of :mod:`~spillover.forecasting.baselines`.
    """
    from spillover.forecasting import baselines
    from spillover.forecasting.panels import places

    units, past = history.until(origin)
    at = sorted(ahead)
    if at:
        check_ahead(at[0], origin)
    kind = "country" if any(places.is_country(unit) for unit in units) else history.kind or ""
    near = places.neighbours(kind, units) if name == "neighbours12" else ()
    if name == "neighbours12" and not near:
        raise ForecastError("neighbours12 needs units of which it is known what they border on",
                            to_do="Give countries by ISO3 code, or cells in a column priogrid_gid")  # fmt: skip
    made = baselines.draw(name, past, [month - origin for month in at], draws=draws, neighbours=near)
    return Draws(np.repeat(units, len(at)), np.tile(at, len(units)), made.reshape(-1, draws))


def check_ahead(first: int, origin: int | None) -> None:
    """:class:`~spillover.errors.ForecastError` where the first month was known at the origin: no forecast is of it."""
    if origin is not None and first <= origin:
        raise ForecastError(f"{months.name(first)} is not after the origin {months.name(origin)}",
                            to_do="Choose an earlier origin, or later months")  # fmt: skip


def _not_scored(
    forecasts: Mapping[str, Draws], scored: Mapping[str, Ints], wanted: Observed, units: Collection[str] | None,
    window: tuple[int, int] | None,
) -> list[str]:  # fmt: skip
    """What is asked for, forecast and not scored, and why; forecasts of which the same is true are told of together."""
    found: dict[str, list[str]] = {}
    for name, forecast in forecasts.items():
        # without the draws, which need not be copied for this
        cells = Observed(forecast.unit, forecast.month, np.zeros(len(forecast)))
        asked = len(cells.select(units, window))
        came, shared = (_mask(len(cells), rows) for rows in (align(cells, wanted)[0], scored[name]))
        for why, rows in (
            ("have no outcome and", ~came),
            ("have an outcome but are not in every forecast, and", came & ~shared),
        ):
            lost = cells.take(rows).select(units, window)
            if len(lost):
                told = f"{len(lost):,} of {asked:,} cells {why} are not scored: {_extent(lost)}."
                found.setdefault(told, []).append(name)
    return [f"{', '.join(names)}: {told}" for told, names in found.items()]


def _extent(cells: Observed) -> str:
    """First and last month, and units."""
    first, last = cells.window
    span = months.name(first) if first == last else f"{months.name(first)} to {months.name(last)}"
    return f"{span}, of {listed(cells.units)}"


def _mask(n: int, rows: Ints) -> Mask:
    made = np.zeros(n, dtype=bool)
    made[rows] = True
    return made


def _missing(forecast: Draws, wanted: Observed) -> Observed:
    """The cells of the outcomes, in the months from a forecast's first to its last, that it lacks."""
    there = wanted.select(window=forecast.window)
    return there.take(~_mask(len(there), align(forecast, there)[1]))


def _splits(
    unit: Names, month: Ints, actual: Floats, history: Observed | None, origin: int | None
) -> tuple[dict[str, Mask], list[str]]:
    every, notes = np.ones(len(unit), dtype=bool), []
    found = {"all": every}
    if history is None:
        notes.append("Active units, quiet ones and onsets are told apart by a history, and none was given.")
    else:
        last = origin if origin is not None else int(month.min()) - 1
        known = history.select(window=(last - RECENT + 1, last))
        active = np.isin(unit, np.unique(known.unit[known.value > 0]))
        seen = np.isin(unit, np.unique(known.unit))
        found |= {"active": active, "quiet": seen & ~active, "onsets": seen & ~active & (actual > 0)}
        if origin is None:
            notes.append(f"No origin was given: units are active by the 24 months up to {months.name(last)}.")
        if not seen.all():
            unknown = np.unique(unit[~seen]).tolist()
            notes.append(
                f"{len(unknown)} units are not in the history and so neither active nor quiet: {listed(unknown)}."
            )
    found["deadly"] = actual > 0
    names, where = np.unique(unit, return_inverse=True)
    deaths = np.bincount(where, weights=actual)
    largest = [int(i) for i in np.argsort(-deaths, kind="stable")[:2] if deaths[i] > 0]
    found["without_two_largest"] = ~np.isin(where, largest)
    if largest:
        share = deaths[largest].sum() / deaths.sum()
        notes.append(f"The largest: {' and '.join(names[largest].tolist())}, with {share:.0%} of all deaths.")
    return found, notes


def _apart(forecasts: Mapping[str, Draws], actuals: Observed, wanted: Observed) -> str:
    """Why nothing is shared, as far as it can be seen."""
    if not len(wanted):
        return "The outcomes have none of the units and months asked for"
    spans = {name: (f.units, f.window) for name, f in forecasts.items() if len(f)} | {
        "outcomes": (actuals.units, actuals.window)
    }
    shown = "; ".join(
        f"{name}: {listed(units, 3)}, {months.name(first)} to {months.name(last)}"
        for name, (units, (first, last)) in spans.items()
    )
    return f"Look at units and months ({shown}); VIEWS' own country numbers need a table of countries"


def _ends(values: Floats) -> tuple[float | None, float | None]:
    """The 5th and 95th percentile; none where a value is not there."""
    if not len(values) or np.isnan(values).any():
        return None, None
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)
