"""How good forecasts would have been: made again at past origins from what was known then, and scored.

A window is an origin with its horizons. Windows are done in order of time, and the weights of a window are learnt on
what earlier windows forecast for months up to its origin. The first windows may serve for learning alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.files import write_atomic_from
from spillover.forecasting import baselines, months, scores, weights
from spillover.forecasting.draws import Draws, Observed
from spillover.forecasting.files import read_forecasts, write_forecasts
from spillover.forecasting.forecast import DRAWS, Forecast, made_of, seen_until
from spillover.forecasting.panel import Panel
from spillover.forecasting.weights import Marks

REFERENCE = "conflictology12"
LEARNING = 4
"""Windows before the first scored one that serve for learning weights alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One origin of a back-test: what was forecast, and ``actual``, what came."""

    origin: int
    forecast: Draws
    actual: Observed
    weights: dict[str, Any]
    marks: Marks

    @property
    def name(self) -> str:
        """Its first and last month: 2014-01 to 2014-12."""
        return " to ".join(map(months.name, self.forecast.window))


def origins(years: Sequence[int]) -> tuple[int, ...]:
    """The origin of each year's window, by the VIEWS protocol: October of the year before."""
    return tuple(months.parse(f"{year - 1}-10") for year in years)


def backtest(
    panel: Panel,
    at: Sequence[int],
    horizons: Sequence[int] = tuple(range(3, 15)),
    *,
    learning: Sequence[int] | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Callable[[int, int, str], Any] | None = None,
) -> Iterator[Window]:
    """Windows at the origins ``at``, one by one, in order of time.

    ``learning``: earlier origins that serve for learning weights alone; by default up to :data:`LEARNING`, a year
    apart, as far as the panel goes back. ``folder``: where each window is kept when it is done and taken from when it
    is there: it must belong to this panel and these settings alone. ``progress(done, of, words)`` may stop the work by
    returning false; the windows that are done stay.

    :class:`~spillover.errors.ForecastError` where an origin cannot be forecast from, or no month after it is known.
    """
    at = checked(panel, at, horizons)
    before = _learning(panel, at[0]) if learning is None else tuple(sorted(set(learning)))
    every = [*(o for o in before if o < at[0]), *at]
    marks: list[Marks] = []
    for number, origin in enumerate(every):
        if progress is not None and progress(number, len(every), f"from {months.name(origin)}") is False:
            return
        window = _kept(folder, origin, panel)
        if window is None:
            window = _window(panel, origin, horizons, marks, draws=draws, seed=seed, workers=workers)
            _keep(folder, window)
        marks.append(window.marks)
        if origin in at:
            yield window
    if progress is not None:
        progress(len(every), len(every), "done")


def checked(panel: Panel, at: Sequence[int], horizons: Sequence[int]) -> tuple[int, ...]:
    """Origins in order of time; :class:`~spillover.errors.ForecastError` where one has no past or nothing after it."""
    if not at:
        raise ForecastError("no window is asked for", to_do="Name years or origins")
    for origin in at:
        if origin < panel.start:
            raise ForecastError(
                f"the panel begins in {months.name(panel.start)}, after {months.name(origin)}",
                to_do="Choose later origins",
            )
        if origin + min(horizons, default=1) > panel.end:
            raise ForecastError(
                f"nothing is known of the months after {months.name(origin)}: the panel is of "
                f"{months.name(panel.start)} to {months.name(panel.end)}",
                to_do="Choose earlier origins",
            )
        seen_until(panel, origin, horizons)
    return tuple(sorted(set(at)))


def _learning(panel: Panel, first: int) -> tuple[int, ...]:
    """A year apart, before the first, from where the panel has ten years on."""
    earlier = (first - 12 * k for k in range(LEARNING, 0, -1))
    return tuple(o for o in earlier if o - panel.start >= 120)


def _window(
    panel: Panel, origin: int, horizons: Sequence[int], marks: list[Marks], *, draws: int, seed: int,
    workers: int | None,
) -> Window:  # fmt: skip
    made, seen, each = made_of(panel, origin, horizons, marks=marks, draws=draws, seed=seed, workers=workers)
    over = [i for i, h in enumerate(horizons) if origin + h <= panel.end]  # made whole, scored where it is over
    made = replace(made, horizons=tuple(horizons[i] for i in over), draws=made.draws[:, over])
    each = {name: said[:, over] for name, said in each.items()}
    came, known = outcome(panel, made), outcome(panel, made, panel.exists)
    if not known.any():
        raise ForecastError(
            f"the data cover no month after {months.name(origin)} of any unit that is forecast from there",
            to_do="Choose earlier origins, or add data",
        )
    scored = np.flatnonzero(known)
    return Window(
        origin, made.to_draws().take(scored), _observed(made, came).take(scored), made.weights.to_dict(),
        _marks(seen, made, each, came, known),
    )  # fmt: skip


def outcome(panel: Panel, made: Forecast, series: NDArray[Any] | None = None) -> NDArray[Any]:
    """What came, or another ``series`` of the panel's shape: units × horizons. What is not known to exist has 0."""
    row = {unit: i for i, unit in enumerate(panel.units)}
    rows = np.array([row[unit] for unit in made.units])
    came: NDArray[Any] = (panel.values if series is None else series)[np.ix_(rows, np.array(made.months) - panel.start)]
    return came


def _observed(made: Forecast, came: NDArray[np.float64]) -> Observed:
    n = len(made.horizons)
    return Observed(
        np.repeat(np.array(made.units), n), np.tile(np.array(made.months), len(made.units)), came.ravel(), made.kind
    )


def _marks(
    seen: Panel, made: Forecast, each: dict[str, Any], came: NDArray[np.float64], known: NDArray[np.bool_]
) -> Marks:
    drawn = baselines.draw(REFERENCE, seen.values, made.horizons)
    flat, actual = drawn.reshape(-1, drawn.shape[2]), came.ravel()
    reference = np.stack([s(flat, actual) for s in (scores.crps, scores.crps_log, scores.ign)], axis=1)
    reference = reference.reshape(*came.shape, 3)
    return weights.marks_of(each, weights.bands(seen), np.array(made.months), came, reference, known)


def _paths(folder: Path, origin: int) -> tuple[Path, Path]:
    stem = months.name(origin)
    return folder / f"{stem}.parquet", folder / f"{stem}.marks.npz"


def _keep(folder: Path | None, window: Window) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    drawn, marks = _paths(folder, window.origin)
    write_forecasts(window.forecast, drawn)
    arrays = {field.name: getattr(window.marks, field.name) for field in fields(Marks)}
    arrays["pooled"] = np.array(list(window.weights["weights"]))
    arrays["weights"] = np.array(list(window.weights["weights"].values()))
    arrays["windows"] = np.array(window.weights["windows"])
    arrays["cuts"] = np.array(window.weights["cuts"])
    write_atomic_from(marks, lambda file: np.savez(file, **arrays))


def _kept(folder: Path | None, origin: int, panel: Panel) -> Window | None:
    """A window that an earlier run left, if it is whole."""
    if folder is None:
        return None
    drawn, marks = _paths(folder, origin)
    if not (drawn.exists() and marks.exists()):
        return None
    made = read_forecasts(drawn)
    with np.load(marks, allow_pickle=False) as arrays:
        kept = Marks(**{field.name: arrays[field.name] for field in fields(Marks)})
        said = {
            "cuts": arrays["cuts"].tolist(), "windows": int(arrays["windows"]),
            "weights": dict(zip(arrays["pooled"].tolist(), arrays["weights"].tolist(), strict=True)),
        }  # fmt: skip
    row = {unit: i for i, unit in enumerate(panel.units)}
    came = panel.values[[row[unit] for unit in made.unit.tolist()], made.month - panel.start]
    return Window(origin, made, Observed(made.unit, made.month, came, panel.kind), said, kept)
