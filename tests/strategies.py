"""Hypothesis strategies: documents, and statements whose every span lies in their document's text."""

from __future__ import annotations

import hashlib
import itertools
from datetime import date
from typing import get_args

from hypothesis import strategies as st

from spillover.reading import statement as s
from spillover.reading.document import Block, BlockKind, Document, Metadata, SourceSpan
from spillover.reading.reading import Mention, Reading

# any character but half of a pair, which no UTF-8 file can hold
characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, min_size=1, max_size=300)
words = st.text(characters, min_size=1, max_size=20)
ids = st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8}){0,2}", fullmatch=True)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
numbers = st.one_of(
    st.none(), st.integers(0, 10**21), st.floats(0, 1e300, allow_nan=False, allow_infinity=False, allow_subnormal=False)
)
probabilities = st.one_of(st.none(), st.floats(0, 1))


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def literal(kind):
    return st.sampled_from(get_args(kind))


@st.composite
def spans(draw, text):
    """A stretch of ``text`` that is not empty."""
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return start, end, text[start:end]


@st.composite
def documents(draw, text=None):
    text = draw(texts) if text is None else text
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)) | {0, len(text)})
    blocks = tuple(
        Block(
            a, b, draw(literal(BlockKind)), draw(maybe(st.integers(1, 9))), draw(maybe(words)), draw(maybe(st.just(0)))
        )
        for a, b in itertools.pairwise(cuts)
    )
    metadata = Metadata(
        title=draw(maybe(words)),
        author=draw(maybe(words)),
        date=draw(maybe(st.dates(date(1900, 1, 1)))),
        date_source=draw(maybe(st.sampled_from(["metadata", "dateline"]))),
        url=draw(maybe(words)),
    )
    return Document(
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        name=draw(words),
        format=draw(st.sampled_from(["txt", "html", "pdf", "docx", "md"])),
        text=text,
        blocks=blocks,
        spans=tuple(SourceSpan(b.start, b.end, b.start, b.end, b.page, b.element) for b in blocks),
        metadata=metadata,
        warnings=tuple(draw(st.lists(words, max_size=2))),
    )


@st.composite
def roles(draw, text):
    start, end, surface = draw(spans(text))
    antecedent = draw(maybe(spans(text)))
    return s.Role(
        surface,
        start,
        end,
        actor=draw(maybe(ids)),
        kind=draw(literal(s.ActorKind)),
        how=draw(maybe(literal(s.How))),
        antecedent=None if antecedent is None else s.Span(antecedent[2], antecedent[0], antecedent[1]),
    )


@st.composite
def places(draw, text):
    start, end, surface = draw(spans(text))
    return s.Place(
        surface,
        start,
        end,
        place=draw(maybe(st.sampled_from(["AFG", "AF-NAN", "geonames:1138958", "sahel", "global"]))),
        level=draw(maybe(literal(s.Level))),
        lat=draw(maybe(st.floats(-90, 90))),
        lon=draw(maybe(st.floats(-180, 180))),
        candidates=tuple(draw(st.lists(ids, max_size=2))),
    )


@st.composite
def evidences(draw, text):
    return s.Evidence(*draw(spans(text)))


@st.composite
def statements(draw, document=None, id="st_0"):
    """A statement of any kind about ``document``."""
    document = draw(documents()) if document is None else document
    text = document.text
    kind = draw(st.sampled_from(s.KINDS))
    return s.Statement(
        id=id,
        kind=kind,
        type=draw(st.sampled_from(s.TYPES[kind])),
        subject=draw(maybe(roles(text))),
        object=draw(maybe(roles(text))),
        place=tuple(draw(st.lists(places(text), max_size=2))),
        time=draw(maybe(st.builds(s.Time, words, maybe(days), maybe(days), maybe(literal(s.Precision))))),
        quantity=draw(maybe(st.builds(s.Quantity, words, numbers, numbers, maybe(words), literal(s.Bound)))),
        instrument=draw(maybe(words)),
        text=draw(maybe(words)),
        effect=draw(maybe(words)),
        condition=draw(maybe(words)),
        status=draw(literal(s.Status)),
        phase=draw(literal(s.Phase)),
        polarity=draw(literal(s.Polarity)),
        likelihood=draw(maybe(st.builds(s.Likelihood, words, probabilities, probabilities))),
        attribution=tuple(draw(st.lists(st.builds(s.Attribution, words, words, words), max_size=2))),
        evidence=draw(evidences(text)),
        also=tuple(draw(st.lists(evidences(text), max_size=2))),
        document=document.id,
        engine="rules",
        rule=draw(words),
    )


@st.composite
def readings(draw, document=None, ruleset="r1"):
    """A reading of a document with statements, rejected candidates and mentions."""
    document = draw(documents()) if document is None else document
    rejected = draw(st.lists(statements(document), max_size=2))
    mentions = draw(st.lists(spans(document.text), max_size=3))
    return Reading(
        document=document,
        statements=tuple(draw(statements(document, id=f"st_{n}")) for n in range(draw(st.integers(0, 3)))),
        rejected=tuple(s.Rejected(r, draw(words)) for r in rejected),
        mentions=tuple(
            Mention(
                a, b, surface, draw(st.sampled_from(["actor", "place", "time", "quantity"])), draw(maybe(ids)), None
            )
            for a, b, surface in mentions
        ),
        engine="rules",
        ruleset=ruleset,
    )
