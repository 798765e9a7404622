"""Cells of one size all over the Earth, and who is near whom.

Rows are bands of latitude; within a band longitudes are cut so that a cell is as wide as it is high. There is no
projection, so countries far apart can be fitted together. Distances between cells are great-circle, in km.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from spillover.spread.contagion.catalogue import KM, Floats, Ints


def snap(lat: Floats, lon: Floats, size: float, *, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[Ints, Ints]:
    """Row and column of each point's cell. ``size`` in km; ``shift`` in cells, north and east."""
    row = np.floor(lat * KM / size + shift[0]).astype(np.int64)
    wide = _width(row, size, shift[0])
    return row, np.floor((lon + 180) % 360 / wide + shift[1]).astype(np.int64)


def _width(row: Ints, size: float, shift: float = 0.0) -> Floats:
    """Degrees of longitude of a cell in that row."""
    middle = np.clip((row - shift + 0.5) * size / KM, -89.5, 89.5)
    return np.asarray(size / (KM * np.cos(np.radians(middle))))


def numbered(*keys: Ints) -> tuple[Ints, Ints]:
    """A number for each distinct combination, and the position of its first entry."""
    joined = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        low = key.min() if len(key) else 0
        joined = joined * (int(key.max() - low) + 1 if len(key) else 1) + (key - low)
    _, first, number = np.unique(joined, return_index=True, return_inverse=True)
    return number.astype(np.int64), first.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells that have events. ``of``: each event's cell (N); ``lat``, ``lon``: their centres (P), degrees."""

    size: float
    of: Ints
    lat: Floats
    lon: Floats

    @classmethod
    def of_points(cls, lat: Floats, lon: Floats, size: float) -> Cells:
        """Snap points to cells of that size (km)."""
        row, column = snap(lat, lon, size)
        of, first = numbered(row, column)
        r, wide = row[first], _width(row[first], size)
        west = column[first] * wide
        # the last column ends at the date line, the last row at the pole
        east = np.minimum(west + wide, 360)
        return cls(size, of, np.clip((r + 0.5) * size / KM, -90, 90), (west + east) / 2 - 180)

    def __len__(self) -> int:
        return len(self.lat)

    def xyz(self) -> NDArray[np.float64]:
        """Centres on a sphere, km (P × 3)."""
        phi, theta = np.radians(self.lat), np.radians(self.lon)
        around = np.cos(phi)
        return 6371.0088 * np.stack([around * np.cos(theta), around * np.sin(theta), np.sin(phi)], axis=1)

    def near(self, reach: float) -> tuple[Ints, Ints, Floats]:
        """For each cell those within ``reach`` km, itself too: begins (P + 1), cells and distances in km."""
        points = self.xyz()
        pairs = cKDTree(points).query_pairs(reach, output_type="ndarray").astype(np.int64)
        own = np.arange(len(self), dtype=np.int64)
        one = np.concatenate([pairs[:, 0], pairs[:, 1], own])
        other = np.concatenate([pairs[:, 1], pairs[:, 0], own])
        order = np.lexsort((other, one))
        one, other = one[order], other[order]
        distance = np.sqrt(((points[one] - points[other]) ** 2).sum(axis=1))
        begins = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=len(self)))]).astype(np.int64)
        return begins, other, distance
