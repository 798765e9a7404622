"""Forecasts: what they are made of, and that nothing later reaches them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forecasting.worlds import panel, world

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.forecast import forecast, listed
from spillover.forecasting.members import MEMBERS, members
from spillover.forecasting.members.learning import lesson

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def taught():
    """A world with enough violence for the learned members."""
    return world(40, 150, 5, busy=0.6)


def test_every_cell_has_sorted_draws_that_count_something():
    whole = world()
    made = forecast(whole, whole.end, [1, 3, 14])
    assert made.draws.shape == (12, 3, 1000)
    assert np.isfinite(made.draws).all() and (made.draws >= 0).all()
    assert (made.draws == np.round(made.draws)).all() and (np.diff(made.draws) >= 0).all()
    assert made.months == (whole.end + 1, whole.end + 3, whole.end + 14)


def test_the_table_and_the_file_form_say_the_same():
    whole = world()
    made = forecast(whole, whole.end, [2, 5])
    table, cells = made.table(), made.to_draws()
    assert table["unit"].to_list() == cells.unit.tolist()
    assert table["month"].to_list() == [months.name(int(m)) for m in cells.month]
    assert table["mean"].to_numpy() == pytest.approx(cells.draws.mean(axis=1), rel=1e-5)
    assert (table["low90"] <= table["median"]).all() and (table["median"] <= table["high90"]).all()


def test_all_members_speak_where_there_is_enough_to_learn_from(taught):
    made = members(taught, [1, 6])
    assert tuple(made) == MEMBERS
    assert all(values.shape == (40, 2, 200) and np.isfinite(values).all() for values in made.values())


def test_a_short_or_quiet_panel_is_forecast_from_own_pasts_alone():
    quiet = panel(np.zeros((3, 60)))
    made = forecast(quiet, quiet.end, [1])
    assert set(made.weights.members) < set(MEMBERS)
    assert np.median(made.draws) == 0 and made.draws.mean() < 0.2
    assert forecast(world(4, 14), world(4, 14).end, [3]).draws.shape == (4, 1, 1000)


def test_worse_pasts_get_worse_forecasts(taught):
    values = np.concatenate([taught.values, np.full((1, 150), 400.0), np.zeros((1, 150))])
    made = forecast(panel(values), panel(values).end, [3])
    mean = made.draws.mean(axis=(1, 2))
    assert mean[-1] < 1 < 200 < mean[-2] < 800


def test_the_same_seed_gives_the_same_draws_whatever_the_threads(taught):
    one, two = (forecast(taught, taught.end, [1, 12], seed=4, workers=n) for n in (1, 3))
    assert np.array_equal(one.draws, two.draws)
    assert not np.array_equal(one.draws, forecast(taught, taught.end, [1, 12], seed=5).draws)


def tampered(whole, origin, how, seed):
    """The panel with every value after the origin changed."""
    random = np.random.default_rng(seed)
    n = origin - whole.start + 1

    def change(values):
        later = values[:, n:]
        if how == "cut":
            return values[:, :n]
        made = {
            "delete": np.zeros_like(later), "multiply": later * 1000 + 7,
            "move": random.permuted(later.ravel()).reshape(later.shape),
        }[how]  # fmt: skip
        return np.concatenate([values[:, :n], made], axis=1)

    exists = whole.exists.copy()
    exists[:, n:] = random.random(exists[:, n:].shape) < 0.5
    exists = exists[:, :n] if how == "cut" else exists
    return replace(
        whole, values=change(whole.values), exists=exists, parts={k: change(v) for k, v in whole.parts.items()}
    )


@SLOW
@given(st.integers(0, 1000), st.integers(20, 94), st.sampled_from(["delete", "multiply", "move", "cut"]))
def test_nothing_after_the_origin_reaches_a_forecast(seed, column, how):
    whole = world(6, 96, seed)
    origin = whole.start + column
    assert np.array_equal(
        forecast(whole, origin, [1, 3, 14]).draws,
        forecast(tampered(whole, origin, how, seed), origin, [1, 3, 14]).draws,
    )


@pytest.mark.parametrize("how", ["delete", "multiply", "move", "cut"])
def test_nothing_after_the_origin_reaches_the_learned_members(taught, how):
    origin = taught.start + 130
    one, two = (forecast(p, origin, [1, 3, 14]) for p in (taught, tampered(taught, origin, how, 1)))
    assert set(one.weights.members) == set(MEMBERS)
    assert np.array_equal(one.draws, two.draws)


def test_a_unit_that_is_not_there_yet_has_no_forecast():
    whole = world()
    exists = whole.exists.copy()
    exists[0, :80] = False
    exists[1, 50:] = False
    later = replace(whole, exists=exists)
    assert forecast(later, whole.start + 70, [1]).units == whole.units[2:]
    assert forecast(later, whole.end, [1]).units == (whole.units[0], *whole.units[2:])


@pytest.mark.parametrize(
    ("origin", "horizons", "what"),
    [(0, [1], "not 2007-12"), (200, [1], "2000-01 to 2007-12"), (95, [], "not none"), (95, [0, 1], "1 to 36"),
     (95, [37], "not 37"), (5, [1], "6 months up to 2000-06, fewer than 12")],
)  # fmt: skip
def test_what_cannot_be_forecast_is_refused(origin, horizons, what):
    whole = world()
    if what == "not 2007-12":
        whole = replace(whole, exists=np.zeros_like(whole.exists))
        origin, what = 95, "no unit is there in 2007-12"
    with pytest.raises(ForecastError, match=what):
        forecast(whole, whole.start + origin, horizons)


def test_horizons_as_people_write_them():
    assert [listed(h) for h in ([3, 4, 5], [3], [1, 3, 6])] == ["3-5", "3", "1,3,6"]


def test_units_of_whose_last_year_something_is_not_known_are_named_and_left_out():
    whole = world(6, 60, 3)
    covered = np.ones_like(whole.exists)
    covered[1, 50], covered[2, :49], covered[3, 40] = False, False, False
    gone = covered.copy()
    gone[4, 58:] = False
    short = replace(whole, covered=gone, exists=gone)
    made = forecast(short, whole.end, [1, 2])
    assert made.units == tuple(whole.units[i] for i in (0, 3, 5))
    assert made.notes[-1].startswith("not forecast from 2004-12: 3 of 6 units") and "U001, U002, U004" in made.notes[-1]
    assert forecast(whole, whole.end, [1, 2]).notes == ()
    with pytest.raises(ForecastError, match="with the 12 months before it known"):
        forecast(replace(whole, covered=np.zeros_like(covered)), whole.end, [1])


def test_what_came_in_months_that_are_not_known_is_not_learnt():
    whole = world(4, 80, 4, busy=1.0)
    exists = whole.exists.copy()
    exists[2, 30:50] = False
    taught = lesson(replace(whole, values=np.where(exists, 7.0, 0.0), exists=exists), [1, 2, 3], 1)
    assert (taught.outcome == 7).all() and len(taught.outcome) > 100
