"""Bytes to a finished document, in this process: loader, cleaning, metadata, language, limits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from spillover.errors import DocumentLimit, EmptyDocument, UnsupportedFormat
from spillover.reading.cleaning import mark
from spillover.reading.document import Block, Document, Metadata
from spillover.reading.documents.bylines import LONGEST, byline
from spillover.reading.documents.dates import dateline
from spillover.reading.documents.detect import FORMATS, detect
from spillover.reading.documents.draft import Draft, squeeze
from spillover.reading.documents.english import require_english
from spillover.reading.documents.limits import Limits

_BYLINE_BLOCKS = 8
_LETTER = re.compile(r"[^\W\d_]")


def parse(data: bytes, *, name: str, format: str | None = None, limits: Limits | None = None) -> Document:
    """Reads ``data`` as ``format`` (found out if ``None``). Called in the worker process; raises ``DocumentError``s."""
    limits = limits or Limits()
    if len(data) > limits.input_bytes:
        raise too_large(len(data), name, limits)
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf\xff\xfe"):
        if nuls := data.count(0):
            raise EmptyDocument(f"the file is empty but for {nuls} NUL bytes", where=name, to_do="Get the file again.")
        raise EmptyDocument("the file is empty", where=name)
    if format is not None and format not in FORMATS:
        raise UnsupportedFormat(
            f"there is no loader for {format!r}", where=name, to_do=f"Use one of {', '.join(FORMATS)}."
        )
    kind = format or detect(data, name)
    draft = _loader(kind, name, limits)(data)
    if len(draft.text) > limits.text_characters:
        raise DocumentLimit(
            f"{len(draft.text)} characters of text, more than {limits.text_characters}",
            where=name,
            to_do="Split the file.",
        )
    if not draft.blocks:
        raise EmptyDocument("there is no text in this file", where=name)
    if not _LETTER.search(draft.text):
        raise EmptyDocument(
            "there is not one letter in this text", where=name, to_do="Check that it is the right file."
        )
    blocks = mark(draft.text, draft.blocks)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        format=kind,
        text=draft.text,
        blocks=blocks,
        spans=tuple(draft.spans),
        metadata=complete(draft.metadata, draft.text, blocks),
        language=require_english(draft.text, blocks, where=name),
        warnings=tuple(draft.warnings),
    )


def too_large(size: int, name: str, limits: Limits) -> DocumentLimit:
    """The error for a file over the limit on input."""
    return DocumentLimit(
        f"the file has {size / 1e6:.1f} MB, more than {limits.input_bytes / 1e6:.1f} MB",
        where=name,
        to_do="Split it, or raise the limit.",
    )


def _loader(kind: str, name: str, limits: Limits) -> Callable[[bytes], Draft]:
    # Each format's libraries are imported when the first such file comes: the worker has to start fast.
    if kind == "txt":
        from spillover.reading.documents import plain

        return lambda data: plain.load(data, where=name)
    if kind == "md":
        from spillover.reading.documents import markdown

        return lambda data: markdown.load(data, where=name)
    if kind == "html":
        from spillover.reading.documents import webpage

        return lambda data: webpage.load(data, where=name)
    if kind == "docx":
        from spillover.reading.documents import word

        return lambda data: word.load(data, where=name, limits=limits)
    from spillover.reading.documents import pdf

    return lambda data: pdf.load(data, where=name, limits=limits)


def complete(metadata: Metadata, text: str, blocks: Sequence[Block]) -> Metadata:
    """Adds what the text's own head says where the metadata is silent: title, byline, dateline."""
    if metadata.title is None:
        title = next((b for b in blocks[:_BYLINE_BLOCKS] if b.kind == "heading"), None)
        metadata = replace(metadata, title=squeeze(text[title.start : title.end]) if title else None)
    if metadata.author is None:
        metadata = replace(metadata, author=_byline(text, blocks))
    if metadata.date is None and (day := dateline(text, blocks)):
        metadata = replace(metadata, date=day, date_source="dateline")
    return metadata


def _byline(text: str, blocks: Sequence[Block]) -> str | None:
    bodies = (text[block.start : min(block.end, block.start + LONGEST)] for block in blocks[:_BYLINE_BLOCKS])
    return next((name for body in bodies if (name := byline(body))), None)
