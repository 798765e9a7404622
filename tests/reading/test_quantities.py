"""Quantities: values, bounds, flags, and the numbers that are none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.reading.quantities import QuantityMention, find_quantities
from spillover.reading.times import find_times


def one(text: str) -> QuantityMention:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "surface", "low", "high", "bound"),
    [
        ("there have been 77 attacks", "77", 77, 77, "exact"),
        ("it has 1,000 armed men", "1,000", 1000, 1000, "exact"),
        ("seventy-seven soldiers", "seventy-seven", 77, 77, "exact"),
        ("the twin attacks", "twin", 2, 2, "exact"),
        ("killed more than 20 militants", "more than 20", 20, None, "at_least"),
        ("at least 170 civilians", "at least 170", 170, None, "at_least"),
        ("20 or more fighters", "20 or more", 20, None, "at_least"),
        ("at least some 20 men", "at least some 20", 20, None, "at_least"),
        ("no fewer than nine people", "no fewer than nine", 9, None, "at_least"),
        ("up to 300 fighters", "up to 300", None, 300, "at_most"),
        ("as many as 300 fighters", "as many as 300", None, 300, "at_most"),
        ("fewer than 20 men", "fewer than 20", None, 20, "at_most"),
        ("almost 8,000 strikes", "almost 8,000", 8000, 8000, "about"),
        ("some 300 rebels", "some 300", 300, 300, "about"),
        ("a couple of men", "a couple", 2, 2, "about"),
        ("varies from 500 to 1500 men", "from 500 to 1500", 500, 1500, "range"),
        ("fighters varies from 500 to 1500, which", "from 500 to 1500", 500, 1500, "range"),
        ("between 1500 and 2000 fighters", "between 1500 and 2000", 1500, 2000, "range"),
        ("a protest over two airstrikes", "two", 2, 2, "exact"),
        ("killing 1500 on Monday", "1500", 1500, 1500, "exact"),
        ("between 500 and 1,500 men", "between 500 and 1,500", 500, 1500, "range"),
        ("cells of five to dozen people", "five to dozen", 5, 12, "range"),
        ("50 or 60 men", "50 or 60", 50, 60, "range"),
        ("300-400 men", "300-400", 300, 400, "range"),
        ("5-10 million people", "5-10 million", 5e6, 1e7, "range"),
        ("one or two men", "one or two", 1, 2, "range"),
        ("thousands of prisoners", "thousands", 2000, None, "vague"),
        ("tens of thousands of refugees", "tens of thousands", 20_000, None, "vague"),
        ("dozens of mosques", "dozens", 24, None, "vague"),
        ("hundreds of them", "hundreds", 200, None, "vague"),
        ("several dozen people", "several dozen", 24, None, "vague"),
        ("several men", "several", None, None, "vague"),
        ("AT LEAST TWENTY-FIVE SOLDIERS", "AT LEAST TWENTY-FIVE", 25, None, "at_least"),
    ],
)
def test_value_and_bound(text: str, surface: str, low: float | None, high: float | None, bound: str) -> None:
    found = one(text)
    assert (found.surface, found.low, found.high, found.bound) == (surface, low, high, bound)


@pytest.mark.parametrize(
    "text",
    [
        "the 19th brigade",
        "the 3d infantry brigade",
        "the m-19 and an AK-47",
        "Group 2 and Route 5",
        "a 25-year-old man",
        "aged 30",
        "two-thirds of them",
        "one third of them",
        "one of the leaders",
        "no one",
        "the one that left",
        "at 10:30",
        "[1][2]",
        "1030 gmt",
        "after 9/11",
        "at approximately 2130",
        "0500 today",
        "the 19 april movement",
        "in 1810",
        "Rossi, 35, from Italy",
        "resolution 2249",
        "a six-day war",
    ],
)
def test_numbers_that_are_no_amounts(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "surface", "flag"),
    [
        ("30% of territory", "30%", "percent"),
        ("30 per cent of fighters", "30 per cent", "percent"),
        ("worth $1.5 million", "$1.5 million", "money"),
        ("2 million dollars", "2 million dollars", "money"),
        ("400 km southwest", "400 km", "measure"),
        ("within 7.5 kilometers of it", "7.5 kilometers", "measure"),
    ],
)
def test_what_counts_no_things_is_flagged(text: str, surface: str, flag: str) -> None:
    found = one(text)
    assert found.surface == surface
    assert [f for f in ("percent", "money", "measure") if getattr(found, f)] == [flag]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("dozens of Salafist mosques", "Salafist mosques"),
        ("77 attacks", "attacks"),
        ("a 300-member force", "member force"),
        ("three of its commanders", "its commanders"),
        ("20 or more fighters", "fighters"),
    ],
)
def test_unit_begins_after_the_number_and_its_of(text: str, rest: str) -> None:
    assert text[one(text).unit_start :] == rest


def test_casualty_list_and_a_soldier_alone() -> None:
    found = find_quantities("killing 13 U.S. service members, one soldier and at least 170 civilians")
    assert [(q.low, q.high) for q in found] == [(13, 13), (1, 1), (170, None)]


def test_skipped_spans_hold_no_quantity() -> None:
    text = "on 13 september 1989, 1 500 men"
    times = [(t.start, t.end) for t in find_times(text)]
    assert [q.surface for q in find_quantities(text, times)] == ["1 500"]


_WORDS = """
more than over at least up to some about between and or from dozen dozens of hundred thousands
million half a one two twenty-five 13 1,500 2000 3.5 10:30 $ % km - – ( ) [1] , . aged year-old men
attacks several few the Route no ’ ı İ ﬁ \x00 \n
"""
_words = st.sampled_from([*_WORDS.split(), "\n", ""])


@given(st.one_of(st.text(max_size=80), st.lists(_words, max_size=25).map(" ".join)))
def test_any_text_gives_exact_ordered_spans(text: str) -> None:
    found = find_quantities(text)
    for q in found:
        assert text[q.start : q.end] == q.surface != ""
        assert q.end <= q.unit_start <= len(text)
        assert q.low is None or q.high is None or q.low <= q.high
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.integers(2, 10**9))
def test_case_and_commas_change_nothing(n: int) -> None:
    lower, upper = one(f"more than {n:,} men"), one(f"MORE THAN {n:,} MEN")
    assert (lower.low, lower.high, lower.bound) == (upper.low, upper.high, upper.bound) == (n, None, "at_least")
