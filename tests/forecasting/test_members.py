"""Members of the pool, one by one."""

from dataclasses import replace

import numpy as np
import pytest
from tests.forecasting.worlds import START, panel, world

from spillover.forecasting.features import features
from spillover.forecasting.forecast import forecast
from spillover.forecasting.members import MEMBERS, members, own
from spillover.forecasting.members.boost import TAUS, _between
from spillover.forecasting.members.learning import AHEAD, lesson, question
from spillover.forecasting.members.quantiles import LEVELS
from spillover.forecasting.newyear import counting
from spillover.forecasting.weights import prior

EVEN = np.ones(60)


def test_smoothing_keeps_nothing_where_there_was_nothing():
    past = np.zeros((1, 60))
    past[0, ::2] = 100
    drawn = own.smoothed(past, EVEN, 1e9)[0]
    assert (drawn < 20).mean() == pytest.approx(0.5 * (1 - own.LEAK) + own.LEAK, abs=0.02)
    assert np.median(drawn[drawn > 20]) == pytest.approx(100, rel=0.1)


def test_recent_months_count_more_the_shorter_the_half_life():
    past = np.concatenate([np.full((1, 54), 10.0), np.full((1, 6), 200.0)], axis=1)
    short, long = (own.smoothed(past, EVEN, h)[0].mean() for h in (2.0, 12.0))
    assert short > long > 10


@pytest.mark.parametrize("rule", [own.smoothed, own.hurdle, own.negative_binomial])
def test_each_member_follows_the_level(rule):
    random = np.random.default_rng(1)
    past = random.poisson(np.array([[0.0], [3.0], [300.0]]), (3, 60)).astype(float)
    drawn = rule(past, EVEN, 6.0)
    assert (np.diff(drawn, axis=1) >= 0).all() and (drawn == np.round(drawn)).all()
    quiet, low, high = drawn.mean(axis=1)
    assert quiet < 1 and low == pytest.approx(3, rel=0.5) and high == pytest.approx(300, rel=0.2)


def test_the_negative_binomial_has_the_variance_of_the_past():
    past = np.tile([0.0, 40.0], (1, 60))
    drawn = own.negative_binomial(past, np.ones(120), 1e9)[0]
    assert drawn.mean() == pytest.approx(20, rel=0.05) and drawn.std() == pytest.approx(20, rel=0.1)


def test_januaries_are_expected_in_january():
    months = 60
    past = np.full((1, months), 10.0)
    past[0, ::12] = 400
    summer, winter = (own.smoothed(past, counting(START, months, january), 4.0)[0].mean() for january in (False, True))
    assert summer < 25 and winter > 100


def test_what_is_taught_is_what_came():
    whole = world(20, 80, 4)
    taught = lesson(whole, [1, 6], seed=1)
    horizon = taught.inputs[:, taught.names.index("horizon")]
    assert set(horizon) == {1, 6}
    assert taught.names[-len(AHEAD) :] == AHEAD
    assert taught.age.min() == 0 and len(taught.outcome) == len(taught.weight)
    lag = np.expm1(taught.inputs[:, taught.names.index("lag 0")] + taught.level)
    pairs = {(round(a), b) for a, b in zip(lag.tolist(), taught.outcome.tolist(), strict=True)}
    real = {
        (whole.values[u, t], whole.values[u, t + h])
        for u in range(20)
        for t in range(24, 79)
        for h in (1, 6)
        if t + h < 80
    }
    assert pairs <= real


def test_quiet_cells_of_a_large_panel_are_thinned_and_weigh_for_those_left_out():
    values = np.zeros((3000, 100))
    values[:20] = world(20, 100, 1, busy=1).values
    taught = lesson(panel(values), [1], seed=1)
    quiet = taught.inputs[:, taught.names.index("share of months 120")] == 0
    assert len(taught.weight) < 100_000
    assert taught.weight[quiet].min() > 1 and (taught.weight[~quiet] == 1).all()
    assert taught.weight.sum() == pytest.approx(3000 * 75, rel=0.05)


def test_the_same_month_of_years_past_is_known_where_it_is_past():
    months = np.arange(60.0)
    asked = question(panel(months[None] + 1), [1, 12, 13])
    same = np.expm1(asked.inputs[:, -2] + asked.level)
    assert same == pytest.approx([49, 60, 49], rel=1e-4)
    assert asked.inputs[:, -4].tolist() == [0, 11, 0] and asked.inputs[:, -3].tolist() == [1, 0, 1]


def test_too_short_a_panel_teaches_nothing():
    with pytest.raises(ValueError, match="too few"):
        lesson(world(3, 12), [14], seed=1)


def test_between_and_beyond_the_quantiles_lines_are_straight_on_the_normal_scale():
    from scipy.special import ndtri

    known = ndtri(np.array(TAUS))
    found = _between((3 + 2 * known)[None], ndtri(LEVELS)[None])
    assert found[0] == pytest.approx(3 + 2 * ndtri(LEVELS))


def test_where_units_are_small_their_neighbours_speak():
    values = np.zeros((3, 120))
    values[0] = 50
    near = (np.array([1]), np.array([0]), np.array([], int))
    drawn = own.near(values, np.ones(120), 6.0, 0.01, near)
    assert (drawn[1] > 10.5).mean() == pytest.approx(own.AROUND, abs=0.01)
    assert (drawn[0] > 10.5).mean() == pytest.approx(1 - own.AROUND, abs=0.01)
    assert (drawn[2] > 10.5).mean() == 0
    cells = replace(panel(values), kind="priogrid", neighbours=near)
    assert {"near 6", "near 24"} < set(members(cells, [1])) and "near 6" not in members(panel(values), [1])


def test_of_cells_alone_a_member_expects_nothing():
    of = {kind: members(replace(panel(np.full((3, 24), 50.0)), kind=kind), [1]) for kind in ("priogrid", "admin1")}
    assert not of["priogrid"]["nothing"].any() and "nothing" not in of["admin1"]
    weights = prior(("hurdle 6", "nothing"), "priogrid").values[:, 1]
    assert weights[1] > 0 and weights[2] > 0 and not weights[[0, 3, 4]].any()


def test_what_leaks_is_what_quiet_units_have_shown():
    random = np.random.default_rng(2)
    values = (random.random((2000, 180)) < 0.002).astype(float)
    assert own.leaking(values) == pytest.approx(0.002 / 0.8, rel=0.3)
    assert own.leaking(np.ones((3, 180))) == own.LEAK == own.leaking(values[:, :50])


def test_cells_are_forecast_with_what_lies_around_them():
    whole = world(30, 120, 9, busy=0.7)
    ring = tuple(np.array([i - 1, (i + 1) % 30]) % 30 for i in range(30))
    cells = replace(whole, kind="priogrid", neighbours=ring)
    found = features(cells, np.array([119]))
    assert {"within 1, half-life 3", "within 6, half-life 60", "all cells, half-life 12"} < set(found.names)
    made = forecast(cells, cells.end, [1, 2])
    assert set(made.weights.members) == {*MEMBERS, "near 6", "near 24", "nothing"}
    assert made.weights.values == pytest.approx(prior(made.weights.members, "priogrid").values)
