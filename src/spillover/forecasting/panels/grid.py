"""The cells of PRIO-GRID: half a degree wide and high, numbered row by row from the south-west.

Tollefsen, Strand and Buhaug (2012), "PRIO-GRID: A unified spatial data structure", Journal of Peace Research 49(2);
codebook 2.0: row 1 lies at 90° to 89.5° south, column 1 at 180° to 179.5° west, gid = (row − 1) × 720 + column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 720, 360
CELLS = COLUMNS * ROWS

Ints = NDArray[np.int64]


def gid(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Ints:
    """The cells of points (degrees). A point on an edge is in the cell to its north and east; the poles and 180° east
    are in the last row and column."""
    row = np.clip(np.floor((np.asarray(lat) + 90) * 2), 0, ROWS - 1)
    column = np.clip(np.floor((np.asarray(lon) + 180) * 2), 0, COLUMNS - 1)
    return np.asarray(row * COLUMNS + column + 1, dtype=np.int64)


def centre(cells: Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes (degrees) of the centres of cells."""
    at = np.asarray(cells) - 1
    return at // COLUMNS / 2 - 89.75, at % COLUMNS / 2 - 179.75


def name(cell: int) -> str:
    """A cell for people: its centre."""
    lat, lon = centre(np.array([cell]))
    return f"{abs(lat[0]):.2f}°{'N' if lat[0] > 0 else 'S'} {abs(lon[0]):.2f}°{'E' if lon[0] > 0 else 'W'}"


def neighbours(cells: Sequence[int]) -> tuple[Ints, ...]:
    """For each of the cells, which of them (by their places in ``cells``) are of the up to eight around it, in rising
    order. Rows go round the globe."""
    place = np.full(CELLS + 1, -1, dtype=np.int64)
    place[list(cells)] = np.arange(len(cells))
    row, column = np.divmod(np.asarray(cells, dtype=np.int64)[:, None] - 1, COLUMNS)
    down, right = np.array([(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]).T
    on_globe = (row + down >= 0) & (row + down < ROWS)
    around = np.where(on_globe, (row + down) * COLUMNS + (column + right) % COLUMNS + 1, 0)
    near = np.sort(place[around], axis=1)  # no cell has the number 0
    return tuple(found[found >= 0] for found in near)


@cache
def _land() -> dict[str, frozenset[int]]:
    text = files(__package__).joinpath("cells.csv").read_text("utf-8")
    found: dict[str, set[int]] = {}
    for row in csv.DictReader(text.splitlines()):
        base = (int(row["row"]) - 1) * COLUMNS
        for run in row["columns"].split():
            first, _, last = run.partition("-")
            found.setdefault(row["iso3"], set()).update(range(base + int(first), base + int(last or first) + 1))
    return {iso3: frozenset(cells) for iso3, cells in found.items()}


def countries() -> tuple[str, ...]:
    """The countries (ISO3) that have cells."""
    return tuple(_land())


def land(countries: Iterable[str] | None) -> list[int]:
    """The cells in which the countries (ISO3; ``None``: all, but for Antarctica) have land, in rising order.

    ``cells.csv`` has them by country and row, from Natural Earth's shapes of countries at 1:10 million (public domain,
    through the npm package world-atlas 2.0.2; the Vatican, which is lost in it, by hand). A cell in which two countries
    have land is a cell of both, where PRIO-GRID gives it to the one with more. As in UCDP's data, Gaza and the West
    Bank count to Israel and Western Sahara to Morocco; they also stand under PSE and ESH.
    """
    known = _land()
    wanted = known if countries is None else [iso3 for iso3 in countries if iso3 in known]
    return sorted(frozenset[int]().union(*(known[iso3] for iso3 in wanted)))
