"""Counts by period, their variation and their change points, against counts by hand, scipy and ruptures."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from ruptures.base import BaseCost
from scipy import stats

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.spread.breaks import change_points, cost, dispersion, support
from spillover.spread.selection import select
from spillover.spread.tempo import burstiness, fano, ratio_interval, tempo


class Cost(BaseCost):
    """The cost of the measure, for ruptures."""

    model = "negative binomial"
    min_size = 1

    def __init__(self, alpha):
        self.alpha = alpha

    def fit(self, signal):
        self.signal = signal
        return self

    def error(self, start, end):
        return cost(self.signal[start:end], self.alpha)


def total(counts, breaks, alpha):
    edges = [0, *breaks, len(counts)]
    return sum(cost(counts[a:b], alpha) for a, b in pairwise(edges))


def events(*counts, first=date(2020, 1, 1)):
    """So many events on the 10th of each month from the first one."""
    days = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 10) for n in range(len(counts))
    ]
    return [{"start": day} for day, n in zip(days, counts, strict=True) for _ in range(n)]


def test_months_with_zeros_and_cut_ones():
    found = tempo(
        made(
            [{"start": "2020-01-31", "deaths": 3}, {"start": "2020-03-01", "deaths": 2}, {"start": "2020-03-31"}],
            since=date(2020, 1, 15), until=date(2020, 4, 30),
        )
    )  # fmt: skip
    assert found.table.select("period", "whole", "events", "deaths").rows() == [
        (date(2020, 1, 1), False, 1, 3), (date(2020, 2, 1), True, 0, 0), (date(2020, 3, 1), True, 2, 3),
        (date(2020, 4, 1), True, 0, 0),
    ]  # fmt: skip
    assert found.fano is None
    assert "too few months" in found.words()


def test_weeks_begin_on_monday():
    found = tempo(
        made([{"start": "2020-01-05"}, {"start": "2020-01-06"}, {"start": "2020-01-20"}], since=date(2019, 12, 30)),
        by="week",
    )
    assert found.table.select("period", "events", "whole").rows() == [
        (date(2019, 12, 30), 1, True), (date(2020, 1, 6), 1, True), (date(2020, 1, 13), 0, True),
        (date(2020, 1, 20), 1, False),
    ]  # fmt: skip


def test_moving_mean_halves_its_weights():
    found = tempo(made(events(4, 0, 2)), half_life=1)
    assert found.table["events_mean"].to_list() == pytest.approx([4, 4 / 3, (2 + 0 + 4 / 4) / (1 + 1 / 2 + 1 / 4)])


def test_an_event_of_which_only_the_month_is_known_counts_by_month():
    rows = [
        {"start": "2020-01-01", "date_prec": 4}, {"start": "2020-01-02"}, {"start": "2020-01-01", "date_prec": 5},
    ]  # fmt: skip
    by_month, by_week = tempo(made(rows)), tempo(made(rows), by="week")
    assert (by_month.table["events"].sum(), by_month.left_out.reasons) == (2, {"no usable day": 1})
    assert (by_week.table["events"].sum(), by_week.left_out.reasons) == (1, {"no usable day": 2})
    assert "2 events (1 more is of no known month) and 2 deaths" in by_month.words()
    assert "1 event (2 more are of no known week) and 1 death" in by_week.words()


def test_no_usable_day_is_refused():
    for selection in (made(), made([{"date_prec": 5}])):
        with pytest.raises(SpreadError, match="usable month"):
            tempo(selection)
    with pytest.raises(SpreadError, match="by 'year'"):
        tempo(made([{}]), by="year")
    with pytest.raises(SpreadError, match="half-life"):
        tempo(made([{}]), half_life=0)


def test_one_day_is_told_without_rates():
    found = tempo(made([{}, {}]))
    assert (found.fano, found.bursts, found.breaks.height, found.years.height) == (None, None, 0, 0)
    assert "2 events and 2 deaths" in found.words()
    json.dumps(found.to_dict(), allow_nan=False)


def test_years_compare_the_same_days():
    rows = [*events(2, 1, 1, 0, first=date(2019, 10, 1)), *events(5, 3, first=date(2020, 10, 1))]
    found = tempo(made(rows, since=date(2019, 10, 1), until=date(2020, 11, 10)))
    assert found.years.select("year", "since", "until", "events", "before", "ratio").rows() == [
        (2020, date(2020, 10, 1), date(2020, 11, 10), 8, 3, 8 / 3)
    ]
    assert "had 8 events, the same days a year earlier 3: a ratio of 2.67" in found.words()


def test_a_window_from_a_leap_day():
    found = tempo(made([{"start": "2020-02-29"}], since=date(2020, 2, 29), until=date(2022, 2, 28)))
    assert found.years.select("since", "until").rows() == [
        (date(2021, 3, 1), date(2021, 12, 31)), (date(2022, 1, 1), date(2022, 2, 28)),
    ]  # fmt: skip
    assert found.years["ratio"].to_list() == [None, None]


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_ratio_is_the_exact_conditional_one(now, before):
    low, high = ratio_interval(now, before)
    if now + before == 0:
        assert (low, high) == (None, None)
        return
    exact = stats.binomtest(now, now + before).proportion_ci(method="exact")
    assert low / (1 + low) == pytest.approx(exact.low, abs=1e-9)
    assert (1.0 if high is None else high / (1 + high)) == pytest.approx(exact.high, abs=1e-9)


def test_fano_of_poisson_and_of_constant_counts():
    assert fano(np.array([3, 3, 3])) == 0
    assert fano(np.array([0, 0])) == 0
    assert fano(np.array([0, 4])) == 8 / 2
    assert fano(np.random.default_rng(1).poisson(5, 4000)) == pytest.approx(1, abs=0.1)


def test_burstiness_at_its_limits():
    even, lump = np.ones(30), np.array([1000.0, *[0] * 29])
    assert burstiness(even) == (-1, -1)
    assert burstiness(lump)[1] == pytest.approx(1)
    random = np.random.default_rng(2)
    chance = [burstiness(random.exponential(size=25)) for _ in range(2000)]
    simple, finite = np.mean(chance, axis=0)
    # the plain form is biased in short series: that is what the finite one is for
    assert abs(finite) < 0.02 < abs(simple)


def test_poisson_events_on_many_days_have_no_burstiness():
    random = np.random.default_rng(3)
    days = np.unique(random.integers(0, 20000, 400))
    found = tempo(made([{"start": date(1990, 1, 1) + timedelta(days=int(d))} for d in days]))
    low, high = found.bursts.interval
    assert found.bursts.waits == len(days) - 1
    assert low < found.bursts.finite < high
    assert abs(found.bursts.finite) < 0.1


def test_dispersion_by_hand():
    # pairs (1, 3) and (3, 0): Σ Δ²/2 = 2 + 4.5, Σ means = 2 + 1.5, Σ y·y′ = 3 + 0
    assert dispersion(np.array([1, 3, 0])) == pytest.approx((2 - 2 + 4.5 - 1.5) / 3)
    assert dispersion(np.array([2, 2, 2])) == 0
    assert dispersion(np.array([0, 0])) == 0
    draws = np.random.default_rng(4).negative_binomial(2, 2 / (2 + 10), 20000)
    assert dispersion(draws) == pytest.approx(0.5, abs=0.03)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 30), min_size=6, max_size=14), st.integers(1, 3), st.sampled_from([0.0, 0.1, 1.0]),
    st.floats(0.1, 20),
)  # fmt: skip
def test_pelt_finds_the_minimum_of_all_segmentations(counts, shortest, alpha, penalty):
    counts = np.array(counts)
    found = change_points(counts, shortest=shortest, alpha=alpha, penalty=penalty)
    best = min(
        total(counts, breaks, alpha) + penalty * len(breaks)
        for k in range(len(counts) // shortest)
        for breaks in combinations(range(1, len(counts)), k)
        if all(b - a >= shortest for a, b in pairwise([0, *breaks, len(counts)]))
    )
    assert total(counts, found, alpha) + penalty * len(found) == pytest.approx(best)
    assert all(b - a >= shortest for a, b in pairwise([0, *found, len(counts)]))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shortest", [1, 3])
def test_pelt_equals_ruptures(seed, shortest):
    random = np.random.default_rng(seed)
    means = np.repeat(random.gamma(1, 10, 6), random.integers(5, 25, 6))
    counts = random.negative_binomial(5, 5 / (5 + means)).astype(np.int64)
    alpha = dispersion(counts)
    found = change_points(counts, shortest=shortest).tolist()
    exact = ruptures.Dynp(custom_cost=Cost(alpha), min_size=shortest, jump=1).fit(counts).predict(len(found))
    assert exact == [*found, len(counts)]
    if shortest == 1:
        peer = ruptures.Pelt(custom_cost=Cost(alpha), min_size=1, jump=1).fit(counts)
        assert peer.predict(2 * math.log(len(counts))) == [*found, len(counts)]


def test_no_break_in_a_constant_rate():
    random = np.random.default_rng(5)
    found = [len(change_points(random.negative_binomial(4, 0.3, 240), shortest=3)) for _ in range(100)]
    assert np.mean(np.array(found) > 0) < 0.15


def test_support_is_high_for_a_clear_break_and_in_its_place():
    random = np.random.default_rng(6)
    counts = random.poisson([4] * 40 + [20] * 40)
    found = change_points(counts, shortest=3)
    assert found.tolist() == [40]
    assert support(counts, found, shortest=3, near=1, resamples=100, random=random)[0] > 0.95


def test_breaks_are_told():
    found = tempo(made(events(*[1] * 20, *[12] * 20)))
    (row,) = found.breaks.rows(named=True)
    assert (row["period"], row["before"], row["after"]) == (date(2021, 9, 1), 1, 12)
    assert "the tempo last changed in September 2021, from 1.00 to 12.0 events a month" in found.words()
    assert row["support"] > 0.9


def test_a_change_that_few_resamples_have_is_doubted():
    found = tempo(made(events(*[1] * 20, *[12] * 20)))
    faint = replace(found, breaks=found.breaks.with_columns(support=pl.lit(0.49)))
    assert "the tempo may last have changed in September 2021, from 1.00 to 12.0" in faint.words()
    assert "the tempo last" in replace(faint, breaks=faint.breaks.with_columns(support=pl.lit(0.5))).words()


def test_bounds_near_one_are_told_as_the_words_take_them():
    found = tempo(made(events(*[1, 0, 1] * 8)))
    years = found.years.with_columns(ratio=pl.lit(3.25), low=pl.lit(1.0003), high=pl.lit(13.7))
    assert "a ratio of 3.25 (95% interval 1.0003 to 13.7)." in replace(found, years=years).words()
    below = replace(found, years=years.with_columns(low=pl.lit(0.9996)))
    assert "a ratio of 3.25 (95% interval 0.9996 to 13.7; that may be chance)." in below.words()


def test_the_same_seed_gives_the_same_answer():
    selection = made(events(*np.random.default_rng(7).poisson(5, 40)))
    assert tempo(selection, seed=3).to_dict() == tempo(selection, seed=3).to_dict()


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 9)), min_size=1, max_size=60))
@settings(max_examples=40)
def test_no_event_is_lost(drawn):
    rows = [{"start": date(2018, 2, 3) + timedelta(days=d), "deaths": n} for d, n in drawn]
    for by in ("month", "week"):
        found = tempo(made(rows), by=by, resamples=5)
        assert found.table["events"].sum() == len(rows)
        assert found.table["deaths"].sum() == sum(n for _, n in drawn)
        json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.shared
def test_myanmar_changes_with_the_coup(shared, tmp_path):
    case = open_case(tmp_path)
    case.add_events(shared / "data" / "ged_myanmar.csv")
    with case.events() as session:
        found = tempo(select(session))
    assert {date(2021, 2, 1), date(2021, 3, 1)} & set(found.breaks["period"])
    assert found.breaks.filter(pl.col("period").dt.year() == 2021)["support"].max() > 0.9
    counts = found.table.filter(pl.col("period") >= date(2011, 1, 1))["events"].to_numpy().astype(np.int64)
    points = change_points(counts, shortest=3).tolist()
    exact = ruptures.Dynp(custom_cost=Cost(dispersion(counts)), min_size=3, jump=1).fit(counts).predict(len(points))
    assert exact == [*points, len(counts)]
