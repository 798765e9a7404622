"""The rules that forecasts are compared with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spillover.forecasting import baselines

PAST = arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 80)), elements=st.integers(0, 50).map(float))


def drawn(name, past, horizons=(1, 2), **options):
    return baselines.draw(name, np.asarray(past, float), horizons, **options)


def test_conflictology_is_the_last_twelve_months_each_as_often():
    past = [[99, 99, *range(12)]]
    values, number = np.unique(drawn("conflictology12", past)[0, 0], return_counts=True)
    assert values.tolist() == list(range(12))
    assert set(number) <= {83, 84} and number.sum() == 1000


def test_ewma_halves_a_months_weight_every_six_months():
    past = np.zeros((1, 60))
    past[0, -1], past[0, -7] = 1, 2
    made = drawn("ewma", past)[0, 0]
    assert (made == 1).sum() == pytest.approx(2 * (made == 2).sum(), abs=2)


def test_zero_last_and_bootstrap():
    past = [[4, 0, 0, 10], [0, 0, 0, 0]]
    assert not drawn("zero", past).any()
    last = drawn("last_poisson", past)
    assert last[0].mean() == pytest.approx(10, abs=0.05) and last[0].var() == pytest.approx(10, abs=0.3)
    assert not last[1].any()
    every = drawn("bootstrap240", past)
    assert (every[0] == every[1]).all(), "it is of all units together"
    assert (every[0, 0] == 10).mean() == pytest.approx(1 / 8, abs=0.001)


def test_neighbours_count_as_much_as_the_unit_itself():
    past = [[0.0] * 12, [6.0] * 12, [9.0] * 12]
    near = (np.array([1]), np.array([0]), np.array([], int))
    made = drawn("neighbours12", past, neighbours=near)
    assert (made[0, 0] == 6).mean() == 0.5 and (made[2] == 9).all()
    with pytest.raises(ValueError, match="neighbours"):
        drawn("neighbours12", past)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="there are zero, last_poisson"):
        drawn("conflictology", [[1.0]])
    with pytest.raises(ValueError, match="no month"):
        drawn("zero", np.zeros((2, 0)))


@given(PAST, st.sampled_from([n for n in baselines.NAMES if n not in ("zero", "last_poisson", "neighbours12")]))
def test_draws_are_values_of_the_past(past, name):
    made = drawn(name, past, (3, 4, 5), draws=240)
    assert made.shape == (len(past), 3, 240)
    for row, own in zip(made, past, strict=True):
        pool = past if name == "bootstrap240" else own
        assert np.isin(row, pool).all()
        assert (row[0] == row[2]).all()
