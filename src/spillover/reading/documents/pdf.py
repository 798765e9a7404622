"""PDF: pdfium's words with their places, put into reading order; pypdf where pdfium cannot open the file."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from spillover.errors import DamagedDocument, DocumentLimit, EmptyDocument
from spillover.reading.document import Metadata
from spillover.reading.documents.draft import Draft, Piece, assemble, squeeze
from spillover.reading.documents.limits import Limits
from spillover.reading.documents.pdf_layout import in_reading_order, rows_of
from spillover.reading.documents.pdf_paragraphs import paragraphs, spell, without_running_heads
from spillover.reading.documents.pdf_words import Word, page_words, plain
from spillover.reading.documents.placeholders import stated
from spillover.reading.documents.plain import block_bounds

_END = re.compile(rb"%%EOF")
_ENCRYPT = re.compile(rb"/Encrypt[\s<]")
_UNLOCK = "Save a copy without a password and read that."


def load(data: bytes, *, where: str, limits: Limits) -> Draft:
    """Reads the text layer of a PDF, page by page. The dates inside the file are the file's, not the report's."""
    import pypdfium2

    whole = _END.search(data[-2048:]) is not None
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise DamagedDocument("this PDF is encrypted", where=where, to_do=_UNLOCK) from error
        return _by_pypdf(data, where, limits, whole=whole)
    try:
        draft = _by_pdfium(document, where, limits)
        title, author = (stated(document.get_metadata_value(key)) for key in ("Title", "Author"))
        draft.metadata = Metadata(title=title, author=author)
    finally:
        document.close()
    if not whole:
        draft.warnings.insert(0, "the file breaks off before its end mark: pages may be missing")
    return draft


def _check_pages(count: int, where: str, limits: Limits) -> None:
    if count > limits.pages:
        raise DocumentLimit(
            f"the PDF claims {count:,} pages, more than {limits.pages:,}".replace(",", " "),
            where=where,
            to_do="Split it, or raise the limit on pages.",
        )


def _by_pdfium(document: Any, where: str, limits: Limits) -> Draft:
    import pypdfium2

    count = len(document)
    _check_pages(count, where, limits)
    found: list[list[Word]] = []
    unreadable, unmapped, letters = 0, 0, 0
    for number in range(count):
        try:
            page = document[number]
            words, missing = page_words(page)
            page.close()
        except pypdfium2.PdfiumError:
            unreadable += 1
            found.append([])
            continue
        unmapped += missing
        letters += sum(len(word.text) for word in words)
        if letters > limits.text_characters:
            raise DocumentLimit(
                f"more than {limits.text_characters} characters of text by page {number + 1}",
                where=where,
                to_do="Split it.",
            )
        found.append(words)
    if count and unreadable == count:
        raise DamagedDocument("none of the PDF's pages can be read", where=where, to_do="Fetch or save it again.")
    if not any(found):
        raise EmptyDocument(
            "the PDF has no text layer: it is probably a scan",
            where=where,
            to_do="Run it through OCR and read the result.",
        )
    # Before the columns: a page number below them is in none.
    kept, dropped = without_running_heads([rows_of(words, number) for number, words in enumerate(found, 1)])
    items = paragraphs(in_reading_order(kept))
    pieces = [Piece(text, item.kind, page=item.page) for item, text in zip(items, spell(items), strict=True)]
    draft = assemble(pieces)
    if dropped:
        draft.warnings.append(f"{dropped} running heads, running feet and page numbers left out")
    if unreadable:
        draft.warnings.append(f"{unreadable} of {count} pages cannot be read")
    if empty := sum(not words for words in found) - unreadable:
        draft.warnings.append(f"{empty} of {count} pages have no text")
    if unmapped:
        draft.warnings.append(f"{unmapped} characters have no Unicode value in their font and are left out")
    if lost := draft.text.count("\ufffd"):
        draft.warnings.append(f"{lost} replacement characters (U+FFFD) stand where the file lost its own")
    return draft


def _by_pypdf(data: bytes, where: str, limits: Limits, *, whole: bool) -> Draft:
    """A file that pdfium does not open: pypdf's lines, without places. Columns may be mixed; the warning says so."""
    if _ENCRYPT.search(data):
        raise DamagedDocument("this PDF is encrypted and damaged", where=where, to_do=_UNLOCK)
    cut = "" if whole else " (it breaks off before its end mark)"
    try:
        import pypdf

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        _check_pages(len(reader.pages), where, limits)
        pieces: list[Piece] = []
        for number, page in enumerate(reader.pages, 1):
            text = plain(page.extract_text())
            pieces += [Piece(squeeze(text[start:end]), page=number) for start, end in block_bounds(text)]
    except DocumentLimit:
        raise
    # pypdf raises errors of many kinds on damaged files; all of them mean the same here.
    except Exception as error:
        raise DamagedDocument(
            f"the PDF cannot be opened{cut}: {type(error).__name__}", where=where, to_do="Fetch or save it again."
        ) from error
    draft = assemble(pieces)
    if not draft.blocks:
        raise DamagedDocument(
            f"no text can be got from this damaged PDF{cut}", where=where, to_do="Fetch or save it again."
        )
    draft.warnings.append(f"the PDF is damaged{cut}: read line by line, columns may be mixed and pages missing")
    return draft
