"""The correction by simulation: refits of the corrected fit say what the fit said, and the truth is in the interval."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest

from spillover.spread.contagion.calibrate import LARGEST, Interval, calibrate, estimates
from spillover.spread.contagion.fit import Settings, fit, spectral_radius
from spillover.spread.contagion.worlds import world

SETTINGS = Settings(tolerance=1e-3)


def draw(name, number, compute):
    return compute(np.random.default_rng([1, zlib.crc32(name.encode()), number]))


def nothing(_):
    return np.zeros(1)


@pytest.fixture(scope="module")
def case():
    made, truth = world(1000, 0.6, np.random.default_rng(3), groups=3, towns=30, years=8)
    fitted = fit(made, made.first, SETTINGS)
    return fitted, truth, calibrate(fitted, draw, nothing, rounds=(4, 4, 8))


def test_refits_of_the_corrected_fit_say_what_the_fit_said(case):
    fitted, _, found = case
    raw = estimates(fitted)
    assert raw.tolist() == [fitted.spectral_radius, fitted.offspring_per_event]
    assert found.refits.shape == (8, 2)
    error = found.refits.std(axis=0, ddof=1) / np.sqrt(8)
    np.testing.assert_array_less(np.abs(found.refits.mean(axis=0) - raw), 4 * error + 0.03)
    assert found.truth[1] > raw[1]  # the background takes part of the triggered for itself


def test_the_truth_is_in_the_interval(case):
    fitted, truth, found = case
    for which, true in ((0, truth.radius), (1, truth.offspring)):
        interval = found.interval(float(estimates(fitted)[which]), which)
        assert interval.low < true < interval.high
        assert interval.low <= interval.value <= interval.high
        assert interval.bias == pytest.approx(interval.raw - interval.value)
        assert abs(interval.value - true) < abs(interval.raw - true) + 0.02


def test_what_the_refits_say_on_the_mean_is_corrected_to_their_truth(case):
    _, _, found = case
    mean = float(found.refits[:, 1].mean())
    assert found.interval(mean, 1).value == pytest.approx(found.truth[1])
    assert found.interval(mean / 2, 1).value == pytest.approx(found.truth[1] / 2)
    assert found.interval(0.001, 1).low >= 0


def test_refits_that_find_nothing_correct_nothing(case):
    _, _, found = case
    empty = replace(found, refits=np.zeros((8, 2)))
    assert empty.interval(0.2, 1) == Interval(0.2, 0.0, 0.2, 0.2)


def test_errors_of_the_tables_are_of_their_shape_and_about_nothing(case):
    fitted, _, found = case
    n_years = found.groups.shape[1]
    assert found.groups.shape == (8, n_years, 3, 3)
    assert found.countries.shape == (8, n_years, 1, 1)
    assert found.bursts.shape == (8, 1)
    whole = found.groups.sum(axis=(1, 2, 3))
    assert np.abs(whole.mean()) < 0.15 * len(fitted.catalogue)
    np.testing.assert_allclose(found.countries.sum(axis=(1, 2, 3)), whole, rtol=1e-6, atol=1e-6)


def test_parts_are_kept_as_json_and_taken_from_there(case):
    fitted, _, found = case
    kept = {}

    def keeping(name, number, compute):
        kept[name, number] = json.dumps(draw(name, number, compute), allow_nan=False)
        return json.loads(kept[name, number])

    again = calibrate(fitted, keeping, nothing, rounds=(4, 4, 8))
    np.testing.assert_array_equal(again.refits, found.refits)
    np.testing.assert_array_equal(again.groups, found.groups)
    assert sorted(kept) == [(f"round {r}", n) for r, size in ((1, 4), (2, 4), (3, 8)) for n in range(size)]
    once_more = calibrate(fitted, lambda name, number, _: json.loads(kept[name, number]), nothing, rounds=(4, 4, 8))
    np.testing.assert_array_equal(once_more.refits, found.refits)


def test_what_would_have_no_end_is_not_simulated(case):
    """A fit near 1 whose refits fall short is not pushed beyond it."""
    fitted, _, _ = case
    p = fitted.parameters
    radius = spectral_radius(p.adjacency, np.arange(3))
    strong = replace(fitted, parameters=replace(p, adjacency=p.adjacency * 0.95 / radius))

    def short(name, number, compute):
        found = compute(np.random.default_rng(number)) if name == "round 2" and number < 0 else {}
        waits = (0.3 * p.waits).tolist()
        return {"estimates": [0.3, 0.3], "waits": waits, "distances": p.distances.tolist()} | found | {
            "true_groups": np.zeros((1, 3, 3)).tolist(), "groups": np.zeros((1, 3, 3)).tolist(),
            "true_countries": [[[0.0]]], "countries": [[[0.0]]], "bursts": [0.0],
        }  # fmt: skip

    found = calibrate(strong, short, nothing, rounds=(2, 2, 2))
    assert found.truth[0] <= LARGEST + 1e-9
    assert found.parameters.waits.sum() == pytest.approx(1)
    assert found.parameters.distances.sum() == pytest.approx(1)


def test_a_fit_that_found_nothing():
    made, _ = world(400, 0.01, np.random.default_rng(3), groups=2, towns=30, years=8)
    fitted = fit(made, made.first, SETTINGS)
    found = calibrate(fitted, draw, nothing, rounds=(2, 3))
    interval = found.interval(fitted.offspring_per_event, 1)
    assert np.isfinite([interval.value, interval.low, interval.high]).all()
    assert interval.low <= 0.03
    assert interval.value < 0.15
