"""Where one sentence ends and the next begins."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.reading.sentences import LONGEST, split

# pieces that sentences are made of, stops and abbreviations among them, so that the splitter's own cases come up
PIECES = st.sampled_from(
    [
        "The U.S. army",
        "Gen. Ali",
        " said",
        ". ",
        "? ",
        "! ",
        "… ",
        ".\n\n",
        " ",
        "“",
        "”",
        '"',
        "Mr.",
        "No. 5",
        "3.5",
        "é",
        "; ",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
)


def sentences(text: str, lower: bool = False) -> list[str]:
    return [text[a:b] for a, b in split(text, 0, len(text), lower)]


ONE = [
    "Gen. Ali met Mr. Haq in Kabul.",
    "The U.S. army left.",
    "The U.S. Army left.",
    "It cost 3.5 million dollars.",
    "He came on Feb. 25 to the town.",
    "The group vs. the army is an old story.",
    "J. R. Smith wrote it.",
    "Attacks rose (see Fig. 3) last year.",
    "The army, i.e. the Tatmadaw, attacked.",
]


@pytest.mark.parametrize("text", ONE)
def test_a_stop_that_ends_nothing(text):
    assert sentences(text) == [text]


TWO = [
    ("The army left. The rebels came.", ["The army left.", "The rebels came."]),
    ("Who did it? Nobody knows!", ["Who did it?", "Nobody knows!"]),
    ("“We left.” The rebels came.", ["“We left.”", "The rebels came."]),
    ("The army left.[12] The rebels came.", ["The army left.[12]", "The rebels came."]),
    ("He lives in the U.S. The rebels came.", ["He lives in the U.S.", "The rebels came."]),
    ("It happened in 2015. Forty people died.", ["It happened in 2015.", "Forty people died."]),
    ("The army left.\nThe rebels came.", ["The army left.", "The rebels came."]),
]


@pytest.mark.parametrize(("text", "expected"), TWO, ids=[t for t, _ in TWO])
def test_two_sentences(text, expected):
    assert sentences(text) == expected


def test_text_without_capitals_ends_at_a_stop_too():
    assert sentences("the army left. the rebels came.", lower=True) == ["the army left.", "the rebels came."]


def test_a_dateline_is_no_part_of_the_first_sentence():
    assert sentences("KABUL, Aug 26 (Reuters) - The army left. The rebels came.") == [
        "The army left.",
        "The rebels came.",
    ]


def test_only_the_part_asked_for_is_split():
    text = "One. Two three. Four."
    assert [text[a:b] for a, b in split(text, 5, 15)] == ["Two three."]


def test_a_run_without_stops_is_cut_into_pieces_that_fit_a_quote():
    text = "the rebels, the army, " * 500
    pieces = sentences(text)
    assert max(map(len, pieces)) <= LONGEST
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(TEXTS, st.booleans())
def test_sentences_cover_all_text_in_order_without_overlap(text, lower):
    spans = split(text, 0, len(text), lower)
    # a dateline stands before the first sentence and belongs to none
    first = spans[0][0] if spans else len(text)
    covered = {i for a, b in spans for i in range(a, b)}
    assert all(i in covered for i in range(first, len(text)) if not text[i].isspace())
    assert all(a < b for a, b in spans)
    assert all(x[1] <= y[0] for x, y in itertools.pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert spans or not text.strip()


@given(st.text(st.characters(categories=["Ll", "Zs", "Po"]), max_size=200))
def test_without_capitals_there_is_no_dateline(text):
    covered = {i for a, b in split(text, 0, len(text)) for i in range(a, b)}
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())
