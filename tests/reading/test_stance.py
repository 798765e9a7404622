"""How a thing is said: fact, judgement, hearsay, forecast or condition; affirmed or negated; done, planned, tried."""

from __future__ import annotations

import pytest

from compact import read, the, triples

# Office of the Director of National Intelligence, Intelligence Community Directive 203 (2015), D.6.e.(2)(a)
ICD_203 = [
    ("It is very unlikely that JNIM will attack Bamako.", 0.05, 0.20),
    ("JNIM is unlikely to attack Bamako.", 0.20, 0.45),
    ("JNIM is likely to attack Bamako.", 0.55, 0.80),
    ("It is likely that JNIM will attack Bamako.", 0.55, 0.80),
    ("JNIM will probably attack Bamako.", 0.55, 0.80),
    ("JNIM is very likely to attack Bamako.", 0.80, 0.95),
    ("JNIM is highly likely to attack Bamako.", 0.80, 0.95),
    ("JNIM is almost certain to attack Bamako.", 0.95, 0.99),
    ("JNIM will almost certainly attack Bamako.", 0.95, 0.99),
]


@pytest.mark.parametrize(("text", "low", "high"), ICD_203, ids=[t for t, *_ in ICD_203])
def test_estimative_terms_have_the_numbers_of_icd_203(text, low, high):
    event = the(read(text), "event", "attack")
    assert event.likelihood is not None
    assert (event.likelihood.low, event.likelihood.high) == (low, high)
    assert event.likelihood.cue in text
    assert (event.status, event.polarity) == ("forecast", "affirmed")


POSSIBLE = [
    ("JNIM may attack Bamako.", "may"),
    ("JNIM might attack Bamako.", "might"),
    ("JNIM could attack Bamako.", "could"),
    ("There is a high risk of attacks by ISKP on foreigners in Kabul.", "risk of"),
]


@pytest.mark.parametrize(("text", "cue"), POSSIBLE, ids=[t for t, _ in POSSIBLE])
def test_possibility_never_gets_a_number(text, cue):
    event = the(read(text), "event", "attack")
    assert event.likelihood is not None
    assert (event.likelihood.cue, event.likelihood.low, event.likelihood.high) == (cue, None, None)
    assert event.status != "fact"


NEGATED = [
    "The PKK did not carry out any attacks in 2014.",
    "The PKK did not carry out attacks.",
    "The PKK didn't attack the base.",
    "The PKK has never attacked the base.",
    "No group attacked the base.",
    "Contrary to earlier reports, the PKK did not attack the base.",
    "The PKK has not attacked the base since 2014.",
    "Officials denied that the PKK had attacked the base.",
    "The Taliban said they were not involved in the attack.",
]


@pytest.mark.parametrize("text", NEGATED)
def test_what_did_not_happen_is_negated(text):
    assert the(read(text), "event", "attack").polarity == "negated"


AFFIRMED = [
    "The rebels not only attacked the town but also burned it.",
    "The rebels, who are not Muslims, attacked the town.",
    "The army did not know that the rebels had attacked the town.",
    "Not far from Goma, the rebels attacked the town.",
    "The rebels attacked the town, but not the airport.",
    "Without warning, the rebels attacked the town.",
]


@pytest.mark.parametrize("text", AFFIRMED)
def test_a_negation_elsewhere_leaves_the_attack_affirmed(text):
    events = [s for s in read(text).statements if s.type == "attack" and s.object and s.object.surface == "the town"]
    assert [s.polarity for s in events] == ["affirmed"]


STATUS = [
    ("Boko Haram attacked the town.", "fact"),
    ("Boko Haram reportedly attacked the town.", "alleged"),
    ("Boko Haram allegedly attacked the town.", "alleged"),
    ("The alleged attack on the town by Boko Haram is being investigated.", "alleged"),
    ("Boko Haram is believed to have attacked the town.", "assessed"),
    ("Police suspect that Boko Haram attacked the town.", "assessed"),
    ("Boko Haram will attack the town.", "forecast"),
    ("Boko Haram is expected to attack the town.", "forecast"),
    ("An attack by Boko Haram on the town is expected.", "forecast"),
    ("An attack by Boko Haram on the town is also expected to happen.", "forecast"),
    ("The attack by Boko Haram on the town is expected to embolden its rivals.", "fact"),
    ("If the army leaves, Boko Haram will attack the town.", "conditional"),
    ("If the army leaves, Boko Haram could attack the town.", "conditional"),
]


@pytest.mark.parametrize(("text", "status"), STATUS, ids=[t for t, _ in STATUS])
def test_status(text, status):
    assert the(read(text), "event", "attack").status == status


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("If the talks fail, the ELN will resume kidnappings.", "If the talks fail"),
        ("The ELN will resume kidnappings if the talks fail.", "if the talks fail"),
        ("Unless a ransom is paid, the ELN will kidnap more people.", "Unless a ransom is paid"),
    ],
)
def test_a_condition_keeps_its_words(text, condition):
    event = the(read(text), "event", "abduction")
    assert (event.status, event.condition) == ("conditional", condition)


def test_what_stands_in_a_condition_is_not_asserted():
    reading = read("If Boko Haram attacks the town, the army will respond.")
    assert not [s for s in reading.statements if s.type == "attack" and s.status == "fact"]


PHASES = [
    ("Boko Haram attacked the town.", "occurred"),
    ("Boko Haram is planning an attack on the town.", "planned"),
    ("Boko Haram tried to attack the town.", "attempted"),
    ("Boko Haram attempted to attack the town.", "attempted"),
    ("Troops foiled an attack by Boko Haram on the town.", "foiled"),
    ("An attack by Boko Haram on the town was thwarted by troops.", "foiled"),
]


@pytest.mark.parametrize(("text", "phase"), PHASES, ids=[t for t, _ in PHASES])
def test_phase(text, phase):
    found = [s for s in read(text).statements if (s.kind, s.type) == ("event", "attack")]
    assert [s.phase for s in found] == [phase]


def test_a_purpose_is_not_what_happened():
    reading = read("The rebels crossed the river to attack the town.")
    assert not [s for s in reading.statements if s.type == "attack" and s.phase == "occurred" and s.status == "fact"]


def test_no_dead_are_no_killing():
    assert triples(read("Nobody was killed in the explosion."), "count") == set()
