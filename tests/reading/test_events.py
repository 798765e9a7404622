"""Events: who did what to whom, in actives, passives, nominalisations, light verbs, relative clauses and lists."""

from __future__ import annotations

import pytest

from compact import codes, read, the, triples

SHABAAB, HOUTHIS, ISIS, M23 = "al-shabaab", "houthis", "islamic-state", "march-23-movement"
DONE = [
    ("Al-Shabaab attacked a hotel.", ("attack", SHABAAB, "a hotel")),
    ("A hotel was attacked by al-Shabaab.", ("attack", SHABAAB, "A hotel")),
    ("Al-Shabaab fighters carried out an attack on a hotel.", ("attack", SHABAAB, "a hotel")),
    ("Al-Shabaab launched an attack against a hotel.", ("attack", SHABAAB, "a hotel")),
    ("Al-Shabaab's attack on a hotel shocked the town.", ("attack", SHABAAB, "a hotel")),
    ("Al-Shabaab, which attacked a hotel, is strong.", ("attack", SHABAAB, "a hotel")),
    ("The Houthis attacked two tankers in the Red Sea.", ("attack", HOUTHIS, "tankers")),
    ("The Houthis have not only attacked tankers but also a port.", ("attack", HOUTHIS, "tankers")),
    ("The army said the attack was carried out by the Islamic State.", ("attack", ISIS, None)),
    ("Gunmen abducted the mayor of Dikwa.", ("abduction", "Gunmen", "the mayor of Dikwa")),
    ("The mayor was kidnapped by gunmen.", ("abduction", "gunmen", "The mayor")),
    ("The Lebanese army arrested members of Hezbollah.", ("arrest", "lebanese-armed-forces", "hezbollah")),
    ("The Taliban released two American hostages.", ("release", "taliban", "united-states")),
    ("Saudi Arabia executed 81 men.", ("execution", "saudi-arabia", "men")),
    ("Israel assassinated Ismail Haniyeh in Tehran.", ("assassination", "israel", "Ismail Haniyeh")),
    ("The SDF and the Syrian National Army clashed near Manbij.",
     ("clash", "syrian-democratic-forces", "syrian-national-army")),
    ("Clashes between the Myanmar military and the Arakan Army continued.", ("clash", "tatmadaw", "arakan-army")),
    ("Turkey launched airstrikes on PKK positions.", ("airstrike", "turkey", "kurdistan-workers-party")),
    ("Ukrainian forces recaptured Kherson from Russian forces.", ("capture", "ukraine", "russia")),
    ("The Colombian government and the FARC signed a peace agreement.",
     ("agreement", "government-of-colombia", "farc")),
    ("Israel and Hamas agreed to a ceasefire.", ("agreement", "israel", "hamas")),
    ("Peace talks between the government of Colombia and the ELN resumed.",
     ("talks", "government-of-colombia", "national-liberation-army-colombia")),
    ("The Islamic State claimed responsibility for the attack.", ("claim", ISIS, "the attack")),
    ("Responsibility for the attack was claimed by the Islamic State.", ("claim", ISIS, "the attack")),
    ("Protesters clashed with police in Nairobi.", ("clash", "Protesters", "police")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DONE, ids=[t for t, _ in DONE])
def test_who_did_what_to_whom(text, expected):
    assert expected in triples(read(text), "event")


PLACED = [
    ("M23 rebels seized Goma in January 2025.", "capture", M23, ["geonames:216281"], "2025-01-01"),
    ("Rwandan troops deployed to Cabo Delgado in July 2021.", "deployment", "rwanda", ["MZ-P"], "2021-07-01"),
    ("The rebels attacked a post in North Kivu on 2 April 2023.", "attack", "The rebels", ["CD-NK"], "2023-04-02"),
    ("In May 2020, gunmen attacked a hospital in Kabul.", "attack", "gunmen", ["geonames:1138958"], "2020-05-01"),
    ("JNIM has expanded into Burkina Faso and Niger since 2016.", "expansion", "jamaat-nusrat-al-islam-wal-muslimin",
     ["BFA", "NER"], "2016-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type", "actor", "places", "start"), PLACED, ids=[t for t, *_ in PLACED])
def test_where_and_when(text, type, actor, places, start):
    event = the(read(text), "event", type)
    assert event.subject is not None
    assert event.subject.actor == actor or event.subject.surface == actor
    assert codes(event) == places
    assert event.time is not None and event.time.start == start


def test_each_object_of_a_list_is_a_statement_of_its_own():
    got = triples(read("Boko Haram attacked a market, a church and a mosque."), "event")
    assert got == {("attack", "boko-haram", thing) for thing in ("a market", "a church", "a mosque")}


def test_each_subject_of_a_list_is_a_statement_of_its_own():
    got = triples(read("Boko Haram and Ansaru attacked a market."), "event")
    assert got == {("attack", group, "a market") for group in ("boko-haram", "ansaru")}


def test_two_verbs_with_one_subject_are_two_events():
    got = triples(read("The rebels attacked the town and abducted dozens of women."), "event")
    assert {("attack", "The rebels", "the town"), ("abduction", "The rebels", "women")} <= got


def test_a_bomb_needs_nobody_to_explode():
    event = the(read("A car bomb exploded outside a mosque in Kano, killing three officers."), "event", "bombing")
    assert event.subject is None
    assert event.object is not None and event.object.surface == "a mosque"
    assert codes(event) == ["geonames:2335204"]


def test_a_strike_by_aircraft_is_an_airstrike():
    event = the(read("A U.S. drone strike killed Ayman al-Zawahiri in Kabul on July 31, 2022."), "event", "airstrike")
    assert event.subject is not None and event.object is not None
    assert (event.subject.actor, event.object.surface) == ("united-states", "Ayman al-Zawahiri")
    assert event.time is not None and event.time.start == event.time.end == "2022-07-31"


@pytest.mark.parametrize(
    "text",
    [
        "The report was released on Monday.",
        "The minister launched a new website.",
        "The march of history favours no one.",
        "He was struck by the beauty of Kabul.",
        "The team attacked from the left wing and won the game.",
    ],
)
def test_words_of_war_in_other_senses_are_no_events(text):
    assert [s for s in read(text).statements if s.kind == "event" and s.subject and s.subject.actor] == []
