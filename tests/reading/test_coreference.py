"""Pronouns and nominal repeats: who «it», «they», «the group», «the two groups», «Azhar» stand for."""

from __future__ import annotations

import pytest

from compact import read, the, triples

CASES = [
    ("Boko Haram is a jihadist group. It attacked a market.", "attack", "It", "boko-haram"),
    ("Boko Haram is a jihadist group. The group attacked a market.", "attack", "The group", "boko-haram"),
    ("Boko Haram is a jihadist group. Its fighters attacked a market.", "attack", "Its fighters", "boko-haram"),
    ("Boko Haram grew fast. The terror group attacked a market.", "attack", "The terror group", "boko-haram"),
    ("The Taliban are strong. They attacked a market.", "attack", "They", "taliban"),
    ("The Taliban captured Kunduz. Their fighters attacked a prison.", "attack", "Their fighters", "taliban"),
    ("Al-Shabaab said it attacked a market.", "attack", "it", "al-shabaab"),
    ("The Philippine military said that its troops had attacked a camp.", "attack", "its troops",
     "armed-forces-of-the-philippines"),
    ("Jemaah Islamiyah is weak. The organisation attacked a hotel.", "attack", "The organisation",
     "jemaah-islamiyah"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type", "surface", "actor"), CASES, ids=[t for t, *_ in CASES])
def test_who_a_pronoun_or_a_repeat_stands_for(text, type, surface, actor):
    event = the(read(text), "event", type)
    assert event.subject is not None
    assert (event.subject.surface, event.subject.actor, event.subject.how) == (surface, actor, "coreference")
    antecedent = event.subject.antecedent
    assert antecedent is not None and text[antecedent.start : antecedent.end] == antecedent.surface
    assert antecedent.end <= event.subject.start


def test_the_two_groups_are_the_two_named_last():
    got = triples(
        read("The Taliban and the Islamic State are rivals. The two groups have clashed repeatedly."), "event"
    )
    assert got == {("clash", "taliban", "islamic-state")}


def test_he_is_the_person_and_not_the_group():
    tie = the(read("Mokhtar Belmokhtar left AQIM in 2012. He founded the Signed-in-Blood Battalion."), "tie", "founded")
    assert tie.subject is not None and tie.subject.antecedent is not None
    assert (tie.subject.surface, tie.subject.antecedent.surface) == ("He", "Mokhtar Belmokhtar")


def test_a_surname_takes_up_the_full_name():
    text = "Jaish-e-Mohammed is led by Masood Azhar. Azhar founded the group in 2000."
    tie = the(read(text), "tie", "founded")
    assert tie.subject is not None and tie.subject.antecedent is not None
    assert (tie.subject.surface, tie.subject.antecedent.surface) == ("Azhar", "Masood Azhar")
    assert tie.object is not None and tie.object.actor == "jaish-e-mohammad"


def test_it_is_not_a_person():
    event = the(read("Boko Haram is led by Abubakar Shekau. It attacked a market."), "event", "attack")
    assert event.subject is not None and event.subject.actor == "boko-haram"


def test_where_nothing_fits_nothing_is_answered():
    for text in ("It attacked a market.", "The group attacked a market.", "They attacked a market."):
        for s in read(text).statements:
            assert s.subject is None or (s.subject.actor, s.subject.antecedent) == (None, None)


def test_the_weather_is_no_actor():
    assert triples(read("Al-Shabaab grew. It rained in Kismayo when a bomb exploded."), "event") <= {
        ("bombing", None, None)
    }


def test_an_antecedent_is_never_the_word_itself():
    text = "As many as 30 men and women of the group said that they and their leader had left the group."
    for s in read(text).statements:
        for role in (s.subject, s.object):
            if role is not None and role.antecedent is not None:
                assert (role.antecedent.start, role.antecedent.end) != (role.start, role.end)
