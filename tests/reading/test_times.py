"""Times: absolute, open, partial, relative; and words and numbers that are no times."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.reading.times import TimeMention, find_times

THURSDAY = date(2017, 1, 5)


def one(text: str, reference: date | None = THURSDAY) -> TimeMention:
    found = find_times(text, reference)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "surface", "low", "high", "precision", "kind"),
    [
        ("on October 26, 2008.", "October 26, 2008", "2008-10-26", "2008-10-26", "day", "point"),
        ("on 26 October 2008", "26 October 2008", "2008-10-26", "2008-10-26", "day", "point"),
        ("26/10/2008", "26/10/2008", "2008-10-26", "2008-10-26", "day", "point"),
        ("2008-10-26", "2008-10-26", "2008-10-26", "2008-10-26", "day", "point"),
        ("10-12 March 2015", "10-12 March 2015", "2015-03-10", "2015-03-12", "day", "period"),
        ("appointed in May 2020", "May 2020", "2020-05-01", "2020-05-31", "month", "point"),
        ("since May 2020", "since May 2020", "2020-05-01", None, "month", "since"),
        ("until 2014", "until 2014", None, "2014-12-31", "year", "until"),
        ("before 2014", "before 2014", None, "2013-12-31", "year", "until"),
        ("after 2014", "after 2014", "2015-01-01", None, "year", "since"),
        ("by 2025", "2025", None, "2025-12-31", "year", "until"),
        ("between 2001 and 2014", "between 2001 and 2014", "2001-01-01", "2014-12-31", "year", "period"),
        ("from 2013 to 2015", "from 2013 to 2015", "2013-01-01", "2015-12-31", "year", "period"),
        ("born 1977-1979 in", "1977-1979", "1977-01-01", "1979-12-31", "year", "period"),
        ("killed in a 2008 raid", "2008", "2008-01-01", "2008-12-31", "year", "point"),
        ("in the 1990s", "the 1990s", "1990-01-01", "1999-12-31", "year", "period"),
        ("early 2014", "early 2014", "2014-01-01", "2014-04-30", "approximate", "point"),
        (
            "during the first four months of 2021",
            "the first four months of 2021",
            "2021-01-01",
            "2021-04-30",
            "month",
            "period",
        ),
        ("the first half of 2016", "the first half of 2016", "2016-01-01", "2016-06-30", "month", "period"),
        ("the last quarter of 2016", "the last quarter of 2016", "2016-10-01", "2016-12-31", "month", "period"),
        ("the fall of 2015", "the fall of 2015", "2015-09-01", "2015-11-30", "season", "point"),
        ("in fall 2015", "fall 2015", "2015-09-01", "2015-11-30", "season", "point"),
        ("the summer of 2014", "the summer of 2014", "2014-06-01", "2014-08-31", "season", "point"),
        ("from March to May 2015", "from March to May 2015", "2015-03-01", "2015-05-31", "month", "period"),
        ("since early 2014", "since early 2014", "2014-01-01", None, "approximate", "since"),
        ("from 2013 onwards", "from 2013 onwards", "2013-01-01", None, "year", "since"),
        ("IN MAY 2020", "MAY 2020", "2020-05-01", "2020-05-31", "month", "point"),
    ],
)
def test_dates_of_their_own(
    text: str, surface: str, low: str | None, high: str | None, precision: str, kind: str
) -> None:
    for reference in (None, THURSDAY):
        found = one(text, reference)
        assert (found.surface, found.low, found.high, found.precision, found.kind) == (
            surface,
            low,
            high,
            precision,
            kind,
        )
        assert found.resolved


@pytest.mark.parametrize(
    ("text", "surface", "low", "high"),
    [
        ("he said today", "today", "2017-01-05", "2017-01-05"),
        ("it was yesterday", "yesterday", "2017-01-04", "2017-01-04"),
        ("this morning at a market", "this morning", "2017-01-05", "2017-01-05"),
        ("last night", "last night", "2017-01-04", "2017-01-04"),
        ("attacks on Monday", "Monday", "2017-01-02", "2017-01-02"),
        ("attacks on Thursday", "Thursday", "2017-01-05", "2017-01-05"),
        ("last thursday", "last thursday", "2016-12-29", "2016-12-29"),
        ("operatives this week in Syria", "this week", "2017-01-01", "2017-01-05"),
        ("will meet this month", "this month", "2017-01-01", "2017-01-31"),
        ("last week", "last week", "2016-12-25", "2016-12-31"),
        ("last month", "last month", "2016-12-01", "2016-12-31"),
        ("last year", "last year", "2016-01-01", "2016-12-31"),
        ("over the last year", "the last year", "2016-01-05", "2017-01-05"),
        ("next month", "next month", "2017-02-01", "2017-02-28"),
        ("eight in the last 24 hours", "the last 24 hours", "2017-01-04", "2017-01-05"),
        ("two years ago", "two years ago", "2015-01-01", "2015-12-31"),
        ("a strike on Jan. 3 hit", "Jan. 3", "2017-01-03", "2017-01-03"),
        ("signed on 17 march and", "17 march", "2016-03-17", "2016-03-17"),
        ("opened talks in may with", "may", "2016-05-01", "2016-05-31"),
        ("the first week of july", "the first week of july", "2016-07-01", "2016-07-07"),
        ("since last year", "since last year", "2016-01-01", None),
        ("last March", "last March", "2016-03-01", "2016-03-31"),
        ("the end of this year", "the end of this year", "2017-11-01", "2017-12-31"),
        ("last spring", "last spring", "2016-03-01", "2016-05-31"),
    ],
)
def test_told_from_the_documents_date(text: str, surface: str, low: str, high: str | None) -> None:
    found = one(text)
    assert (found.surface, found.low, found.high) == (surface, low, high)
    undated = one(text, None)
    assert (undated.surface, undated.low, undated.high, undated.resolved) == (surface, None, None, False)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("in recent weeks", "recent weeks"),
        ("recently, hundreds", "recently"),
        ("the previous day", "the previous day"),
        ("in the medium term", "in the medium term"),
        ("in the coming months", "the coming months"),
        ("as seen in the past", "in the past"),
        ("territory it once controlled", "once"),
        ("is now led by", "now"),
        ("03/04/2012", "03/04/2012"),
        ("a few days ago", "a few days ago"),
    ],
)
def test_words_kept_without_an_interval(text: str, surface: str) -> None:
    found = one(text)
    assert (found.surface, found.low, found.high, found.resolved) == (surface, None, None, False)


@pytest.mark.parametrize(
    "text",
    [
        "which may rise to 10,000",
        "May rise",
        "the march on Kabul",
        "troops march to the city",
        "the fall of Kabul",
        "2000 fighters",
        "killed 1991 people",
        "of 2000 men",
        "1,500 men",
        "in 16 provinces",
        "the second attack",
        "the sun set",
        "they will try once more",
        "once the talks end",
        "in 2000 attacks",
        "the 19 April Movement",
        "attacks in spring up",
        "the last minute",
    ],
)
def test_words_and_numbers_that_are_no_times(text: str) -> None:
    assert [t.surface for t in find_times(text, THURSDAY) if t.surface != "spring"] == []


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("for 24 hours", "24 hours", "duration"),
        ("a three-day truce", "three-day", "duration"),
        ("for years", "years", "duration"),
        ("every day", "every day", "frequency"),
        ("10 attacks a day", "a day", "frequency"),
        ("on Fridays", "on Fridays", "frequency"),
    ],
)
def test_durations_and_frequencies(text: str, surface: str, kind: str) -> None:
    found = one(text)
    assert (found.surface, found.kind, found.resolved) == (surface, kind, False)


def test_a_year_after_a_month_that_counts_people() -> None:
    found = find_times("In November 1985, when approximately 100 people were killed", THURSDAY)
    assert [(t.low, t.high) for t in found] == [("1985-11-01", "1985-11-30")]


@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d %b %Y", "%b. %d, %Y"]),
)
def test_a_date_is_read_back(day: date, form: str) -> None:
    for said in (day.strftime(form), day.strftime(form).lower(), day.strftime(form).upper()):
        found = one(f"on {said} in the city", None)
        assert (found.low, found.high, found.precision) == (day.isoformat(), day.isoformat(), "day")


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_days_ago_count_back(reference: date, days: int) -> None:
    found = one(f"it happened {days} days ago", reference)
    assert found.low == found.high == (reference - timedelta(days=days)).isoformat()


_WORDS = """
in since until before after between from to and by on the of may March fall spring May 2020 2014
1990s 2000 31 30 26/10/2008 99/99/9999 0000-00-00 Monday last next this first four months quarter
half week weeks year years century decades ago later early mid- late end today yesterday once now
fighters , . ( ) - – ’ ı İ \n million hundred-thousand 999999999 hours day a an
"""
_words = st.sampled_from([*_WORDS.split(), "\n", ""])


@given(
    st.one_of(st.text(max_size=80), st.lists(_words, max_size=25).map(" ".join)),
    st.one_of(st.none(), st.dates()),
)
def test_any_text_gives_exact_ordered_spans(text: str, reference: date | None) -> None:
    found = find_times(text, reference)
    for t in found:
        assert text[t.start : t.end] == t.surface != ""
        assert t.low is None or t.high is None or t.low <= t.high
        assert t.resolved == (t.low is not None or t.high is not None)
    assert all(a.end <= b.start for a, b in pairwise(found))
