"""A map of risk: where deaths are forecast, by country, cell or point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting.draws import Draws, listed
from spillover.forecasting.panel import Panel
from spillover.forecasting.panels import grid, places
from spillover.forecasting.plots.common import colours, counted, figure, window, words
from spillover.forecasting.plots.land import borders, gazetteer, owners, raster
from spillover.forecasting.scores import exceedance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Measure = Literal["p25", "p1", "expected"]
Points = Mapping[str, tuple[float, float]]
SMALL = 6
"""Cells of a country up to which it is a dot."""
_WORLD = (-180.0, 180.0, -57.0, 84.0)
_NAMED_ACROSS = 3


def risk_map(
    panel: Panel,
    forecast: Draws,
    *,
    measure: Measure | None = None,
    within: tuple[int, int] | None = None,
    points: Points | None = None,
    named: int = 9,
    sources: Sequence[str] = (),
    width: float = 6.5,
) -> Figure:
    """A map of the chance of 25 (``p25``) or 1 (``p1``) or more in a month, or of what is ``expected`` in all months.

    Countries are drawn by their cells of half a degree, PRIO-GRID cells as they are, divisions as circles at the middle
    of their towns; other kinds of units at ``points``, latitude and longitude (degrees) by unit, which come before the
    gazetteer's for divisions too. ``measure``: by default ``p25`` for countries, ``p1`` for others. A chance is the
    mean over the months: draws are of each month by itself, so the chance in the whole period is not in them.
    ``within``: only from the first to the last of these months. ``named``: how many of the highest are numbered.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed, no cell is left, or no unit can be
    placed; :class:`ValueError` for another measure.
    """
    measure = measure or ("p25" if panel.kind == "country" else "p1")
    if measure not in get_args(Measure):
        raise ValueError(f"there is no measure {measure!r}; there are {', '.join(get_args(Measure))}")
    # a choice is a copy, and a grid has a gigabyte of draws
    forecast = forecast if within is None else forecast.select(window=within)
    if not len(forecast) or not forecast.size:
        raise ForecastError("there is no forecast to draw in these months", to_do="Choose months that it has")
    risk = _Risk.of(forecast, measure)
    placed = _placed(panel, risk.units, points)
    kept = [i for i, unit in enumerate(risk.units) if unit in placed]
    if not kept:
        raise ForecastError(
            f"it is not known where {counted(panel.kind, len(risk.units))} are: {listed(risk.units)}",
            to_do="Give points: latitude and longitude by unit",
        )
    lost = [unit for unit in risk.units if unit not in placed]
    called = dict(zip(panel.units, panel.names or panel.units, strict=True))
    order = [i for i in sorted(kept, key=lambda i: (-risk.value[i], -risk.expected[i], i)) if risk.value[i] > 0][:named]
    what, shown = _what(measure, panel.target), window(*forecast.window)
    drawn_as = panel.kind if points is None or panel.kind in ("country", "priogrid") else "points"
    said, n = words()["map"], len(np.unique(forecast.month))
    caption = said["caption"].format(
        units=counted(panel.kind, len(kept)), window=shown, what=what,
        mean=said["mean"].format(n=n) if measure != "expected" and n > 1 else "",
        drawn=said[drawn_as].format(target=panel.target),
        rest=(said["unplaced"].format(n=counted(panel.kind, len(lost)), names=listed(lost)) if lost else "")
        + (said["grey"] if drawn_as in ("country", "priogrid") else "") + said["borders"],
    )  # fmt: skip
    extent = _extent([placed[risk.units[i]] for i in kept], panel.kind)
    # a map of what is wide and low is no higher than it needs to be
    tall = min((width - 0.4) * (extent[3] - extent[2]) / (extent[1] - extent[0]) / _aspect(extent), 5.5)
    shown_as = [(placed[unit], called.get(unit, unit), risk.words(i)) for i in order for unit in (risk.units[i],)]

    def draw(made: Figure) -> None:
        axes: Any = made.subplots()
        _map(made, axes, panel, risk, kept, placed, extent, drawn_as)
        _numbered(axes, shown_as, aside=drawn_as not in ("country", "priogrid"))

    height = tall + 1.0 + 0.17 * -(-len(order) // _NAMED_ACROSS)
    return figure((width, height), said["title"].format(what=what, window=shown), caption, sources, draw)


def drawable(panel: Panel, forecast: Draws, points: Points | None = None) -> bool:
    """Whether it is known where any of the forecast's units is."""
    return bool(_placed(panel, forecast.units, points))


@dataclass(frozen=True, slots=True)
class _Risk:
    """By unit, sorted by key: what is shown, and what is expected in all months."""

    measure: Measure
    units: tuple[str, ...]
    value: Floats
    expected: Floats

    @classmethod
    def of(cls, forecast: Draws, measure: Measure) -> _Risk:
        units, where, cells = np.unique(forecast.unit, return_inverse=True, return_counts=True)
        means = forecast.draws.mean(axis=1, dtype=np.float64)
        expected: Floats = np.bincount(where, weights=means).astype(np.float64)
        value = expected
        if measure != "expected":
            chance = exceedance(forecast.draws, _threshold(measure))
            value = np.asarray(np.bincount(where, weights=chance) / cells, dtype=np.float64)
        return cls(measure, tuple(units.tolist()), value, expected)

    def words(self, i: int) -> str:
        value = float(self.value[i])
        if self.measure != "expected":
            return "<0.01" if value < 0.01 else ">0.99" if value > 0.99 else f"{value:.2f}"
        return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _threshold(measure: Measure) -> float:
    return float(words()["chances"][measure])


def _what(measure: Measure, target: str) -> str:
    if measure == "expected":
        return str(words()["map"]["expected"]).format(target=target).capitalize()
    return str(words()["map"]["chance"]).format(threshold=f"{_threshold(measure):g}", target=target)


def _placed(panel: Panel, units: Sequence[str], points: Points | None) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of the units of which they are known."""
    if panel.kind == "priogrid":
        cells = [unit for unit in units if places.is_gid(unit)]
        lat, lon = grid.centre(np.array([int(unit) for unit in cells], dtype=np.int64))
        return dict(zip(cells, zip(lat.tolist(), lon.tolist(), strict=True), strict=True))
    known: dict[str, tuple[float, float]] = {}
    if panel.kind == "country":
        for unit in set(units) & set(grid.countries()):
            lat, lon = grid.centre(np.array(grid.land([unit]), dtype=np.int64))
            known[unit] = (float(np.median(lat)), float(np.median(lon)))
    if panel.kind in ("country", "admin1"):
        known |= {unit: at for unit, at in gazetteer().items() if panel.kind == "admin1" or unit in known}
    known |= points or {}
    return {unit: known[unit] for unit in units if unit in known}


def _extent(at: Sequence[tuple[float, float]], kind: str) -> tuple[float, float, float, float]:
    """West, east, south and north of a map of these points, with room; the world where they are far apart."""
    (south, west), (north, east) = np.min(at, axis=0), np.max(at, axis=0)
    if east - west > 150:
        return _WORLD
    room = max(0.06 * max(east - west, north - south), 6.0 if kind == "country" else 1.5)
    return (max(west - room, -180), min(east + room, 180), max(south - room, -90), min(north + room, 90))


def _aspect(extent: tuple[float, float, float, float]) -> float:
    """How much shorter a degree of longitude is, in the middle of the map; that of the world is drawn plain."""
    return 1.0 if extent == _WORLD else max(math.cos(math.radians((extent[2] + extent[3]) / 2)), 0.2)


def _map(
    made: Figure, axes: Any, panel: Panel, risk: _Risk, kept: Sequence[int],
    placed: Mapping[str, tuple[float, float]], extent: tuple[float, float, float, float], drawn_as: str,
) -> None:  # fmt: skip
    import matplotlib
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection
    from matplotlib.colors import BoundaryNorm, ListedColormap

    counts = risk.measure == "expected"
    classes = words()["classes"]["expected" if counts else "chance"]
    # the lightest of the map's colours cannot be told from the sea
    shades = matplotlib.colormaps[colours()["map"]](np.linspace(0.08, 1, len(classes) - (not counts)))
    colour = ListedColormap(shades)
    norm = BoundaryNorm(classes, colour.N, extend="max" if counts else "neither")
    look: Any = {"origin": "lower", "extent": (-180, 180, -90, 90), "interpolation": "none"}
    names, owner = owners(risk.units)
    axes.imshow(np.where(owner >= 0, 0.0, np.nan), cmap=ListedColormap([colours()["none"]]), zorder=0, **look)
    axes.add_collection(LineCollection(borders(owner), colors="#808080", lw=0.25, zorder=2))
    units, values, expected = [risk.units[i] for i in kept], risk.value[list(kept)], risk.expected[list(kept)]
    dots: list[int] = []
    if drawn_as == "country":
        by = np.full(len(names) + 1, np.nan)
        number = {name: i for i, name in enumerate(names)}
        size = np.bincount(owner[owner >= 0], minlength=len(names))
        for k, unit in enumerate(units):
            if unit in number:
                by[number[unit]] = values[k]
            if unit not in number or size[number[unit]] <= SMALL:
                dots.append(k)
        axes.imshow(by[owner], cmap=colour, norm=norm, zorder=1, **look)
    elif drawn_as == "priogrid":
        axes.imshow(raster(map(int, units), values), cmap=colour, norm=norm, zorder=1, **look)
    else:
        # small circles on top of large ones
        dots = np.argsort(-expected, kind="stable").tolist()
    most = max(float(expected.max(initial=0)), 1e-9)
    area = [12.0 if drawn_as == "country" else 10 + 240 * expected[k] / most for k in dots]
    at = np.array([placed[units[k]] for k in dots]).reshape(-1, 2)
    axes.scatter(at[:, 1], at[:, 0], s=area, c=values[np.array(dots, dtype=int)], cmap=colour, norm=norm,
                 edgecolors="#555555", lw=0.4, zorder=3)  # fmt: skip
    axes.set(xlim=extent[:2], ylim=extent[2:], xticks=[], yticks=[], aspect=1 / _aspect(extent), anchor="W")
    axes.spines[:].set_visible(False)
    bar = made.colorbar(ScalarMappable(norm, colour), ax=axes, location="bottom", shrink=0.6, aspect=40, pad=0.02,
                        ticks=classes, spacing="uniform", extend="max" if counts else "neither")  # fmt: skip
    bar.ax.set_xticklabels([f"{c:g}" if c < 1000 else f"{c:,.0f}" for c in classes], fontsize=7)
    bar.set_label(_what(risk.measure, panel.target), fontsize=8)


def _numbered(axes: Any, shown: Sequence[tuple[tuple[float, float], str, str]], *, aside: bool) -> None:
    """Numbers on the map (``aside``: beside a circle), and above it the names and values that they stand for."""
    from matplotlib.lines import Line2D

    # the highest on top of the others
    for i, ((lat, lon), _, _) in reversed(list(enumerate(shown))):
        axes.annotate(str(i + 1), (lon, lat), (9, 9) if aside else (0, 0), textcoords="offset points", fontsize=6.5,
                      fontweight="bold", ha="center", va="center", zorder=5 - i / 100, clip_on=True,
                      bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "#333333", "lw": 0.5})  # fmt: skip
    names = [
        f"{i}  {name if len(name) <= 34 else name[:33] + '…'}: {value}" for i, (_, name, value) in enumerate(shown, 1)
    ]
    legend = axes.legend(
        [Line2D([], [], ls="")] * max(len(names), 1), names or ["none above 0"], frameon=False, fontsize=7.5,
        ncols=_NAMED_ACROSS, handlelength=0, handletextpad=0, labelspacing=0.3, borderaxespad=0, borderpad=0.2,
        loc="lower left", bbox_to_anchor=(0, 1),
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
