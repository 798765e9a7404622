"""The pool of members as draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.forecasting.members.quantiles import LEVELS
from spillover.forecasting.pool import LEAST, TIMES, pool

PAST = np.full((1, 12), 1e6)


def member(values):
    return np.sort(np.asarray(values, np.float32)).reshape(1, 1, -1)


def test_a_pool_of_one_is_that_one():
    values = np.arange(200)
    made = pool({"a": member(values)}, np.array([[1.0]]), PAST, draws=200)
    assert made[0, 0].tolist() == values.tolist()


@given(st.floats(0.01, 0.99))
def test_members_are_drawn_as_often_as_they_weigh(weight):
    made = pool({"a": member(np.zeros(200)), "b": member(np.full(200, 7))}, np.array([[weight, 1 - weight]]), PAST)
    assert (made[0, 0] == 0).mean() == pytest.approx(weight, abs=0.002)
    assert (np.diff(made[0, 0]) >= 0).all()


@given(st.lists(st.integers(0, 1000), min_size=200, max_size=200), st.floats(0, 1))
def test_the_mean_is_the_weighted_mean(values, weight):
    other = np.arange(200) * 3
    made = pool({"a": member(values), "b": member(other)}, np.array([[weight, 1 - weight]]), PAST, draws=4000)
    assert made.mean() == pytest.approx(weight * np.mean(values) + (1 - weight) * np.mean(other), rel=0.01, abs=0.5)


def test_no_draw_explodes():
    wild = member(np.exp(LEVELS * 40))
    for highest in (0, 50, 3_000):
        past = np.zeros((1, 30))
        past[0, 3] = highest
        assert pool({"a": wild}, np.array([[1.0]]), past).max() == max(TIMES * highest, LEAST)
