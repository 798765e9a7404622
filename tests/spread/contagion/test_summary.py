"""The model in words: what comes first, and what is never left out."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from spillover.spread.contagion import Contagion, Effort, Gain, Settings
from spillover.spread.contagion.residuals import Residuals
from spillover.spread.contagion.summary import CANNOT_TELL
from spillover.spread.contagion.worlds import world
from spillover.spread.selection import LeftOut

FINE = Residuals({"a": (0.03, 0.5)}, (10.0, 40.0, 90.0), (9.0, 41.0, 92.0), (2.0, 4.0, 9.0))
GAIN = Gain(nats=0.05, interval=(0.03, 0.07), events=300, cutoff=2000.0, share=0.3)


@pytest.fixture(scope="module")
def fitted() -> Contagion:
    made, _ = world(900, 0.6, np.random.default_rng(3), groups=3, towns=30, years=8)
    effort = Effort(jitters=1, rounds=(2, 4), placebos=2, bandwidths=0, held_out=False)
    return Contagion(Settings(tolerance=1e-3), effort=effort).fit(made)


def changed(model: Contagion, **change: Any) -> Contagion:
    """The model with some of what it found replaced."""
    other = copy.copy(model)
    other.residuals, other.gain, other.no_gain = FINE, GAIN, None
    for name, value in change.items():
        setattr(other, name, value)
    return other


def test_it_reads_like_a_paragraph_with_all_that_belongs_beside_the_estimate(fitted):
    said = changed(fitted, words="all actors").summary()
    assert said.startswith("All actors, 1970-01-01 to ")
    o = fitted.offspring
    for number in (o.value, o.low, o.high, o.raw, *fitted.wide, fitted.radius.value):
        assert f"{number:.2f}" in said
    for kind in ("shuffled within group", "moved by up to 180 days", "smoothed local rate"):
        assert kind in said
    for found in fitted.placebos.values():
        assert f"{np.mean(found):.3f}" in said
    assert "nats an event" in said
    assert "not proof of cause" in said
    assert "\n" not in said
    assert "nan" not in said
    assert "None" not in said


@pytest.mark.parametrize("sign", ["placebos", "wide"])
def test_where_it_cannot_tell_it_says_that_and_nothing_else(fitted, sign):
    wide = {"wide": (0.0, fitted.wide[1])}
    placebos = {"placebos": fitted.placebos | {"dithered": (fitted.offspring.raw * 0.6,) * 2}}
    faulty = replace(FINE, bursts=(100.0, 40.0, 90.0))
    model = changed(fitted, words="the Taliban", residuals=faulty, **(wide if sign == "wide" else placebos))
    assert model.summary() == f"The Taliban: {CANNOT_TELL}."
    assert not re.search(r"\d", model.summary())


def test_faults_come_first(fitted):
    faulty = replace(FINE, bursts=(100.0, 40.0, 90.0), rescaled={"TTP": (0.3, 1e-9)})
    said = changed(fitted, residuals=faulty).summary()
    first = said.split(". ")[0]
    assert first.startswith("The fit does not describe this record well")
    assert "the times of TTP" in first
    assert "100" in first
    assert "are as the fit makes them" not in said
    assert said.count("does not describe") == 1
    assert "does not describe" not in changed(fitted).summary()


def test_no_gain_has_a_reason(fitted):
    said = changed(fitted, gain=None, no_gain="3 events before and 4 after day 5; 50 are needed in each").summary()
    assert "There is no figure on events held out: 3 events before" in said
    harm = changed(fitted, gain=replace(GAIN, nats=-0.05, interval=(-0.08, -0.02))).summary()
    assert "does harm" in harm


def test_a_radius_that_may_reach_one(fitted):
    said = changed(fitted, radius=replace(fitted.radius, low=0.7, value=0.9, high=1.1)).summary()
    assert "0.90 (0.70 to 1.10): 1 is within the interval, so that bursts may feed themselves." in said
    sure = changed(fitted, radius=replace(fitted.radius, low=0.7, value=0.8, high=0.9)).summary()
    assert "below 1, bursts die out" in sure
    beyond = changed(fitted, radius=replace(fitted.radius, low=1.05, value=1.1, high=1.2)).summary()
    assert "die out" not in beyond
    assert "1 is within the interval" not in beyond


def test_coarse_places_give_no_reach(fitted):
    left = LeftOut(2000, {"no usable point": 900, "no usable day": 20})
    said = changed(fitted, catalogue=replace(fitted.catalogue, left_out=left)).summary()
    assert "no reach is given, for 45% of the events have no usable point" in said
    assert "same cell" not in said
    assert said.endswith("920 of 2,000 events left out (no usable point: 900; no usable day: 20).")


def test_one_country_has_no_border(fitted):
    assert "border" not in changed(fitted).summary()
