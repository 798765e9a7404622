"""Where units are on the map: countries as cells of half a degree, divisions and others as points.

Shapes of countries come with the front end alone; the cells of ``panels/cells.csv`` are made of the same ones, and at
the width of a page half a degree is the width of a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting.panels import grid

Ints = NDArray[np.int64]
_UNDER = {"PSE": "ISR", "ESH": "MAR"}
"""Whose cells stand under another country as well, as in UCDP's data: drawn apart only where they have a forecast."""


def raster(gids: Iterable[int], values: Iterable[float]) -> NDArray[np.float64]:
    """Values of cells as a picture of the world: rows from the south, not a number elsewhere."""
    flat = np.full(grid.CELLS, np.nan)
    flat[np.fromiter(gids, dtype=np.int64) - 1] = np.fromiter(values, dtype=np.float64)
    return flat.reshape(grid.ROWS, grid.COLUMNS)


def owners(units: Collection[str]) -> tuple[tuple[str, ...], Ints]:
    """Countries (ISO3), and by cell (rows from the south) the place of its country in them, -1 at sea.

    A cell of several is given to the one that has most of the eight around it to itself, of equal ones to the smallest.
    ``units``: the countries with a forecast.
    """
    return _owners(frozenset(_UNDER) & frozenset(units))


@cache
def _owners(apart: frozenset[str]) -> tuple[tuple[str, ...], Ints]:
    names = tuple(sorted(iso3 for iso3 in grid.countries() if iso3 not in _UNDER or iso3 in apart))
    parted = {_UNDER[iso3]: grid.land([iso3]) for iso3 in sorted(apart)}
    cells = [np.setdiff1d(grid.land([iso3]), parted.get(iso3, [])).astype(np.int64) for iso3 in names]
    claims = np.bincount(np.concatenate(cells), minlength=grid.CELLS + 1)
    alone = np.full(grid.CELLS + 1, -1, dtype=np.int64)
    shared: dict[int, list[int]] = {}
    for i, mine in enumerate(cells):
        alone[mine[claims[mine] == 1]] = i
        for cell in mine[claims[mine] > 1].tolist():
            shared.setdefault(cell, []).append(i)
    owner, picture = alone.copy(), alone[1:].reshape(grid.ROWS, grid.COLUMNS)
    for cell, candidates in shared.items():
        row, column = divmod(cell - 1, grid.COLUMNS)
        rows, columns = np.arange(max(row - 1, 0), min(row + 2, grid.ROWS)), np.arange(column - 1, column + 2)
        around = Counter(picture[np.ix_(rows, columns % grid.COLUMNS)].ravel().tolist())
        owner[cell] = min(candidates, key=lambda i: (-around[i], cells[i].size, i))
    return names, owner[1:].reshape(grid.ROWS, grid.COLUMNS)


def borders(owner: Ints) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The edges between cells of different countries, in degrees; edges in a line are one."""
    found = []
    for across in (False, True):
        one, other = (owner[:-1], owner[1:]) if across else (owner[:, :-1].T, owner[:, 1:].T)
        edge = (one != other) & (one >= 0) & (other >= 0)
        padded = np.pad(edge, ((0, 0), (1, 1))).astype(np.int8)
        begins, ends = (np.argwhere(np.diff(padded, axis=1) == sign) for sign in (1, -1))
        for (line, start), (_, stop) in zip(begins.tolist(), ends.tolist(), strict=True):
            if across:
                y = (line + 1) / 2 - 90
                found.append(((start / 2 - 180, y), (stop / 2 - 180, y)))
            else:
                x = (line + 1) / 2 - 180
                found.append(((x, start / 2 - 90), (x, stop / 2 - 90)))
    return found


@cache
def gazetteer() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of countries (ISO3) and divisions (ISO 3166-2) that the gazetteer has a point for: of
    divisions the middle of their towns."""
    from spillover.reading.gazetteer_data import tables

    return {
        row.code: (row.lat, row.lon)
        for row in tables().rows
        if row.level in ("country", "admin1") and row.lat is not None and row.lon is not None
    }
