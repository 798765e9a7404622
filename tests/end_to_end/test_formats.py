"""One article gives the same statements, whatever the format that it comes in."""

from __future__ import annotations

from collections import Counter

import pytest
import same_article
from conftest import EXAMPLE
from same_article import Article

from spillover.reading.documents import load

FORMATS = {
    "html": same_article.as_page,
    "pdf": same_article.as_pdf,
    "docx": same_article.as_docx,
    "md": same_article.as_markdown,
}


def bundled():
    """The bundled example: its title, and all that stands under it; the kicker above the title left out."""
    _, title, *paragraphs = EXAMPLE.read_text("utf-8").strip().split("\n\n")
    return Article(title, tuple(" ".join(p.split()) for p in paragraphs))


ARTICLES = {"bundled": bundled(), "own": same_article.OWN}


def statements(reader, data, name):
    """What makes two statements the same: kind, type, actors, and the quotation with its white space folded."""
    return Counter(
        (s.kind, s.type, *(r and (r.actor or r.surface) for r in (s.subject, s.object)), " ".join(s.evidence.quote.split()))
        for s in reader.read(load(data, name=name)).statements
    )


@pytest.fixture(scope="module", params=ARTICLES)
def as_text(request, reader):
    article = ARTICLES[request.param]
    return article, statements(reader, same_article.as_text(article), "article.txt")


@pytest.mark.parametrize("form", FORMATS)
def test_at_least_95_percent_are_the_same(form, as_text, reader):
    article, expected = as_text
    found = statements(reader, FORMATS[form](article), f"article.{form}")
    assert expected.total() >= 10
    same, largest = (expected & found).total(), max(expected.total(), found.total())
    assert same >= 0.95 * largest, ((expected - found), (found - expected))
