"""The gain on later events: nothing of them reaches what is learnt, and where there is none, none is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from real import MYANMAR, PAKISTAN, real

from spillover.errors import SpreadError
from spillover.spread.contagion import Gain, Settings, catalogue, held_out_gain, heldout
from spillover.spread.contagion.catalogue import Catalogue
from spillover.spread.contagion.worlds import drifting, world

from .build import scattered

SETTINGS = Settings(tolerance=1e-3)


def learnt(monkeypatch, data: Catalogue, cutoff: float, **given) -> list[np.ndarray]:
    """All that is learnt, in order: parameters of the fits and weights of both sides."""
    found: list[np.ndarray] = []

    def watched(function: Callable, told: Callable) -> Callable:
        def call(*args, **kwargs):
            answer = function(*args, **kwargs)
            found.extend(np.array(x) for x in told(answer))
            return answer

        return call

    with monkeypatch.context() as patch:
        patch.setattr(heldout, "fit", watched(heldout.fit, lambda f: (
            f.parameters.adjacency, f.parameters.marks, f.parameters.border, f.parameters.waits, f.parameters.distances,
            f.parameters.mixture,
        )))  # fmt: skip
        patch.setattr(heldout, "_best_weights", watched(heldout._best_weights, lambda w: (w,)))
        held_out_gain(data, cutoff, SETTINGS, resamples=5, **given)
    return found


@pytest.mark.parametrize("countries", [1, 2])
def test_nothing_of_later_events_is_learnt(monkeypatch, countries):
    made, _ = world(700, 0.5, np.random.default_rng(3), groups=3, towns=30, years=6)
    made = replace(made, country=(made.lon > np.median(made.lon)).astype(np.int64), countries=("XXA", "XXB"))
    if countries == 1:
        made = replace(made, country=np.zeros(len(made), np.int64), countries=("XXA",))
    cutoff = 0.6 * made.days
    later = np.flatnonzero(made.first >= cutoff)
    lat, group, mark, country = made.lat.copy(), made.group.copy(), made.mark.copy(), made.country.copy()
    lat[later] += np.random.default_rng(1).uniform(-3, 3, len(later))
    group[later], mark[later] = 2 - group[later], 3 - mark[later]
    country[later] = countries - 1 - country[later]
    moved = replace(made, lat=lat, group=group, mark=mark, country=country)
    fewer = made.take(np.r_[0 : later[0], later[::2]])
    other_times = made.first.copy()
    other_times[later] = np.random.default_rng(2).uniform(cutoff, made.days, len(later))
    dated = made.at(other_times)
    # one block: all that is learnt is learnt at the cut-off
    whole = learnt(monkeypatch, made, cutoff, every=1e6)
    assert len(whole) == 6 + 2
    for changed in (moved, fewer, dated):
        assert len(changed.first[changed.first >= cutoff]) >= 50
        for one, two in zip(whole, learnt(monkeypatch, changed, cutoff, every=1e6), strict=True):
            np.testing.assert_allclose(two, one, rtol=1e-9, atol=1e-12)


def test_nothing_of_a_block_is_learnt_before_it(monkeypatch):
    made, _ = world(700, 0.5, np.random.default_rng(3), groups=3, towns=30, years=6)
    cutoff, every = 0.6 * made.days, 200.0
    whole = learnt(monkeypatch, made, cutoff, every=every)
    late = made.first >= cutoff + every
    changed = learnt(monkeypatch, replace(made, lat=np.where(late, made.lat + 0.3, made.lat)), cutoff, every=every)
    # the first block, and what is learnt at the second's begin
    for one, two in zip(whole[:16], changed[:16], strict=True):
        np.testing.assert_allclose(two, one, rtol=1e-9, atol=1e-12)
    assert any(np.abs(one - two).max() > 1e-6 for one, two in zip(whole[16:], changed[16:], strict=True))


@pytest.mark.parametrize("drift", ["flat", "linear", "tripling"])
def test_where_nothing_is_triggered_nothing_is_gained(drift):
    made = drifting(1500, drift, np.random.default_rng(3), groups=3, years=8)
    gain = held_out_gain(made, 0.7 * made.days, SETTINGS, every=300)
    assert gain.interval[1] > -0.02
    assert gain.interval[0] < 0.02
    assert abs(gain.nats) < 0.03
    assert gain.share < 0.15


def test_where_much_is_triggered_it_is_gained():
    made, truth = world(1500, 0.6, np.random.default_rng(4), groups=3, towns=40, years=8)
    gain = held_out_gain(made, 0.7 * made.days, SETTINGS, every=300)
    assert 0 < gain.interval[0] < gain.nats < gain.interval[1]
    assert gain.events == (made.first >= 0.7 * made.days).sum()
    assert truth.offspring / 3 < gain.share < truth.offspring * 1.2


def test_without_triggering_both_sides_are_one(monkeypatch):
    made, _ = world(700, 0.5, np.random.default_rng(3), groups=3, towns=30, years=6)
    real_fit = heldout.fit

    def weak(*args, **kwargs):
        found = real_fit(*args, **kwargs)
        p = found.parameters
        return replace(found, parameters=replace(p, adjacency=np.zeros_like(p.adjacency)))

    monkeypatch.setattr(heldout, "fit", weak)
    gain = held_out_gain(made, 0.7 * made.days, SETTINGS, every=300)
    assert abs(gain.nats) < 1e-3
    assert gain.share == 0


def test_a_side_that_expects_twice_as_many_pays_for_it(monkeypatch):
    """A rate twice as high everywhere: log 2 is gained at each event, and as many as come are lost."""
    made, _ = world(700, 0.5, np.random.default_rng(3), groups=3, towns=30, years=6)
    honest, expected = heldout._tuned, []

    def bold(data, settings, cutoff, extra):
        found = honest(data, settings, cutoff, None)
        if extra is None:
            return found
        expected.append(found.expected)
        return replace(found, rate=2 * found.rate, expected=2 * found.expected)

    monkeypatch.setattr(heldout, "_tuned", bold)
    gain = held_out_gain(made, 0.7 * made.days, SETTINGS, every=300)
    assert gain.nats == pytest.approx(np.log(2) - sum(expected) / gain.events)
    assert sum(expected) == pytest.approx(gain.events, rel=0.4)


@pytest.mark.parametrize("cutoff", [-10.0, 0.0, 5.0, 395.0, 400.0, 1e6])
def test_too_few_events_on_a_side_are_refused(cutoff):
    with pytest.raises(SpreadError, match=r"events before and \d+ after day .*; 50 are needed") as caught:
        held_out_gain(scattered(200, 1), cutoff, SETTINGS)
    assert caught.value.to_do


@pytest.mark.parametrize(("cutoff", "every"), [(100.0, 91.0), (199.5, 91.0), (250, 7.0), (260.0, 1e9), (264.0, 68.0)])
def test_cutoffs_and_blocks_of_any_length(cutoff, every):
    made = scattered(300, 1)
    settings = Settings(tolerance=1e-2)
    gain = held_out_gain(made, cutoff, settings, every=every)
    assert gain.events == (made.first >= cutoff).sum()
    assert np.isfinite([gain.nats, *gain.interval, gain.share]).all()
    assert gain.interval[0] <= gain.interval[1]


def test_groups_that_appear_after_the_cutoff():
    made = scattered(300, 1)
    new = replace(made, group=np.where(made.first > 250, 2, made.group % 2))
    gain = held_out_gain(new, 240.0, SETTINGS)
    assert np.isfinite([gain.nats, *gain.interval]).all()
    assert abs(gain.nats) < 1


def test_the_same_seed_says_the_same_and_in_json():
    made = scattered(300, 1)
    made = replace(made, last=np.minimum(made.first + 1, made.days))
    one, two, other = (held_out_gain(made, 200.0, SETTINGS, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one != other
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["nats"] == one.nats


@pytest.mark.parametrize(
    ("interval", "said"),
    [((0.01, 0.05), "helps"), ((-0.05, -0.01), "does harm"), ((-0.01, 0.02), "no better and no worse")],
)
def test_words_claim_no_more_than_the_interval(interval, said):
    gain = Gain(nats=sum(interval) / 2, interval=interval, events=1234, cutoff=10.0, share=0.1)
    assert said in gain.words()
    assert "On 1,234 later events" in gain.words()
    assert f"{interval[0]:+.3f} to {interval[1]:+.3f}" in gain.words()


@pytest.mark.shared
@pytest.mark.parametrize(("file", "cutoff"), [(PAKISTAN, date(2019, 1, 1)), (MYANMAR, date(2021, 1, 1))])
def test_on_real_later_events_the_model_does_no_harm(shared, file, cutoff):
    data = catalogue(real(shared, file))
    gain = held_out_gain(data, (cutoff - data.begin).days, Settings(), seed=1)
    assert gain.interval[0] > -0.02
    assert gain.events > 300
