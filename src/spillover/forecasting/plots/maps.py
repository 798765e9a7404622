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
from spillover.forecasting.plots.common import colours, counted, figure, fonts, legend, usable, window, words
from spillover.forecasting.plots.land import borders, gazetteer, owners, raster
from spillover.forecasting.scores import exceedance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Measure = Literal["p25", "p1", "expected"]
Points = Mapping[str, tuple[float, float]]
Extent = tuple[float, float, float, float]
"""West, east, south and north, in degrees; the east is beyond 180 where the date line is crossed."""
SMALL = 6
"""Cells of a country up to which it is a dot."""
_WORLD = (-180.0, 180.0, -57.0, 84.0)
_WIDEST = 200.0
"""Degrees of longitude up to which it is not the world; Russia has 171."""
_FAR, _FEW = 10.0, 0.2
"""Cells of a country are left aside by its map where so many degrees part so small a share from the rest."""
_LOWEST, _HIGHEST = 2.0, 5.5
"""Inches of the map itself."""
_MARGINS = 0.4
_NAMED_ACROSS = 3
_NAME_SIZE = 7.0


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
    of their towns, or of their first events where the gazetteer has no town; other kinds of units at ``points``,
    latitude and longitude (degrees) by unit, which come before the gazetteer's for divisions too. ``measure``: by
    default ``p25`` for countries, ``p1`` for others. A chance is the mean over the months: draws are of each month by
    itself, so the chance in the whole period is not in them.
    ``within``: only from the first to the last of these months. ``named``: how many of the highest are numbered.

    :class:`~spillover.errors.ForecastError` where matplotlib is not installed, no cell is left, or no unit can be
    placed; :class:`ValueError` for another measure.
    """
    usable()
    measure = measure or ("p25" if panel.kind == "country" else "p1")
    if measure not in get_args(Measure):
        raise ValueError(f"there is no measure {measure!r}; there are {', '.join(get_args(Measure))}")
    # a choice is a copy, and a grid has a gigabyte of draws
    forecast = forecast if within is None else forecast.select(window=within)
    if not len(forecast) or not forecast.size:
        raise ForecastError("there is no forecast to draw in these months", to_do="Choose months that it has")
    risk = _Risk.of(forecast, measure)
    if lacking := unplaced(panel, risk.units, points):
        raise ForecastError(lacking, to_do="Give points: latitude and longitude by unit")
    placed = _placed(panel, risk.units, points)
    kept = [i for i, unit in enumerate(risk.units) if unit in placed]
    lost = [unit for unit in risk.units if unit not in placed]
    called = dict(zip(panel.units, panel.names or panel.units, strict=True))
    order = [i for i in sorted(kept, key=lambda i: (-risk.value[i], -risk.expected[i], i)) if risk.value[i] > 0][:named]
    what, shown = _what(measure, panel.target), window(*forecast.window)
    drawn_as = panel.kind if points is None or panel.kind in ("country", "priogrid") else "points"
    said, n = words()["map"], len(np.unique(forecast.month))
    extent = _extent(_ends(placed, panel.kind), 3.0 if panel.kind == "country" else 1.5, width)
    placed = {unit: (lat, _turned(lon, extent)) for unit, (lat, lon) in placed.items()}
    off = [called.get(unit, unit) for unit in placed if panel.kind == "country" and not _whole(unit, extent)]
    caption = said["caption"].format(
        units=counted(panel.kind, len(kept)), window=shown, what=what,
        mean=said["mean"].format(n=n) if measure != "expected" and n > 1 else "",
        drawn=said[drawn_as].format(target=panel.target),
        rest=(said["unplaced"].format(n=counted(panel.kind, len(lost)), names=listed(lost)) if lost else "")
        + (said["off"].format(names=listed(off)) if off else "")
        + (said["grey"] if drawn_as in ("country", "priogrid") else "") + said["borders"],
    )  # fmt: skip
    first = [(called.get(risk.units[i], risk.units[i]), risk.words(i)) for i in order]
    names = [f"{k}  {_short(name)}: {value}" for k, (name, value) in enumerate(first, 1)] or ["none above 0"]
    across = _across(names, width)
    rows = -(-len(names) // across)

    def draw(made: Figure) -> None:
        axes: Any = made.subplots()
        _map(made, axes, panel, risk, kept, placed, extent, drawn_as)
        _numbered(axes, [placed[risk.units[i]] for i in order], aside=drawn_as not in ("country", "priogrid"))
        _named(made, names, across)

    size = (width, _tall(extent, width) + 1.0 + 0.17 * rows)
    return figure(size, said["title"].format(what=what, window=shown), caption, sources, draw, rows=rows)


def unplaced(panel: Panel, units: Sequence[str], points: Points | None = None) -> str | None:
    """Why there can be no map: none of the units can be placed; ``None`` where one can."""
    if _placed(panel, units, points):
        return None
    return f"no place is known of {counted(panel.kind, len(units))}: {listed(units)}"


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
    known = dict(panel.points)
    if panel.kind == "country":
        for unit in set(units) & set(grid.countries()):
            lat, lon = grid.centre(np.array(grid.land([unit]), dtype=np.int64))
            known[unit] = (float(np.median(lat)), float(np.median(lon)))
    if panel.kind in ("country", "admin1"):
        known |= {unit: at for unit, at in gazetteer().items() if panel.kind == "admin1" or unit in known}
    known |= points or {}
    return {unit: known[unit] for unit in units if unit in known}


def _ends(placed: Points, kind: str) -> Floats:
    """Latitudes and longitudes that are to be on the map: of countries the edges of their cells, of others points."""
    cells = {unit: _cells(unit) for unit in placed if kind == "country" and unit in set(grid.countries())}
    edges = [at[_near(at[:, 0]) & _near(_onwards(at[:, 1]))] + half for at in cells.values() for half in (-0.25, 0.25)]
    return np.vstack([*edges, *(np.array([at]) for unit, at in placed.items() if unit not in cells)])


def _cells(country: str) -> Floats:
    """Latitude and longitude of the centres of a country's cells, a row each."""
    return np.column_stack(grid.centre(np.array(grid.land([country]), dtype=np.int64)))


def _onwards(lon: Floats) -> Floats:
    """Longitudes eastwards from the widest stretch without any: those across the date line are beyond 180."""
    at = np.unique(lon)
    west = at[(np.diff(at, append=at[0] + 360).argmax() + 1) % at.size]
    return np.asarray((lon - west) % 360 + west, dtype=np.float64)


def _near(degrees: Floats) -> NDArray[np.bool_]:
    """Which are not of a few far from the others."""
    at = np.unique(degrees)
    part = np.searchsorted(at[1:][np.diff(at) > _FAR], degrees, side="right")
    size = np.bincount(part)
    return np.asarray(size[part] >= min(_FEW * degrees.size, size.max()))


def _extent(ends: Floats, room: float, width: float) -> Extent:
    """A map of these latitudes and longitudes, with ``room`` or more; the world where they are far apart."""
    lat, lon = ends[:, 0], _onwards(ends[:, 1])
    west, east, south, north = (float(end) for end in (lon.min(), lon.max(), lat.min(), lat.max()))
    if east - west > _WIDEST:
        return _WORLD
    room = max(room, min(0.06 * max(east - west, north - south), 6.0))
    extent = (west - room, east + room, max(south - room, -90.0), min(north + room, 90.0))
    west, east, south, north = extent
    # what lies around fills the page beside a narrow map, and makes a low one high enough
    wider, higher = (_tall(extent, width) / edge for edge in (_HIGHEST, _LOWEST))
    aside = max(wider - 1, 0) * (east - west) / 2
    above = max(1 / higher - 1, 0) * (north - south) / 2
    return west - aside, east + aside, max(south - above, -90.0), min(north + above, 90.0)


def _tall(extent: Extent, width: float) -> float:
    """Inches of a map that is as wide as the page."""
    west, east, south, north = extent
    return (width - _MARGINS) * (north - south) / (east - west) / _aspect(extent)


def _turned(lon: float, extent: Extent) -> float:
    """The same longitude on a map that may cross the date line."""
    return next((lon + turn for turn in (0, 360, -360) if extent[0] <= lon + turn <= extent[1]), lon)


def _whole(country: str, extent: Extent) -> bool:
    """Whether no cell of the country is off the map."""
    west, east, south, north = extent
    lat, lon = _cells(country).T
    return bool(((lat > south) & (lat < north) & ((lon - west) % 360 < east - west)).all())


def _aspect(extent: Extent) -> float:
    """How much shorter a degree of longitude is, in the middle of the map; that of the world is drawn plain."""
    return 1.0 if extent == _WORLD else max(math.cos(math.radians((extent[2] + extent[3]) / 2)), 0.2)


def _map(
    made: Figure, axes: Any, panel: Panel, risk: _Risk, kept: Sequence[int],
    placed: Points, extent: Extent, drawn_as: str,
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
    names, owner = owners(risk.units)
    lines = borders(owner)
    turns = [turn for turn in (0, 360, -360) if extent[0] < turn + 180 and extent[1] > turn - 180]

    def globe(picture: Floats, **look: Any) -> None:
        # once more beside itself, where the map crosses the date line
        for turn in turns:
            axes.imshow(picture, origin="lower", extent=(turn - 180, turn + 180, -90, 90), interpolation="none", **look)

    globe(np.where(owner >= 0, 0.0, np.nan), cmap=ListedColormap([colours()["none"]]), zorder=0)
    for turn in turns:
        edges = [((x + turn, y), (to_x + turn, to_y)) for (x, y), (to_x, to_y) in lines]
        axes.add_collection(LineCollection(edges, colors="#808080", lw=0.25, zorder=2))
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
        globe(by[owner], cmap=colour, norm=norm, zorder=1)
    elif drawn_as == "priogrid":
        globe(raster(map(int, units), values), cmap=colour, norm=norm, zorder=1)
    else:
        # small circles on top of large ones
        dots = np.argsort(-expected, kind="stable").tolist()
    most = max(float(expected.max(initial=0)), 1e-9)
    area = [12.0 if drawn_as == "country" else 10 + 240 * expected[k] / most for k in dots]
    at = np.array([placed[units[k]] for k in dots]).reshape(-1, 2)
    axes.scatter(at[:, 1], at[:, 0], s=area, c=values[np.array(dots, dtype=int)], cmap=colour, norm=norm,
                 edgecolors="#555555", lw=0.4, zorder=3)  # fmt: skip
    axes.set(xlim=extent[:2], ylim=extent[2:], xticks=[], yticks=[], aspect=1 / _aspect(extent))
    axes.spines[:].set_visible(False)
    bar = made.colorbar(ScalarMappable(norm, colour), ax=axes, location="bottom", shrink=0.6, aspect=40, pad=0.02,
                        ticks=classes, spacing="uniform", extend="max" if counts else "neither")  # fmt: skip
    bar.ax.set_xticklabels([f"{c:g}" if c < 1000 else f"{c:,.0f}" for c in classes], fontsize=7)
    bar.set_label(_what(risk.measure, panel.target), fontsize=8)


def _numbered(axes: Any, shown: Sequence[tuple[float, float]], *, aside: bool) -> None:
    """Numbers on the map; ``aside``: beside a circle."""
    # the highest on top of the others
    for i, (lat, lon) in reversed(list(enumerate(shown))):
        axes.annotate(str(i + 1), (lon, lat), (9, 9) if aside else (0, 0), textcoords="offset points", fontsize=6.5,
                      fontweight="bold", family="sans-serif", ha="center", va="center", zorder=5 - i / 100,
                      bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "#333333", "lw": 0.5},
                      clip_on=True)  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"


def _across(names: Sequence[str], width: float) -> int:
    """In how many columns the names fit on the page."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    look = FontProperties(family=fonts(), size=_NAME_SIZE)
    wide = [text_to_path.get_text_width_height_descent(name, look, ismath=False)[0] / 72 for name in names]
    for across in range(min(_NAMED_ACROSS, len(names)), 1, -1):
        # 0.2 inches between two
        if sum(column.max() + 0.2 for column in np.array_split(np.array(wide), across)) < width - 0.1:
            return across
    return 1


def _named(made: Figure, names: Sequence[str], across: int) -> None:
    """What the numbers stand for, below the title: the map may be narrower than these names."""
    from matplotlib.lines import Line2D

    legend(made, [Line2D([], [], ls="")] * len(names), names, across, handlelength=0, handletextpad=0)
