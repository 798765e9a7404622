"""What belongs to the whole document: its date, its blocks, its repeated passages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from compact import read, reader, the
from spillover.reading.document import Block, Document, Metadata

DAY = date(2021, 9, 15)  # a Wednesday

RELATIVE = [
    ("Boko Haram attacked the town on Monday.", "2021-09-13", "2021-09-13"),
    ("Boko Haram attacked the town yesterday.", "2021-09-14", "2021-09-14"),
    ("Boko Haram attacked the town last month.", "2021-08-01", "2021-08-31"),
    ("Boko Haram attacked the town last year.", "2020-01-01", "2020-12-31"),
    ("Boko Haram attacked the town in February.", "2021-02-01", "2021-02-28"),
]


@pytest.mark.parametrize(("text", "start", "end"), RELATIVE, ids=[t for t, *_ in RELATIVE])
def test_times_are_told_from_the_documents_date(text, start, end):
    time = the(read(text, DAY), "event", "attack").time
    assert time is not None and (time.start, time.end) == (start, end)


@pytest.mark.parametrize("text", [t for t, *_ in RELATIVE])
def test_without_a_date_no_date_is_invented(text):
    time = the(read(text), "event", "attack").time
    assert time is not None and (time.start, time.end) == (None, None)
    assert time.surface in text


def blocks(*parts: tuple[str, str, int | None]) -> Document:
    """A document of blocks: text, kind, and the index of the block it repeats."""
    text, found = "", []
    for words, kind, repeat in parts:
        text += "\n\n" if text else ""
        found.append(Block(len(text), len(text) + len(words), kind, repeat_of=repeat))
        text += words
    return Document(sha256="0" * 64, name="x", format="txt", text=text, blocks=tuple(found), metadata=Metadata())


SAID = "Boko Haram attacked a market in Kano on 4 May 2021."


def test_a_repeated_passage_is_further_evidence_and_no_second_statement():
    document = blocks((SAID, "paragraph", None), ("People fled.", "paragraph", None), (SAID, "quote", 0))
    attack = the(reader().read(document), "event", "attack")
    assert attack.evidence.quote == SAID
    assert [(e.quote, document.text[e.start : e.end]) for e in attack.also] == [(SAID, SAID)]
    assert attack.also[0].start > attack.evidence.end


def test_the_same_thing_in_two_other_sentences_is_two_statements():
    reading = read(SAID + " On the same day, Boko Haram attacked a market in Kano.")
    assert len([s for s in reading.statements if s.type == "attack"]) == 2


def test_furniture_is_never_read():
    document = blocks((SAID, "paragraph", None), ("Al-Shabaab attacked a hotel. Read more", "furniture", None))
    reading = reader().read(document)
    assert {s.subject.actor for s in reading.statements if s.subject} == {"boko-haram"}
    assert "al-shabaab" not in {m.ref for m in reading.mentions}


@pytest.mark.parametrize("kind", ["paragraph", "list_item", "quote"])
def test_other_blocks_are_read(kind):
    assert the(reader().read(blocks((SAID, kind, None))), "event", "attack").evidence.quote == SAID


def test_a_document_without_blocks_has_nothing_to_read():
    document = replace(blocks((SAID, "paragraph", None)), blocks=())
    assert reader().read(document).statements == ()


def test_sentences_do_not_run_over_the_end_of_a_block():
    document = blocks(("Boko Haram", "paragraph", None), ("attacked a market.", "paragraph", None))
    assert not [s for s in reader().read(document).statements if s.subject and s.subject.actor]


def test_text_before_it_does_not_change_what_a_sentence_says():
    alone = the(read(SAID), "event", "attack")
    later = the(read("The weather was fine.\n\n" + SAID), "event", "attack")
    assert later.evidence.start == len("The weather was fine.\n\n")
    assert (later.type, later.subject and later.subject.actor, later.time) == (
        alone.type,
        alone.subject and alone.subject.actor,
        alone.time,
    )
