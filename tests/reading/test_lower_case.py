"""Wire copy without capitals, and headlines."""

from __future__ import annotations

import pytest

from compact import codes, numbers, read, the, triples

LOWER = [
    ("the shining path has claimed responsibility for the attack on the embassy in lima.",
     ("claim", "shining-path", "the attack")),
    ("unidentified gunmen kidnapped the mayor of medellin on tuesday.",
     ("abduction", "unidentified gunmen", "the mayor of medellin")),
    ("police arrested three members of the tupac amaru revolutionary movement.",
     ("arrest", "police", "tupac-amaru-revolutionary-movement")),
    ("the fmln announced that it had attacked army posts in san salvador.", ("attack", "fmln", "army posts")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LOWER, ids=[t for t, _ in LOWER])
def test_events_without_capitals(text, expected):
    assert expected in triples(read(text), "event")


def test_casualties_and_places_without_capitals():
    reading = read("a car bomb exploded near the police headquarters in bogota, killing 12 people and injuring 40.")
    assert numbers(reading) == {("killed", 12, 12), ("wounded", 40, 40)}
    assert codes(the(reading, "event", "bombing")) == ["geonames:3688689"]


def test_surfaces_keep_the_letters_of_the_text():
    text = "the taliban attacked a police post in kabul on tuesday."
    event = the(read(text), "event", "attack")
    assert event.subject is not None and event.subject.surface == "the taliban"
    assert event.evidence.quote == text


def test_a_headline_in_the_present_tense():
    reading = read("Boko Haram kills 40 farmers in Borno")
    count = the(reading, "count", "killed")
    assert count.subject is not None and count.subject.actor == "boko-haram"
    assert codes(count) == ["NG-BO"]


def test_a_headline_in_title_case():
    assert ("agreement", "israel", "hezbollah") in triples(read("Israel and Hezbollah Agree to Ceasefire"), "event")
