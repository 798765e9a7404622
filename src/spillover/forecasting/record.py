"""How good forecasts have been: the windows of a back-test scored beside baselines, and what they come to together.

Each window gives a ratio of mean scores to the reference; over windows their geometric mean is taken, so that a window
with a large war counts no more than another. Its standard error is that of the mean of the logs, s/√n, as if windows
were independent cases: a war that goes on through several makes it too small rather than too large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from spillover.errors import ForecastError
from spillover.forecasting import baselines, months, scores
from spillover.forecasting.backtest import REFERENCE, Window
from spillover.forecasting.draws import Observed
from spillover.forecasting.files import write_batches
from spillover.forecasting.panel import Panel
from spillover.forecasting.scoring import RATIOS, RECENT, ScoreTable, score_forecasts
from spillover.spread.tables import rows as plain_rows

OURS = "spillover"
SPLITS = ("all", "active", "onsets", "without_two_largest")
"""The splits that are shown, of those that :mod:`~spillover.forecasting.scoring` knows."""
SHOWN = ("crps", "crps_log", "ign", "mis")
"""The scores that are shown first."""
SCORES, WORST = "scores.parquet", "most-wrong.parquet"
TENTHS = tuple(f"pit_{n:02d}" for n in range(1, 11))
_KEPT = 100
"""Cells that are kept of each window as the most wrong."""
_SCORES: dict[str, Any] = {
    "origin": pl.String, "first": pl.String, "last": pl.String, "split": pl.String, "forecast": pl.String,
    "score": pl.String, "cells": pl.Int64, "mean": pl.Float64,
}  # fmt: skip
_WORST: dict[str, Any] = {
    "origin": pl.String, "unit": pl.String, "name": pl.String, "month": pl.String, "happened": pl.Float64,
    "median": pl.Float64, "low90": pl.Float64, "high90": pl.Float64, "crps": pl.Float64, "share": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A back-test in figures. Made by :func:`scored` and :func:`together`, or read by :func:`load`.

    ``scores``: a row a window, split, forecast and score: ``origin``, ``first`` and ``last`` month, ``split``,
    ``forecast`` (:data:`OURS` or a baseline), ``score`` (those of :data:`~spillover.forecasting.scores.NAMES`; for ours
    also the shares of the PIT by tenths), ``cells``, ``mean``. ``worst``: the cells with the largest CRPS of ours,
    worst first, with ``share``, that of the whole CRPS. ``cells``: what ours said of each cell, and what came; ``None``
    where the record was read from a folder.
    """

    scores: pl.DataFrame
    worst: pl.DataFrame
    cells: ScoreTable | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """The last known month of each window, in order of time."""
        return tuple(self.scores["origin"].unique().sort().to_list())

    @property
    def names(self) -> tuple[str, ...]:
        """Ours, then the baselines."""
        found = set(self.scores["forecast"].to_list())
        return tuple(name for name in (OURS, *baselines.NAMES) if name in found)

    def parted(self, origin: str) -> tuple[Record, Record]:
        """The windows up to an origin, and those after it: where settings were chosen on the former, say."""
        early = pl.col("origin") <= origin
        return tuple(Record(self.scores.filter(p), self.worst.filter(p)) for p in (early, ~early))  # type: ignore[return-value]

    def means(self, score: str, split: str = "all") -> pl.DataFrame:
        """Mean scores: a row a window, a column a forecast."""
        chosen = self.scores.filter((pl.col("score") == score) & (pl.col("split") == split))
        wide = chosen.pivot("forecast", index=["origin", "first", "last"], values="mean").sort("origin")
        return wide.select("origin", "first", "last", *(n for n in self.names if n in wide.columns))

    def ratios(self, to: str = REFERENCE) -> pl.DataFrame:
        """As ``scores``, with ``ratio`` to the mean of another forecast; where that is 0, no ratio."""
        keys = ["origin", "split", "score"]
        below = self.scores.filter(pl.col("forecast") == to).select(*keys, below="mean")
        found = self.scores.filter(pl.col("score").is_in(RATIOS)).join(below, on=keys, maintain_order="left")
        ratio = pl.when(pl.col("below") > 0).then(pl.col("mean") / pl.col("below"))
        return found.with_columns(ratio=ratio).drop("below")

    def geometric(self, to: str = REFERENCE) -> pl.DataFrame:
        """Geometric means of the ratios over windows: a row a split, forecast and score.

        Columns: ``windows`` (that have a ratio above 0), ``ratio``, ``error`` (standard error of its log; none of a
        single window) and ``better``, the windows in which it is below 1.
        """
        log = pl.col("ratio").log()
        found = self.ratios(to).filter(pl.col("ratio") > 0)
        return found.group_by("split", "forecast", "score", maintain_order=True).agg(
            windows=pl.len(), ratio=log.mean().exp(), error=log.std() / pl.len().sqrt(),
            better=(pl.col("ratio") < 1).sum(),
        )  # fmt: skip

    def for_plot(self, to: str = REFERENCE) -> pl.DataFrame:
        """As :func:`~spillover.forecasting.plots.over_time` has it: ratios over all cells, by window."""
        found = self.ratios(to).filter((pl.col("split") == "all") & pl.col("score").is_in(SHOWN))
        return found.select(
            pl.col("first").alias("window"), "forecast", "score", pl.col("mean").alias("value"), "ratio"
        )

    def coverage(self) -> pl.DataFrame:
        """How often the 90 % interval held: the mean over windows, a row a split and forecast."""
        found = self.scores.filter((pl.col("score") == "cover90") & pl.col("mean").is_not_null())
        return found.group_by("split", "forecast", maintain_order=True).agg(
            windows=pl.len(), cover90=pl.col("mean").mean(), lowest=pl.col("mean").min()
        )

    def pit(self) -> list[float]:
        """Shares of the randomised PIT of ours by tenths, over the cells of all windows; a tenth each if calibrated."""
        found = self.scores.filter(pl.col("score").is_in(TENTHS)).group_by("score").agg(
            share=(pl.col("mean") * pl.col("cells")).sum() / pl.col("cells").sum()
        )  # fmt: skip
        return [float(share) for share in found.sort("score")["share"]]

    def to_dict(self, *, wrong: int = 10, apart: str | None = None) -> dict[str, Any]:
        """Every number, ready for JSON; ``apart``: means also over windows up to this origin and after it."""
        parts = self.parted(apart) if apart is not None else ()
        return {
            "reference": REFERENCE, "origins": list(self.origins), "forecasts": list(self.names),
            "windows": plain_rows(self.ratios().filter(pl.col("split") == "all")),
            "scores": plain_rows(self.scores.filter(~pl.col("score").is_in(TENTHS))),
            "geometric": plain_rows(self.geometric()),
            "against_each": {
                name: plain_rows(
                    self.geometric(name).filter((pl.col("split") == "all") & (pl.col("forecast") == OURS))
                    .drop("split", "forecast")
                )
                for name in self.names if name != OURS
            },
            "coverage": plain_rows(self.coverage()), "pit": self.pit(),
            "most_wrong": plain_rows(self.worst.head(wrong)),
            "apart": [
                {
                    "origins": list(p.origins), "geometric": plain_rows(p.geometric()),
                    "coverage": plain_rows(p.coverage()),
                }
                for p in parts
            ],
        }  # fmt: skip


def scored(window: Window, panel: Panel, *, seed: int = 0) -> Record:
    """A window beside all baselines that can be drawn; they, too, know nothing after its origin.

    ``panel``: that of the back-test; ``seed``: of the randomised PIT. ``neighbours12`` is among the baselines where the
    panel says what lies next to what.
    """
    seen = panel.until(window.origin)
    made = score_forecasts(
        {OURS: window.forecast}, window.actual, history=_lately(seen), origin=window.origin, seed=seed
    )
    row = {unit: i for i, unit in enumerate(seen.units)}
    at = np.array([row[unit] for unit in made.unit.tolist()], dtype=np.int64)
    cells = dict(made.cells)
    known = any(len(near) for near in seen.neighbours)
    for name in (n for n in baselines.NAMES if known or n != "neighbours12"):
        drawn = baselines.draw(name, seen.values, (1,), draws=window.forecast.size, neighbours=seen.neighbours)
        cells[name] = scores.score_cells(drawn[:, 0], made.actual, rows=at)
    means = replace(made, names=tuple(cells), cells=cells).table()
    of_window: dict[str, Any] = {
        "origin": months.name(window.origin),
        **dict(zip(("first", "last"), map(months.name, window.forecast.window), strict=True)),
    }
    tidy = means.unpivot(scores.NAMES, index=["split", "forecast", "cells"], variable_name="score", value_name="mean")
    pit = [("all", OURS, len(made), *pair) for pair in zip(TENTHS, made.pit_shares(), strict=True)]
    tidy = pl.concat([tidy, pl.DataFrame(pit, schema=tidy.schema, orient="row")])
    tidy = tidy.with_columns(pl.lit(value).alias(name) for name, value in of_window.items())
    names = dict(zip(seen.units, seen.names or seen.units, strict=True))
    worst = made.most_wrong(_KEPT).with_columns(
        pl.lit(of_window["origin"]).alias("origin"),
        pl.col("unit").replace_strict(names, return_dtype=pl.String).alias("name"),
    )
    return Record(_as(tidy, _SCORES), _as(worst, _WORST), made)


def together(parts: Iterable[Record]) -> Record:
    """The windows of a back-test as one record; :class:`ValueError` where there is none."""
    parts = list(parts)
    if not parts:
        raise ValueError("there is no window")
    tidy = pl.concat([part.scores for part in parts])
    whole = tidy.filter((pl.col("split") == "all") & (pl.col("forecast") == OURS) & (pl.col("score") == "crps"))
    total = float((whole["mean"] * whole["cells"]).sum())
    worst = pl.concat([part.worst for part in parts]).sort("crps", descending=True, maintain_order=True)
    share = pl.col("crps") / total if total > 0 else pl.lit(0.0)
    return Record(tidy, worst.with_columns(share=share), _all_cells([part.cells for part in parts if part.cells]))


def save(record: Record, folder: Path) -> None:
    """Write ``scores.parquet`` and ``most-wrong.parquet``; the same record gives the same bytes."""
    for name, table in ((SCORES, record.scores), (WORST, record.worst)):
        arrow = table.rechunk().to_arrow()
        write_batches(folder / name, arrow.schema, iter(arrow.to_batches()))


def load(folder: Path) -> Record:
    """The record in a folder; :class:`~spillover.errors.ForecastError` where there is none that can be read."""
    try:
        tables = [pl.read_parquet(folder / name) for name in (SCORES, WORST)]
        return Record(_as(tables[0], _SCORES), _as(tables[1], _WORST))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ForecastError(
            f"there are no scores of a back-test that can be read ({str(error).partition(chr(10))[0]})",
            where=str(folder), to_do="Run the same back-test again: what is done is taken from the folder",
        ) from error  # fmt: skip


def _all_cells(tables: list[ScoreTable]) -> ScoreTable | None:
    """The cells of all windows; of those that several have, each as often."""
    if not tables:
        return None
    first = tables[0]

    def joined(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        parts = list(parts)
        return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}

    return replace(
        first, origin=None, splits=joined(t.splits for t in tables), notes=(),
        unit=np.concatenate([t.unit for t in tables]), month=np.concatenate([t.month for t in tables]),
        actual=np.concatenate([t.actual for t in tables]),
        cells={OURS: joined(t.cells[OURS] for t in tables)}, said={OURS: joined(t.said[OURS] for t in tables)},
    )  # fmt: skip


def _lately(seen: Panel) -> Observed:
    """The months by which active units are told."""
    recent = seen.values[:, -RECENT:]
    n = recent.shape[1]
    first = seen.end - n + 1
    month = np.tile(np.arange(first, first + n), len(seen))
    return Observed(np.repeat(np.array(seen.units), n), month, recent.ravel(), seen.kind)


def _as(table: pl.DataFrame, schema: dict[str, Any]) -> pl.DataFrame:
    return table.select(pl.col(name).cast(kind) for name, kind in schema.items())
