"""PDFs: hyphens, columns, running heads, damaged files."""

from __future__ import annotations

import io
from collections import Counter

import pytest

import same_article as article
from spillover.reading.documents.hyphens import hyphenated, join, vocabulary
from spillover.reading.documents.parse import parse


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("the insur-", "gency grew", "the insurgency grew"),
        ("Tehreek-e-", "Taliban said", "Tehreek-e-Taliban said"),
        ("IS-", "K fighters", "IS-K fighters"),
        ("al-", "Qaida cells", "al-Qaida cells"),
        ("a state-of-the-", "art base", "a state-of-the-art base"),
        ("the US-", "led coalition", "the US-led coalition"),
        ("an Iran-", "backed militia", "an Iran-backed militia"),
        ("since 2020-", "21 began", "since 2020-21 began"),
        ("pro-", "claimed a caliphate", "proclaimed a caliphate"),
        ("they al-", "lied with", "they allied with"),
        ("the high-", "way", "the highway"),
        ("anti-", "government", "anti-government"),
        ("the assas\u00ad", "sination", "the assassination"),
        ("the assas\u0002", "sination", "the assassination"),
    ],
)
def test_hyphens_at_line_ends(line: str, following: str, joined: str) -> None:
    assert hyphenated(line)
    assert join(line, following, Counter()) == joined


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [("a cease-fire holds", "the cease-fire"), ("a ceasefire holds", "the ceasefire"), ("", "the ceasefire")],
)
def test_the_documents_own_spelling_decides(elsewhere: str, joined: str) -> None:
    assert join("the cease-", "fire", vocabulary([elsewhere, "the cease-"])) == joined


@pytest.mark.parametrize("line", ["a dash -", "nothing", "-", "ends --", "both –"])
def test_dashes_part_no_words(line: str) -> None:
    assert not hyphenated(line)


def draw(pages: list[list[tuple[float, float, float, str]]]) -> bytes:
    """A PDF of text items (x, y, size, words) on A4 pages."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for page in pages:
        for x, y, size, words in page:
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_three_columns_under_a_title_and_over_a_note() -> None:
    words = "the army moved in and"
    page: list[tuple[float, float, float, str]] = [(50, 780, 18, "Three columns of news from the borderlands")]
    for column in range(3):
        page += [(50 + 175 * column, 740 - 12 * row, 10, f"{words} c{column}r{row:02}") for row in range(20)]
    text = parse(draw([page]), name="a.pdf").text
    order = [word for word in text.split() if word[0] == "c" and word[1:2].isdigit()]
    assert order == [f"c{column}r{row:02}" for column in range(3) for row in range(20)]
    assert text.startswith("Three columns of news from the borderlands")


def test_running_heads_of_odd_and_even_pages_and_roman_numbers() -> None:
    pages = []
    for number, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi")):
        head = "The Frontier Ledger" if number % 2 else "Rival Banners in the Borderlands"
        body = [
            (60.0, 700.0 - 14 * row, 11.0, f"On day {number * 30 + row} nothing happened in the valley.")
            for row in range(30)
        ]
        pages.append([(60.0, 800.0, 9.0, head), *body, (290.0, 30.0, 9.0, roman)])
    document = parse(draw(pages), name="a.pdf")
    assert "Ledger" not in document.text
    assert "Banners" not in document.text
    assert document.text.count("nothing happened") == 180
    assert any(warning.startswith("12 running heads") for warning in document.warnings)


def test_a_table_of_figures_is_no_pair_of_columns() -> None:
    rows = [
        ("Province", "Attacks", "Killed"),
        ("Kunar", "12", "40"),
        ("Nangarhar", "31", "77"),
        ("Khost", "4", "9"),
    ] * 3
    page = [(60.0 + 150 * c, 700.0 - 16 * r, 11.0, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    text = parse(draw([page]), name="a.pdf").text
    assert "Kunar 12 40" in " ".join(text.split())


def test_ligatures_are_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    from spillover.reading.documents.pdf_words import plain

    assert plain("oﬃcials ﬁred ﬂares oﬀ") == "officials fired flares off"


def test_a_pdf_without_text_is_called_a_scan() -> None:
    from spillover.errors import EmptyDocument

    with pytest.raises(EmptyDocument, match=r"scan\.pdf.*no text layer.*OCR"):
        parse(draw([[], []]), name="scan.pdf")


def test_a_pdf_that_pdfium_does_not_open_is_read_by_pypdf(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    def refuse(data: bytes) -> None:
        raise pypdfium2.PdfiumError("Failed to load document (PDFium: Data format error).")

    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    document = parse(article.as_pdf(columns=1), name="a.pdf")
    assert "IS-K, the Islamic State’s branch in the region" in " ".join(document.text.split())
    assert any("damaged" in warning for warning in document.warnings)
    assert {span.page for span in document.spans} == {1, 2}


def test_title_and_author_of_the_file_unless_a_program_wrote_them() -> None:
    from reportlab.pdfgen.canvas import Canvas

    def titled(title: str, author: str) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, invariant=1)
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.drawString(72, 700, "Gunmen attacked a police post near the river on Monday.")
        canvas.save()
        return buffer.getvalue()

    meta = parse(titled("After the Truce", "Sana Whitfield"), name="a.pdf").metadata
    assert (meta.title, meta.author) == ("After the Truce", "Sana Whitfield")
    meta = parse(titled("Microsoft Word - draft3.docx", "anonymous"), name="a.pdf").metadata
    assert (meta.title, meta.author) == (None, None)
