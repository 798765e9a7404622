"""Causes: what is said to promote or prevent what, both in the source's own words."""

from __future__ import annotations

import pytest

from compact import read, the

SAID = [
    ("Poverty drives recruitment into armed groups.", "promotes", "Poverty", "recruitment into armed groups"),
    ("Abuses by security forces have fuelled support for JNIM.", "promotes", "Abuses by security forces",
     "support for JNIM"),
    ("The assassination led to a split within the group.", "promotes", "The assassination",
     "a split within the group"),
    ("Kenya's invasion of Somalia triggered a wave of attacks.", "promotes", "Kenya's invasion of Somalia",
     "a wave of attacks"),
    ("The ceasefire has prevented a return to war.", "prevents", "The ceasefire", "a return to war"),
    ("The famine has pushed young men into crime.", "promotes", "The famine", "young men into crime"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type", "cause", "effect"), SAID, ids=[t for t, *_ in SAID])
def test_cause_and_effect(text, type, cause, effect):
    statement = the(read(text), "cause", type)
    assert statement.text == cause
    assert statement.effect is not None and statement.effect.endswith(effect)


def test_a_warned_of_effect_is_a_forecast_with_its_source():
    statement = the(read("Experts warn that the famine could push more young men into crime."), "cause", "promotes")
    assert statement.status == "forecast"
    assert statement.likelihood is not None
    assert (statement.likelihood.cue, statement.likelihood.low) == ("could", None)
    assert [a.surface for a in statement.attribution] == ["Experts"]


def test_the_likelihood_of_an_effect():
    statement = the(read("The withdrawal is likely to embolden jihadist groups in Mali."), "cause", "promotes")
    assert statement.likelihood is not None
    assert (statement.likelihood.low, statement.likelihood.high) == (0.55, 0.8)


@pytest.mark.parametrize("text", ["The convoy travelled to Kano.", "The road runs to Goma.", "He led a group in Mali."])
def test_verbs_of_motion_cause_nothing(text):
    assert [s for s in read(text).statements if s.kind == "cause"] == []
