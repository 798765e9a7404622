"""One article gives the same statements, whatever the format that it comes in."""

from __future__ import annotations

from collections import Counter

import pytest

import bundled
import same_article
from spillover.reading.documents import load

FORMATS = {
    "html": same_article.as_page,
    "pdf": same_article.as_pdf,
    "docx": same_article.as_docx,
    "md": same_article.as_markdown,
}


ARTICLES = {"bundled": bundled.article(), "own": same_article.OWN}


def statements(reader, data, name):
    """What makes two statements the same: kind, type, actors, and the quotation with its white space folded."""
    return Counter(
        (s.kind, s.type, actor(s.subject), actor(s.object), " ".join(s.evidence.quote.split()))
        for s in reader.read(load(data, name=name)).statements
    )


def actor(role):
    return role and (role.actor or role.surface)


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
