"""How much each member counts."""

import numpy as np
import pytest
from tests.forecasting.worlds import world

from spillover.forecasting import scores
from spillover.forecasting.members import MEMBERS
from spillover.forecasting.members.quantiles import LEVELS
from spillover.forecasting.weights import Marks, learnt, levels, marks_of, prior

MONTHS = np.array([24_001, 24_002])


def marks(made, actual, band=None, months=MONTHS):
    actual = np.asarray(actual, float)
    reference = np.ones((*actual.shape, 3))
    band = np.full(len(actual), 2) if band is None else band
    return marks_of(made, band, months, actual, reference)


def said(values, units=30):
    """A member that says the same of every unit in both months."""
    return np.broadcast_to(np.quantile(values, LEVELS, method="inverted_cdf").astype(np.float32), (units, 2, 200))


def test_every_member_has_a_weight_at_every_level():
    chosen = prior(MEMBERS)
    assert chosen.values.shape == (len(chosen.cuts) + 1, len(MEMBERS))
    assert chosen.values.sum(axis=1) == pytest.approx(np.ones(len(chosen.values)))
    assert (chosen.of(np.array([0, 1e6])) == chosen.values[[0, -1]]).all()


def test_members_that_are_missing_leave_their_weight_to_the_others():
    some = MEMBERS[:3]
    assert prior(some).values.sum(axis=1) == pytest.approx(np.ones(5))


def test_the_better_member_gains_only_at_the_level_where_it_is_better():
    names = MEMBERS[:2]
    made = {names[0]: said([20.0]), names[1]: said([0.0])}
    won = learnt(names, [marks(made, np.full((30, 2), 20.0))])
    start = prior(names)
    assert won.values[2, 0] > 0.8 > start.values[2, 0]
    assert won.values[[0, 1, 3, 4]] == pytest.approx(start.values[[0, 1, 3, 4]])
    assert won.windows == 1


def test_two_members_that_are_wrong_on_different_sides_share():
    names = MEMBERS[:2]
    made = {names[0]: said([10.0]), names[1]: said([0.0])}
    actual = np.zeros((30, 2))
    actual[::2] = 10
    assert learnt(names, [marks(made, actual)]).values[2] == pytest.approx([0.5, 0.5], abs=0.1)


def test_where_cells_saw_less_than_was_expected_less_is_expected_of_them():
    names = ("hurdle 6", "nothing")
    made = {"hurdle 6": said([0.0, 3.0]), "nothing": said([0.0])}
    few, many = np.zeros((30, 2)), np.full((30, 2), 3.0)
    few[::5], many[::5] = 3.0, 0.0
    start = prior(names, "priogrid").values[2, 1]
    quiet, loud = (learnt(names, [marks(made, came)], "priogrid").values[2, 1] for came in (few, many))
    assert quiet > start + 0.05 and loud < start - 0.2


def test_marks_give_the_crps_of_any_pool():
    random = np.random.default_rng(3)
    a, b = random.poisson(5, 200), random.poisson(30, 200)
    made = {"smoothed 2": said(a, 4), "smoothed 4": said(b, 4)}
    actual = random.poisson(12, (4, 2)).astype(float)
    kept = marks(made, actual)
    w = np.array([0.25, 0.75])
    drawn = np.concatenate(
        [np.quantile(a, LEVELS, method="inverted_cdf")] + 3 * [np.quantile(b, LEVELS, method="inverted_cdf")]
    )
    whole = scores.crps(np.tile(drawn.astype(float), (8, 1)), actual.ravel()).sum()
    linear, square = kept.distance.sum(axis=(0, 1)), kept.apart.sum(axis=(0, 1))
    assert w @ linear - 0.5 * w @ square @ w == pytest.approx(whole)


def test_only_months_up_to_the_origin_teach():
    names = MEMBERS[:2]
    made = {names[0]: said([20.0]), names[1]: said([0.0])}
    actual = np.full((30, 2), 20.0)
    whole = marks(made, actual)
    changed = actual.copy()
    changed[:, 1] = 0
    origin = int(MONTHS[0])
    kept, other = whole.until(origin), marks(made, changed).until(origin)
    assert isinstance(kept, Marks) and isinstance(other, Marks)
    assert (learnt(names, [kept]).values == learnt(names, [other]).values).all()
    assert whole.until(origin - 1) is None
    assert (learnt(names, [whole]).values != learnt(names, [marks(made, changed)]).values).any()


def test_windows_with_other_members_are_passed_over():
    made = {name: said([20.0]) for name in MEMBERS[:2]}
    assert learnt(MEMBERS[:3], [marks(made, np.zeros((30, 2)))]).windows == 0


def test_the_level_is_of_the_last_months():
    whole = world(4, 300)
    assert levels(whole) == pytest.approx(levels(whole.until(whole.end)))
    assert levels(whole.until(whole.end - 100)) != pytest.approx(levels(whole))
