"""Times told from the document's date: "on Monday", "two weeks ago", "the last 24 hours", "last spring"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from spillover.reading import intervals as iv
from spillover.reading.intervals import NOWHEN, VAGUE, Interval
from spillover.reading.timewords import (
    AHEAD,
    FEW,
    MONTHS,
    PARTS,
    SEASONS,
    UNIT_WORDS,
    WEEKDAYS,
    count_of,
    month_stands_alone,
    season_stands,
)  # fmt: skip

_DEICTIC = re.compile(r"(?:the\s+)?(?:last|past|next|coming|this|current|previous|following)\b")


def weekday(said: str, reference: date | None) -> Interval:
    """The last such day at or before the reference; "last" is before it, "next" after it."""
    if reference is None:
        return NOWHEN
    words = said.split()
    target = next(WEEKDAYS[w] for w in words if w in WEEKDAYS)
    back = (reference.weekday() - target) % 7
    if words[0] in ("last", "past", "previous") and back == 0:
        back = 7
    if words[0] in ("next", "coming", "following"):
        back -= 7
    one = reference - timedelta(days=back)
    return Interval(one, one, "day")


def ago(said: str, reference: date | None) -> Interval:
    """ "two years ago" is that year, "three days ago" that day, "a few days ago" no date."""
    match = re.match(rf"(?:just\s+)?(.*?)[\s-]*\b({UNIT_WORDS})s?\s+(ago|from\s+now|hence|\w+)$", said)
    if match is None or reference is None or (match[3] not in ("ago", "hence") and "now" not in match[3]):
        return NOWHEN
    count = count_of(match[1]) if match[1] else None
    if count is None or match[1] == "" or match[1] in FEW:
        return VAGUE
    there = iv.shifted(reference, match[2], round(-count if match[3] == "ago" else count))
    if there in (date.min, date.max) or there.year < 1:
        return VAGUE
    if match[2] in ("year", "decade", "century"):
        whole = iv.year(there.year)
        return whole if match[2] == "year" else whole._replace(precision="approximate")
    if match[2] == "month":
        return iv.month(there.year, there.month)
    return Interval(there, there, "day" if match[2] in ("day", "night", "hour", "minute") else "approximate")


HARDLY_A_TIME = re.compile(r"(?:last|next|past|coming)\s+(?:minute|hour|day|quarter)$")
_WINDOW = re.compile(
    rf"(the\s+)?(last|past|next|coming|this|current|previous|following)\s+(.*?)\s*\b({UNIT_WORDS})(s?)$"
)


def window(low: str, start: int, end: int, said: str, reference: date | None) -> Interval:
    """ "last month" is the calendar's; "the last month", "the past 24 hours" run up to the reference."""
    match = _WINDOW.match(said)
    if match is None or reference is None:
        return NOWHEN
    article, which, counted, unit, plural = match.groups()
    if which in ("previous", "following") or (plural and not counted):
        return VAGUE if plural else NOWHEN
    count = count_of(counted) if counted else 1.0
    if count is None or count > 10_000:
        return VAGUE
    if which in ("this", "current"):
        whole = iv.unit_of(reference, unit, 0)
        taken = PARTS.search(low, max(0, start - 60), start)
        if taken and not taken["next"]:
            return whole  # "the end of this year" is a part of the whole year
        looks_ahead = AHEAD.search(low, max(0, end - 120), min(len(low), end + 60)) is not None
        return (
            whole
            if looks_ahead or whole.high is None
            else whole._replace(high=max(min(whole.high, reference), whole.low or reference))
        )
    ahead = which in ("next", "coming")
    rolling = (
        bool(article) or bool(counted) or which in ("past", "coming") or unit in ("hour", "minute", "decade", "century")
    )
    if not rolling:
        return iv.unit_of(reference, unit, 1 if ahead else -1)
    there = iv.shifted(reference, unit, round(count if ahead else -count))
    if there in (date.min, date.max):
        return VAGUE
    return Interval(reference, there, "day") if ahead else Interval(there, reference, "day")


def season(low: str, start: int, end: int, said: str, reference: date | None) -> tuple[int, Interval] | None:
    """Where the words of a season without a year begin, and when it was; ``None`` for "the fall of Kabul"."""
    if not season_stands(low, start, end):
        return None
    word = next(s for s in SEASONS if said.endswith(s))
    if not _DEICTIC.match(said):
        start = end - len(word)
    if reference is None:
        return start, NOWHEN
    first = SEASONS[word]
    y = iv.nearest_year(first, None, reference)
    if "next" in said or "coming" in said:
        y = reference.year + (date(reference.year, first, 1) <= reference)
    elif "last" in said and (over := iv.season(y, first).high) and over >= reference:
        y -= 1
    return start, iv.season(y, first)


def month(text: str, low: str, end: int, said: str, reference: date | None) -> Interval | None:
    """ "last March", "next may": the month of that name before or after the reference's own."""
    word = said.split()[-1]
    if word in ("may", "march") and not month_stands_alone(text, low, end - len(word), end):
        return None
    if reference is None:
        return NOWHEN
    m, y = MONTHS[word], reference.year
    if said.startswith(("next", "coming")):
        y += m <= reference.month
    elif said.startswith(("last", "past")):
        y -= m >= reference.month
    return iv.month(y, m)
