"""What is known of a group and a place at an origin, as numbers; what each is called is in ``features.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from spillover.spread.common import EARTH, chord, sphere

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Single = NDArray[np.float32]
SCALE = {"admin1": 100.0, "country": 500.0}
"""Kilometres over which a place's exposure to an event falls to 1/e."""
_TURN = 10_000
"""More than the steps of a grid around the globe: latitude and longitude in one number."""
REACH = 5
"""Scales beyond which an event does not count as near."""
GRID = {"admin1": 0.25, "country": 2.5}
"""Degrees to which points are rounded for distances: a quarter or half of the scale, and far fewer pairs of them."""
FAST, SLOW = 3.0, 18.0
"""Half-lives (months) of an event's weight in the intensity that it leaves around it."""
MEMORY = 60
"""Months in which the trace of a group that left falls to 1/e."""
EVER = 10**6
"""Months: longer than any record."""


@dataclass(slots=True)
class Known:
    """All that is known at an origin: of each event ``ago`` (months, 0: the origin's own), ``place`` and point; of each
    party its ``event`` and ``group``. :meth:`choose` sets the groups and places that are asked about."""

    level: str
    ago: Ints
    place: Ints
    lat: Floats
    lon: Floats
    event: Ints
    group: Ints
    n_groups: int
    n_places: int
    groups: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    places: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    row: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    column: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    beside: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def choose(self, groups: Ints, places: Ints, linked: Bools) -> None:
        """The groups (rows) and places (columns) of all tables from now on; which places are neighbours."""
        self.groups, self.places, self.beside = groups, places, linked.astype(np.float64)
        self.row, self.column = np.full(self.n_groups, -1), np.full(self.n_places, -1)
        self.row[groups], self.column[places] = np.arange(groups.size), np.arange(places.size)
        mine = (self.row[self.group] >= 0) & (self.column[self.place[self.event]] >= 0)
        self.event, self.group = self.event[mine], self.group[mine]

    def counts(self, last: int, since: int = 0) -> Floats:
        """Events of groups in places, ``since`` to ``last`` months ago: groups × places."""
        ago = self.ago[self.event]
        kept = (ago >= since) & (ago < last)
        code = self.row[self.group[kept]] * self.places.size + self.column[self.place[self.event[kept]]]
        size = self.groups.size * self.places.size
        return np.bincount(code, minlength=size).reshape(self.groups.size, -1).astype(np.float64)

    def everybody(self) -> Floats:
        """Events of anybody in each place."""
        at = self.column[self.place]
        return np.bincount(at[at >= 0], minlength=self.places.size).astype(np.float64)

    def centres(self) -> tuple[Floats, Floats]:
        """Of each place of the record the centre of its events (degrees), NaN where none has a point."""
        have = np.isfinite(self.lat)
        n = np.bincount(self.place[have], minlength=self.n_places)
        xyz = sphere(self.lat[have], self.lon[have])
        x, y, z = (np.bincount(self.place[have], weights=xyz[:, k], minlength=self.n_places) for k in range(3))
        lat, lon = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
        return np.where(n > 0, lat, np.nan), np.where(n > 0, lon, np.nan)

    def nearness(self) -> tuple[Ints, sparse.csr_array]:
        """The site of each event (−1: no point), and what each place feels of an event at each site: sites × places.

        The distance is to the nearest point of the place that the record knows by then.
        """
        step, scale = GRID[self.level], SCALE[self.level]
        have = np.flatnonzero(np.isfinite(self.lat))
        site = np.full(len(self.ago), -1)
        if not have.size:
            return site, sparse.csr_array((0, self.places.size))
        rounded = [np.rint(of[have] / step).astype(np.int64) for of in (self.lat, self.lon)]
        sites, site[have] = np.unique(rounded[0] * _TURN + rounded[1] + _TURN // 2, return_inverse=True)
        lat, lon = (of.astype(np.float64) * step for of in np.divmod(sites, _TURN))
        points = sphere(lat, lon - _TURN // 2 * step)
        column = self.column[self.place[have]]
        own = np.unique(column[column >= 0] * sites.size + site[have][column >= 0])
        own_place, own_site = np.divmod(own, sites.size)
        pairs = cKDTree(points).sparse_distance_matrix(
            cKDTree(points[own_site]), chord(REACH * scale), output_type="ndarray"
        )
        km = 2 * EARTH * np.arcsin(np.minimum(pairs["v"] / 2, 1))
        code = pairs["i"].astype(np.int64) * self.places.size + own_place[pairs["j"]]
        order = np.lexsort((km, code))
        code, nearest = np.unique(code[order], return_index=True)
        felt = np.exp(-km[order][nearest] / scale)
        shape = len(sites), self.places.size
        return site, sparse.csr_array((felt, np.divmod(code, self.places.size)), shape=shape)


@cache
def spec() -> dict[str, dict[str, str]]:
    """Of each feature, by name: what it is when it is high and when it is low, for people."""
    return tomllib.loads(files(__package__).joinpath("features.toml").read_text("utf-8"))


@cache
def names() -> tuple[str, ...]:
    """The features, in the order of the columns."""
    return tuple(spec())


def features(known: Known, rows: Ints, columns: Ints) -> Single:
    """Features of cells, a row a cell."""
    made, shape = _tables(known), (known.groups.size, known.places.size)
    found = [np.broadcast_to(made[name], shape)[rows, columns].astype(np.float32) for name in names()]
    return np.column_stack(found)


def _tables(known: Known) -> dict[str, Floats]:
    """Each feature as groups × places (or a row or a column of that)."""
    year, two, ever = known.counts(12), known.counts(24), known.counts(EVER)
    before = known.counts(24, 12)
    active = (two > 0).astype(np.float64)
    first, last = _extremes(known)
    near = known.nearness()
    came = (ever > 0) & (first < 60)
    return {
        "felt_fast": np.log1p(_felt(known, near, FAST)),
        "felt_slow": np.log1p(_felt(known, near, SLOW)),
        "near_share": active @ known.beside / np.maximum(known.beside.sum(axis=0), 1),
        "near_year": ((year > 0) @ known.beside > 0).astype(np.float64),
        "was_there": np.where(ever > 0, np.exp(-last / MEMORY), 0.0),
        "ever": np.log1p(ever),
        "trend": np.log1p(year.sum(axis=1, keepdims=True)) - np.log1p(before.sum(axis=1, keepdims=True)),
        "breadth": np.log1p(active.sum(axis=1, keepdims=True)),
        "visitors": np.log1p(came.sum(axis=0, keepdims=True).astype(np.float64)),
        "place_ever": np.log1p(known.everybody())[None, :],
    }


def _extremes(known: Known) -> tuple[Floats, Floats]:
    """Months since the first and the last event of each group in each place; :data:`EVER` where there is none."""
    shape = known.groups.size, known.places.size
    first, last = np.full(shape, -1), np.full(shape, EVER)
    ago, row, column = known.ago[known.event], known.row[known.group], known.column[known.place[known.event]]
    np.maximum.at(first, (row, column), ago)
    np.minimum.at(last, (row, column), ago)
    return np.where(first < 0, EVER, first).astype(np.float64), last.astype(np.float64)


def _felt(known: Known, near: tuple[Ints, sparse.csr_array], half_life: float) -> Floats:
    """The intensity that the events of each group leave in each place, fading with time and distance: the kernel of a
    contagion model with its shape given and not fitted. Groups × places."""
    site, felt = near
    weight = 0.5 ** (known.ago[known.event] / half_life)
    at = site[known.event]
    has = at >= 0
    left = sparse.csr_array(
        (weight[has], (known.row[known.group[has]], at[has])), shape=(known.groups.size, felt.shape[0])
    )
    return np.asarray((left @ felt).toarray(), dtype=np.float64)
