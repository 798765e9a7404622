"""Residuals: bursts counted pair by pair, rescaled times, and what is called a fault."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Settings, fit
from spillover.spread.contagion.residuals import SPANS, Residuals, bursts, expected_curve, rescaled
from spillover.spread.contagion.worlds import world

from .build import made_catalogue, scattered

FINE = Residuals({"a": (0.03, 0.5)}, (10.0, 40.0, 90.0), (9.0, 41.0, 92.0), (2.0, 4.0, 9.0))


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 120), st.floats(1, 400))
def test_bursts_are_pairs_of_a_group_in_a_cell(seed, n, days):
    catalogue = scattered(n, seed, days=days)
    of = Cells.of_points(catalogue.lat, catalogue.lon, 5).of
    expected = np.zeros(3)
    for i in range(n):
        for j in range(i):
            if of[i] == of[j] and catalogue.group[i] == catalogue.group[j]:
                apart = abs(catalogue.first[i] - catalogue.first[j])
                expected += [apart <= span for span in SPANS]
    np.testing.assert_array_equal(bursts(catalogue, 5.0), expected)


def test_bursts_of_a_long_window_and_many_cells():
    """Spans do not reach from one cell's end to the next one's begin, nor do sums of days lose a pair."""
    n = 4000
    catalogue = made_catalogue(
        np.tile([0.0, 12_000.0], n // 2), lat=np.repeat(np.linspace(-60, 60, n // 2), 2), days=12_000.0
    )
    assert bursts(catalogue, 5.0).tolist() == [0, 0, 0]
    close = made_catalogue(
        np.tile([11_000.0, 11_000.99], n // 2), lat=np.repeat(np.linspace(-60, 60, n // 2), 2), days=12_000.0
    )
    assert bursts(close, 5.0).tolist() == [n / 2] * 3


def test_times_of_a_world_follow_its_fit_and_not_one_that_knows_its_first_years_alone():
    made, _ = world(800, 0.5, np.random.default_rng(2), groups=2, towns=30, years=8)
    fitted = fit(made, made.first, Settings(tolerance=1e-3))
    found = rescaled(fitted)
    assert set(found) == set(made.groups)
    for distance, p in found.values():
        assert 0 <= distance < 0.08
        assert 0 <= p <= 1
    early = np.where((made.group == 0) & (made.first > 0.3 * made.days), 0.0, fitted.background)
    assert rescaled(replace(fitted, background=early))[made.groups[0]][0] > 0.1


def test_the_expected_curve_rises_to_the_number_of_events():
    made, _ = world(800, 0.5, np.random.default_rng(2), groups=2, towns=30, years=8)
    fitted = fit(made, made.first, Settings(tolerance=1e-3))
    for group in range(2):
        curve = expected_curve(fitted, group)
        assert len(curve) == np.ceil(made.days) + 1
        assert (np.diff(curve) >= -1e-9).all()
        assert curve[-1] == pytest.approx((made.group == group).sum(), rel=0.1)


def test_small_groups_are_not_tested():
    catalogue = scattered(150, 1, groups=3)
    assert rescaled(fit(catalogue, catalogue.first, Settings(tolerance=1e-2))) == {}


@pytest.mark.parametrize("days", [60.0, 61.5, 100.0])
def test_windows_shorter_than_the_kernel(days):
    catalogue = scattered(150, 1, groups=1, days=days)
    found = rescaled(fit(catalogue, catalogue.first, Settings(tolerance=1e-2)))
    assert np.isfinite(list(found.values())).all()


def test_no_faults_where_all_is_as_simulated():
    assert FINE.faults == ()
    assert FINE.to_dict()["faults"] == []
    json.dumps(FINE.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rescaled": {"a": (0.2, 1e-9), "b": (0.02, 0.6), "c": (0.2, 1e-9)}}, "the times of a, c do not follow"),
        ({"bursts": (30.0, 40.0, 90.0)}, r"more pairs within a day in one cell \(30\) than the fit makes \(9\)"),
        ({"bursts": (10.0, 0.0, 90.0)}, r"fewer pairs within 7 days in one cell \(0\) than the fit makes \(41\)"),
        ({"bursts": (10.0, 40.0, 300.0)}, "more pairs within 30 days"),
    ],
)
def test_what_is_a_fault(change, said):
    import re

    (fault,) = replace(FINE, **change).faults
    assert re.search(said, fault)


@pytest.mark.parametrize(
    "change",
    [
        {"rescaled": {"a": (0.04, 1e-9)}},  # thousands of events: sure, but small
        {"rescaled": {"a": (0.3, 0.2)}},  # far, but few
        {"rescaled": {str(k): (0.2, 0.005) for k in range(20)}},  # of twenty tests one is below .05 by chance
        {"bursts": (11.0, 41.0, 93.0), "spread": (0.01, 0.01, 0.01)},  # sure, but small
        {"bursts": (16.0, 40.0, 90.0)},  # far, but within what simulations do
        {"rescaled": {}},
    ],
)
def test_what_is_none(change):
    assert replace(FINE, **change).faults == ()
