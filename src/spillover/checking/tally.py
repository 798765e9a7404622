"""The commonest counts from columns in memory: the same numbers as the printed query gives, without the planning of it.

An SQL engine needs two milliseconds to parse and plan a query of named steps, whatever it counts; a claim on a group,
whole countries and a period needs a tenth of that here (``docs/adr/0006``). The printed query is the definition:
tests hold every number to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spillover.checking.finding import Days
from spillover.records.normal import TOLL

if TYPE_CHECKING:
    from spillover.records.session import Session

Rows = NDArray[np.int32]
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of events of some actors in some countries, at any time."""

    tally: Tally
    rows: Rows

    def counted(self, days: Days, toll: bool) -> dict[str, Any]:
        """What the query of a count gives (:mod:`spillover.checking.counts`); ``toll``: deaths, not events."""
        t, rows = self.tally, self.rows
        start, end = _day(days.start, _FIRST), _day(days.end, _LAST)
        began, ended = t.first[rows], t.last[rows]
        perhaps = (ended >= start) & (began <= end)
        sure = perhaps & (began >= start) & (ended <= end)
        best = perhaps & (began >= start)
        low, middle, high = (x[rows] for x in t.toll) if toll else (np.int64(1), np.int64(1), np.int64(1))
        sets = np.unique(t.set[rows[perhaps]])
        return {
            "low": int((sure * low).sum()), "best": int((best * middle).sum()), "high": int((perhaps * high).sum()),
            "unsure_place": 0, "unsure_date": int((perhaps & ~sure).sum()),
            "fights": int(t.fight[rows[perhaps]].sum()), "provisional": bool(t.provisional[rows[perhaps]].any()),
            "remarked": int(t.remarked[rows[perhaps]].sum()), "sets": [t.set_ids[n] for n in sets],
            "best_rows": rows[best],
        }  # fmt: skip

    def by_slot(self, start: date, end: date, by_year: bool) -> dict[int, tuple[int, int]]:
        """Events and deaths (best) that begin in each month (year × 12 + month − 1) or year between two days."""
        t, rows = self.tally, self.rows
        began = t.first[rows]
        rows = rows[(began >= _day(start.isoformat(), 0)) & (began <= _day(end.isoformat(), 0))]
        slots = t.year[rows] if by_year else t.month[rows]
        found, at = np.unique(slots, return_inverse=True)
        events = np.bincount(at, minlength=len(found))
        deaths = np.bincount(at, weights=t.toll[1][rows], minlength=len(found))
        return {int(s): (int(e), int(d)) for s, e, d in zip(found, events, deaths, strict=True)}


class Tally:
    """The columns of a table of events that counts need, and the rows of each actor."""

    def __init__(self, session: Session, table: str) -> None:
        script = files(__package__).joinpath("tally.sql").read_text("utf-8")
        low, best, high = TOLL
        columns, rows, self.countries, self.set_ids = session.columns(
            script.format(table=table, low=low, best=best, high=high)
        )
        self.first, self.last = columns["first"], columns["last"]
        self.year, self.month = columns["year"], columns["month"]
        self.toll = columns["low"], columns["best"], columns["high"]
        self.fight, self.provisional, self.remarked = columns["fight"], columns["provisional"], columns["remarked"]
        self.country, self.set = columns["country"], columns["set"]
        self._by_actor: dict[str, Rows] = rows

    def choose(self, actors: Iterable[tuple[str, ...]], countries: tuple[str, ...] | None) -> Chosen:
        """The rows with, of each group of ids, one on a side; in these countries (``None``: anywhere)."""
        rows: Rows | None = None
        for ids in actors:
            lists = [self._by_actor[id] for id in ids if id in self._by_actor]
            found = np.unique(np.concatenate(lists)) if len(lists) > 1 else lists[0] if lists else np.empty(0, np.int32)
            rows = found if rows is None else np.intersect1d(rows, found, assume_unique=True)
        if rows is None:
            rows = np.arange(len(self.first), dtype=np.int32)
        if countries is not None:
            codes = [n for n, code in enumerate(self.countries) if code in countries]
            here = self.country[rows]
            rows = rows[np.isin(here, codes)] if len(codes) != 1 else rows[here == codes[0]]
        return Chosen(self, rows)

    def of_actors(self, rows: Rows, ids: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which of the rows have one of these ids on a side."""
        lists = [self._by_actor[id] for id in ids if id in self._by_actor]
        return np.isin(rows, np.concatenate(lists)) if lists else np.zeros(len(rows), bool)


def _day(day: str | None, open_end: int) -> int:
    return open_end if day is None else date.fromisoformat(day).toordinal() - _EPOCH
