"""Who says so: reporting verbs, «according to», speakers before colons, quotations, chains of sources."""

from __future__ import annotations

import pytest

from compact import read, the, who

SOURCES = [
    ("Boko Haram attacked the town.", []),
    ("Boko Haram attacked the town, police said.", ["police"]),
    ("Police said that Boko Haram attacked the town.", ["Police"]),
    ("Police said Boko Haram attacked the town.", ["Police"]),
    ("Boko Haram, police said, attacked the town.", ["police"]),
    ("According to the United Nations, Boko Haram attacked the town.", ["United Nations"]),
    ("Boko Haram attacked the town, according to Human Rights Watch.", ["Human Rights Watch"]),
    ("As per a UN report, Boko Haram attacked the town.", ["United Nations"]),
    ("In a report released on Monday, Amnesty International said that Boko Haram attacked the town.",
     ["Amnesty International"]),
    ("Nigeria confirmed that Boko Haram had attacked the town.", ["Nigeria"]),
    ('"Boko Haram attacked the town," said Amina Yusuf, a farmer.', ["Amina Yusuf"]),
    ("Human Rights Watch reported that Boko Haram attacked the town.", ["Human Rights Watch"]),
    ("General Michael Kurilla warned that Boko Haram attacked the town.", ["Michael Kurilla"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), SOURCES, ids=[t for t, _ in SOURCES])
def test_the_source_is_named(text, names):
    event = the(read(text), "event", "attack")
    assert [a.name for a in event.attribution] == names
    assert who(event.subject) == "boko-haram"


def test_the_outermost_source_comes_first():
    event = the(
        read("Amina Yusuf said that officials believed that Boko Haram had attacked the town."), "event", "attack"
    )
    assert [a.surface for a in event.attribution] == ["Amina Yusuf", "officials"]


def test_the_cue_and_the_words_stand_in_the_text():
    text = "Boko Haram attacked the town, according to the United Nations."
    (source,) = the(read(text), "event", "attack").attribution
    assert (source.surface, source.cue) == ("the United Nations", "according to")


def test_we_in_a_quotation_is_the_speakers_group():
    text = '"We attacked the base," said Zabihullah Mujahid, a Taliban spokesman.'
    event = the(read(text), "event", "attack")
    assert event.subject is not None and event.subject.antecedent is not None
    assert (event.subject.surface, event.subject.actor, event.subject.how) == ("We", "taliban", "coreference")
    assert [a.name for a in event.attribution] == ["Zabihullah Mujahid"]


def test_a_quotation_over_two_sentences_has_one_speaker():
    text = '"The rebels came at night," said Amina Yusuf, a farmer. "The rebels abducted my sons."'
    event = the(read(text), "event", "abduction")
    assert [a.name for a in event.attribution] == ["Amina Yusuf"]


def test_a_speaker_before_a_colon_covers_what_follows():
    text = 'A Taliban spokesman said: "Our fighters killed 30 soldiers."'
    count = the(read(text), "count", "killed")
    assert count.subject is not None and count.subject.actor == "taliban"
    assert [a.surface for a in count.attribution] == ["A Taliban spokesman"]


def test_a_short_name_is_the_person_named_before():
    text = "Antony Blinken spoke on Monday. Blinken said that Boko Haram had attacked the town."
    event = the(read(text), "event", "attack")
    assert [a.name for a in event.attribution] == ["Antony Blinken"]


def test_a_group_that_speaks_of_itself_is_source_and_subject():
    event = the(read("The Houthis said they had attacked a ship."), "event", "attack")
    assert who(event.subject) == "houthis"
    assert [a.name for a in event.attribution] == ["Houthis"]


def test_one_sentence_of_the_police_does_not_make_the_next_theirs():
    text = "Police said that a bomb exploded in Kano. Boko Haram attacked the town on Monday."
    assert the(read(text), "event", "attack").attribution == ()
