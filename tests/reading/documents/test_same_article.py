"""The same article in every format gives the same paragraphs, word for word."""

from __future__ import annotations

from datetime import date

import pytest

import same_article as article
from spillover.reading.document import Document
from spillover.reading.documents import load

FORMATS = {
    "txt": article.as_text,
    "md": article.as_markdown,
    "html": article.as_page,
    "docx": article.as_docx,
    "pdf": article.as_pdf,
    "one column": lambda: article.as_pdf(columns=1),
    "indented": lambda: article.as_pdf(indented=True),
    "justified": lambda: article.as_pdf(justified=True),
    "by rows": lambda: article.as_pdf(by_rows=True),
    "justified, indented, by rows": lambda: article.as_pdf(indented=True, justified=True, by_rows=True),
}


def content(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind not in ("furniture", "heading")]


@pytest.mark.parametrize("form", FORMATS)
def test_paragraphs_are_the_same_in_every_format(form: str) -> None:
    document = load(FORMATS[form](), name="article.md" if form == "md" else "article")
    assert content(document) == list(article.PARAGRAPHS)
    assert document.metadata.title == article.TITLE


@pytest.mark.parametrize("form", FORMATS)
def test_the_title_is_a_heading_and_nothing_repeats(form: str) -> None:
    document = load(FORMATS[form](), name="article.md" if form == "md" else "article")
    headings = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    assert headings == [article.TITLE]
    assert all(block.repeat_of is None for block in document.blocks)


def test_the_article_is_long_enough_to_mean_something() -> None:
    assert sum(len(paragraph.split()) for paragraph in article.PARAGRAPHS) >= 400


def test_page_furniture_is_no_content_and_is_counted() -> None:
    document = load(article.as_page(), name="article.html")
    words = " ".join(content(document))
    for furniture in (
        "cookies",
        "Leave a Comment",
        "Remember me",
        "newsletter",
        "Karim",
        "tracking",
        "jirga brought home",
    ):
        assert furniture not in words
    assert any("page furniture" in warning and "left out" in warning for warning in document.warnings)


def test_metadata_of_a_page() -> None:
    meta = load(article.as_page(), name="article.html").metadata
    assert (meta.author, meta.publisher, meta.url) == (
        "Sana Whitfield",
        "The Frontier Ledger",
        "https://ledger.example/rival-banners",
    )
    assert (meta.date, meta.date_source) == (date(2021, 7, 19), "metadata")


@pytest.mark.parametrize("form", ["docx", "pdf", "txt", "md"])
def test_the_dates_inside_a_file_are_not_taken_for_the_date_of_publication(form: str) -> None:
    meta = load(FORMATS[form](), name="article.md" if form == "md" else "article").metadata
    assert meta.date is None
    assert meta.date_source is None


def test_running_heads_and_page_numbers_are_left_out_and_counted() -> None:
    document = load(article.as_pdf(), name="article.pdf")
    assert "Ledger" not in document.text
    assert any("running heads" in warning for warning in document.warnings)


def test_spans_lead_back_to_pages_and_elements() -> None:
    pdf = load(article.as_pdf(), name="article.pdf")
    pages = [span.page for span in pdf.spans]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert pages[0] == 1
    assert pages[-1] is not None
    assert pages[-1] > 1
    page = load(article.as_page(), name="article.html")
    assert all(span.element and span.element.startswith("/html/body/") for span in page.spans)
    word = load(article.as_docx(), name="article.docx")
    assert [span.element for span in word.spans][:2] == ["paragraph 1", "paragraph 2"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_block_has_a_span(form: str) -> None:
    document = load(FORMATS[form](), name="article.md" if form == "md" else "article")
    assert [(b.start, b.end) for b in document.blocks] == [(s.start, s.end) for s in document.spans]
