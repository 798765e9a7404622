"""Figures of the measures with matplotlib, for reports: ``figure(result).savefig("tempo.png")``.

Figures are objects of their own; nothing of pyplot, its windows or its state is touched. Colours are those of Okabe and
Ito (2008), safe for the colour-blind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from spillover.errors import SpreadError
from spillover.spread.charts import Measure, banded, caption, centres, compared, latest, outlined
from spillover.spread.firsthits import FirstHits
from spillover.spread.footprint import LEAST, Footprint
from spillover.spread.hexagons import cell_size
from spillover.spread.lately import Lately
from spillover.spread.nearrepeat import NearRepeat
from spillover.spread.tables import counted, rounded, tenths
from spillover.spread.tempo import Tempo

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, LIGHT, RED, GREY = "#0072b2", "#9bb8cf", "#d55e00", "#777777"
_STYLE: Any = {"font.size": 9, "axes.titlesize": 9, "axes.spines.top": False, "axes.spines.right": False}


def figure(result: Measure, *, sources: Sequence[str] = (), width: float = 6.5) -> Figure:
    """The figure of a measure, ``width`` inches wide (a page's text), with the sources (``Selection.sources``) below.

    :class:`~spillover.errors.SpreadError` where matplotlib is not installed, or for another measure.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise SpreadError("figures need matplotlib", to_do="Install it: pip install 'spillover[plots]'") from None
    draw, height = _drawn(result)
    with matplotlib.rc_context(_STYLE):
        made = Figure(figsize=(width, height), layout="constrained")
        draw(made, result)
        if sources:
            # a dollar sign in a name would be read as mathematics
            made.supxlabel(caption(sources), fontsize=7, color=GREY, x=0.01, ha="left", parse_math=False)
    return made


def _drawn(result: Measure) -> tuple[Any, float]:
    match result:
        case Tempo():
            return _tempo, 4.2
        case Footprint():
            return _footprint, 4.0
        case FirstHits():
            return (_cells_hit, 4.5) if result.level == "cell" else (_divisions_hit, 1.4 + 0.17 * _places(result))
        case NearRepeat():
            return _near_repeat, 3.8
        case Lately():
            return _lately, 1.6 + 0.24 * compared(result).height
    raise SpreadError(f"there is no figure of {type(result).__name__}", to_do="Use its tables")


def _places(result: FirstHits) -> int:
    return latest(result).height


def _titled(made: Figure, what: str, result: Measure) -> None:
    made.suptitle(f"{what}: {result.words_of}", x=0.01, ha="left", fontsize=10, parse_math=False)


def _tempo(made: Figure, result: Tempo) -> None:
    above, below = made.subplots(2, 1, sharex=True)
    table = result.table
    for axes, column, unit in ((above, "events", "events"), (below, "deaths", "deaths (best estimate)")):
        axes.bar(table["period"], table[column], width=28 if result.by == "month" else 6.5, align="edge", color=LIGHT)
        axes.plot(
            table["period"], table[f"{column}_mean"], color=BLUE, lw=1.2,
            label=f"weighted mean, half-life {result.half_life:g} {result.by}s",
        )  # fmt: skip
        axes.set_ylabel(f"{unit}\nper {result.by}")
        axes.set_ylim(bottom=0)
    for i, (day, support) in enumerate(result.breaks.select("period", "support").iter_rows()):
        # the fainter, the fewer resamples have it
        above.axvline(day, color=RED, lw=1, ls="--", alpha=max(support, 0.2), label=None if i else "change of tempo")
    above.legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    _dates(below.xaxis)
    _titled(made, "Tempo", result)


def _dates(axis: Any, most: int = 9) -> None:
    """Few ticks, named as briefly as they can be."""
    from matplotlib import dates

    made: Any = dates
    locator = made.AutoDateLocator(minticks=2, maxticks=most)
    axis.set_major_locator(locator)
    axis.set_major_formatter(made.ConciseDateFormatter(locator))


def _map(axes: Any, table: pl.DataFrame, values: Sequence[float], **style: Any) -> Any:
    """Cells of a table with ``outline``, coloured by values, at the scale of their latitude."""
    from matplotlib.collections import PolyCollection

    rings = [np.array(ring) for ring in table["outline"].to_list()]
    cells = PolyCollection(rings, array=np.asarray(values), lw=0.2, edgecolors="white", **style)
    axes.add_collection(cells)
    corners = np.concatenate(rings)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    room = 0.05 * max(east - west, north - south)
    axes.set(xlim=(west - room, east + room), ylim=(max(south - room, -90), min(north + room, 90)))
    axes.set_anchor("W")
    axes.set_aspect(1 / max(math.cos(math.radians((south + north) / 2)), 0.1))
    axes.set(xlabel="longitude, degrees east", ylabel="latitude, degrees north")
    axes.xaxis.set_major_locator(_ticks(3 if north - south > east - west else 4))
    axes.yaxis.set_major_locator(_ticks(4))
    # what lies beyond the antimeridian has its usual name
    axes.xaxis.set_major_formatter(lambda x, _: f"{(x + 180) % 360 - 180:g}")
    return cells


def _ticks(most: int) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(most)


def _footprint(made: Figure, result: Footprint) -> None:
    from matplotlib.colors import LogNorm

    left, right = made.subplots(1, 2, width_ratios=(3, 2))
    cells = outlined(result.cells, "cell")
    most = max(2, int(result.cells["events"].to_numpy().max()))
    drawn = _map(left, cells, cells["events"].to_list(), cmap="Blues", norm=LogNorm(0.5, most))
    path = centres(result)
    left.plot(path["lon"], path["lat"], color=RED, lw=0.8, marker=".", ms=4, label=f"centre by {result.period}")
    for row in (path.row(i, named=True) for i in sorted({0, path.height - 1}) if path.height):
        left.annotate(row["period"], (row["lon"], row["lat"]), color=RED, fontsize=7)
    left.legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1))
    made.colorbar(
        drawn,
        ax=left,
        shrink=0.7,
        location="bottom",
        label=f"events per cell of {rounded(cell_size(result.resolution))} km²",
    )
    told = result.periods.filter(pl.col("cells_30_high").is_not_null())
    low, middle, high = (told[c].to_numpy() for c in ("cells_30_low", "cells_30", "cells_30_high"))
    right.errorbar(told["since"], middle, (middle - low, high - middle), fmt=".", color=BLUE, lw=0.8)
    right.set_ylabel(f"cells expected in {LEAST} events, 95%")
    right.set_ylim(bottom=0)
    if told.is_empty():
        right.text(0.5, 0.5, f"no {result.period} has\n{LEAST} events", ha="center", transform=right.transAxes)
        right.set(xticks=[], yticks=[])
    else:
        _dates(right.xaxis, 5)
    _titled(made, "Footprint", result)


def _cells_hit(made: Figure, result: FirstHits) -> None:
    from matplotlib import dates

    number: Any = dates.date2num
    axes = made.subplots()
    cells = outlined(result.hits, "place")
    days = np.asarray(number(cells["first"].to_list())).tolist()
    drawn = _map(axes, cells, days, cmap="viridis", clim=(min(days), max(max(days), min(days) + 1)))
    bar = made.colorbar(drawn, ax=axes, shrink=0.8, label="first event")
    _dates(bar.ax.yaxis)
    _titled(made, "First hits", result)


def _divisions_hit(made: Figure, result: FirstHits) -> None:
    axes: Any = made.subplots()
    table = latest(result)
    at = np.arange(table.height)[::-1]
    axes.hlines(at, [result.since] * table.height, table["first"].to_list(), color="#cccccc", lw=0.8)
    axes.plot(table["first"], at, ls="", marker="o", ms=4, color=BLUE)
    axes.set_yticks(at, table["name"].to_list(), fontsize=7, parse_math=False)
    axes.set(xlim=(result.since, result.until), ylim=(-0.8, table.height - 0.2))
    axes.set_xlabel("first event" if table.height == result.hits.height else f"first event (latest {table.height})")
    _dates(axes.xaxis)
    _titled(made, "First hits", result)


def _near_repeat(made: Figure, result: NearRepeat) -> None:
    from matplotlib.colors import TwoSlopeNorm

    axes = made.subplots()
    table = banded(result)
    across, down = (table[c].unique(maintain_order=True).to_list() for c in ("distance", "time"))
    shape, heat = (len(down), len(across)), np.full((len(down), len(across)), np.nan)
    for row in table.iter_rows(named=True):
        i, j = down.index(row["time"]), across.index(row["distance"])
        if row["year_ratio"]:
            heat[i, j] = math.log2(row["year_ratio"])
        bold = "bold" if row["label"].endswith("*") else "normal"
        axes.text(j, i, row["label"], ha="center", va="center", fontsize=7, fontweight=bold)
    known = np.abs(heat[np.isfinite(heat)])
    limit = max(float(known.max()) if len(known) else 0.0, 0.5)
    drawn = axes.imshow(
        np.ma.masked_invalid(heat), cmap="RdBu_r", norm=TwoSlopeNorm(0, -limit, limit), aspect="auto", alpha=0.7
    )
    axes.set_xticks(range(shape[1]), across)
    axes.set_yticks(range(shape[0]), down)
    axes.set(xlabel="distance between events, km", ylabel="time between events, days")
    bar = made.colorbar(drawn, ax=axes, label="pairs seen / expected\n(times permuted within group and year)")
    bar.ax.yaxis.set_major_formatter(lambda x, _: f"{2**x:.2g}")
    axes.set_title("* more than chance, within group and within year (p ≤ .05)", loc="left", fontsize=7)
    _titled(made, "Near repeats", result)


def _lately(made: Figure, result: Lately) -> None:
    axes = made.subplots()
    table = compared(result)
    ends = [v for c in ("ratio", "wide_low", "wide_high") for v in table[c].drop_nulls().to_list() if v > 0]
    # intervals run to 0 and to infinity: they end at the edge
    low, high = max(min([*ends, 0.5]) / 1.5, 0.01), min(max([*ends, 2.0]) * 1.5, 100.0)
    for at, row in zip(range(table.height)[::-1], table.iter_rows(named=True), strict=True):
        color = {"more": RED, "fewer": BLUE, None: GREY}[row["flag"]]
        span = (max(row["wide_low"] or low, low), min(row["wide_high"] or high, high))
        axes.plot(np.clip(span, low, high), (at, at), color=color, lw=1.2)
        axes.plot([min(max(row["ratio"], low), high)], [at], marker="o", ms=5, color=color)
    axes.axvline(1, color=GREY, lw=0.8, ls=":")
    names = [f"{r['name']} ({r['events']:,} / {tenths(r['expected'])})" for r in table.iter_rows(named=True)]
    axes.set_yticks(range(table.height)[::-1], names, fontsize=7, parse_math=False)
    axes.set(xscale="log", xlim=(low, high), ylim=(-0.8, max(table.height, 1) - 0.2))
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    axes.xaxis.set_minor_formatter(lambda x, _: "")
    weeks = ((result.as_of - result.since).days + 1) // 7
    axes.set_xlabel(
        f"rate of events, {counted(weeks, 'week')} to {result.as_of}, as a multiple of that before\n"
        "(95% interval, clustering allowed for)",
        fontsize=8,
    )
    axes.set_title("events seen / expected; colour: clearly more (red) or fewer (blue)", loc="left", fontsize=7)
    _titled(made, "What changed lately", result)
