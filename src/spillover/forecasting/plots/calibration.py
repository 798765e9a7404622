"""Were the chances right: PIT histograms and reliability diagrams of a table of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from spillover.errors import ForecastError
from spillover.forecasting import scores
from spillover.forecasting.plots.common import GREY, colours, figure, together, window, words
from spillover.forecasting.scoring import THRESHOLDS, ScoreTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Rows = NDArray[np.int64]
MOST = 4
"""Most forecasts beside each other."""


def pit(
    table: ScoreTable,
    forecasts: Sequence[str] | None = None,
    *,
    splits: Sequence[str] | None = None,
    bins: int = 10,
    sources: Sequence[str] = (),
    width: float = 6.5,
) -> Figure:
    """Histograms of the PIT, a column a forecast and a row a split, with the 90 % band of even ranks.

    ``forecasts``: by default the first and the baseline. ``splits``: by default all cells and those of active units,
    for where nearly all is quiet, ranks drawn at random make any forecast look well. The band has the 5th and 95th
    percentile of a binomial number, bin by bin.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed or no split has a cell;
    :class:`ValueError` for a forecast or a split that the table has not, or more than four forecasts.
    """
    names = _names(table, forecasts)
    parts = {split: _rows(table, split) for split in splits or ("all", "active") if splits or split in table.splits}
    parts = {split: rows for split, rows in parts.items() if len(rows)}
    if not parts:
        raise ForecastError("there is no cell to draw ranks of", to_do="Choose another split, or more months")
    said, shown = words()["pit"], _window(table)
    cells = "; ".join(f"{words()['splits'][split]}, {len(rows):,} cells" for split, rows in parts.items())

    def draw(made: Figure) -> None:
        panels: Any = made.subplots(len(parts), len(names), sharex=True, sharey=True, squeeze=False)
        for line, (split, rows) in zip(panels, parts.items(), strict=True):
            for axes, name in zip(line, names, strict=True):
                _histogram(axes, table.said[name]["pit"][rows], bins)
                axes.set_title(f"{name}\n{_short(split)}, n = {len(rows):,}", loc="left", fontsize=8, parse_math=False)
            line[0].set_ylabel("share of cells")
        for axes in panels[-1]:
            axes.set_xlabel("rank, 0 lowest to 1 highest")
        panels[0][0].set_ylim(bottom=0)

    caption = said["caption"].format(forecasts=_called(names), window=shown, cells=cells)
    size = (width, 0.4 + 1.8 * len(parts))
    return figure(size, said["title"].format(window=shown), caption, sources, draw)


def _histogram(axes: Any, ranks: NDArray[np.float64], bins: int) -> None:
    n, at = len(ranks), (np.arange(bins) + 0.5) / bins
    where = np.minimum((ranks * bins).astype(np.int64), bins - 1)
    shares = np.bincount(where, minlength=bins) / n
    low, high = binom.ppf((0.05, 0.95), n, 1 / bins) / n
    axes.bar(at, shares, width=0.92 / bins, color=colours()["fan"][1])
    axes.axhspan(low, high, color=GREY, alpha=0.35, lw=0)
    axes.axhline(1 / bins, color=colours()["history"], lw=0.8, ls="--")
    axes.set_xlim(0, 1)


def reliability(
    table: ScoreTable,
    forecasts: Sequence[str] | None = None,
    *,
    split: str = "all",
    bins: int = 10,
    sources: Sequence[str] = (),
    width: float = 6.5,
) -> Figure:
    """Reliability diagrams of the chances of 1 or more and of 25 or more, with counts below.

    ``forecasts``: by default the first and the baseline; the bars are 90 % intervals of Wilson.
    :class:`~spillover.errors.ForecastError` where matplotlib is not installed or the split has no cell;
    :class:`ValueError` for a forecast or a split that the table has not, or more than four forecasts.
    """
    names, rows = _names(table, forecasts), _rows(table, split)
    found = {
        chance: [
            scores.reliability(table.said[name][chance][rows], table.actual[rows] >= threshold, bins=bins)
            for name in names
        ]
        for chance, threshold in THRESHOLDS.items()
    }
    said, shown = words()["reliability"], _window(table)

    def draw(made: Figure) -> None:
        panels: Any = made.subplots(2, len(found), sharex=True, squeeze=False, height_ratios=(5, 2))
        for k, (chance, each) in enumerate(found.items()):
            base = float((table.actual[rows] >= THRESHOLDS[chance]).mean())
            title = f"{THRESHOLDS[chance]:g} or more in a month: in {base:.1%} of cells".replace("%", " %")
            _diagram(panels[0][k], title, names, each, base)
            _cases(panels[1][k], each, bins)
            panels[1][k].set_xlabel("chance said")
        panels[0][0].set_ylabel("share seen")
        panels[1][0].set_ylabel("cells")

    caption = said["caption"].format(
        forecasts=_called(names), window=shown, split=words()["splits"].get(split, split), n=f"{len(rows):,}",
        first=names[0],
    )  # fmt: skip
    return figure((width, 4.6), said["title"].format(window=shown), caption, sources, draw)


def _diagram(axes: Any, title: str, names: Sequence[str], each: Sequence[scores.Reliability], base: float) -> None:
    colour = colours()
    axes.plot((0, 1), (0, 1), color=GREY, lw=0.8, ls="--")
    axes.axhline(base, color=GREY, lw=0.8, ls=":")
    for i, (name, found) in reversed(list(enumerate(zip(names, each, strict=True)))):
        bars = (np.maximum(found.seen - found.low, 0), np.maximum(found.high - found.seen, 0))
        axes.errorbar(found.said, found.seen, bars, color=colour["lines"][i], marker=colour["markers"][i], ms=4,
                      lw=1, elinewidth=0.8, ls="-" if i == 0 else ":", mfc=None if i == 0 else "white",
                      zorder=3 - 0.1 * i, label=f"{name}, Brier score {found.brier:.3f}")  # fmt: skip
    handles, labels = axes.get_legend_handles_labels()
    legend = axes.legend(handles[::-1], labels[::-1], title=title, alignment="left", frameon=False, fontsize=7,
                         title_fontsize=9, borderpad=0, borderaxespad=0.3, loc="lower left",
                         bbox_to_anchor=(0, 1))  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))


def _cases(axes: Any, each: Sequence[scores.Reliability], bins: int) -> None:
    """Numbers of cells by tenth, side by side; those of the first are written."""
    colour, wide = colours(), 0.9 / bins / len(each)
    for i, found in enumerate(each):
        where = np.minimum((found.said * bins).astype(np.int64), bins - 1)
        at = where / bins + 0.05 / bins + wide * (i + 0.5)
        axes.bar(at, found.cases, width=wide, color=colour["lines"][i], alpha=1 if i == 0 else 0.6)
        if i == 0:
            for x, n in zip(where / bins + 0.5 / bins, found.cases.tolist(), strict=True):
                axes.annotate(f"{n:,}", (x, n), (0, 1), textcoords="offset points", ha="center", fontsize=5.5)
    most = max(int(found.cases.max()) for found in each)
    axes.set(yscale="log", ylim=(0.5, most * 6))
    axes.yaxis.set_major_formatter(lambda x, _: f"{x:,.0f}" if x >= 1 else "")
    axes.minorticks_off()


def _names(table: ScoreTable, forecasts: Sequence[str] | None) -> list[str]:
    default = [table.names[0], *([table.baseline] if table.baseline not in (None, table.names[0]) else [])]
    names = [str(name) for name in (default if forecasts is None else forecasts)]
    if not 1 <= len(names) <= MOST or not set(names) <= set(table.names):
        raise ValueError(f"of the forecasts {list(table.names)} 1 to {MOST} can be drawn, not {names}")
    return names


def _rows(table: ScoreTable, split: str) -> Rows:
    if split not in table.splits:
        raise ValueError(f"there is no split {split!r} in the table; it has {', '.join(table.splits)}")
    return np.flatnonzero(table.splits[split])


def _short(split: str) -> str:
    return {"all": "all units", "active": "active units"}.get(split, str(words()["splits"][split]))


def _window(table: ScoreTable) -> str:
    return window(int(table.month.min()), int(table.month.max()))


def _called(names: Sequence[str]) -> str:
    return f"Forecast{'s' if len(names) > 1 else ''}: {together(names)}"
