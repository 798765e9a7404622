"""Intervals of days: a month, a season, the first half of a year, last week."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from spillover.reading.statement import Precision


class Interval(NamedTuple):
    """The days from ``low`` to ``high``, both included; ``None`` at an open end, at both where no date is known."""

    low: date | None
    high: date | None
    precision: Precision | None


NOWHEN = Interval(None, None, None)
VAGUE = Interval(None, None, "approximate")


def day(y: int, m: int, d: int) -> Interval | None:
    """One day; ``None`` where the calendar has no such day."""
    try:
        one = date(y, m, d)
    except ValueError:
        return None
    return Interval(one, one, "day")


def month(y: int, m: int, months: int = 1) -> Interval:
    """``months`` whole months from the first of month ``m``; ``m`` may run past 12 or below 1."""
    first = y * 12 + m - 1
    last_y, last_m = divmod(first + months - 1, 12)
    return Interval(
        date(first // 12, first % 12 + 1, 1), date(last_y, last_m + 1, monthrange(last_y, last_m + 1)[1]), "month"
    )


def year(y: int, years: int = 1) -> Interval:
    """``years`` whole years from 1 January of ``y``."""
    return Interval(date(y, 1, 1), date(y + years - 1, 12, 31), "year")


def season(y: int, first: int) -> Interval:
    """The northern meteorological season that begins in month ``first``; winter 2015 runs into February 2016."""
    return month(y, first, 3)._replace(precision="season")


def week(reference: date, offset: int = 0) -> Interval:
    """The week, Sunday to Saturday as American press releases count it, ``offset`` weeks from the reference's."""
    sunday = reference - timedelta(days=(reference.weekday() + 1) % 7) + timedelta(weeks=offset)
    return Interval(sunday, sunday + timedelta(days=6), "day")


def shifted(reference: date, unit: str, count: int) -> date:
    """The date ``count`` units from the reference; the 31st becomes the month's last day."""
    days = {"hour": 0, "minute": 0, "day": 1, "night": 1, "week": 7, "weekend": 7, "fortnight": 14}.get(unit)
    try:
        if days is not None:
            whole = abs(count) // 24 * (1 if count > 0 else -1) if unit == "hour" else 0
            return reference + timedelta(days=days * count + whole)
        months = {"month": 1, "quarter": 3, "semester": 6, "year": 12, "decade": 120, "century": 1200}[unit] * count
        y, m = divmod(reference.year * 12 + reference.month - 1 + months, 12)
        return date(y, m + 1, min(reference.day, monthrange(y, m + 1)[1]))
    except (OverflowError, ValueError):
        return date.min if count < 0 else date.max


def unit_of(reference: date, unit: str, offset: int) -> Interval:
    """The calendar unit that lies ``offset`` units from the one the reference is in: last month, this year."""
    there = shifted(reference, unit, offset)
    if unit in ("week", "fortnight"):
        return week(reference, offset)
    if unit == "weekend":
        saturday = week(reference, offset).high or there
        # "this weekend" on a Sunday is the one under way
        saturday -= timedelta(days=7) if reference.weekday() == 6 else timedelta(0)
        return Interval(saturday, saturday + timedelta(days=1), "day")
    if unit == "month":
        return month(there.year, there.month)
    if unit == "quarter":
        return month(there.year, (there.month - 1) // 3 * 3 + 1, 3)
    if unit == "year":
        return year(there.year)
    if unit == "decade":
        return year(there.year // 10 * 10, 10)
    if unit == "century":
        return year(there.year // 100 * 100 + 1, 100) if there.year < 9900 else NOWHEN
    return Interval(there, there, "day")


def slice_of(whole: Interval, position: int, count: int, unit: str) -> Interval:
    """``count`` units of an interval, the ``position``-th such stretch from its start (1, 2 …) or its end (-1).

    ``slice_of(year(2021), 1, 4, "month")`` is January to April 2021.
    """
    low, high, _ = whole
    if low is None or high is None:
        return VAGUE
    length = (high - low).days + 1
    parts = {"half": 2, "third": 3, "quarter": 4, "semester": 2, "trimester": 3}.get(unit)
    if parts is not None and length > 360 and length < 370:
        unit, count = "month", count * 12 // parts
    elif parts is not None:
        step = length / parts
        n = position - 1 if position > 0 else parts + position
        if not 0 <= n < parts:
            return VAGUE
        return Interval(
            low + timedelta(days=round(step * n)), low + timedelta(days=round(step * (n + 1)) - 1), "approximate"
        )
    if unit == "month":
        months = (high.year - low.year) * 12 + high.month - low.month + 1
        n = (position - 1) * count if position > 0 else months + position * count
        if n < 0 or n + count > months:
            return VAGUE
        return month(low.year, low.month + n, count)
    if unit in ("year", "decade"):
        years, count = high.year - low.year + 1, count * (10 if unit == "decade" else 1)
        n = (position - 1) * count if position > 0 else years + position * count
        return year(low.year + n, count) if n >= 0 and n + count <= years else VAGUE
    days = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "weekend": 7}.get(unit, 1) * count
    start = low + timedelta(days=(position - 1) * days) if position > 0 else high + timedelta(days=position * days + 1)
    end = start + timedelta(days=days - 1)
    if start < low or end > high:
        return VAGUE
    return Interval(start, end, "day" if unit == "day" else "approximate")


def part_of(whole: Interval, part: str) -> Interval:
    """The early, middle or late third of an interval; its beginning and end are its outer sixths. Approximate."""
    low, high, _ = whole
    if low is None or high is None:
        return VAGUE
    begin, end = {
        "early": (0.0, 1 / 3), "mid": (1 / 3, 2 / 3), "late": (2 / 3, 1.0),
        "beginning": (0.0, 1 / 6), "end": (5 / 6, 1.0),
    }[part]  # fmt: skip
    months = (high.year - low.year) * 12 + high.month - low.month + 1
    if months >= 3 and low.day == 1:
        # whole months where there are enough of them: early 2014 is January to April
        first, last = round(months * begin), max(round(months * end), round(months * begin) + 1)
        return month(low.year, low.month + first, last - first)._replace(precision="approximate")
    length = (high - low).days + 1
    first, last = round(length * begin), max(round(length * end), round(length * begin) + 1)
    return Interval(low + timedelta(days=first), low + timedelta(days=last - 1), "approximate")


def nearest_year(m: int, d: int | None, reference: date) -> int:
    """The year of a month or day named without one: the last that begins no later than a month after the reference."""
    d_ = min(d or 1, monthrange(reference.year, m)[1])
    for y in (reference.year + 1, reference.year, reference.year - 1):
        if date(y, m, min(d_, monthrange(y, m)[1])) <= reference + timedelta(days=31):
            return y
    return reference.year - 1
