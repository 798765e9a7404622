"""The evidence gate: what a statement's own words do not carry is refused, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact import faults, read, the
from spillover.reading.gate import LONGEST, refusal
from spillover.reading.statement import Evidence, Quantity, Role, Span, Statement
from strategies import statements

TEXT = "Al-Shabaab grew. On Monday it killed 12 soldiers in Kenya, police said."


@pytest.fixture(scope="module")
def count() -> Statement:
    return the(read(TEXT), "count", "killed")


def test_what_the_reader_writes_passes(count):
    assert refusal(count, TEXT) is None
    assert count.subject is not None and count.subject.how == "coreference"


def test_a_quote_that_is_not_there_is_refused(count):
    e = count.evidence
    for bad in (
        replace(e, quote=e.quote.replace("12", "97")),
        replace(e, start=e.start + 1),
        replace(e, end=e.end - 1),
        Evidence(0, 0, ""),
    ):
        assert refusal(replace(count, evidence=bad), TEXT) == "the quote is not in the text"


def test_a_second_quote_is_held_to_the_same(count):
    also = (Evidence(0, 5, "al-Sh"),)
    assert refusal(replace(count, also=also), TEXT) == "the quote is not in the text"


def test_a_number_that_the_words_do_not_say_is_refused(count):
    q = count.quantity
    assert q is not None
    assert refusal(replace(count, quantity=replace(q, surface="97", low=97, high=97)), TEXT)
    assert refusal(replace(count, quantity=replace(q, low=97)), TEXT)
    assert refusal(replace(count, quantity=replace(q, high=120)), TEXT)
    assert refusal(replace(count, quantity=Quantity("grew", 12, 12, None, "exact")), TEXT)


def test_coreference_needs_its_antecedent(count):
    subject = count.subject
    assert subject is not None
    assert refusal(replace(count, subject=replace(subject, antecedent=None)), TEXT)
    moved = replace(subject, antecedent=Span("Al-Shabaab", 1, 11))
    assert refusal(replace(count, subject=moved), TEXT)


def test_a_role_from_another_sentence_is_refused_unless_marked(count):
    outside = Role("Al-Shabaab", 0, 10, actor="al-shabaab", kind="group", how="lexicon")
    reason = refusal(replace(count, subject=outside), TEXT)
    assert reason is not None and "subject" in reason


def test_places_texts_sources_and_times_have_to_stand_in_the_text(count):
    (place,) = count.place
    (source,) = count.attribution
    assert count.time is not None
    for bad in (
        replace(count, place=(replace(place, start=0, end=5),)),
        replace(count, text="to rule the world"),
        replace(count, condition="if it rains"),
        replace(count, effect="peace"),
        replace(count, instrument="drones"),
        replace(count, attribution=(replace(source, surface="the president"),)),
        replace(count, time=replace(count.time, surface="Tuesday")),
    ):
        assert refusal(bad, TEXT)


def test_an_unknown_type_is_refused(count):
    assert refusal(replace(count, type="rumours"), TEXT)


def test_a_quote_of_many_sentences_is_refused(count):
    text = TEXT + " x" * LONGEST
    long = replace(count, evidence=Evidence(0, len(text), text))
    assert refusal(long, text) == "the quote is longer than two sentences"


@given(statements(), st.data())
def test_what_passes_any_gate_carries_its_words(statement, data):
    """Statements made up at random over a text that is not theirs: only sound ones get through."""
    text = data.draw(st.text(max_size=40))
    if refusal(statement, text) is None:
        assert text[statement.evidence.start : statement.evidence.end] == statement.evidence.quote != ""
        assert all(text[p.start : p.end] == p.surface for p in statement.place)


def test_what_is_refused_is_kept_with_its_reason():
    reading = read("Boko Haram wants to attack the town. If the army leaves, it will attack Kano. It killed 12 people.")
    assert all(r.reason for r in reading.rejected)
    written = {s.id for s in reading.statements}
    assert all(r.statement.id not in written for r in reading.rejected)
    assert faults(reading) == []
