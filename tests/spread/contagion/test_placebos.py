"""Placebos: what they keep of the record, and what they take away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.spread.contagion.fit import Settings, fit
from spillover.spread.contagion.placebos import DITHER, KINDS, fold, matern, placebo
from spillover.spread.contagion.worlds import world

from .build import scattered

BANDWIDTH = 90.0


def rows(catalogue, *names: str):
    return sorted(zip(*(getattr(catalogue, name).tolist() for name in names), strict=True))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), days=st.floats(10, 3000))
def test_places_groups_marks_and_countries_stay(kind, seed, days):
    record = scattered(80, seed, days=days, countries=2)
    made = placebo(record, kind, BANDWIDTH, np.random.default_rng(seed))
    names = ("lat", "lon", "group", "mark", "country")
    assert rows(made, *names) == rows(record, *names)
    assert ((made.first >= 0) & (made.first <= days)).all()
    assert (np.diff(made.first) >= 0).all()
    np.testing.assert_array_equal(made.first, made.last)
    assert (made.groups, made.countries, made.days) == (record.groups, record.countries, record.days)


def test_shuffled_keeps_the_times_of_each_group():
    record = scattered(300, 1)
    made = placebo(record, "shuffled", BANDWIDTH, np.random.default_rng(1))
    assert rows(made, "group", "first") == rows(record, "group", "first")
    assert rows(made, "group", "lat", "first") != rows(record, "group", "lat", "first")


def test_shuffled_times_go_anywhere_in_the_group():
    """Each of a group's places is as likely to get each of its times."""
    record = replace(scattered(6, 1, groups=1, days=600.0), first=np.arange(6.0) * 100, last=np.arange(6.0) * 100)
    record = replace(record, lat=31 + np.arange(6) / 100)
    counts = np.zeros((6, 6))
    for seed in range(1200):
        made = placebo(record, "shuffled", BANDWIDTH, np.random.default_rng(seed))
        counts[np.rint((made.lat - 31) * 100).astype(int), (made.first // 100).astype(int)] += 1
    assert counts.min() > 130
    assert counts.max() < 275


def test_dithered_times_stay_within_the_reach_of_the_dither():
    record = replace(scattered(400, 2, days=2000.0, towns=400), mark=np.zeros(400, np.int64))
    made = placebo(record, "dithered", BANDWIDTH, np.random.default_rng(1))
    before = dict(zip(zip(record.lat, record.lon, record.group, strict=True), record.first, strict=True))
    moved = [
        abs(time - before[key])
        for key, time in zip(zip(made.lat, made.lon, made.group, strict=True), made.first, strict=True)
        if list(zip(record.lat, record.lon, record.group, strict=True)).count(key) == 1
    ]
    assert len(moved) > 100
    assert max(moved) <= DITHER
    assert np.mean(moved) == pytest.approx(DITHER / 2, rel=0.15)


def test_smoothed_times_come_from_near_by():
    """Two towns far apart, each active in its own year: the placebo leaves them there, but for the kernel's tails."""
    record = scattered(400, 3, groups=1, days=4000.0)
    early = np.arange(400) % 2 == 0
    times = np.where(early, 500.0, 3000.0) + np.random.default_rng(0).uniform(0, 200, 400)
    record = replace(record, lat=np.where(early, 20.0, 40.0), first=times, last=times)
    made = placebo(record, "smoothed", BANDWIDTH, np.random.default_rng(1))
    assert np.median(made.first[made.lat == 20]) == pytest.approx(600, abs=40)
    assert np.median(made.first[made.lat == 40]) == pytest.approx(3100, abs=40)
    assert (np.abs(made.first[made.lat == 20] - 600) < 6 * BANDWIDTH).mean() > 0.98


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same(kind):
    record = scattered(100, 4)
    record = replace(record, last=np.minimum(record.first + 2, record.days))
    one, two, other = (placebo(record, kind, BANDWIDTH, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.first, two.first)
    assert (one.first != other.first).any()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_world_s_triggering_is_left(kind):
    record, truth = world(1200, 0.7, np.random.default_rng(5), groups=3, towns=40, years=8)
    made = placebo(record, kind, BANDWIDTH, np.random.default_rng(1))
    found = fit(made, made.first, Settings(tolerance=1e-3)).offspring_per_event
    assert found < 0.12
    assert found < truth.offspring / 5


def test_draws_of_the_kernel_have_its_spread():
    drawn = matern(200_000, BANDWIDTH / 2, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(0, abs=1)
    assert drawn.std() == pytest.approx(BANDWIDTH, rel=0.02)


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=20), st.floats(1, 1e4))
def test_folded_times_lie_in_the_window_and_no_farther_apart(times, days):
    times = np.array(times)
    folded = fold(times, days)
    assert ((folded >= 0) & (folded <= days)).all()
    inside = (times >= 0) & (times <= days)
    np.testing.assert_allclose(folded[inside], times[inside], atol=1e-9)
    assert (np.abs(folded[0] - folded) <= np.abs(times[0] - times) + 1e-6).all()
