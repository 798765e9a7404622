"""Words with offsets, and their folded form."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.words import fold, key, words

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Kunaṟ", "kunar"),
        ("U.S.", "us"),
        ("Bogotá", "bogota"),
        ("ISIS", "isis"),
        ("Séléka", "seleka"),
        ("STRASSE", "strasse"),
    ],
)
def test_case_marks_and_dots_are_folded_away(word, folded):
    assert fold(word) == folded


def test_words_know_where_they_stand():
    text = "The U.S. bombed al-Qaeda in Bogotá."
    assert [(w.raw, text[w.start : w.end] == w.raw) for w in words(text)] == [
        (raw, True) for raw in ("The", "U.S.", "bombed", "al", "Qaeda", "in", "Bogotá")
    ]


def test_a_part_of_the_text_counts_its_offsets_in_the_whole():
    text = "one two three"
    assert [(w.start, w.raw) for w in words(text, 4, 7)] == [(4, "two")]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("the Islamic State", ("islamic", "state")),
        ("The", ("the",)),
        ("al-Qaeda", ("al", "qaeda")),
        ("U.N.", ("un",)),
        ("", ()),
    ],
)
def test_the_key_of_a_name_has_no_article(name, parts):
    assert key(name) == parts


@given(TEXTS)
def test_offsets_hold_in_any_text(text):
    found = words(text)
    assert all(text[w.start : w.end] == w.raw and w.folded == fold(w.raw) for w in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(TEXTS)
def test_every_letter_and_digit_is_in_a_word(text):
    inside = {i for w in words(text) for i in range(w.start, w.end)}
    assert all(i in inside for i, c in enumerate(text) if c.isalnum())


@given(st.text(st.characters(categories=["L", "N"]), max_size=20))
def test_folding_twice_is_folding_once(word):
    assert fold(fold(word)) == fold(word)
