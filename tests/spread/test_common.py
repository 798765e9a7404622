"""Numbers as they are said, and what several measures share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from spillover.spread.common import beside, wilson
from spillover.spread.selection import LeftOut
from spillover.spread.tables import percent, ratio, tenths


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"), (0.01, "under 0.1"), (0.05, "0.1"), (4.25, "4.2"), (99.94, "99.9"), (99.96, "100"), (213.4, "213"),
        (1234.5, "1,234"),
    ],
)  # fmt: skip
def test_a_count_that_need_not_be_whole(number, said):
    assert tenths(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0.00"), (0.732, "0.73"), (1, "1.00"), (1.0041, "1.004"), (0.996, "0.996"), (1.00042, "1.0004"),
        (1.000001, "just over 1"), (1 - 1e-9, "just under 1"), (3.25, "3.25"), (13.74, "13.7"), (543.19, "543"),
    ],
)  # fmt: skip
def test_a_ratio_never_reads_one_that_is_not(number, said):
    assert ratio(number) == said


@given(st.floats(0, 1000))
def test_what_is_above_one_reads_so(number):
    text = ratio(number).replace(",", "")
    if "just" not in text:
        assert (float(text) > 1, float(text) < 1) == (number > 1, number < 1)


def test_percents_of_almost_none_and_almost_all():
    assert [percent(s) for s in (0, 0.001, 0.33, 0.999, 1)] == ["0%", "under 1%", "33%", "over 99%", "100%"]


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_of_a_proportion_against_scipy(number, of):
    number = min(number, of)
    peer = stats.binomtest(number, of).proportion_ci(method="wilson")
    assert wilson(number, of) == pytest.approx((peer.low, peer.high), abs=1e-9)
    assert 0 <= wilson(number, of)[0] < wilson(number, of)[1] <= 1


def test_events_left_out_are_said_where_there_are_some():
    assert beside(LeftOut(9)) == ""
    assert beside(LeftOut(9, {"no country": 2})) == " (2 of 9 events left out (no country: 2))"
