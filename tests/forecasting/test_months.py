"""Months as numbers: names there and back, VIEWS' count, windows and horizons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover import ForecastError
from spillover.forecasting import months


def test_a_month_is_counted_from_the_year_nought():
    assert months.parse("2020-01") == 2020 * 12
    assert months.parse("2020-10") - months.parse("2019-12") == 10
    assert months.parse("2020-10-31") == months.parse(" 2020-10 ")


@given(st.integers(min_value=1000 * 12, max_value=9999 * 12 + 11))
def test_names_and_numbers_there_and_back(index):
    assert months.parse(months.name(index)) == index
    assert months.from_views(months.to_views(index)) == index


def test_views_counts_from_january_1980():
    assert months.name(months.from_views(1)) == "1980-01"
    assert months.name(months.from_views(457)) == "2018-01"
    assert months.to_views(months.parse("2021-12")) == 504


@pytest.mark.parametrize("text", ["2020", "2020-13", "2020-00", "2020-1", "20-10", "", "October", "2020-10:2020-12"])
def test_what_is_no_month_is_refused_with_an_example(text):
    with pytest.raises(ForecastError, match=r"not a month.*2020-10"):
        months.parse(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("3", (3,)), ("3-5", (3, 4, 5)), ("6,1,3", (1, 3, 6)), ("1-3, 2-4", (1, 2, 3, 4)), ("3-14", tuple(range(3, 15)))],
)
def test_horizons(text, found):
    assert months.parse_horizons(text) == found


@pytest.mark.parametrize("text", ["", "0", "5-3", "-1", "3-", "a", "1,,2", "1.5", "1-1000", "3--5"])
def test_bad_horizons_are_refused_with_an_example(text):
    with pytest.raises(ForecastError, match="3-14, 3 or 1,3,6"):
        months.parse_horizons(text)


def test_a_window_holds_both_its_ends():
    assert months.parse_window("2021-01:2021-12") == (2021 * 12, 2021 * 12 + 11)
    assert months.parse_window("2021-03") == (2021 * 12 + 2, 2021 * 12 + 2)
    with pytest.raises(ForecastError, match="ends before it begins"):
        months.parse_window("2021-12:2021-01")
    with pytest.raises(ForecastError, match="not a month"):
        months.parse_window(":2021-01")
