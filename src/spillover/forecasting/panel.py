"""The panel that forecasts are made from: units by months, every zero written out.

Values after an origin never reach a model: it is given :meth:`Panel.until`, which has no later column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spillover.forecasting import months

Unit = Literal["country", "admin1", "priogrid", "group", "other"]
"""What a row is. ``group``: an armed group in a country."""
KINDS: Mapping[Unit, tuple[str, str]] = {
    "country": ("country", "countries"),
    "admin1": ("division", "divisions"),
    "priogrid": ("PRIO-GRID cell", "PRIO-GRID cells"),
    "group": ("group in a country", "groups in countries"),
    "other": ("unit", "units"),
}
"""What one and several are called."""
SMALL = ("admin1", "priogrid")
"""Kinds of units that are many and small: what is next door tells as much as a unit's own past."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Values by unit (rows) and month (columns).

    ``units``: a key a row, as it stands in files (ISO3, ISO 3166-2, PRIO-GRID gid, "group id|ISO3"); ``names``: the
    same for people. ``start``: the month of column 0 (see :mod:`~spillover.forecasting.months`). ``values``: units ×
    months, deaths or events, never negative. ``exists``: of the same shape; where it is false the value is 0 and the
    unit was not there (a state before its independence) or nothing is known of it. ``covered``: of the same shape, the
    months in which the record speaks of the unit's place, whether or not the unit was there; ``None`` for all.
    ``parts``: other series of the same shape that models may look at, by name (``events``, ``state-based``,
    ``civilians`` …). ``neighbours``: the rows next to each row. ``points``: latitude and longitude (degrees) by unit
    where its first events tell them (divisions, the middle of those in the first month). ``notes``: what was done to
    the record on the way here, with its counts, for people.
    """

    kind: Unit
    target: str
    units: tuple[str, ...]
    start: int
    values: NDArray[np.float64]
    exists: NDArray[np.bool_]
    names: tuple[str, ...] = ()
    parts: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    neighbours: tuple[NDArray[np.int64], ...] = ()
    notes: tuple[str, ...] = ()
    covered: NDArray[np.bool_] | None = None
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.units)

    @property
    def end(self) -> int:
        """The month of the last column."""
        return self.start + int(self.values.shape[1]) - 1

    def until(self, origin: int) -> Panel:
        """The panel as it stood at the end of a month: no later column, no unit that was not there yet."""
        if not self.start <= origin <= self.end:
            raise ValueError(f"{months.name(origin)} is outside {months.name(self.start)} to {months.name(self.end)}")
        n = origin - self.start + 1
        return replace(
            self,
            values=self.values[:, :n],
            exists=self.exists[:, :n],
            covered=None if self.covered is None else self.covered[:, :n],
            parts={name: part[:, :n] for name, part in self.parts.items()},
        ).only(self.exists[:, n - 1])

    def only(self, rows: NDArray[np.bool_]) -> Panel:
        """Some of the rows."""
        if rows.all():
            return self
        kept = np.flatnonzero(rows)
        where = np.full(len(self), -1)
        where[kept] = np.arange(kept.size)
        return replace(
            self,
            units=tuple(self.units[i] for i in kept),
            names=tuple(self.names[i] for i in kept) if self.names else (),
            values=self.values[kept],
            exists=self.exists[kept],
            covered=None if self.covered is None else self.covered[kept],
            parts={name: part[kept] for name, part in self.parts.items()},
            neighbours=tuple(near[near >= 0] for near in (where[self.neighbours[i]] for i in kept))
            if self.neighbours
            else (),
        )
