"""Word documents (docx): paragraphs, headings, list items and tables in the order of the text.

The container is checked before anything is unpacked: what it declares, and what really streams out of it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from spillover.errors import DamagedDocument, DocumentLimit
from spillover.reading.document import BlockKind, Metadata
from spillover.reading.documents.draft import Draft, Piece, assemble, squeeze
from spillover.reading.documents.limits import Limits
from spillover.reading.documents.placeholders import stated

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHUNK = 1 << 16
_MOST_PARTS = 10_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def load(data: bytes, *, where: str, limits: Limits) -> Draft:
    """Reads a docx. Tracked deletions are left out, insertions kept; the file's own dates are no publication dates."""
    _guard(data, where, limits)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise DamagedDocument(
            f"the Word document cannot be opened ({error})", where=where, to_do="Open and save it in Word again."
        ) from error
    draft = assemble(_pieces(document))
    core = document.core_properties
    draft.metadata = Metadata(title=stated(core.title), author=stated(core.author))
    for kind in ("footnotes", "endnotes"):
        if count := sum(1 for rel in document.part.rels.values() if rel.reltype.endswith(f"/{kind}")):
            draft.warnings.append(f"{count} part with {kind} is not read")
    return draft


def _guard(data: bytes, where: str, limits: Limits) -> None:
    """Refuses zip bombs: by declared sizes first, then by streaming each part without keeping it."""
    if data.startswith(_OLE):
        raise DamagedDocument("this Word document is encrypted", where=where, to_do="Save it without a password.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedDocument(
            f"the file is no whole Word document ({error})", where=where, to_do="Fetch or save it again."
        ) from error
    with archive:
        parts = archive.infolist()
        declared = sum(part.file_size for part in parts)
        _check(declared, len(parts), where, limits)
        streamed = 0
        try:
            for part in parts:
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        streamed += len(chunk)
                        _check(streamed, len(parts), where, limits)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            zlib_error(),
        ) as error:
            raise DamagedDocument(
                f"a part of the Word document cannot be unpacked ({error})",
                where=where,
                to_do="Fetch or save it again.",
            ) from error


def zlib_error() -> type[Exception]:
    """zlib's own error class (a part's compressed stream is damaged)."""
    import zlib

    return zlib.error


def _check(size: int, parts: int, where: str, limits: Limits) -> None:
    if size > limits.unpacked_bytes or parts > _MOST_PARTS:
        raise DocumentLimit(
            f"the document unpacks to more than {limits.unpacked_bytes // 1024**2} MiB or {_MOST_PARTS} parts",
            where=where,
            to_do="It looks like a zip bomb; if it is genuine, take the pictures out of it.",
        )


def _pieces(document: Any) -> Iterator[Piece]:
    """Paragraphs and table rows of the body, in order, nested content controls included."""
    styles = {style.style_id: style.name or "" for style in document.styles}
    paragraph = table = 0
    work: list[Any] = list(reversed(document.element.body))
    while work:
        element = work.pop()
        if element.tag == f"{_W}p":
            paragraph += 1
            yield Piece(_text(element), _kind(element, styles), element=f"paragraph {paragraph}")
            # Text boxes are anchored in a paragraph and read after it.
            boxes = [box for box in element.iter(f"{_W}txbxContent") if not _inside(box, _FALLBACK, element)]
            for box in reversed(boxes):
                work.extend(reversed(box))
        elif element.tag == f"{_W}tbl":
            table += 1
            for number, row in enumerate(element.iterchildren(f"{_W}tr"), 1):
                cells = [
                    squeeze(" ".join(_text(p) for p in cell.iter(f"{_W}p"))) for cell in row.iterchildren(f"{_W}tc")
                ]
                yield Piece(" | ".join(filter(None, cells)), "table", element=f"table {table} row {number}")
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            work.extend(reversed(element))


def _inside(element: Any, tag: str, stop: Any) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not stop:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _text(paragraph: Any) -> str:
    """A paragraph's words: python-docx leaves out what stands in insertions and fields, so the runs are read here."""
    parts: list[str] = []
    work: list[Any] = list(reversed(paragraph))
    while work:
        element = work.pop()
        tag = element.tag
        if tag == f"{_W}t":
            parts.append(element.text or "")
        elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}ptab"):
            parts.append(" ")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag in (
            f"{_W}del",
            f"{_W}moveFrom",
            f"{_W}txbxContent",
            f"{_W}pPr",
            f"{_W}rPr",
            f"{_W}instrText",
            _FALLBACK,
        ):
            continue
        else:
            work.extend(reversed(element))
    return squeeze("".join(parts))


def _kind(paragraph: Any, styles: dict[str, str]) -> BlockKind:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return "paragraph"
    style = properties.find(f"{_W}pStyle")
    name = styles.get(style.get(f"{_W}val", ""), "").lower() if style is not None else ""
    if name.startswith("heading") or name in ("title", "subtitle"):
        return "heading"
    if name.startswith("list") or properties.find(f"{_W}numPr") is not None:
        return "list_item"
    if "quote" in name:
        return "quote"
    return "caption" if name == "caption" else "paragraph"
