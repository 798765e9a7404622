"""Invisible marks hide nothing, and the offsets of what is read count the text that holds them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import quick
from spillover.reading.document import Block, Document
from spillover.reading.invisible import MARKS, read_past_marks

PLAIN = "Alpha attacked Beta. Gamma force may attack Delta town."
ALL = "\u00ad\u200b\u200e\u200f\u202b\u202c\u2067\ufeff"


def document(text):
    return Document("0" * 64, "marks.txt", "txt", text, (Block(0, len(text), "paragraph"),))


def marked(cuts):
    """The text with a mark before each of the characters named."""
    out = list(PLAIN)
    for n, mark in cuts:
        out[n] = mark + out[n]
    return "".join(out)


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.sampled_from(ALL)), max_size=12))
def test_the_same_is_read_and_every_span_is_the_texts_own(cuts):
    text = marked(cuts)
    expected = quick.Reader().read(document(PLAIN))
    reading = read_past_marks(quick.Reader().read, document(text))
    assert reading.document.text == text
    for found, plain in zip(reading.statements, expected.statements, strict=True):
        assert found.id == plain.id
        assert text[found.evidence.start : found.evidence.end] == found.evidence.quote
        for role, as_plain in ((found.subject, plain.subject), (found.object, plain.object)):
            assert text[role.start : role.end] == role.surface
            assert MARKS.sub("", role.surface) == as_plain.surface
            assert role.actor == as_plain.actor
            assert found.evidence.start <= role.start < role.end <= found.evidence.end
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.surface


def test_words_without_offsets_are_the_quotes_own_too():
    """An instrument, a condition … is verbatim in the quotation, marks and all."""

    def read(given):
        reading = quick.Reader().read(given)
        only = reading.statements[0]
        return replace(reading, statements=(replace(only, instrument="attacked Beta", condition="Alpha"),))

    text = PLAIN.replace("attacked", "atta\u200fcked").replace("Alpha", "\u202bAlpha\u202c")
    statement = read_past_marks(read, document(text)).statements[0]
    assert statement.instrument == "atta\u200fcked Beta"
    assert statement.instrument in statement.evidence.quote and statement.condition == "Alpha"


def test_a_text_without_marks_is_handed_on_as_it_is():
    given_to = []
    for text in (PLAIN, PLAIN.replace("Beta", "B\u00e9ta")):
        reading = read_past_marks(lambda d: given_to.append(d) or quick.Reader().read(d), document(text))
        assert reading.document is given_to[-1]


def test_the_joiners_of_persian_and_of_emoji_are_no_marks():
    assert not MARKS.search("می\u200cخواهم 👩\u200d🚀")
    assert all(MARKS.fullmatch(mark) for mark in ALL)
