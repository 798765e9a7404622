"""Which actor a name stands for: ambiguous acronyms, nested names, countries that act and countries that are places."""

from __future__ import annotations

import pytest

from compact import codes, read, the, who

AMBIGUOUS = [
    ("The ISI has long supported the Taliban, a Pakistani minister said in Islamabad.", "inter-services-intelligence"),
    ("The ELN attacked a police post in Colombia.", "national-liberation-army-colombia"),
    ("The PLA attacked an Assam Rifles convoy in Manipur in India.", "peoples-liberation-army-of-manipur"),
    ("SDF fighters attacked a village in Syria.", "syrian-democratic-forces"),
    ("The ADF attacked a village in Uganda and the Democratic Republic of Congo.", "allied-democratic-forces"),
]


@pytest.mark.parametrize(("text", "actor"), AMBIGUOUS, ids=[t for t, _ in AMBIGUOUS])
def test_the_countries_of_the_text_decide_an_ambiguous_acronym(text, actor):
    assert actor in {who(s.subject) for s in read(text).statements}


NESTED = [
    ("The Afghan Taliban attacked a post.", "taliban"),
    ("The Pakistani Taliban attacked a post.", "tehrik-i-taliban-pakistan"),
    ("The Islamic State Khorasan Province attacked a post.", "islamic-state-khorasan"),
    ("Al-Qaeda in the Islamic Maghreb attacked a post.", "al-qaeda-in-the-islamic-maghreb"),
    ("The Moro Islamic Liberation Front attacked a post.", "moro-islamic-liberation-front"),
    ("Boko Haram fighters attacked a post.", "boko-haram"),
    ("Fighters of Boko Haram attacked a post.", "boko-haram"),
    ("Militants from Boko Haram attacked a post.", "boko-haram"),
    ("Members of Boko Haram attacked a post.", "boko-haram"),
]


@pytest.mark.parametrize(("text", "actor"), NESTED, ids=[t for t, _ in NESTED])
def test_the_longest_name_and_the_group_of_its_fighters(text, actor):
    assert who(the(read(text), "event", "attack").subject) == actor


@pytest.mark.parametrize("spelling", ["al-Qaeda", "al-Qaida", "Al Qaeda", "al‑Qaeda", "AL-QAEDA", "al Qaida"])
def test_spellings_of_one_name(spelling):
    assert who(the(read(f"Fighters of {spelling} attacked a post in Yemen."), "event", "attack").subject) == "al-qaeda"


def test_a_country_that_acts_is_an_actor():
    event = the(read("Russia deployed fighters to Mali."), "event", "deployment")
    assert who(event.subject) == "russia"
    assert codes(event) == ["MLI"]


def test_a_country_in_which_something_happens_is_a_place():
    event = the(read("A bomb exploded near a mosque in Russia."), "event", "bombing")
    assert event.subject is None
    assert codes(event) == ["RUS"]


def test_a_capital_can_stand_for_its_government():
    tie = the(read("Tehran supports Hezbollah."), "tie", "supports")
    assert who(tie.subject) == "iran"


@pytest.mark.parametrize("text", ["It is said that the town is calm.", "He said as much.", "The sun is hot in may."])
def test_small_words_are_no_acronyms(text):
    assert [m for m in read(text).mentions if m.type == "actor" and m.surface.islower() and len(m.surface) < 4] == []


def test_mentions_stand_where_they_are_said_to():
    text = "In Kunar, the TTP and ISKP clashed in May 2021; the U.S. sent 12 drones."
    reading = read(text)
    assert all(text[m.start : m.end] == m.surface for m in reading.mentions)
    assert {"TTP", "ISKP"} <= {m.surface for m in reading.mentions if m.type == "actor"}
