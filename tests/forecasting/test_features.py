"""What the learned members look at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecasting.worlds import START, panel, world

from spillover.forecasting.features import CAP, beside, features, level


def named(values, column, **parts):
    found = features(panel(values, **parts), np.array([column]))
    return {name: found.values[:, i] for i, name in enumerate(found.names)}


def test_the_level_is_a_faded_mean():
    march = START + 2
    assert level(np.array([[8.0, 0, 0]]), march, 1.0)[0].tolist() == pytest.approx([8, 8 / 3, 8 / 7])
    assert level(np.full((1, 50), 3.0), march)[0] == pytest.approx(np.full(50, 3.0))


def test_a_january_says_less_of_the_level():
    year = np.full((1, 12), 10.0)
    year[0, 0] = 500
    late = np.roll(year, 5)
    assert level(year, START)[0, -1] < level(late, START)[0, -1] / 2


def test_sizes_are_relative_to_the_level_and_the_level_is_capped():
    rise = np.exp(np.linspace(4, 7, 60)).round()[None]
    small, large = named(rise, 59), named(rise * 100, 59)
    assert small["level"] == large["level"] == pytest.approx(np.log1p(CAP))
    for name in ("lag 0", "mean 12", "maximum 60", "log level 6"):
        assert small[name] == pytest.approx(large[name], abs=0.02)


def test_how_long_ago_and_how_often():
    values = np.zeros((2, 40))
    values[0, 30] = 30
    found = named(values, 39)
    assert found["months since 1"].tolist() == pytest.approx(np.log1p([9, 240]).tolist())
    assert found["months since 25"][0] == found["months since 1"][0]
    assert found["months since 100"][0] == pytest.approx(np.log1p(240))
    assert found["share of months 12"].tolist() == pytest.approx([1 / 12, 0])


def test_only_parts_that_the_panel_has():
    assert not any(name.startswith("events") for name in named(np.ones((1, 30)), 29))
    assert named(np.ones((1, 30)), 29, events=np.full((1, 30), 4))["events 6"] == pytest.approx(np.log(5))


def test_neighbours_are_averaged():
    values = np.array([[1.0], [3.0], [8.0]])
    near = (np.array([1, 2]), np.array([0]), np.array([], int))
    assert beside(values, near).ravel().tolist() == [5.5, 1.0, 0.0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(30, 70), st.floats(0, 1e6))
def test_nothing_after_a_month_reaches_its_features(seed, column, later):
    whole = world(5, 80, seed)
    other = whole.values.copy()
    other[:, column + 1 :] = later
    changed = panel(other, events=np.where(np.arange(80) > column, later, whole.parts["events"]))
    at = np.array([column])
    assert np.array_equal(features(whole, at).values, features(changed, at).values)
    assert np.array_equal(features(whole, at).values, features(whole.until(whole.start + column), at).values)
