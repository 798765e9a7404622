"""The system carried forward beside its edited self, on the same random numbers.

The two are simulated as one branching process of three types: events that are in both systems, in the unedited one
alone, in the edited one alone. An event in both sets off, in both, the lesser of what it sets off in each, and the
difference in one alone; each system by itself is then exactly the process of its own parameters (superposition of
Poisson processes), and where nothing is edited the two are the same, event for event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from spillover.forecasting.scenarios.system import Start, System
from spillover.spread.contagion import Contagion
from spillover.spread.contagion.catalogue import Floats, Ints
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Fitted
from spillover.spread.contagion.simulate import Events, Generator, branch

RECENT = 365.0  # days: the background goes on at the level of these last ones
_YEAR = 365.2425
_HIGHEST = 1.645  # standard deviations from the middle to the end of a 90 % interval
BOTH, UNEDITED, EDITED = 0, 1, 2
BACKGROUND, RECORDED, STARTED = 0, 1, 2
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is carried forward. ``number`` (M): events of each group in the recent past; ``weights`` (N): each recent
    event's chance to be background, by which places are drawn, ``background`` (M): their sums by group; ``history``:
    the events that may still set some off.
    """

    fitted: Fitted
    generator: Generator
    since: date
    recent: float
    number: Floats
    background: Floats
    weights: Floats
    history: Ints

    @classmethod
    def of(cls, model: Contagion, recent: float = RECENT) -> Ground:
        """Of a fitted model: from the day after its window on."""
        fitted = model.calibration.fitted
        c, end = fitted.catalogue, fitted.catalogue.days
        recent = min(recent, end)
        late = fitted.times >= end - recent
        weights = np.where(late, fitted.background, 0.0)
        n = len(c.groups)
        return cls(
            fitted, Generator(fitted), c.begin + timedelta(days=round(end)), recent,
            _by_group(c.group, late.astype(np.float64), n), _by_group(c.group, weights, n), weights,
            np.flatnonzero(fitted.times > end - fitted.settings.longest).astype(np.int64),
        )  # fmt: skip

    def levels(self, strength: float, runs: int, rng: np.random.Generator) -> Floats:
        """Background events a day of each group in each run (R × M).

        So many that the unedited system has, on the mean, as many events as the recent past: the number then, less what
        those events set off. Where triggering is stronger, more of them were set off. The level is known from so many
        events: a gamma draw around it, of that shape.
        """
        mean = np.maximum(self.number - strength * self.fitted.matrix() @ self.number, 0.0) * (self.background > 0)
        known = np.maximum(mean, 1e-9)
        return np.asarray(mean / self.recent * rng.gamma(known, 1 / known, (runs, len(mean))))


def _by_group(group: Ints, weights: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(group, weights, minlength=n), dtype=np.float64)


def strengths(model: Contagion, n: int) -> Floats:
    """By which the fitted triggering is multiplied in each of ``n`` draws: the middles of ``n`` equal parts of the
    normal distribution that has the 90 % interval of the offspring per event; the largest first."""
    o, fitted = model.offspring, max(float(model.calibration.truth[1]), 1e-9)
    deviation = (o.high - o.value) / _HIGHEST
    middle = (np.arange(n)[::-1] + 0.5) / n
    return np.asarray(np.maximum(o.value + deviation * norm.ppf(middle), 0.0) / fitted)


@dataclass(frozen=True, slots=True)
class Carried:
    """Events after the record, in no order. ``day``: since its end; ``group``: as whom it runs, ``country``: by number;
    ``unedited``, ``edited``: in which system it is; ``kind``, ``origin``: what its chain began with, and of which
    group; ``depth``: 0 for the beginning itself, 1 for what that set off.
    """

    run: Ints
    day: Floats
    group: Ints
    country: Ints
    lat: Floats
    lon: Floats
    unedited: Flags
    edited: Flags
    kind: Ints
    origin: Ints
    depth: Ints


@dataclass(frozen=True, slots=True)
class _Part:
    """Events that chains begin with after the record, or that its last events set off directly. ``origin``: the group
    of the beginning; ``edited`` and ``unedited``: in which systems they are."""

    events: Events
    run: Ints
    kind: int
    origin: Ints
    unedited: Flags
    edited: Flags


_COLUMNS = ("times", "lat", "lon", "group", "mark", "country", "parent")


def carry(
    ground: Ground, before: System, after: System, *, strength: float, runs: int, days: float,
    rng: np.random.Generator, most: int,
) -> Carried | None:  # fmt: skip
    """Some runs of both systems for so many days; ``None`` where they have more than ``most`` events together.

    ``before`` has every group under its own name. Groups of events are numbered by type, then by group.
    """
    pair = _Pair(ground, before, after, strength)
    level = ground.levels(strength, runs, rng)
    parts = [
        *_background(ground, before, after, level, days, rng),
        *(_added(start, ground, runs, days, rng) for start in after.starts if start.per_year),
        pair.set_off_by_record(runs, days, rng),
    ]
    seeds = {name: np.concatenate([getattr(part.events, name) for part in parts]) for name in _COLUMNS}
    made = pair.branch(Events(**seeds, cut=False), days, rng, most)
    return None if made.cut else pair.told(made, parts, rng)


class _Pair:
    """Both systems as one branching process of three types of events."""

    def __init__(self, ground: Ground, before: System, after: System, strength: float) -> None:
        self.ground, self.after = ground, after
        self.m = m = len(before.scale)
        both = np.minimum(before.adjacency, after.adjacency)
        self.adjacency = np.zeros((3 * m, 3 * m))
        for type_, matrix in ((BOTH, both), (UNEDITED, before.adjacency), (EDITED, after.adjacency)):
            at = slice(type_ * m, (type_ + 1) * m)
            self.adjacency[at, at] = strength * matrix
            self.adjacency[at, :m] = strength * (matrix if type_ == BOTH else matrix - both)
        self.border = max(before.border, after.border)
        # an event across a border is in a system with this chance, where the one with more has it for certain
        self.crossing = (before.border / self.border, after.border / self.border) if self.border else (1.0, 1.0)
        self.known = _known(ground, before, after)

    def branch(
        self, seeds: Events, days: float, rng: np.random.Generator, most: int, adjacency: Floats | None = None
    ) -> Events:
        """The seeds and what they set off."""
        matrix = self.adjacency if adjacency is None else adjacency
        parameters = replace(self.ground.fitted.parameters, adjacency=matrix, border=self.border)
        marks = np.tile(self.ground.generator.marks, (len(matrix) // self.m, 1))
        return branch(
            seeds, parameters, self.ground.fitted.settings, marks, until=days, rng=rng, known=self.known, most=most
        )

    def set_off_by_record(self, runs: int, days: float, rng: np.random.Generator) -> _Part:
        """What the last recorded events set off directly after the record's end.

        What they set off before it is recorded already. Who has joined another is in each system under another name.
        """
        c, m, at = self.ground.fitted.catalogue, self.m, self.ground.history
        same = self.after.label[c.group[at]] == c.group[at]
        which = np.concatenate([at[same], at[~same], at[~same]])
        n, other = int(same.sum()), int((~same).sum())
        type_ = np.repeat([BOTH, UNEDITED, EDITED], [n, other, other])
        group = type_ * m + np.where(type_ == EDITED, self.after.label[c.group[which]], c.group[which])
        run = np.repeat(np.arange(runs), len(which))
        which, group = np.tile(which, runs), np.tile(group, runs)
        recorded = Events(
            self.ground.fitted.times[which] - c.days, c.lat[which], c.lon[which], group, c.mark[which],
            c.country[which], np.full(len(which), -1), False,
        )  # fmt: skip
        # one generation: children are of groups of their own, which set off nothing
        single = np.zeros((6 * m, 6 * m))
        single[3 * m :, : 3 * m] = self.adjacency
        made = self.branch(recorded, days, rng, 10**9, single)
        unedited, edited = self._in_which(made, made.group % (3 * m) // m, rng)
        kept = (made.parent >= 0) & (made.times >= 0)
        parent = made.parent[kept]
        found = {name: getattr(made, name)[kept] for name in _COLUMNS}
        found |= {"group": found["group"] - 3 * m, "parent": np.full(len(parent), -1)}
        return _Part(Events(**found, cut=False), run[parent], RECORDED, group[parent] % m, unedited[kept], edited[kept])

    def _in_which(self, made: Events, type_: Ints, rng: np.random.Generator) -> tuple[Flags, Flags]:
        """In which system each event is, if its parent is."""
        unedited, edited = type_ != EDITED, type_ != UNEDITED
        at = np.flatnonzero(made.parent >= 0)
        crossed = at[made.country[at] != made.country[made.parent[at]]]
        drawn = rng.random(len(crossed))
        unedited[crossed] &= drawn < self.crossing[0]
        edited[crossed] &= drawn < self.crossing[1]
        return unedited, edited

    def told(self, made: Events, parts: list[_Part], rng: np.random.Generator) -> Carried:
        """Which event is in which system, and what its chain began with."""
        n = len(made)

        def joined(name: str) -> Any:
            return np.concatenate([getattr(part, name) for part in parts])

        roots = sum(len(part.events) for part in parts)
        kind = np.repeat([part.kind for part in parts], [len(part.events) for part in parts])
        root, depth = np.arange(n), np.zeros(n, dtype=np.int64)
        depth[:roots] = kind == RECORDED
        unedited, edited = self._in_which(made, made.group // self.m, rng)
        unedited[:roots], edited[:roots] = joined("unedited"), joined("edited")
        last = roots
        while last < n:  # generation by generation: parents come before their children, in the same order
            end = roots + int(np.searchsorted(made.parent[roots:], last))
            here, parent = slice(last, end), made.parent[last:end]
            root[here], depth[here] = root[parent], depth[parent] + 1
            unedited[here] &= unedited[parent]
            edited[here] &= edited[parent]
            last = end
        kept = unedited | edited
        at = root[kept]
        return Carried(
            joined("run")[at], made.times[kept], made.group[kept] % self.m, made.country[kept], made.lat[kept],
            made.lon[kept], unedited[kept], edited[kept], kind[at], joined("origin")[at], depth[kept],
        )  # fmt: skip


def _background(
    ground: Ground, before: System, after: System, level: Floats, days: float, rng: np.random.Generator
) -> list[_Part]:
    """Background events of both systems. What is the same event under another name or in another place has the same
    time and run in both, so that what differs is the edit and not the draw."""
    m = len(before.scale)
    same = before.label == after.label
    shared = np.minimum(before.scale, after.scale)
    alone, streams = before.scale - shared, [np.where(same, shared, 0), np.where(same, 0, shared), after.scale - shared]
    for start in after.starts:
        moved = np.minimum(alone, start.share)
        alone = alone - moved
        streams += [moved, start.share - moved]
    shares = np.stack([*streams, alone])
    wanted = level.sum(axis=0) * days * shares.sum(axis=0)
    each = wanted / np.maximum(ground.background, 1e-9)
    drawn = ground.generator.immigrants(rng, ground.weights * each[ground.fitted.catalogue.group])
    cumulated = np.cumsum(level, axis=0)[:, drawn.group]
    run = (cumulated <= rng.random(len(drawn)) * cumulated[-1]).sum(axis=0).clip(max=len(level) - 1)
    steps = np.cumsum(shares, axis=0)[:, drawn.group]
    stream = (steps <= rng.random(len(drawn)) * steps[-1]).sum(axis=0).clip(max=len(shares) - 1)
    drawn = replace(drawn, times=rng.random(len(drawn)) * days)
    label = after.label[drawn.group]

    def part(type_: int, chosen: Flags, start: Start | None = None) -> _Part:
        found = Events(**{name: getattr(drawn, name)[chosen] for name in _COLUMNS}, cut=False)
        group = found.group if type_ != EDITED else label[chosen]
        if start is not None:
            n = len(found)
            group = np.full(n, start.group)
            found = replace(
                found, lat=np.full(n, start.lat), lon=np.full(n, start.lon), country=np.full(n, start.country)
            )
        kind, all_ = BACKGROUND if start is None else STARTED, np.ones(len(found), dtype=np.bool_)
        return _Part(
            replace(found, group=type_ * m + group), run[chosen], kind, group, all_ & (type_ != EDITED),
            all_ & (type_ != UNEDITED),
        )  # fmt: skip

    last = len(shares) - 1
    moves = [(start, 3 + 2 * k) for k, start in enumerate(after.starts)]
    leaving = np.isin(stream, [1, last, *(k for _, k in moves)])
    return [
        part(BOTH, stream == 0), part(UNEDITED, leaving), part(EDITED, (stream == 1) | (stream == 2)),
        *(part(EDITED, (stream == k) | (stream == k + 1), start) for start, k in moves),
    ]  # fmt: skip


def _added(start: Start, ground: Ground, runs: int, days: float, rng: np.random.Generator) -> _Part:
    """Events of a group in a new place that it did not have elsewhere."""
    number = rng.poisson(start.per_year / _YEAR * days, runs)
    n, marks = int(number.sum()), ground.generator.marks[start.group]
    events = Events(
        rng.random(n) * days, np.full(n, start.lat), np.full(n, start.lon),
        np.full(n, EDITED * len(ground.number) + start.group), rng.choice(len(marks), n, p=marks / marks.sum()),
        np.full(n, start.country), np.full(n, -1), False,
    )  # fmt: skip
    none = np.zeros(n, dtype=np.bool_)
    return _Part(events, np.repeat(np.arange(runs), number), STARTED, np.full(n, start.group), none, ~none)


def _known(ground: Ground, before: System, after: System) -> tuple[Cells, Ints] | None:
    """Cells and their countries, with the places where groups start in countries that are new to the model."""
    if len(after.countries) < 2:
        return None
    cells, country = ground.fitted.cells, ground.generator.country_of_cell
    new = [s for s in after.starts if s.country >= len(before.countries)]
    lat, lon = np.array([s.lat for s in new]), np.array([s.lon for s in new])
    cells = Cells(cells.size, cells.of, np.concatenate([cells.lat, lat]), np.concatenate([cells.lon, lon]))
    return cells, np.concatenate([country, np.array([s.country for s in new], dtype=np.int64)])
