"""Made-up worlds: what is said to be true of them is."""

from __future__ import annotations

import numpy as np
import pytest

from spillover.spread.contagion.worlds import drifting, world


@pytest.mark.parametrize("radius", [0.3, 0.6, 0.9])
def test_a_world_has_the_size_and_the_triggering_asked_for(radius):
    made = [world(2000, radius, np.random.default_rng(seed)) for seed in range(6)]
    assert np.mean([len(c) for c, _ in made]) == pytest.approx(2000, rel=0.35 if radius > 0.8 else 0.15)
    for _, truth in made:
        # the marks of a group's events move it a little
        assert truth.radius == pytest.approx(radius, rel=0.1)
        assert 0 < truth.offspring < 1.2
    # as many are triggered as events trigger, but for what comes after the window's end
    assert np.mean([t.share / t.offspring for _, t in made]) == pytest.approx(1, abs=0.12)


def test_a_world_is_that_of_its_seed():
    (one, a), (two, b), (other, _) = (world(500, 0.5, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.first, two.first)
    assert a == b
    assert len(one) != len(other)
    assert len(one.groups) == 5


@pytest.mark.parametrize(("drift", "quarters"), [
    ("flat", [0.25, 0.25, 0.25, 0.25]), ("linear", [1 / 16, 3 / 16, 5 / 16, 7 / 16]), ("step", [0.1, 0.1, 0.4, 0.4]),
])  # fmt: skip
def test_drifts_are_as_named(drift, quarters):
    made = drifting(6000, drift, np.random.default_rng(1))
    assert len(made) == 6000
    found = np.histogram(made.first / made.days, bins=4, range=(0, 1))[0] / 6000
    np.testing.assert_allclose(found, quarters, atol=0.025)


def test_each_town_triples():
    made = drifting(6000, "tripling", np.random.default_rng(1), groups=1)
    late = made.first > made.days / 2
    assert 0.55 < late.mean() < 0.75
    towns = {lat: late[made.lat == lat].mean() for lat in np.unique(made.lat) if (made.lat == lat).sum() > 100}
    assert max(towns.values()) - min(towns.values()) > 0.1
