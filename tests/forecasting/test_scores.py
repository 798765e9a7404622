"""Scores: worked out by hand, against scoringrules and the shared script, and what must leave them as they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from spillover import ForecastError
from spillover.forecasting import scores

CLOSE = {"rtol": 1e-9, "atol": 1e-9}
counts = st.integers(0, 300_000) | st.integers(0, 12) | st.floats(0, 1500).map(lambda v: round(v, 3))


@st.composite
def ensembles(draw):
    """Draws, cells × m, and an outcome for each cell: whole and fractional, many equal."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 25))
    values = draw(hnp.arrays(np.float64, (n, m + 1), elements=counts))
    return values[:, :m], values[:, m]


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_crps_by_hand():
    x, y = [[0, 0, 0, 0], [0, 2, 4, 10], [5, 5, 5, 5]], [0, 3, 9]
    # mean|x − 3| = (3 + 1 + 1 + 7) / 4 = 3; the pairs' differences 2 4 10 2 8 6 twice, over 2 × 16
    assert scores.crps(x, y).tolist() == [0, 3 - 2 * 32 / 32, 4]


def test_crps_log_is_that_of_the_logs():
    e = math.e
    assert np.allclose(scores.crps_log([[0, e - 1]], [e**2 - 1]), (2 + 1) / 2 - 1 / 4, **CLOSE)


def test_the_tail_score_sees_nothing_below_its_threshold():
    x = [[0, 10, 24], [0, 10, 30]]
    assert scores.twcrps(x, [20, 0]).tolist() == [0, pytest.approx(5 / 3 - 5 * 4 / 18)]
    assert np.allclose(scores.twcrps(x, [40, 60], 0), scores.crps(x, [40, 60]))


def test_ignorance_by_hand():
    x = [[0, 0, 0, 0], [0, 2, 4, 10], [5, 5, 5, 5], [2000, 0, 0, 1001]]
    wanted = [-math.log2(k / 15) for k in (5, 2, 1, 3)]
    assert np.allclose(scores.ign(x, [0.4, 3, 9, 5000]), wanted)


def test_the_bins_of_the_ignorance_score_hold_their_lower_edge():
    assert scores.ign([[0.5]], [0.5]) == pytest.approx(-math.log2(2 / 12))
    assert scores.ign([[0.4]], [0.5]) == pytest.approx(-math.log2(1 / 12))
    assert len(scores.BIN_EDGES) == 11


def test_the_interval_score_by_hand():
    x = np.arange(101.0)[None]
    # the 90 % interval is 5 to 95
    got = [float(scores.mis(x, [y])[0]) for y in (50, 4, 97)]
    assert got == pytest.approx([90, 90 + 20 * 1, 90 + 20 * 2])
    assert scores.mis([[5, 5, 5, 5]], [9]) == pytest.approx(80)


def test_an_interval_covers_its_ends():
    x = np.full((4, 1), 3.0) + np.zeros((4, 20))
    assert scores.cover(x, [3, 2.999, 3.001, 3]).tolist() == [1, 0, 0, 1]
    wide = np.arange(101.0)[None]
    assert [int(scores.cover(wide, [y], 0.5)[0]) for y in (24, 26, 74, 76)] == [0, 1, 1, 0]


def test_probabilities_by_hand():
    assert scores.brier([0.2, 1, 0], [1, 1, 1]) == pytest.approx([0.64, 0, 1])
    assert scores.log_score([0.25, 1, 0, 0], [1, 1, 0, 1]).tolist() == [2, 0, 0, math.inf]
    assert scores.exceedance([[0, 1, 25, 30]], 25).tolist() == [0.5]
    assert scores.exceedance([[0, 0]], 1, pseudo=1).tolist() == [0.25]


def test_quantiles_are_those_of_numpy():
    x = np.random.default_rng(1).gamma(0.3, 40, (50, 137))
    levels = (0, 0.05, 0.5, 0.951, 1)
    assert np.allclose(scores.quantiles(x, levels), np.quantile(x, levels, axis=1).T, rtol=1e-12)


# -- against others ---------------------------------------------------------------------------------------------------


@given(ensembles())
def test_crps_is_that_of_scoringrules(case):
    import scoringrules as rules

    x, y = case
    assert np.allclose(scores.crps(x, y), rules.crps_ensemble(y, x, estimator="nrg"), **CLOSE)
    tail = rules.twcrps_ensemble(y, x, a=25.0, estimator="nrg")
    assert np.allclose(scores.twcrps(x, y, 25.0), tail, **CLOSE)


@given(ensembles())
def test_crps_is_the_double_sum(case):
    x, y = case
    pairs = np.abs(x[:, :, None] - x[:, None]).mean((1, 2)) / 2
    assert np.allclose(scores.crps(x, y), np.abs(x - y[:, None]).mean(1) - pairs, rtol=1e-8, atol=1e-8)


@pytest.mark.shared
def test_crps_ignorance_and_interval_score_are_those_of_the_shared_script(script):
    random = np.random.default_rng(7)
    for m in (1, 2, 15, 21, 50, 1000):
        x = np.floor(random.gamma(0.2, 5 ** random.uniform(0, 6, (300, 1)), (300, m)))
        x[::3] += random.random((100, m)).round(1)
        y = np.where(random.random(300) < 0.7, x[:, 0], random.choice([0, 0.5, 2.5, 10.5, 1000.5, 115_738], 300))
        wanted = script.cells(x, y)
        made = scores.score_cells(x, y)
        for name in ("crps", "crps_log", "ign", "mis", "cover90", "cover50"):
            assert np.allclose(made[name], wanted[name].to_numpy(float), **CLOSE), (name, m)


# -- what holds of every ensemble -------------------------------------------------------------------------------------


@given(ensembles())
def test_one_pass_gives_what_each_score_gives(case):
    x, y = case
    made = scores.score_cells(x, y)
    assert tuple(made) == scores.NAMES
    alone = {"crps": scores.crps, "crps_log": scores.crps_log, "twcrps": scores.twcrps, "ign": scores.ign,
             "mis": scores.mis, "cover90": scores.cover}  # fmt: skip
    for name, score in alone.items():
        assert np.array_equal(made[name], score(x, y)), name
    assert np.array_equal(made["cover50"], scores.cover(x, y, 0.5))
    for name, threshold in (("brier1", 1), ("brier25", 25)):
        assert np.allclose(made[name], scores.brier(scores.exceedance(x, threshold), y >= threshold))


@given(ensembles(), st.randoms(use_true_random=False))
def test_the_order_of_draws_makes_no_difference(case, random):
    x, y = case
    order = list(range(x.shape[1]))
    random.shuffle(order)
    one, other = scores.score_cells(x, y), scores.score_cells(x[:, order], y)
    assert all(np.array_equal(one[name], other[name]) for name in scores.NAMES)


@given(ensembles(), st.integers(1, 4))
def test_equal_draws_are_a_point_whose_score_is_the_absolute_error(case, m):
    x, y = case
    point = np.repeat(x[:, :1], m, 1)
    assert np.allclose(scores.crps(point, y), np.abs(x[:, 0] - y), **CLOSE)
    assert (scores.crps(point, x[:, 0]) == 0).all()


@given(ensembles(), st.integers(0, 1000), st.integers(1, 50))
def test_moving_and_stretching_both_moves_and_stretches_the_score(case, shift, factor):
    x, y = case
    assert np.allclose(scores.crps(x + shift, y + shift), scores.crps(x, y), rtol=1e-7, atol=1e-7)
    assert np.allclose(scores.mis(x + shift, y + shift), scores.mis(x, y), rtol=1e-7, atol=1e-6)
    assert np.allclose(scores.crps(x * factor, y * factor), factor * scores.crps(x, y), rtol=1e-7, atol=1e-7)


@given(ensembles(), st.integers(2, 4))
def test_every_draw_twice_is_the_same_ensemble_to_crps(case, times):
    x, y = case
    assert np.allclose(scores.crps(np.tile(x, (1, times)), y), scores.crps(x, y), **CLOSE)


@given(ensembles())
def test_what_comes_nearer_in_every_draw_is_no_worse(case):
    x, y = case
    assert (scores.crps((x + y[:, None]) / 2, y) <= scores.crps(x, y) + 1e-7).all()


def test_the_draws_may_have_32_bits_and_are_left_as_they_are():
    x = np.random.default_rng(3).poisson(4, (100, 30))
    y = x[:, 0].astype(float)
    small = x.astype(np.float32)
    before = small.copy()
    made, wanted = scores.score_cells(small, y), scores.score_cells(x.astype(float), y)
    assert all(np.array_equal(made[name], wanted[name]) for name in scores.NAMES)
    assert np.array_equal(small, before)


def test_many_cells_are_scored_as_few_are(monkeypatch):
    x = np.random.default_rng(4).poisson(2, (57, 10)).astype(np.float32)
    y, rows = x[::-1, 3].astype(float), np.arange(57)[::-1]
    whole = scores.score_cells(x, y), scores.pit(x, y), scores.quantiles(x, (0.1, 0.9))
    monkeypatch.setattr(scores, "_CHUNK", 70)
    parts = scores.score_cells(x, y), scores.pit(x, y), scores.quantiles(x, (0.1, 0.9))
    assert all(np.allclose(whole[0][name], parts[0][name], rtol=1e-14, atol=1e-14) for name in scores.NAMES)
    assert np.array_equal(whole[1], parts[1]) and np.array_equal(whole[2], parts[2])
    turned = scores.score_cells(x, y[::-1], rows=rows)
    assert all(np.allclose(whole[0][name][::-1], turned[name], rtol=1e-14, atol=1e-14) for name in scores.NAMES)


# -- calibration ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.3, 4.0, 200.0])
def test_the_pit_is_uniform_where_the_truth_is_one_more_draw(rate):
    random = np.random.default_rng(11)
    mean = random.gamma(0.5, rate * 2, (4000, 1))
    world = random.poisson(mean, (4000, 101))
    u = scores.pit(world[:, :100], world[:, 100], seed=5)
    assert stats.kstest(u, "uniform").pvalue > 0.01
    assert np.array_equal(u, scores.pit(world[:, :100], world[:, 100], seed=5))
    assert not np.array_equal(u, scores.pit(world[:, :100], world[:, 100], seed=6))


def test_the_pit_shows_forecasts_that_are_too_narrow_or_too_low():
    random = np.random.default_rng(12)
    x = random.poisson(20, (2000, 50))
    low = scores.pit(x, random.poisson(30, 2000))
    wide = scores.pit(x, random.negative_binomial(2, 2 / 22, 2000))
    assert low.mean() > 0.8
    assert ((wide < 0.1) | (wide > 0.9)).mean() > 0.4
    assert stats.kstest(low, "uniform").pvalue < 1e-9 and stats.kstest(wide, "uniform").pvalue < 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 12))
def test_the_parts_of_the_brier_score_make_it_up(cases, bins):
    p, o = np.array(cases, float).T
    made = scores.reliability(p, o, bins=bins)
    assert made.brier == pytest.approx(scores.brier(p, o).mean())
    whole = made.reliability - made.resolution + made.uncertainty + made.within
    assert whole == pytest.approx(made.brier, abs=1e-12)
    assert made.cases.sum() == len(cases)
    assert min(made.reliability, made.resolution, made.uncertainty) >= 0
    assert (made.low <= made.seen + 1e-12).all() and (made.seen <= made.high + 1e-12).all()


def test_reliability_by_hand():
    made = scores.reliability([0.1] * 10 + [0.8] * 5, [1] + [0] * 9 + [1, 1, 1, 1, 0])
    assert made.said.tolist() == pytest.approx([0.1, 0.8]) and made.seen.tolist() == pytest.approx([0.1, 0.8])
    assert (made.reliability, made.within) == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-12))
    assert made.uncertainty == pytest.approx(1 / 3 * 2 / 3)
    assert made.resolution == pytest.approx((10 * (0.1 - 1 / 3) ** 2 + 5 * (0.8 - 1 / 3) ** 2) / 15)
    assert set(made.to_dict()) == {
        "brier", "reliability", "resolution", "uncertainty", "within", "cases", "said", "seen", "low", "high",
    }  # fmt: skip


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [math.nan, -1, math.inf])
def test_a_draw_or_an_outcome_that_is_no_count_is_refused_with_its_cell(bad):
    with pytest.raises(ForecastError, match="cell 2: a draw is missing, negative or infinite"):
        scores.crps([[0, 1], [bad, 1]], [0, 0])
    with pytest.raises(ForecastError, match="cell 2: an outcome is missing"):
        scores.score_cells([[0, 1], [0, 1]], [0, bad])
    with pytest.raises(ForecastError, match="cell 1: a probability is not between"):
        scores.brier([2 if bad == math.inf else bad], [1])


def test_shapes_that_do_not_fit_are_refused():
    for x, y in (([1, 2], [1, 2]), ([[1, 2]], [1, 2]), (np.empty((3, 0)), [0, 0, 0])):
        with pytest.raises(ValueError, match="cells"):
            scores.crps(x, y)
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores.mis([[1, 2]], [1], 1.0)
    with pytest.raises(ForecastError, match="not 0 or 1"):
        scores.log_score([0.5], [0.5])
    with pytest.raises(ForecastError, match="no case"):
        scores.reliability([], [])


def test_no_cells_have_no_scores():
    none = np.empty((0, 5))
    assert all(len(values) == 0 for values in scores.score_cells(none, []).values())
    assert len(scores.crps(none, [])) == len(scores.pit(none, [])) == 0
    assert scores.quantiles(none, (0.5, 0.9)).shape == (0, 2)
