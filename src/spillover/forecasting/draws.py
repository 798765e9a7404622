"""Forecasts and outcomes by cell, a cell being a unit in a month: what files hold and scores compare."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months

Names = NDArray[np.str_]
Ints = NDArray[np.int64]
_STEP = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """Where cells are from, for errors: a name, and the number of the first row (the header of a CSV file is row 1);
    ``None`` where a cell is no row."""

    name: str
    first: int | None = 1

    def row(self, i: int) -> str:
        """The place of the i-th cell, counted from 0."""
        return self.name if self.first is None else f"{self.name}, row {self.first + i:,}"

    def after(self, rows: int) -> Source:
        """The source of the cells that follow this many."""
        return self if self.first is None else replace(self, first=self.first + rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """``unit`` and ``month`` (an index, see :mod:`~spillover.forecasting.months`) of n cells; a subclass adds what is
    known of each, in arrays with a row a cell."""

    unit: Names
    month: Ints

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", np.asarray(self.unit, dtype=np.str_))
        object.__setattr__(self, "month", np.asarray(self.month, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit once, sorted."""
        return tuple(np.unique(self.unit).tolist())

    @property
    def window(self) -> tuple[int, int]:
        """First and last month."""
        return int(self.month.min()), int(self.month.max())

    def take(self, rows: NDArray[Any]) -> Self:
        """Only these rows, by number or by mask."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: a[rows] for name, a in held.items() if isinstance(a, np.ndarray)})

    def select(self, units: Collection[str] | None = None, window: tuple[int, int] | None = None) -> Self:
        """Only these units, only from the first to the last of these months."""
        return self.take(_chosen(self.unit, self.month, units, window))

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Units by other names; one that ``names`` lacks keeps its own."""
        return replace(self, unit=_renamed(self.unit, names))


@dataclass(frozen=True, slots=True, eq=False)
class Draws(_Cells):
    """A forecast: ``unit`` and ``month`` (an index, see :mod:`~spillover.forecasting.months`) of n cells, and
    ``draws``, n × m of 32 or 64 bits, counts a month, in no order that matters but the same for all cells.

    :class:`ValueError` where the shapes do not fit each other.
    """

    draws: NDArray[Any]

    def __post_init__(self) -> None:
        # not super(): slots make the class anew, and super() would look for the one before
        _Cells.__post_init__(self)
        drawn = np.asarray(self.draws)
        if drawn.dtype not in (np.float32, np.float64):
            drawn = drawn.astype(np.float64)
        object.__setattr__(self, "draws", drawn)
        if not (drawn.ndim == 2 and self.unit.shape == self.month.shape == drawn.shape[:1]):
            raise ValueError(f"units {self.unit.shape}, months {self.month.shape} and draws {drawn.shape} do not fit")

    @property
    def size(self) -> int:
        """Draws a cell."""
        return int(self.draws.shape[1])

    def check(self, source: Source) -> Draws:
        """Itself, where no cell stands twice and each draw is a number from 0 up.

        :class:`~spillover.errors.ForecastError` with the first row that is otherwise.
        """
        if not len(self) or not self.size:
            raise ForecastError(
                "there is no forecast in it", where=source.name, to_do="Give a file with cells and draws"
            )
        check_cells(self.unit, self.month, source)
        for first in range(0, len(self), _STEP):
            part = self.draws[first : first + _STEP]
            good = ((part >= 0) & (part < np.inf)).all(axis=1)
            if not good.all():
                at = int((~good).argmax())
                value = next(v for v in part[at].tolist() if not 0 <= v < np.inf)
                raise ForecastError(
                    f"{'a draw is missing' if value != value else f'{value:g} is no count'} "
                    f"({_cell(self.unit, self.month, first + at)})",
                    where=source.row(first + at),
                    to_do="Draws are numbers from 0 up: mend the row or leave it out",
                )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Observed(_Cells):
    """What came: ``unit``, ``month`` (an index) and ``value`` (a count) of n cells; ``kind``: what a unit is, where the
    file says so (``country``, ``priogrid``)."""

    value: NDArray[np.float64]
    kind: str | None = None

    def __post_init__(self) -> None:
        _Cells.__post_init__(self)
        object.__setattr__(self, "value", np.asarray(self.value, dtype=np.float64))
        if not (self.unit.ndim == 1 and self.unit.shape == self.month.shape == self.value.shape):
            raise ValueError(
                f"units {self.unit.shape}, months {self.month.shape} and values {self.value.shape} do not fit"
            )

    def until(self, origin: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """The units, sorted, and their values up to and with a month: units × months; a cell that is not there is 0.

        :class:`~spillover.errors.ForecastError` where the data do not reach that month.
        """
        first, last = self.window if len(self) else (0, -1)
        if not first <= origin <= last:
            raise ForecastError(
                f"the history has no month {months.name(origin)}",
                to_do=f"It runs from {months.name(first)} to {months.name(last)}: choose an origin in it"
                if len(self)
                else "It is empty",
            )
        known = self.month <= origin
        names, row = np.unique(self.unit[known], return_inverse=True)
        values = np.zeros((len(names), origin - first + 1))
        values[row, self.month[known] - first] = self.value[known]
        return tuple(names.tolist()), values


def align(*sets: Draws | Observed) -> list[Ints]:
    """For each set the rows of the cells that all of them have, in the order of unit and month.

    :class:`~spillover.errors.ForecastError` where a cell stands twice in one.
    """
    _, codes = np.unique(np.concatenate([s.unit for s in sets]), return_inverse=True)
    month = np.concatenate([s.month for s in sets])
    first = int(month.min()) if len(month) else 0
    span = int(month.max()) - first + 1 if len(month) else 1
    keys = np.split(codes * span + (month - first), np.cumsum([len(s) for s in sets])[:-1])
    shared = keys[0]
    for key, part in zip(keys, sets, strict=True):
        check_cells(part.unit, part.month, Source("forecasts and outcomes", None))
        shared = np.intersect1d(shared, key)
    found = []
    for key in keys:
        order = np.argsort(key, kind="stable")
        found.append(order[np.searchsorted(key, shared, sorter=order)].astype(np.int64))
    return found


def check_cells(unit: Names, month: Ints, source: Source) -> None:
    """:class:`~spillover.errors.ForecastError` with the row at which a cell stands a second time."""
    _, codes = np.unique(unit, return_inverse=True)
    key = codes * (int(np.ptp(month)) + 1 if len(month) else 1) + (month - (month.min() if len(month) else 0))
    _, firsts = np.unique(key, return_index=True)
    if len(firsts) < len(key):
        again = np.ones(len(key), dtype=bool)
        again[firsts] = False
        raise ForecastError(
            f"{int(again.sum())} cells stand twice, the first that does is {_cell(unit, month, int(again.argmax()))}",
            where=source.row(int(again.argmax())),
            to_do="Keep one row for a unit in a month",
        )


def listed(names: Sequence[Any], most: int = 5) -> str:
    """``A, B, C and 4 more``."""
    shown = ", ".join(str(n) for n in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _cell(unit: Names, month: Ints, row: int) -> str:
    return f"{unit[row]} in {months.name(int(month[row]))}"


def _chosen(unit: Names, month: Ints, units: Collection[str] | None, window: tuple[int, int] | None) -> NDArray[Any]:
    rows = np.ones(len(unit), dtype=bool)
    if units is not None:
        rows &= np.isin(unit, np.array(sorted(units), dtype=np.str_))
    if window is not None:
        rows &= (month >= window[0]) & (month <= window[1])
    return rows


def _renamed(unit: Names, names: Mapping[str, str]) -> Names:
    old, codes = np.unique(unit, return_inverse=True)
    return np.array([names.get(name, name) for name in old.tolist()], dtype=np.str_)[codes] if len(old) else unit
