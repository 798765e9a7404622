"""The catalogue that the contagion model is fitted to: times in days, places snapped to cells, groups, marks,
countries.

An event can trigger, or be triggered, only if its day and place are known: ``date_prec`` ≤ 2, at most six days long,
``where_prec`` ≤ 3. Its time is drawn within the days recorded. Places are snapped to cells of one size, the finest
scale of the background as well as of the kernel: coordinates are atoms of a gazetteer, and whichever of the two is
finer in space takes the atoms for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import SpreadError
from spillover.spread.selection import LeftOut, Selection

KM = 6371.0088 * np.pi / 180  # a degree of a great circle, in km (mean radius of the Earth, IUGG)
CELL = 5.0  # km
MARKS = (1, 3, 10)  # deaths from which the next class of marks begins: none, 1-2, 3-9, 10 and more
FEWEST = 50
SHORTEST = 365.0  # days: four times the background's bandwidth; in less, chance alone looks like triggering
OTHERS = "others"
_LONGEST, _DAY, _PLACE = 6, 2, 3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Events in order of time. All arrays have one entry an event, ``N`` in all.

    ``first``, ``last``: the days within which it can have happened, counted from the window's begin (``last`` is past
    the end of the day). ``lat``, ``lon``: degrees. ``group``, ``country``: positions in ``groups`` and ``countries``.
    ``mark``: class of deaths by :data:`MARKS`. ``days``: length of the window.
    """

    first: Floats
    last: Floats
    lat: Floats
    lon: Floats
    group: Ints
    mark: Ints
    country: Ints
    groups: tuple[str, ...]
    countries: tuple[str, ...]
    days: float
    begin: date = date(1970, 1, 1)
    left_out: LeftOut = field(default_factory=lambda: LeftOut(0))

    def __len__(self) -> int:
        return len(self.first)

    def __post_init__(self) -> None:
        lengths = {len(a) for a in (self.first, self.last, self.lat, self.lon, self.group, self.mark, self.country)}
        if len(lengths) != 1:
            raise SpreadError(f"columns of unlike lengths: {sorted(lengths)}", to_do="Give one value an event in each")
        for name in ("first", "last", "lat", "lon"):
            if not np.isfinite(getattr(self, name)).all():
                raise SpreadError(f"{name} has values that are no numbers", to_do="Leave those events out")
        if len(self) and (self.last < self.first).any():
            n = int((self.last < self.first).sum())
            raise SpreadError(f"{n:,} events end before they begin", to_do="Mend their dates or leave them out")
        if len(self) and (np.abs(self.lat).max() > 90 or np.abs(self.lon).max() > 180):
            raise SpreadError("there are coordinates outside ±90, ±180 degrees", to_do="Mend them or leave them out")
        for name, number in (("group", len(self.groups)), ("mark", len(MARKS) + 1), ("country", len(self.countries))):
            column = getattr(self, name)
            if len(self) and (column.min() < 0 or column.max() >= number):
                raise SpreadError(
                    f"{name} has numbers outside 0 to {number - 1}", to_do="Count from 0, and name all that there are"
                )
        if not self.days > 0 or (len(self) and (self.first.min() < 0 or self.last.max() > self.days + 1e-9)):
            raise SpreadError("there are events outside the window", to_do="Choose a window that holds them all")

    def times(self, rng: np.random.Generator) -> Floats:
        """A time for each event, drawn within the days recorded."""
        return self.first + rng.random(len(self)) * (self.last - self.first)

    def at(self, times: Floats) -> Catalogue:
        """The same events at exactly these times, in their order."""
        order = np.argsort(times, kind="stable")
        return replace(self.take(order), first=times[order], last=times[order])

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Catalogue:
        """Some of the events."""
        names = ("first", "last", "lat", "lon", "group", "mark", "country")
        return replace(self, **{name: getattr(self, name)[which] for name in names})

    def until(self, day: float) -> Catalogue:
        """The events that were over by that day, with the window ending there."""
        return replace(self.take(self.last <= day), days=day)

    def check(self) -> Catalogue:
        """Itself; :class:`SpreadError` where nothing can be fitted to it."""
        if len(self) < FEWEST:
            raise SpreadError(
                f"{len(self):,} events can be used, and a contagion model needs {FEWEST}"
                + (f": {self.left_out}" if self.left_out.events else ""),
                to_do="Choose more actors, a longer window or more countries",
            )
        if self.last.max() - self.first.min() < SHORTEST:
            raise SpreadError(
                "all events lie within a year, too short to tell slow waves from triggering",
                to_do="Choose a longer window",
            )
        return self


def catalogue(selection: Selection, *, fewest: int = 30) -> Catalogue:
    """The events of a selection that can be used. Groups with fewer than ``fewest`` events are put together as
    "others".

    :class:`SpreadError` where fewer than 50 are left, or all lie within a year.
    """
    events, left_out = _usable(selection)
    counts = events["group"].value_counts().sort(["count", "group"], descending=[True, False])
    kept = [name for name, n in counts.iter_rows() if n >= fewest and name != OTHERS]
    groups = (*kept, OTHERS) if len(kept) < counts.height else tuple(kept)
    number = {name: n for n, name in enumerate(groups)}
    countries = tuple(events["country"].fill_null("unknown").unique().sort())
    where = {name: n for n, name in enumerate(countries)}
    begin = np.datetime64(selection.since)
    first = (events["start"].to_numpy() - begin) / np.timedelta64(1, "D")
    last = np.minimum((events["end"].to_numpy() - begin) / np.timedelta64(1, "D") + 1, selection.days)
    return Catalogue(
        first.astype(float), last.astype(float), events["lat"].to_numpy().astype(float),
        events["lon"].to_numpy().astype(float),
        np.array([number.get(g, len(groups) - 1) for g in events["group"]], dtype=np.int64),
        np.searchsorted(MARKS, events["deaths"].fill_null(0).to_numpy(), side="right").astype(np.int64),
        np.array([where[c] for c in events["country"].fill_null("unknown")], dtype=np.int64),
        groups, countries, float(selection.days), selection.since, left_out,
    ).check()  # fmt: skip


def _usable(selection: Selection) -> tuple[pl.DataFrame, LeftOut]:
    events, left_out = selection.usable(place=_PLACE, day=_DAY)
    length = (pl.col("end") - pl.col("start")).dt.total_days() + 1
    reversed_, long = length < 1, length > _LONGEST
    reasons = dict(left_out.reasons)
    for reason, condition in (("ends before it begins", reversed_), ("longer than six days", long)):
        if n := events.filter(condition).height:
            reasons[reason] = n
    return events.filter(~reversed_ & ~long), LeftOut(left_out.of, reasons)
