"""Formats are told by content first, then by name."""

from __future__ import annotations

import pytest

import same_article as article
from spillover.errors import UnsupportedFormat
from spillover.reading.documents.detect import detect

MAKE = {
    "txt": article.as_text,
    "html": article.as_page,
    "pdf": article.as_pdf,
    "docx": article.as_docx,
}


@pytest.mark.parametrize("name", ["report", "report.txt", "report.html", "report.pdf", "report.docx", "report.xyz"])
@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_content_goes_before_the_name(form: str, name: str) -> None:
    assert detect(MAKE[form](), name) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.txt", "txt"), ("a", "txt"), ("a.md", "md"), ("a.pdf", "txt"), ("a.docx", "txt"), ("a.HTM", "html")],
)
def test_text_goes_by_its_name_where_it_can(name: str, form: str) -> None:
    assert detect(article.as_text(), name) == form


def test_markdown_that_begins_with_a_tag() -> None:
    assert detect(b"<div align=center>\n\n# The report\n</div>\n", "a.md") == "md"
    assert detect(b"<!DOCTYPE html><html><body>words</body></html>", "a.md") == "html"


def test_a_text_about_tags_is_a_text() -> None:
    assert detect(b"Pages begin with <html> and have a <body>.", "a.txt") == "txt"
    assert detect(b"BZh is how some archives begin, and ID3 how some songs do.", "a.txt") == "txt"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word"),
        (b"{\\rtf1 words}", "RTF"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG"),
        (b"PK\x05\x06" + bytes(18), "binary|zip"),
        (bytes(range(1, 32)) * 20, "binary"),
    ],
)
def test_other_kinds_are_named(data: bytes, words: str) -> None:
    with pytest.raises(UnsupportedFormat, match=words):
        detect(data, "report.txt")
