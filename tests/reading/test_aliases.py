"""Names that a text gives to its actors: acronyms it defines, former and other names."""

from __future__ import annotations

import pytest

from compact import read, the, triples, who

DEFINED = [
    ("The National Liberation Army (ELN) is in Arauca. The ELN attacked a post.", "ELN", "National Liberation Army"),
    ("The Front for Justice and Liberty (FJL) attacked a town. The FJL left.", "FJL", "Front for Justice and Liberty"),
    ("The Houthis, also known as Ansar Allah, attacked a ship.", "Ansar Allah", "Houthis"),
    ("The Islamic State in Khorasan Province, known as ISIS-K, attacked a hall.", "ISIS-K",
     "Islamic State in Khorasan Province"),
    ("The Movement for the Emancipation of the Niger Delta (MEND) blew up a pipeline. MEND left.", "MEND",
     "Movement for the Emancipation of the Niger Delta"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "short", "long"), DEFINED, ids=[t for t, *_ in DEFINED])
def test_the_shorter_or_newer_name_stands_for_the_fuller_one(text, short, long):
    tie = the(read(text), "tie", "alias_of")
    assert tie.subject is not None and tie.object is not None
    assert (tie.subject.surface, tie.object.surface) == (short, long)


def test_an_acronym_defined_here_is_known_afterwards():
    text = "The Front for Justice and Liberty (FJL) attacked a convoy near Agadez. On Monday the FJL attacked a post."
    events = [s for s in read(text).statements if (s.kind, s.type) == ("event", "attack")]
    assert [(s.subject.surface, s.subject.kind) for s in events if s.subject] == [
        ("The Front for Justice and Liberty", "group"),
        ("the FJL", "group"),
    ]
    assert events[1].subject is not None and events[1].subject.how == "acronym"


def test_a_definition_in_the_text_beats_the_lexicon():
    text = "The Party of the Land of Agadez (PLA) was founded in 2031. The PLA attacked a convoy in Niger."
    event = the(read(text), "event", "attack")
    assert event.subject is not None and event.subject.actor is None
    assert event.subject.surface == "The PLA"


def test_a_known_group_keeps_its_id_under_its_acronym():
    text = "The National Liberation Army (ELN) grew in Colombia. The ELN attacked a post."
    assert who(the(read(text), "event", "attack").subject) == "national-liberation-army-colombia"


@pytest.mark.parametrize(
    "text",
    ["The army (see page 3) attacked a post.", "The army (2014) attacked a post.", "The army (and others) attacked."],
)
def test_other_parentheses_define_no_name(text):
    assert triples(read(text), "tie") == set()
