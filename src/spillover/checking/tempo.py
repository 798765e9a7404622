"""Events and deaths by month or year, for the plot beside a finding."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from spillover.checking.finding import Days, Tempo

if TYPE_CHECKING:
    from spillover.checking.claims import Where, Who
    from spillover.checking.context import Ask
    from spillover.checking.tally import Chosen

_BEFORE, _AFTER = 24, 12  # months around a claimed period
_MOST_MONTHS = 96


def tempo(
    ask: Ask, sides: list[tuple[str, str]], who: Who | None, place: Where, days: Days | None,
    chosen: Chosen | None = None,
) -> Tempo | None:  # fmt: skip
    """The tempo of an actor in a place around a period, by year where months are too many; ``None`` without data."""
    limits = [s.coverage for s in ask.record.sets(ask.family, "events")]
    if not limits:
        return None
    first, last = min(date.fromisoformat(c.start) for c in limits), max(date.fromisoformat(c.end) for c in limits)
    start = _shifted(date.fromisoformat(days.start), -_BEFORE) if days and days.start else first
    end = _shifted(date.fromisoformat(days.end), _AFTER) if days and days.end else last
    start, end = max(start, first), min(end, last)
    if start > end:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    by_year = months > _MOST_MONTHS
    found = (
        chosen.by_slot(start, end, by_year) if chosen is not None else _by_query(ask, sides, place, start, end, by_year)
    )
    if not found:
        return None
    slots = (
        range(start.year, end.year + 1)
        if by_year
        else range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    )
    counts, deaths = zip(*(found.get(slot, (0, 0)) for slot in slots), strict=True)
    return Tempo(
        "year" if by_year else "month", str(start.year) if by_year else f"{start:%Y-%m}", counts, deaths,
        who.name if who is not None else None, place.label if place.code or place.countries else None,
    )  # fmt: skip


def _by_query(
    ask: Ask, sides: list[tuple[str, str]], place: Where, start: date, end: date, by_year: bool
) -> dict[int, tuple[int, int]]:
    rules = " AND ".join(f"({sql})" for _, sql in sides) or "true"
    slot = "year(date_start)" if by_year else "year(date_start) * 12 + month(date_start) - 1"
    rows = ask.session.query(
        f"SELECT {slot} AS slot, count(*) AS events, coalesce(sum(deaths_best), 0) AS deaths FROM {ask.table} "
        f"WHERE {rules} AND {place.best} AND date_start BETWEEN DATE '{start}' AND DATE '{end}' GROUP BY slot"
    ).rows
    return {int(slot): (int(events), int(deaths)) for slot, events, deaths in rows}


def _shifted(day: date, months: int) -> date:
    at = max(day.year * 12 + day.month - 1 + months, 12)
    return date(at // 12, at % 12 + 1, 1)
