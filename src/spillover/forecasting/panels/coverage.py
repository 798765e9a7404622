"""What the event data of a case say something about: which countries, in which months."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.records.catalog import DataSet
from spillover.records.session import Session
from spillover.records.source import text

_NAMED = 5
_SILENT = 3
"""Months without an event in any country from which it is noted."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The months (numbers, both inside) that a set covers. ``countries``: ISO3, ``None`` for the whole world."""

    countries: frozenset[str] | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The window of a panel, what is covered in it, and the first month with an event of each country up to its end.

    That a set names a country may hang on an event after the window. So a country that no set of the whole world covers
    is only known from its first event on.
    """

    sets: tuple[Covered, ...]
    start: int
    end: int
    seen: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Length of the window."""
        return self.end - self.start + 1

    @property
    def worldwide(self) -> bool:
        """Whether a set covers the whole world in some month of the window."""
        return any(s.countries is None and s.first <= self.end and s.last >= self.start for s in self.sets)

    def of(self, country: str | None) -> NDArray[np.bool_]:
        """The months of the window in which a country is covered; ``None``: one of which nothing is known."""
        found = np.zeros(self.months, dtype=bool)
        for s in self.sets:
            first = s.first
            if s.countries is not None:
                if country not in s.countries or country not in self.seen:
                    continue
                first = max(first, self.seen[country])
            found[max(first - self.start, 0) : max(s.last - self.start + 1, 0)] = True
        return found

    def gaps(self, wanted: Collection[str]) -> tuple[str, ...]:
        """What to note: countries with events that are not covered in some month after they first are."""
        found = []
        for iso3 in sorted(self.seen):
            mask = self.of(iso3)
            lacking = int((~mask[mask.argmax() :]).sum())
            if mask.any() and lacking and (not wanted or iso3 in wanted):
                last = months.name(self.start + int(np.flatnonzero(mask)[-1]))
                found.append(f"{iso3} in {lacking:,} (its last is {last})")
        if not found:
            return ()
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        return (
            f"months that no set covers, which are neither forecast from nor scored: {', '.join(found[:_NAMED])}{more}",
        )


_ANYBODY = ("acled", "gtd")
"""Families of data sets in which a side may be anybody."""


def family_of(session: Session) -> str:
    """The family of data sets that is counted: UCDP where it is there, else the first."""
    families = [s.family for s in session.of("events")]
    if not families:
        raise ForecastError("there are no events in this case", to_do="Add some with 'spillover events add FILE'")
    return "ucdp" if "ucdp" in families else families[0]


def groups_told(family: str) -> None:
    """:class:`~spillover.errors.ForecastError` where a family of data sets does not tell armed groups from others.

    UCDP's types of violence do. A side in ACLED or GTD may be a community, a crowd or a state's police, and no such
    thing is forecast (docs/scope.md).
    """
    if family in _ANYBODY:
        raise ForecastError(
            f"a side may be a community or a crowd in {family.upper()}'s data, which do not tell them from groups",
            to_do="Add UCDP's events, or ask for countries, divisions or cells",
        )


def cover(session: Session, family: str, since: int | None, until: int | None) -> Cover:
    """The window of a panel: the months that the sets of a family cover, within those asked for.

    A month that a set covers in part at its end is none of its months, unless it is the one asked for.
    :class:`~spillover.errors.ForecastError` where nothing is covered there.
    """
    sets = [c for s in session.of("events") if s.family == family and (c := _covered(s, until)) is not None]
    if not sets:
        raise ForecastError(
            "the event data of this case cover no month of any country: from a sample no zero can be told",
            to_do="Add a data set that is complete for its countries and years",
        )
    first, last = min(s.first for s in sets), max(s.last for s in sets)
    start, end = max(first, since if since is not None else first), until if until is not None else last
    if not start <= end <= last:
        raise ForecastError(
            f"the event data cover {months.name(first)} to {months.name(last)}; a panel cannot go from "
            f"{months.name(start)} to {months.name(end)}", to_do="Ask for months within those",
        )  # fmt: skip
    notes = (*_earlier(session, family), *(_partly(session, family, end) if until is None else ()))
    return Cover(tuple(sets), start, end, _seen(session, family, end), (*notes, *_silent(session, family, end)))


def table(session: Session, family: str) -> str:
    """SQL for each event of a family once."""
    if {s.family for s in session.of("events")} == {family}:
        return "events"
    return f"(SELECT * FROM events_all WHERE family = {text(family)} AND superseded_by IS NULL)"


def last_day(month: int) -> date:
    """The last day of a month."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def _covered(entry: DataSet, until: int | None) -> Covered | None:
    named = entry.coverage.countries
    if named is not None and not named:
        return None
    start, end = date.fromisoformat(entry.coverage.start), date.fromisoformat(entry.coverage.end)
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    if last != until and end < last_day(last):
        last -= 1
    return Covered(None if named is None else frozenset(named), first, last) if first <= last else None


def _earlier(session: Session, family: str) -> tuple[str, ...]:
    """What to note of events before all that is covered: a monthly release holds a few of earlier months."""
    day = min(s.coverage.start for s in session.of("events") if s.family == family)
    n, deaths = session.query(
        f"SELECT count(*), coalesce(sum(deaths_best), 0) FROM {table(session, family)} WHERE date_start < DATE '{day}'"
    ).rows[0]
    return (f"left out: {n:,} events with {deaths:,} deaths that start before {day}, where no set covers",) if n else ()


def _partly(session: Session, family: str, end: int) -> tuple[str, ...]:
    day = max(s.coverage.end for s in session.of("events") if s.family == family)
    if date.fromisoformat(day) <= last_day(end):
        return ()
    return (f"the data end on {day}: {months.name(end + 1)} is no whole month and is left out",)


def _silent(session: Session, family: str, end: int) -> tuple[str, ...]:
    """What to note where the last months have no event at all: a file may have been cut before it is said to end."""
    newest: date | None = session.query(
        f"SELECT max(date_start) FROM {table(session, family)} WHERE date_start <= DATE '{last_day(end)}'"
    ).rows[0][0]
    since = newest.year * 12 + newest.month - 1 if newest is not None else end
    if end - since < _SILENT:
        return ()
    return (
        f"no event in any country after {months.name(since)}, and the data are said to cover {months.name(end)}: those "
        f"months count as 0. If the file ends earlier, say so when it is added (spillover events add --to)",
    )


def _seen(session: Session, family: str, end: int) -> dict[str, int]:
    rows: Sequence[tuple[str, date]] = session.query(
        f"SELECT country, min(date_start) FROM {table(session, family)} WHERE country IS NOT NULL "
        f"AND date_start <= DATE '{last_day(end)}' GROUP BY country ORDER BY country"
    ).rows
    return {country: day.year * 12 + day.month - 1 for country, day in rows}
