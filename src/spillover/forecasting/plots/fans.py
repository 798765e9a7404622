"""Fans: the months before, what is forecast, and what came, by unit."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.draws import Draws, Observed, listed
from spillover.forecasting.panel import Panel
from spillover.forecasting.plots.common import colours, counted, figure, legend, whole_numbers, window, words
from spillover.forecasting.scores import quantiles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
LEVELS = (0.9, 0.8, 0.5)
"""Chances of the bands, the widest first."""
MOST = 30
"""Most units of a figure; more are too small to read."""
LOGARITHMIC = 100.0
"""From this number on the axis is of log(1 + x)."""


def fan(
    panel: Panel,
    forecast: Draws,
    units: Sequence[str] | None = None,
    *,
    most: int = 9,
    history: int = 48,
    origin: int | None = None,
    actuals: Observed | None = None,
    log: bool | None = None,
    sources: Sequence[str] = (),
    width: float = 6.5,
) -> Figure:
    """History and fans of 50, 80 and 90 % by unit, small panels that share their axes.

    ``units``: keys of the forecast, in the order of the panels; by default the ``most`` with the highest expected sum.
    ``history``: months shown up to the ``origin``, the last month that was known: by default the panel's last, or the
    one before the forecast's first. What came is taken from ``actuals``, or from the panel's months after the origin;
    a cell of a unit that was not there is none. ``log``: whether the axis is of log(1 + x), by default where a value
    shown is 100 or more. ``width``: inches.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed, the forecast is empty, or a unit is not
    in it; :class:`ValueError` for more than 30 units or no month of history.
    """
    if not len(forecast) or not forecast.size:
        raise ForecastError("there is no forecast to draw", to_do="Give one with cells and draws")
    if history < 1 or not 1 <= (most if units is None else len(units)) <= MOST:
        raise ValueError(f"a fan shows 1 to {MOST} units and a month of history or more")
    first, last = forecast.window
    origin = min(panel.end, first - 1) if origin is None else origin
    every = most_expected(forecast)
    chosen = every[:most] if units is None else list(units)
    if unknown := [unit for unit in chosen if unit not in every]:
        raise ForecastError(
            f"the forecast has no unit {listed(unknown)}", to_do=f"It has {listed(sorted(every))}: choose among them"
        )
    drawn = [_Unit(panel, forecast, unit, origin, origin - history + 1, actuals) for unit in chosen]
    top = max(unit.top for unit in drawn)
    log = top >= LOGARITHMIC if log is None else log
    said, target = words()["fan"], panel.target
    known = sum(unit.came.size for unit in drawn)
    which = said["chosen"].format(n=f"{len(every):,}", target=target) if units is None else said["given"]
    caption = said["caption"].format(
        shown=counted(panel.kind, len(drawn)), which=which, origin=months.name(origin),
        axis=said["log" if log else "linear"],
        came=said["came"].format(known=f"{known:,}", cells=f"{sum(unit.month.size for unit in drawn):,}")
        if known else said["nothing"],
    )  # fmt: skip
    across = 2 if len(drawn) == 4 else min(3, len(drawn))
    # no empty years before the record
    since = max(origin - history + 1, min(panel.start, origin))
    down = -(-len(drawn) // across)

    def draw(made: Figure) -> None:
        panels: Any = made.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, unit in zip(panels, drawn, strict=False):
            unit.draw(axes, int(12 * width / across))
        for axes in panels[len(drawn) :]:
            axes.set_visible(False)
            # the one above it is the lowest of its column
            above = panels[list(panels).index(axes) - across]
            above.xaxis.set_tick_params(labelbottom=True)
        _scaled(panels[0], top, log)
        _months(panels[0], since, last)
        made.supylabel(f"{target} a month", fontsize=9)
        handles, names = panels[0].get_legend_handles_labels()
        came = [(h, n) for u, axes in zip(drawn, panels, strict=False) if u.came.size
                for h, n in zip(*axes.get_legend_handles_labels(), strict=True) if n == "what came"][:1]  # fmt: skip
        shown = {n: h for h, n in [*zip(handles, names, strict=True), *came]}
        legend(made, list(shown.values()), list(shown), 6)

    title = said["title"].format(target=target, window=window(first, last))
    return figure((width, 1.0 + 1.4 * down), title, caption, sources, draw, rows=1)


def most_expected(forecast: Draws) -> list[str]:
    """The units by the sum of their means, the highest first; equal ones in the order of their keys."""
    names, where = np.unique(forecast.unit, return_inverse=True)
    sums = np.bincount(where, weights=forecast.draws.mean(axis=1, dtype=np.float64))
    return [str(names[i]) for i in np.argsort(-sums, kind="stable")]


class _Unit:
    """What a panel shows of one unit."""

    def __init__(
        self, panel: Panel, forecast: Draws, unit: str, origin: int, since: int, actuals: Observed | None
    ) -> None:
        row = panel.units.index(unit) if unit in panel.units else None
        self.name = panel.names[row] if row is not None and panel.names else unit
        at = np.flatnonzero(forecast.unit == unit)
        at = at[np.argsort(forecast.month[at], kind="stable")]
        self.month = forecast.month[at]
        levels = [0.5, *(edge for level in LEVELS for edge in ((1 - level) / 2, (1 + level) / 2))]
        self.median, *self.edges = quantiles(forecast.draws, levels, rows=at).T
        self.past, self.before = _values(panel, row, since, origin)
        came, self.came = (
            _values(panel, row, origin + 1, panel.end)
            if actuals is None
            else ((mine := actuals.select([unit])).month, mine.value)
        )
        forecast_too = np.isin(came, self.month)
        self.came_at, self.came = came[forecast_too], self.came[forecast_too]
        self.top = float(max(part.max(initial=0.0) for part in (self.edges[1], self.before, self.came)))

    def draw(self, axes: Any, letters: int) -> None:
        """``letters``: how many of the name a line holds."""
        colour = colours()
        for i, (level, shade) in enumerate(zip(LEVELS, colour["fan"], strict=True)):
            low, high = self.edges[2 * i], self.edges[2 * i + 1]
            for k, run in enumerate(_runs(self.month)):
                axes.stairs(high[run], _steps(self.month[run]), baseline=low[run], fill=True, color=shade,
                            label=None if k else f"{level:.0%}".replace("%", " %"))  # fmt: skip
        for k, run in enumerate(_runs(self.month)):
            axes.stairs(self.median[run], _steps(self.month[run]), baseline=None, color=colour["median"], lw=1.1,
                        label=None if k else "median")  # fmt: skip
        axes.plot(self.past, self.before, color=colour["history"], lw=0.8, label="record")
        if self.came.size:
            axes.plot(self.came_at, self.came, ls="", marker="o", ms=3, mfc="white", mec=colour["came"], mew=1,
                      label="what came")  # fmt: skip
        axes.set_title(textwrap.fill(self.name, letters), loc="left", fontsize=8, pad=3, parse_math=False)


def _values(panel: Panel, row: int | None, since: int, until: int) -> tuple[NDArray[np.int64], Floats]:
    """Months and values of a row from one month to another, as far as the panel has them and the unit was there."""
    first, last = max(since, panel.start), min(until, panel.end)
    if row is None or last < first:
        return np.empty(0, dtype=np.int64), np.empty(0)
    span = slice(first - panel.start, last - panel.start + 1)
    there = panel.exists[row, span]
    return np.arange(first, last + 1)[there], panel.values[row, span][there]


def _runs(month: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The places of months that follow each other without a gap."""
    return np.split(np.arange(month.size), np.flatnonzero(np.diff(month) > 1) + 1)


def _steps(month: NDArray[np.int64]) -> Floats:
    """The edges of months: half a month before each, and half a month after the last."""
    return np.append(month - 0.5, month[-1] + 0.5)


def _scaled(axes: Any, top: float, log: bool) -> None:
    if log:
        axes.set_yscale("function", functions=(lambda x: np.log1p(np.maximum(x, -0.9)), np.expm1))
        most = int(np.ceil(np.log10(max(top, 1.0))))
        # 1 stands too near to 0 where there is much above it
        axes.set_yticks([0, *(10**k for k in range(most > 2, most + 1, 1 if most < 6 else 2))])
        axes.minorticks_off()
        axes.set_ylim(np.expm1(np.log1p(max(top, 1.0)) * -0.03), np.expm1(np.log1p(max(top, 1.0)) * 1.05))
    else:
        axes.set_ylim(max(top, 1.0) * -0.03, max(top, 1.0) * 1.05)
        axes.locator_params(axis="y", nbins=4)
    whole_numbers(axes.yaxis)


def _months(axes: Any, first: int, last: int) -> None:
    """A tick in January, of every year or of so many that few are left."""
    years = range(-(-first // 12), last // 12 + 1)
    step = max(1, -(-len(years) // 5))
    shown = [year for year in years if (year - years[-1]) % step == 0]
    if len(shown) > 1:
        axes.set_xticks([year * 12 for year in shown], [str(year) for year in shown])
    else:
        axes.set_xticks([first, last], [months.name(first), months.name(last)])
    axes.set_xlim(first - 1, last + 1)
