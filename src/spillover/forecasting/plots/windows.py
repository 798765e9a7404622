"""Scores over time: the ratio to a baseline in each window of a back-test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from spillover.errors import ForecastError
from spillover.forecasting.plots.common import GREY, colours, figure, legend, together, words
from spillover.spread.tables import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ("window", "forecast", "score", "value", "ratio")
PANELS = ("crps", "crps_log", "ign", "mis")
_ACROSS = 4
_FEWEST = 4
"""Windows that an axis has room for, also where there are less."""
WIDEST = (0.6, 1.5)
"""Ratios outside stand at the edge: one bad baseline would hide all others."""


def over_time(
    table: pl.DataFrame,
    *,
    baseline: str = "conflictology12",
    first: str | None = None,
    scores: Sequence[str] = PANELS,
    sources: Sequence[str] = (),
    width: float = 6.5,
) -> Figure:
    """Ratios by window, a line a forecast and a panel a score, on an axis of logarithms.

    ``table``: ``window`` (text, sorted along the axis), ``forecast``, ``score``, ``value``, ``ratio`` to the baseline.
    The baseline itself is the line at 1. ``first``: the forecast that is set off and whose geometric mean is written,
    by default the first in the table that is not the baseline. A ratio that is missing, infinite or 0 leaves a gap.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed, a column is missing, a score stands
    twice, or no ratio is left to draw; :class:`ValueError` where ``first`` is not in the table.
    """
    if lacking := [name for name in COLUMNS if name not in table.columns]:
        raise ForecastError(f"the scores have no column {', '.join(lacking)}", to_do=f"Give {', '.join(COLUMNS)}")
    # the order of forecasts is the table's, of scores the panels'
    table = table.filter((pl.col("forecast") != baseline) & pl.col("score").is_in(list(scores)))
    if twice := table.filter(table.select("window", "forecast", "score").is_duplicated()).rows():
        raise ForecastError(
            f"{' '.join(map(str, twice[0][:3]))} stands twice", to_do="Keep one row for a window, forecast and score"
        )
    good = table.filter(pl.col("ratio").is_finite() & (pl.col("ratio") > 0))
    if good.is_empty():
        raise ForecastError(
            "no score has a ratio to draw", to_do=f"Give ratios to {baseline} of {', '.join(scores)}, 0 or more"
        )
    names = good["forecast"].unique(maintain_order=True).to_list()
    first = names[0] if first is None else first
    if first not in names:
        raise ValueError(f"there is no ratio of {first!r}; there are those of {', '.join(names)}")
    names = [first, *(name for name in names if name != first)]
    windows = sorted(good["window"].unique().to_list())
    shown = [score for score in scores if score in set(good["score"])]
    low, high = WIDEST
    beyond = good.filter((pl.col("ratio") < low) | (pl.col("ratio") > high)).height
    missing = table.height - good.height
    said = words()["over_time"]
    caption = said["caption"].format(
        forecasts=f"Forecast{'s' if len(names) > 1 else ''}: {together(names)}", n=counted(len(windows), "window"),
        window=f"{windows[0]} to {windows[-1]}" if len(windows) > 1 else windows[0],
        first=first, baseline=baseline,
        missing=said["missing"].format(n=missing, all=table.height) if missing else "",
        beyond=said["beyond"].format(n=beyond, all=good.height) if beyond else "",
    )  # fmt: skip
    across = min(2, len(shown))

    def draw(made: Figure) -> None:
        panels: Any = made.subplots(-(-len(shown) // across), across, sharex=True, sharey=True, squeeze=False).ravel()
        inside = good["ratio"].clip(low, high)
        ends = min(float(inside.min()), 0.9), max(float(inside.max()), 1.1)  # type: ignore[arg-type]
        for axes, score in zip(panels, shown, strict=False):
            part = good.filter(pl.col("score") == score)
            _lines(axes, part, names, windows)
            mine = part.filter(pl.col("forecast") == first)["ratio"]
            axes.set_title(f"{words()['scores'].get(score, score)}\n{_mean(first, mine)}",
                           loc="left", fontsize=8, parse_math=False)  # fmt: skip
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        _scaled(panels[0], ends)
        turned = len(windows) * max(len(str(w)) for w in windows) > 45
        for axes in panels[: len(shown)]:
            axes.set_xticks(range(len(windows)), windows, rotation=90 if turned else 0, parse_math=False)
        # an axis as wide as its points would part those of one window across all of it
        aside = max(0.6, (_FEWEST - len(windows)) / 2)
        panels[0].set_xlim(-aside, len(windows) - 1 + aside)
        # to what is in the title: with it the label of one row would run into the caption
        made.supylabel("ratio, below 1 is better", fontsize=8)
        handles, labels = panels[0].get_legend_handles_labels()
        legend(made, handles[::-1], labels[::-1], _ACROSS)

    rows = -(-len(names) // _ACROSS)
    size = (width, 0.7 + 0.17 * rows + 1.9 * -(-len(shown) // across))
    return figure(size, said["title"].format(baseline=baseline), caption, sources, draw, rows=rows)


def _lines(axes: Any, part: pl.DataFrame, names: Sequence[str], windows: Sequence[str]) -> None:
    colour, at = colours(), {name: i for i, name in enumerate(windows)}
    low, high = WIDEST
    axes.axhline(1, color=GREY, lw=0.9, ls="--")
    for i, name in reversed(list(enumerate(names))):
        values = [math.nan] * len(windows)
        for where, ratio in part.filter(pl.col("forecast") == name).select("window", "ratio").iter_rows():
            values[at[where]] = ratio
        k = i % len(colour["lines"])
        style = {"color": colour["lines"][k], "zorder": 3 - i / (len(names) + 1)}
        inside = [value if low <= value <= high else math.nan for value in values]
        axes.plot(range(len(windows)), inside, marker=colour["markers"][k], ms=4.5 if i == 0 else 3.5,
                  lw=2 if i == 0 else 0.9, ls="-" if i < len(colour["lines"]) else ":", mfc=None if i == 0 else "white",
                  label=name, **style)  # fmt: skip
        # beside each other, where several are beyond
        aside = 0.5 * (i / max(len(names) - 1, 1) - 0.5)
        for edge, marker, beyond in ((low, "v", low.__gt__), (high, "^", high.__lt__)):
            # room would be made for an empty one, as it is not clipped
            if x := [j + aside for j, value in enumerate(values) if beyond(value)]:
                axes.plot(x, [edge] * len(x), ls="", marker=marker, ms=4, clip_on=False, **style)


def _scaled(axes: Any, ends: tuple[float, float]) -> None:
    axes.set(yscale="log", ylim=(ends[0] / 1.04, ends[1] * 1.04))
    steps = (0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5)
    inside = [step for step in steps if ends[0] / 1.04 <= step <= ends[1] * 1.04]
    axes.set_yticks(inside, [f"{step:g}" for step in inside])
    axes.minorticks_off()


def _mean(name: str, ratios: pl.Series) -> str:
    if ratios.is_empty():
        return f"no ratio of {name}"
    mean = math.exp(float(ratios.log().mean()))  # type: ignore[arg-type]
    return f"{name} {mean:.3f}, below 1 in {int((ratios < 1).sum())} of {len(ratios)}"
