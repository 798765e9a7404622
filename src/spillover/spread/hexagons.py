"""Cells of Uber's H3 grid: in which one a point lies, and which ones touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import h3
import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import SpreadError

RESOLUTION = 4
"""Cells of 1,770 km² on average with edges of 26 km: as fine as the places are. A GED event with ``where_prec`` 2 lies
within about 25 km of its point (codebook 25.1), and a PRIO-GRID cell, half a degree wide, has up to 3,100 km²."""

Pairs = NDArray[np.int64]
"""Which cells touch, shape (pairs, 2): rows of a list of cells, the smaller one first, each pair once."""


def checked(resolution: int) -> int:
    """The resolution; :class:`~spillover.errors.SpreadError` where H3 has no such one."""
    if not 0 <= resolution <= 15:
        raise SpreadError(f"H3 has no resolution {resolution}", to_do="Use 0 (coarsest) to 15; 4 suits GED's places")
    return resolution


def with_cell(events: pl.DataFrame, resolution: int = RESOLUTION) -> pl.DataFrame:
    """Events with the column ``cell``: the H3 index in hexadecimal. All must have coordinates."""
    checked(resolution)
    points = events.select("lat", "lon").unique(maintain_order=True)
    cells = [h3.latlng_to_cell(lat, lon, resolution) for lat, lon in points.iter_rows()]
    points = points.with_columns(cell=pl.Series(cells, dtype=pl.String))
    return events.join(points, on=["lat", "lon"], how="left", maintain_order="left")


def around(cells: Iterable[str], rings: int = 1) -> set[str]:
    """The cells and those within so many rings of them."""
    return {near for cell in cells for near in h3.grid_disk(cell, rings)}


def touching(cells: Sequence[str]) -> Pairs:
    """Which of the cells share an edge."""
    row = {cell: i for i, cell in enumerate(cells)}
    found = {(i, row[near]) for cell, i in row.items() for near in h3.grid_disk(cell, 1) if row.get(near, -1) > i}
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def cell_size(resolution: int) -> float:
    """Average area in km²."""
    return float(h3.average_hexagon_area(resolution))


def outline(cell: str, about: float) -> list[tuple[float, float]]:
    """The corners of a cell as (longitude, latitude), closed; longitudes about within 180° of ``about``, so that cells
    on both sides of the antimeridian lie side by side."""
    corners = [(about + (lon - about + 180) % 360 - 180, lat) for lat, lon in h3.cell_to_boundary(cell)]
    middle = corners[0][0]
    corners = [(middle + (lon - middle + 180) % 360 - 180, lat) for lon, lat in corners]
    return [*corners, corners[0]]
