"""Texts that nobody writes: the reader never raises, and what it writes stands in the text."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compact import faults, reader
from spillover.reading import Reading
from spillover.reading.document import Block, Document


def read_raw(text: str, cut: int | None = None) -> Reading:
    """Straight into the reader, past the loaders, which would refuse or clean some of this."""
    cuts = [0, len(text)] if cut is None else sorted({0, min(cut, len(text)), len(text)})
    blocks = tuple(Block(a, b, "paragraph") for a, b in itertools.pairwise(cuts))
    sha = hashlib.sha256(text.encode()).hexdigest()
    return reader().read(Document(sha256=sha, name="x", format="txt", text=text, blocks=blocks))


# words of the reader's own trade, so that random texts reach the rules behind the triggers
TRADE = st.sampled_from(
    [
        *("Boko Haram", "the Taliban", "it", "they", "He", "the group", "al-Qaeda", "(ELN)", "Kunar", "Kabul", "U.S."),
        *("attacked", "killed", "pledged allegiance to", "said", "the attack on", "led by", "according to", "has"),
        *("in", "of", "by", "and", ", which", "who", "if", "may", "not", "no", "likely to", "will", "because of", "to"),
        *("12", "at least 30", "2,000 to 3,000", "dozens of", "fighters", "civilians", "May 2021", "last week"),
        *("“", "”", '"', ":", ".", ";", "'s", "’s", "—", "\u200f", "\n\n"),
    ]
)
ANY = st.text(max_size=120)
SALAD = st.lists(TRADE, max_size=40).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(ANY, st.integers(0, 120))
def test_any_text_is_read_without_an_error(text, cut):
    assert faults(read_raw(text, cut)) == []


@settings(max_examples=60, deadline=None)
@given(SALAD, st.integers(0, 400))
def test_word_salad_of_the_trade_is_read_without_an_error(text, cut):
    reading = read_raw(text, cut)
    assert faults(reading) == []
    assert read_raw(text, cut).to_json() == reading.to_json()


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_sentence_broken_anywhere_is_read_without_an_error(data):
    whole = "“We killed 12 soldiers,” the Taliban (IEA) said on 4 May 2021, if U.S. troops don’t leave Kunar."
    a = data.draw(st.integers(0, len(whole)))
    b = data.draw(st.integers(a, len(whole)))
    junk = data.draw(st.text(max_size=3))
    assert faults(read_raw(whole[:a] + junk + whole[b:])) == []


ODD = {
    "nothing": "",
    "blanks": " \t\n \u00a0\u2003",
    "stops": "." * 3000,
    "quote marks": "“" * 500 + '"' * 501,
    "parentheses": "(" * 300 + "ELN" + ")" * 300,
    "emoji": "💣🔥" * 200,
    "one word": "a" * 20_000,
    "one number": "The Taliban killed " + "9" * 400 + " people.",
    "NUL": "The Taliban\0 killed\0 12 people.",
    "right-to-left marks": "The \u202etali\u202cban killed \u200f12\u200f people.",
    "zero width": "The Tali\u200bban kil\u00adled 12 peo\u200dple.",
    "combining": "The Taliban" + "\u0301" * 300 + " killed 12 people.",
    "line ends": "The Taliban\r\nkilled\r12 people.\u2028Then they left.\x0c",
    "other digits": "The Taliban killed ١٢ people and ⅓ more, ² and ½ of them.",
    "capitals": "THE TALIBAN KILLED 12 SOLDIERS IN KUNAR ON MONDAY, POLICE SAID.",
    "no blanks": "The-Taliban-killed-12-people-in-Kunar." * 30,
    "it": "It " * 400 + ".",
    "and": "The Taliban " + "and al-Qaeda " * 150 + "killed 12 people.",
    "who": "The man " + "who said that the Taliban " * 60 + "killed 12 people.",
    "if": "if " * 300 + "the Taliban killed 12 people.",
    "not": "The Taliban did " + "not " * 300 + "kill 12 people.",
    "colon": "The Taliban said: " * 100,
    "definitions": "The Front for Justice (FJ) and " * 60 + "the FJ attacked.",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts(text):
    assert faults(read_raw(text)) == []


def test_many_sentences_without_paragraphs_are_all_read():
    text = "The Taliban attacked a base. " * 400
    attacks = [s for s in read_raw(text).statements if s.type == "attack"]
    assert len(attacks) == 400
    assert len({s.id for s in attacks}) == 400
