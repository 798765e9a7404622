"""The tables of waits and distances: shares that sum to 1, medians, reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spillover.spread.contagion.fit import Settings
from spillover.spread.contagion.kernels import kernels

DEFAULT = Settings().kernels()
half_lives = st.lists(st.floats(0.1, 200), min_size=1, max_size=4).map(tuple)
scales = st.lists(st.floats(2.5, 20), max_size=3).map(lambda s: (0.0, *s))


def made(longest=30.0, reach=30.0, cell=5.0, half_lives=(0.5, 2.0, 5.0, 12.0), scales=(0.0, 5.0, 12.0)):
    return kernels(longest=longest, reach=reach, cell=cell, half_lives=half_lives, scales=scales)


@settings(max_examples=50)
@given(st.floats(0.5, 60), half_lives)
def test_waits_sum_to_one(longest, half_lives):
    shapes = made(longest=longest, half_lives=half_lives)
    assert (np.diff(shapes.wait_edges) > 0).all()
    assert (shapes.wait_edges[0], shapes.wait_edges[-1]) == (0, longest)
    np.testing.assert_allclose(shapes.wait @ np.diff(shapes.wait_edges), 1, rtol=1e-9)
    assert (shapes.wait >= 0).all()


@settings(max_examples=50)
@example(6.264495673265705, 3.0, (0.0, 7.0))
@given(st.floats(1, 12), st.floats(1, 8), scales)
def test_distances_over_a_square_lattice_sum_to_one(cell, wide, scales):
    reach = cell * wide
    shapes = made(reach=reach, cell=cell, scales=tuple(s * cell / 5 for s in scales))
    n = int(wide) + 2
    apart = np.hypot(*np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1))).ravel() * cell
    column = np.rint(apart[apart <= reach * (1 + 1e-9)] / shapes.distance_step).astype(int)
    # a bin is an eighth of a cell: what that costs is a few parts in a hundred
    np.testing.assert_allclose(shapes.space[:, column].sum(axis=1), 1, atol=0.03)


def test_a_scale_of_nothing_is_the_own_cell_alone():
    assert DEFAULT.space[0, 0] == 1
    assert (DEFAULT.space[0, 1:] == 0).all()


def test_shares_fall_with_the_distance():
    assert (np.diff(DEFAULT.space[1:], axis=1) < 0).all()


@settings(max_examples=50)
@given(half_lives, st.floats(0.5, 60))
def test_share_within_a_wait_is_that_of_the_bins(half_lives, longest):
    shapes = made(longest=longest, half_lives=half_lives)
    within = shapes.within(shapes.wait_edges)
    np.testing.assert_allclose(np.diff(within, axis=1), shapes.wait * np.diff(shapes.wait_edges), atol=1e-9)
    np.testing.assert_allclose(shapes.within(np.array([-1.0, 0.0])), 0, atol=1e-12)
    np.testing.assert_allclose(shapes.within(np.array([longest, 2 * longest])), 1, atol=1e-12)


def test_the_median_wait_of_one_exponential_is_its_half_life():
    shapes = made(longest=60, half_lives=(2.0, 5.0))
    assert shapes.median_wait(np.array([1.0, 0.0])) == pytest.approx(2, abs=0.05)
    assert shapes.median_wait(np.array([0.0, 1.0])) == pytest.approx(5, abs=0.05)
    assert 2 < shapes.median_wait(np.array([0.5, 0.5])) < 5


def test_half_of_the_draws_are_within_the_median_wait():
    from spillover.spread.contagion.simulate import _waits

    from .build import some_parameters

    parameters = some_parameters(1, Settings())
    waits = _waits(100_000, parameters, Settings(), np.random.default_rng(1))
    assert 0 < waits.min() <= waits.max() < 30
    assert np.median(waits) == pytest.approx(DEFAULT.median_wait(parameters.waits), rel=0.03)


def test_share_beyond_the_cell_and_reach():
    assert DEFAULT.share_beyond(np.array([1.0, 0.0, 0.0])) == 0
    assert DEFAULT.reach_of(np.array([1.0, 0.0, 0.0]), 0.9) is None
    one, two = (DEFAULT.share_beyond(np.eye(3)[k]) for k in (1, 2))
    assert 0 < one < two < 1
    # the median distance of a Gaussian in the plane
    shapes = made(reach=200)
    assert shapes.reach_of(np.eye(3)[1], 0.5) == pytest.approx(5 * np.sqrt(2 * np.log(2)), abs=0.1)
    assert shapes.reach_of(np.eye(3)[2], 0.9) == pytest.approx(12 * np.sqrt(2 * np.log(10)), abs=0.1)
    assert shapes.reach_of(np.array([0.5, 0.5, 0.0]), 0.4) is None


def test_the_finest_background_is_the_kernel_s_cell():
    for wrong in (
        {"cell": 4.0},
        {"sizes": (2.5, 15.0)},
        {"scales": (1.0, 5.0)},
        {"bandwidth": 89.0},
        {"longest": 31.0},
    ):
        with pytest.raises(ValueError, match=r"finest|bandwidth"):
            Settings(**wrong)
    assert Settings(bandwidth=30.0, strict=False).bandwidth == 30
