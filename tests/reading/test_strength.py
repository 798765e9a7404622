"""Strength: how many fighters, members, recruits and cells a group is said to have."""

from __future__ import annotations

import pytest

from compact import codes, read, the

SAID = [
    ("JNIM has 2,000 fighters.", "fighters", 2000, 2000, "exact"),
    ("JNIM has about 2,000 fighters.", "fighters", 2000, 2000, "about"),
    ("JNIM has up to 7,000 fighters.", "fighters", None, 7000, "at_most"),
    ("JNIM has fewer than 200 fighters.", "fighters", None, 200, "at_most"),
    ("JNIM has more than 200 fighters.", "fighters", 200, None, "at_least"),
    ("JNIM is estimated to have between 1,000 and 2,000 fighters.", "fighters", 1000, 2000, "range"),
    ("JNIM, which has an estimated 7,000 to 12,000 fighters, is active in Mali.", "fighters", 7000, 12000, "range"),
    ("JNIM has 500 members.", "members", 500, 500, "exact"),
]


@pytest.mark.parametrize(("text", "type", "low", "high", "bound"), SAID, ids=[t for t, *_ in SAID])
def test_how_strong_a_group_is_said_to_be(text, type, low, high, bound):
    strength = the(read(text), "strength", type)
    assert strength.subject is not None and strength.quantity is not None
    assert strength.subject.actor == "jamaat-nusrat-al-islam-wal-muslimin"
    assert (strength.quantity.low, strength.quantity.high, strength.quantity.bound) == (low, high, bound)


def test_what_is_estimated_or_believed_is_a_judgement():
    for text in (
        "It is believed that JNIM has 1,500 fighters.",
        "ISWAP is believed to have around 3,500 fighters.",
    ):
        assert the(read(text), "strength", "fighters").status == "assessed"


def test_the_source_of_an_estimate_is_named():
    strength = the(read("The U.S. estimates that JNIM has 2,000 fighters in Mali."), "strength", "fighters")
    assert [a.name for a in strength.attribution] == ["United States"]
    assert codes(strength) == ["MLI"]


def test_places_of_the_fighters():
    strength = the(read("The group has fewer than 200 fighters in Kunar and Nangarhar."), "strength", "fighters")
    assert codes(strength) == ["AF-KNR", "AF-NAN"]


@pytest.mark.parametrize(
    "text", ["Al-Shabaab killed 200 fighters.", "The army arrested 30 members of Hezbollah.", "Four fighters died."]
)
def test_fighters_that_something_was_done_to_are_no_strength(text):
    assert [s for s in read(text).statements if s.kind == "strength"] == []
