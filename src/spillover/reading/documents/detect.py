"""Which format a file is in: by its content first, then by its name."""

from __future__ import annotations

import codecs
import functools
import io
import re
import tomllib
import zipfile
from pathlib import Path, PurePath
from typing import Any

from spillover.errors import UnsupportedFormat
from spillover.reading.documents.decoding import wide_codec

FORMATS = ("txt", "md", "html", "pdf", "docx")
_HEAD = 1 << 16
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s|<title[\s>]|<article[\s>]|<div[\s>]", re.IGNORECASE
)
_PAGE = re.compile(rb"<!doctype|<html", re.IGNORECASE)
_CONTROL = bytes(set(range(32)) - {0, 9, 10, 11, 12, 13, 27}) + b"\x7f"


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("formats.toml").read_text("utf-8"))


def suffix_of(name: str) -> str:
    """The last suffix without its dot, in lower case; ``""`` if the name has none."""
    return PurePath(name).suffix.lower().lstrip(".")


def by_name(name: str) -> str | None:
    """The format that the suffix of ``name`` stands for, or ``None``."""
    suffix = suffix_of(name)
    return next((form for form, suffixes in _table()["suffixes"].items() if suffix in suffixes), None)


def no_document(name: str) -> str | None:
    """Why a file of this name is left out of a folder, or ``None``."""
    table = _table()["not_documents"]
    return str(table["reason"]) if suffix_of(name) in table["suffixes"] else None


def detect(data: bytes, name: str, *, whole: bool = True) -> str:
    """The format of ``data``: one of ``FORMATS``. ``whole`` is false where only the head of the file is at hand.

    Raises ``UnsupportedFormat`` naming the kind of file where it is known, else saying that it is binary.
    """
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(data, name, whole=whole)
    for signature in _table()["signatures"]:
        if head.startswith(bytes.fromhex(signature["magic"])) and not _looks_like_words(head):
            raise UnsupportedFormat(
                f"this is {signature['kind']}",
                where=name,
                to_do=signature.get("to_do", "Spillover reads txt, md, html, pdf and docx."),
            )
    named = by_name(name)
    if named in ("pdf", "docx") and head:
        # A text under a PDF's name is a text; anything else is left to the loader, which says what is wrong.
        named = named if _binary(head) else "txt"
        if named != "txt":
            return named
    marked = head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # In UTF-16 the low bytes of dashes and quotation marks look like control characters.
    if not marked and _binary(head) and not (b"\0" in head and wide_codec(head)):
        raise UnsupportedFormat(
            "this is a binary file of unknown kind", where=name, to_do="Spillover reads txt, md, html, pdf and docx."
        )
    # Markdown may begin with a tag of its own; only a whole page under its name is a page.
    if named == "html" or (_is_html(head) and (named != "md" or _PAGE.match(head.lstrip()))):
        return "html"
    return "md" if named == "md" else "txt"


def _is_html(head: bytes) -> bool:
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    # A text that speaks of tags is no page: the tag has to stand at the very top.
    return plain[:1] == b"<" and _HTML.search(plain[:2048]) is not None


def _looks_like_words(head: bytes) -> bool:
    """Short signatures are letters too ("BZh", "ID3"): a text may begin with them."""
    sample = head[:512]
    return all(byte in b"\t\r\n\f" or 32 <= byte < 127 for byte in sample) and not sample.startswith(
        (b"{\\rtf", b"%!PS")
    )


def _binary(head: bytes) -> bool:
    control = len(head) - len(head.translate(None, _CONTROL))
    # UTF-16 is full of NULs but has hardly any other control characters; programs and images have many.
    return control > 0.02 * len(head) and control > 2


def _zip(data: bytes, name: str, *, whole: bool) -> str:
    if not whole:
        if b"word/" in data or b"[Content_Types].xml" in data or by_name(name) == "docx":
            return "docx"
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            names = set()
            if by_name(name) == "docx":
                return "docx"
        if "word/document.xml" in names or by_name(name) == "docx":
            return "docx"
    raise UnsupportedFormat("this is a zip archive without a Word document", where=name, to_do="Unpack it first.")
