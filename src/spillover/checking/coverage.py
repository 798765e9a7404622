"""What the sets of a family cover: without it, that the record has nothing says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from spillover.checking.finding import Days
from spillover.records.catalog import DataSet
from spillover.records.countries import names

Extent = Literal["full", "part", "none"]
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a place and period is covered, and to which day. ``end`` is the earliest end among the countries."""

    extent: Extent
    start: date | None
    end: date | None
    lacking: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def covered(sets: Iterable[DataSet], countries: Sequence[str] | None, days: Days | None) -> Covered:
    """How far the sets cover the countries (``None``: the world) in the period (``None``: any time)."""
    sets = [s for s in sets if s.coverage.countries is None or s.coverage.countries]
    if countries is None:
        worldwide = [s for s in sets if s.coverage.countries is None]
        here = _cover(worldwide, days)
        if here.extent == "none" and sets:
            part = _cover(sets, days)
            return Covered("none" if part.extent == "none" else "part", part.start, part.end)
        return here
    each = {
        c: _cover([s for s in sets if s.coverage.countries is None or c in s.coverage.countries], days)
        for c in countries
    }
    lacking = tuple(c for c, found in each.items() if found.extent == "none")
    there = [found for found in each.values() if found.extent != "none"]
    if not there:
        return Covered("none", None, None, lacking)
    full = not lacking and all(found.extent == "full" for found in there)
    starts = [f.start for f in there if f.start is not None]
    ends = [f.end for f in there if f.end is not None]
    gaps = tuple(dict.fromkeys(gap for f in there for gap in f.gaps))
    return Covered("full" if full else "part", max(starts), min(ends), lacking, gaps)


def reach(sets: Iterable[DataSet], countries: Sequence[str] | None, day: date) -> tuple[date | None, bool]:
    """To which day the data run on from ``day`` without a gap in every country, and whether all of the place is
    covered.

    Where the data end before that day, their end; ``None`` where they do not cover the place, or only from later on.
    """
    sets = [s for s in sets if s.coverage.countries is None or s.coverage.countries]
    worldwide = [s for s in sets if s.coverage.countries is None]
    if countries is None:
        found, whole = _runs_to(worldwide, day), bool(worldwide)
        return (
            (found, True) if found is not None and found >= day else (_runs_to(sets, day), whole and found is not None)
        )
    ends = [
        _runs_to([s for s in sets if s.coverage.countries is None or c in s.coverage.countries], day) for c in countries
    ]
    there = [end for end in ends if end is not None]
    return (min(there) if there else None), len(there) == len(ends)


def _runs_to(sets: Sequence[DataSet], day: date) -> date | None:
    spans = _merged([(date.fromisoformat(s.coverage.start), date.fromisoformat(s.coverage.end)) for s in sets])
    begun = [end for start, end in spans if start <= day + timedelta(days=1)]
    return begun[-1] if begun else None


def _cover(sets: Sequence[DataSet], days: Days | None) -> Covered:
    spans = _merged([(date.fromisoformat(s.coverage.start), date.fromisoformat(s.coverage.end)) for s in sets])
    if not spans:
        return Covered("none", None, None)
    first, last = spans[0][0], spans[-1][1]
    if days is None:
        return Covered("full" if len(spans) == 1 else "part", first, last)
    # an open side reaches as far as the data do, and no further than the other side
    end = date.fromisoformat(days.end) if days.end else last
    start = date.fromisoformat(days.start) if days.start else min(first, end)
    end = max(start, end)
    if any(a <= start and end <= b for a, b in spans):
        return Covered("full", first, last)
    if any(a <= end and start <= b for a, b in spans):
        between = [(a[1] + timedelta(days=1), b[0] - timedelta(days=1)) for a, b in pairwise(spans)]
        gaps = tuple(f"{a} to {b}" for a, b in between if a <= end and start <= b)
        return Covered("part", first, last, gaps=gaps)
    return Covered("none", first, last)


def _merged(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def described(sets: Iterable[DataSet]) -> str:
    """What sets cover, in words: "UCDP GED 22.1: Pakistan, 1989-01-01 to 2021-12-31"."""
    return "; ".join(f"{s.label}: {_where(s)}, {s.coverage.start} to {s.coverage.end}" for s in sets)


def _where(entry: DataSet) -> str:
    codes = entry.coverage.countries
    if codes is None:
        return "the world"
    if not codes:
        return "a sample of events"
    shown = ", ".join(names().get(c, c) for c in codes[:_SHOWN])
    return shown if len(codes) <= _SHOWN else f"{shown} and {len(codes) - _SHOWN} more countries"
