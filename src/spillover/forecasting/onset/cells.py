"""The cells of an origin: which groups might come to which places, what is known of them by then, and what came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from spillover.forecasting.onset.features import Known, Single, features, names
from spillover.forecasting.onset.record import Record
from spillover.forecasting.panels.places import borders
from spillover.spread.common import sphere

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NEAR = 12
"""Months in which a group in a neighbouring place counts as active there."""
_CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cells there are. ``quiet``: months without an event of the group in the place; ``rested``: the same for
    cells that are only learnt from. ``fewest``: events of a group up to the origin; ``recent``: months within which it
    has one."""

    quiet: int = 24
    rested: int = 3
    fewest: int = 5
    recent: int = 60


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of an origin: positions in the record's ``groups`` and ``places``; ``x``: cells × features;
    ``near``: whether the group was active in a neighbouring place in the last twelve months; ``rested``: whether the
    cell has been quiet as long as is asked. The others, quiet for less, are there to learn from."""

    origin: int
    group: Ints
    place: Ints
    x: Single
    near: Bools
    rested: Bools

    def __len__(self) -> int:
        return len(self.group)

    def only(self, rows: Bools) -> Cells:
        """Some of the cells."""
        return replace(self, group=self.group[rows], place=self.place[rows], x=self.x[rows], near=self.near[rows],
                       rested=self.rested[rows])  # fmt: skip


def cells(record: Record, origin: int, scope: Scope) -> Cells:
    """The cells of an origin. No event after it is looked at, and none changes a digit.

    Groups: those with enough events, one of them lately, that are known from a formal event. Places: those of any
    event, covered throughout the quiet months. A division must lie in a country in which the group was active lately,
    or in one that borders on such a country: that it may turn up on another continent is a question for countries.
    """
    known = _known(record, origin)
    groups, places = _groups(record, known, origin, scope), _places(record, known, origin, scope)
    if not groups.size or not places.size:
        return _none(origin)
    known.choose(groups, places, _neighbours(record, known, places))
    lately = known.counts(min(scope.rested, scope.quiet)) > 0
    rows, columns = np.nonzero(~lately & _reachable(record, known, places, scope))
    if not rows.size:
        return _none(origin)
    beside: Floats = (known.counts(NEAR) > 0).astype(np.float64) @ known.beside
    rested = known.counts(scope.quiet) == 0
    return Cells(
        origin, groups[rows], places[columns], features(known, rows, columns), beside[rows, columns] > 0,
        rested[rows, columns],
    )  # fmt: skip


def came(record: Record, of: Cells, months_ahead: tuple[int, int]) -> tuple[Floats, Bools]:
    """Whether the group struck there in the months ahead, and of which cells that is known: the place was covered."""
    first, last = (of.origin + h for h in months_ahead)
    inside = (record.month >= first) & (record.month <= last)
    rows = inside[record.event]
    code = record.group[rows] * len(record.places) + record.place[record.event[rows]]
    happened = np.isin(of.group * len(record.places) + of.place, code).astype(np.float64)
    if last > record.end:
        return happened, np.zeros(len(of), dtype=bool)
    seen = record.covered[of.place, first - record.start : last - record.start + 1]
    return happened, np.asarray(seen.all(axis=1))


def _none(origin: int) -> Cells:
    none, never = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    return Cells(origin, none, none, np.empty((0, len(names())), dtype=np.float32), never, never)


def _known(record: Record, origin: int) -> Known:
    n = int(np.searchsorted(record.month, origin, side="right"))
    parties = int(np.searchsorted(record.event, n, side="left"))
    event, group = record.event[:parties], record.group[:parties]
    formal = np.zeros(len(record.groups), dtype=bool)
    formal[group[record.formal[event]]] = True
    kept = formal[group]
    return Known(
        record.level, origin - record.month[:n], record.place[:n], record.lat[:n], record.lon[:n], event[kept],
        group[kept], len(record.groups), len(record.places),
    )  # fmt: skip


def _groups(record: Record, known: Known, origin: int, scope: Scope) -> Ints:
    n = np.bincount(known.group, minlength=len(record.groups))
    lately = np.bincount(known.group, weights=known.ago[known.event] < scope.recent, minlength=len(record.groups))
    return np.flatnonzero((n >= scope.fewest) & (lately > 0))


def _places(record: Record, known: Known, origin: int, scope: Scope) -> Ints:
    seen = np.bincount(known.place, minlength=len(record.places)) > 0
    first = origin - scope.quiet + 1 - record.start
    if first < 0 or origin > record.end:
        return np.empty(0, dtype=np.int64)
    covered = record.covered[:, first : origin - record.start + 1].all(axis=1)
    return np.flatnonzero(seen & covered)


def _reachable(record: Record, known: Known, places: Ints, scope: Scope) -> Bools:
    n = len(known.groups)
    if record.level == "country":
        return np.ones((n, places.size), dtype=bool)
    iso3 = sorted(set(record.countries))
    number = {c: i for i, c in enumerate(iso3)}
    country = np.array([number[c] for c in record.countries])
    near = np.eye(len(iso3), dtype=bool)
    for c in iso3:
        near[number[c], [number[o] for o in borders().get(c, ()) if o in number]] = True
    lately = known.ago[known.event] < scope.recent
    row = known.row[known.group]
    mine = lately & (row >= 0)
    active = np.zeros((n, len(iso3)), dtype=bool)
    active[row[mine], country[known.place[known.event[mine]]]] = True
    return np.asarray((active.astype(int) @ near.astype(int) > 0)[:, country[places]])


def _neighbours(record: Record, known: Known, places: Ints) -> Bools:
    """Which places are next to each other: countries with a border on land, divisions by Gabriel's graph."""
    linked = np.zeros((places.size, places.size), dtype=bool)
    if record.level == "country":
        row = {record.places[p]: i for i, p in enumerate(places)}
        for key, i in row.items():
            linked[i, [row[o] for o in borders().get(key, ()) if o in row]] = True
        return linked
    lat, lon = known.centres()
    at = np.flatnonzero(np.isfinite(lat[places]))
    for i, j in _gabriel(sphere(lat[places[at]], lon[places[at]])):
        linked[at[i], at[j]] = linked[at[j], at[i]] = True
    return linked


def _gabriel(points: Floats) -> list[tuple[int, int]]:
    """Pairs with no third point in the ball on their line (Gabriel & Sokal 1969, Systematic Zoology 18:259): links as
    many as borders have, without the borders. Only the nearest two dozen are looked at."""
    n = min(_CANDIDATES + 1, len(points))
    if n < 2:
        return []
    _, nearest = cKDTree(points).query(points, k=n)
    found = []
    for i, around in enumerate(nearest):
        others = np.array([j for j in around if j != i])
        apart = ((points[others] - points[i]) ** 2).sum(axis=1)
        between = ((points[others][:, None] - points[others][None]) ** 2).sum(axis=2)
        # k lies in the ball on i and j where its angle there is obtuse
        inside = (apart[None, :] + between < apart[:, None] - 1e-15) & ~np.eye(len(others), dtype=bool)
        found += [(i, int(j)) for j, blocked in zip(others, inside.any(axis=1), strict=True) if not blocked]
    return found
