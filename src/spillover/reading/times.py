"""Times: dates, periods and relative expressions, resolved to intervals of days where the words or the document's date
allow it. "may", "March", "fall" and bare years count only where grammar shows that they are times.

Conventions: "early", "mid" and "late" are thirds of the period; "before"/"until" leave the start open, "since"/"after"
the end; a week runs from Sunday to Saturday; "this week" ends with the document's date unless the sentence looks ahead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from spillover.reading import intervals as iv
from spillover.reading import relativetimes as relative
from spillover.reading.intervals import NOWHEN, VAGUE, Interval
from spillover.reading.spelling import folded
from spillover.reading.statement import Precision
from spillover.reading.timewords import (
    AFTER_COUNT,
    ATOM,
    MONTHS,
    ORDINALS,
    PARTS,
    SEASONS,
    TODAY,
    TRIGGER,
    count_of,
    is_counted_noun,
    month_stands_alone,
    season_stands,
    year_stands,
)  # fmt: skip

TimeKind = Literal["point", "period", "since", "until", "relative", "duration", "frequency"]


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time as said; ``text[start:end] == surface``.

    ``low``/``high``: ISO 8601 days, both included, ``None`` at an open end and at both where nothing is resolved.
    The surface includes the preposition only where it makes the interval (since, until, before, after, between, from).
    """

    start: int
    end: int
    surface: str
    low: str | None
    high: str | None
    precision: Precision | None
    resolved: bool
    kind: TimeKind


@dataclass(frozen=True, slots=True)
class _Atom:
    """An expression on its own. ``open_year``: month and day of a date that names no year, to take a neighbour's."""

    start: int
    end: int
    when: Interval
    kind: TimeKind
    open_year: tuple[int, int | None, int | None] | None = None


def find_times(text: str, reference: date | None = None) -> list[TimeMention]:
    """The times of a sentence in order, without overlaps; relative ones against ``reference``, the document's date."""
    low = folded(text)
    if TRIGGER.search(low) is None:
        return []
    atoms: list[_Atom] = []
    at = 0
    while match := ATOM.search(low, at):
        atom = _read(text, low, match, reference)
        if atom is None:
            at = match.start() + 1
            continue
        atom = _part(low, atom, atoms[-1].end if atoms else 0, reference)
        atoms.append(atom)
        at = max(atom.end, match.start() + 1)
    return [_mention(text, a) for a in _combined(low, atoms, reference)]


def _mention(text: str, atom: _Atom) -> TimeMention:
    first, last, precision = atom.when
    return TimeMention(
        atom.start, atom.end, text[atom.start : atom.end], first.isoformat() if first else None,
        last.isoformat() if last else None, precision, first is not None or last is not None, atom.kind,
    )  # fmt: skip


_NUMBERS = re.compile(r"\d+")
_MONTH_WORD = re.compile(rf"\b(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b")


def _read(text: str, low: str, match: re.Match[str], reference: date | None) -> _Atom | None:
    start, end = match.span()
    said = low[start:end]
    name = match.lastgroup
    if name in ("day_first", "month_first"):
        dated = _dated(low, start, end, reference)
        if dated is None and name == "month_first" and (word := _MONTH_WORD.match(low, start)):
            # "in January 20 people were killed": the month alone
            return _bare_month(text, low, start, word.end(), reference)
        return dated
    if name == "iso":
        y, m, d = (int(n) for n in said.split("-"))
        one = iv.day(y, m, d) if 1900 <= y <= 2100 else None
        return _Atom(start, end, one, "point") if one else None
    if name == "slashed":
        return _slashed(start, end, said)
    if name == "month_year":
        if is_counted_noun(low, end) and said.endswith("000"):
            return None
        return _Atom(start, end, iv.month(int(said[-4:]), _month_in(said)), "point")
    if name == "season_year":
        return _Atom(start, end, iv.season(int(said[-4:]), next(n for s, n in SEASONS.items() if s in said)), "point")
    if name == "decade":
        return _decade(start, end, said)
    if name == "years":
        return _years(low, start, end, said)
    if name == "year":
        return _Atom(start, end, iv.year(int(said)), "point") if year_stands(text, low, start, end) else None
    if name == "month":
        return _bare_month(text, low, start, end, reference)
    if name == "today":
        offset = TODAY[" ".join(said.split())]
        end -= 2 if said.endswith("'s") else 0
        one = Interval(there := reference + timedelta(days=offset), there, "day") if reference else NOWHEN
        return _Atom(start, end, one, "relative")
    if name == "frequency":
        counts = " ".join(said.split()) in AFTER_COUNT
        if counts and not re.search(
            r"\d|\b(?:killed|attacks|times|people|dead|wounded|deaths|dollars|barrels)\s*$",
            low[max(0, start - 40) : start],
        ):
            return None
        if counts and re.match(r"\s+(?:ago|earlier|later|before|after|long)\b", low[end : end + 10]):
            return None
        return _Atom(start, end, NOWHEN, "frequency")
    if name == "weekday":
        return _Atom(start, end, relative.weekday(said, reference), "relative")
    if name in ("ago", "ago_bare"):
        return _Atom(start, end, relative.ago(said, reference), "relative")
    if name == "window":
        if relative.HARDLY_A_TIME.search(said):
            return None
        return _Atom(start, end, relative.window(low, start, end, said, reference), "relative")
    if name == "recent":
        return _Atom(start, end, VAGUE, "relative")
    if name in ("season_relative", "season_cued"):
        found = relative.season(low, start, end, said, reference)
        return _Atom(found[0], end, found[1], "relative") if found else None
    if name == "month_relative":
        when = relative.month(text, low, end, said, reference)
        return _Atom(start, end, when, "relative") if when else None
    if name == "year_of":
        # "the first half of the year": only as the whole that a part is taken of
        return (
            _Atom(start, end, iv.year(reference.year) if reference else NOWHEN, "relative")
            if PARTS.search(low, max(0, start - 60), start)
            else None
        )
    if name in ("duration", "duration_bare"):
        return _Atom(start, end, NOWHEN, "duration")
    return _Atom(start, end, NOWHEN, "relative")


def _month_in(said: str) -> int:
    match = _MONTH_WORD.search(said)
    return MONTHS[match[0]] if match else 1


def _dated(low: str, start: int, end: int, reference: date | None) -> _Atom | None:
    """A day and a month, either first, with or without a year, or days that make a stretch: "10-12 March"."""
    said = low[start:end]
    if said.startswith("the ") and " of " not in said:
        start, said = start + 4, said[4:]  # "the 10 november attack": the article is the attack's
    y = re.search(r"(?:19|20)\d\d$|2100$", said)
    days = [int(n) for n in _NUMBERS.findall(said[: y.start()] if y else said)]
    m = _month_in(said)
    if y is None and not _day_is_a_day(low, start, end, said):
        return None
    first, last = days[0], days[-1] if len(days) > 1 and days[-1] > days[0] else days[0]
    open_year = (m, first, last)
    if y is None and reference is None:
        known = iv.day(2000, m, first)
        return _Atom(start, end, NOWHEN, "point", open_year) if known else None
    when = _span(int(y[0]) if y else iv.nearest_year(m, first, reference or date.min), open_year)
    return _Atom(start, end, when, "period" if last > first else "point", None if y else open_year) if when else None


def _day_is_a_day(low: str, start: int, end: int, said: str) -> bool:
    """Not "January 20 people", "16 may have fled", "the 19 April Movement"."""
    before = re.search(r"([a-z]+),?\s*$", low[max(0, start - 14) : start])
    cued = before is not None and before[1] in (
        "on",
        "from",
        "since",
        "until",
        "by",
        "between",
        "before",
        "after",
        "of",
        "to",
        "dated",
        "till",
        "and",
    )
    if re.match(r"\s+movement\b", low[end : end + 12]):
        return False
    if said[-1].isdigit() and not cued and is_counted_noun(low, end):
        return False
    if re.search(r"(?:may|march)$", said) and not cued:
        after = re.match(r"\s+([a-z]+)", low[end : end + 16])
        return after is None or after[1] not in (
            "on",
            "toward",
            "towards",
            "be",
            "have",
            "not",
            "well",
            "also",
            "yet",
            "still",
            "to",
            "into",
            "try",
            "seek",
        )
    # "oct 3" is a date, "sun 3", "mar 10 kilos" hardly: short forms need their capital, dot, year or a cue
    return True


def _span(y: int, open_year: tuple[int, int | None, int | None]) -> Interval | None:
    m, first, last = open_year
    if first is None:
        return iv.month(y, m)
    low, high = iv.day(y, m, first), iv.day(y, m, last or first)
    return Interval(low.low, high.high, "day") if low and high else None


def _slashed(start: int, end: int, said: str) -> _Atom | None:
    """ "26/10/2008". Where both numbers could be the month, or the century is not said, nothing is resolved."""
    a, b, y = (int(n) for n in _NUMBERS.findall(said))
    if not (1 <= a <= 31 and 1 <= b <= 31 and min(a, b) <= 12):
        return None
    if y < 100:
        return _Atom(start, end, NOWHEN, "point")
    if not 1900 <= y <= 2100:
        return None
    if a <= 12 and b <= 12 and a != b:
        return _Atom(start, end, NOWHEN, "point")
    one = iv.day(y, b, a) if b <= 12 else iv.day(y, a, b)
    return _Atom(start, end, one, "point") if one else None


def _decade(start: int, end: int, said: str) -> _Atom:
    y = re.search(r"\d{4}", said)
    first = int(y[0]) if y else 1900
    # "the 1900s" and "the 2000s" are read as decades like the rest
    whole = iv.year(first, 10)
    if part := re.search(r"early|mid|late", said):
        whole = iv.part_of(whole, part[0])
    return _Atom(start, end, whole, "period")


def _years(low: str, start: int, end: int, said: str) -> _Atom | None:
    first, last = _NUMBERS.findall(said)
    final = int(last) if len(last) == 4 else int(first[:2] + last)
    if final <= int(first) or is_counted_noun(low, end):
        return None
    return _Atom(start, end, iv.year(int(first), final - int(first) + 1), "period")


def _bare_month(text: str, low: str, start: int, end: int, reference: date | None) -> _Atom | None:
    if not month_stands_alone(text, low, start, end):
        return None
    m = MONTHS[low[start:end].rstrip(".")]
    when = iv.month(iv.nearest_year(m, None, reference), m) if reference else NOWHEN
    return _Atom(start, end, when, "point", (m, None, None))


_PART_NAMES = {"beginning": "beginning", "start": "beginning", "opening": "beginning", "end": "end", "close": "end",
               "middle": "mid", "mid": "mid", "early": "early", "late": "late", "earlier": "early",
               "later": "late"}  # fmt: skip


def _part(low: str, atom: _Atom, floor: int, reference: date | None) -> _Atom:
    """The atom with what stands before it and takes a part of it: "the first four months of", "early", "the end of"."""
    if atom.kind in ("duration", "frequency") or (atom.kind == "relative" and atom.when == VAGUE):
        return atom
    match = PARTS.search(low, max(floor, atom.start - 60), atom.start)
    if match is None:
        return atom
    if match["position"]:
        counted = match["count"]
        count = (count_of(counted) if counted else 1.0) if counted not in ("few", "several") else None
        if match["unit"] == "part":
            when = iv.part_of(atom.when, "early" if ORDINALS[match["position"]] == 1 else "late")
        elif count is None or count > 10_000:
            when = VAGUE
        else:
            when = iv.slice_of(atom.when, ORDINALS[match["position"]], max(1, round(count)), match["unit"])
        return replace(atom, start=match.start(), when=when, kind="period", open_year=None)
    word = match["part"] or match["bound"] or match["next"]
    if word in SEASONS:
        whole = atom.when
        if (
            whole.low is None
            or whole.precision != "year"
            or (not season_stands(low, match.start("part"), match.end("part")) and "year" not in match[0])
        ):
            return atom
        return replace(atom, start=match.start(), when=iv.season(whole.low.year, SEASONS[word]))
    if atom.kind == "relative" and match["next"]:
        # "later this week", "earlier today": the words belong to it, the interval stays
        return replace(atom, start=match.start())
    if atom.when.precision == "day" and atom.when.low == atom.when.high:
        return replace(atom, start=match.start())
    return replace(
        atom, start=match.start(), when=iv.part_of(atom.when, _PART_NAMES[word]), kind="point", open_year=None
    )


_FROM = re.compile(r"\b(?P<word>between|from)\s+$")
_TO = re.compile(r"\s*(?:-|–|—|\b(?:to|until|till|through|up\s+to|and|and\s+the|to\s+the)\b)\s*")
_BOUND = re.compile(
    r"\b(?P<since>(?:ever\s+)?since|after)\s+(?:about\s+|around\s+|at\s+least\s+)?$|\b(?P<until>up\s+until|until|till|up\s+to|before|prior\s+to|pre)[\s-]+$"
    r"|\b(?P<by>by|no\s+later\s+than)\s+(?:the\s+)?$|\b(?P<from>from)\s+$"
)
_ONWARDS = re.compile(r"\s+(?:onwards?|on|forward)\b(?!\s+the\b)")


def _combined(low: str, atoms: list[_Atom], reference: date | None) -> list[_Atom]:
    """Pairs made into periods ("from 2013 to 2015"), and the open ends that since, until, before and after make."""
    out: list[_Atom] = []
    for atom in atoms:
        last = out[-1] if out else None
        if last is not None and (joined := _joined(low, last, atom)):
            out[-1] = joined
        else:
            out.append(atom)
    floor = 0
    for n, atom in enumerate(out):
        out[n] = _opened(low, atom, floor)
        floor = out[n].end
    return out


def _joined(low: str, a: _Atom, b: _Atom) -> _Atom | None:
    between = _TO.fullmatch(low, a.end, b.start)
    usable = ("point", "period", "relative")
    if between is None or a.kind not in usable or b.kind not in usable:
        return None
    opening = _FROM.search(low, max(0, a.start - 9), a.start)
    said_and = "and" in between[0]
    if said_and != (opening is not None and opening["word"] == "between"):
        return None
    if opening is None and not (a.open_year or a.when.precision in ("year", "month", "day", "season")):
        return None
    first = a.when
    if a.open_year and not b.open_year and b.when.low is not None:
        # "from March to May 2015", "between December and March 2021": the year is said once
        y = b.when.low.year - (1 if a.open_year[0] > b.when.low.month else 0)
        first = _span(y, a.open_year) or NOWHEN
    start = opening.start() if opening else a.start
    second = b.when
    if b.open_year and first.low is not None and second.high is not None and second.high < first.low:
        second = _span(first.low.year + (b.open_year[0] < first.low.month), b.open_year) or second
    if first.low is None or second.high is None or second.high < first.low:
        return _Atom(start, b.end, NOWHEN, "period") if first.low is None and second.high is None else None
    return _Atom(start, b.end, Interval(first.low, second.high, second.precision), "period")


def _opened(low: str, atom: _Atom, floor: int) -> _Atom:
    if atom.kind in ("duration", "frequency"):
        return atom
    match = _BOUND.search(low, max(floor, atom.start - 24), atom.start)
    if match is None:
        return atom
    first, last, precision = atom.when
    word = low[match.start() : match.end()].split()[0]
    if match["since"]:
        begin = first if word != "after" or last is None else last + timedelta(days=1) if last < date.max else last
        return replace(atom, start=match.start(), when=Interval(begin, None, precision), kind="since")
    if match["until"]:
        finish = (
            last
            if word not in ("before", "prior", "pre") or first is None
            else first - timedelta(days=1)
            if first > date.min
            else first
        )
        return replace(atom, start=match.start(), when=Interval(None, finish, precision), kind="until")
    if match["by"]:
        # "by 2025" bounds a forecast; the preposition is not part of the surface
        return replace(atom, when=Interval(None, last, precision), kind="until") if atom.kind == "point" else atom
    onwards = _ONWARDS.match(low, atom.end) if first else None
    if onwards:
        return replace(
            atom, start=match.start(), end=onwards.end(), when=Interval(first, None, precision), kind="since"
        )
    return atom
