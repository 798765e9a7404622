"""How parent and worker speak: a length, then JSON (and the document's bytes on the way in). Never pickled objects.

The worker handles hostile files, so what comes back is data to be checked, not objects to be trusted.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import date
from typing import Any, get_args

from spillover import errors
from spillover.reading.document import Block, BlockKind, Document, Metadata, SourceSpan
from spillover.reading.documents.limits import Limits

PREFIX = struct.Struct(">QQ")
"""Lengths of the JSON part and of the bytes that follow it."""

RECEIVED = b"received"
"""Sent back when a request is complete, before it is worked on."""

_KINDS = frozenset(get_args(BlockKind))
_ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.DocumentError)
}


def request(data: bytes, *, name: str, format: str | None, limits: Limits) -> tuple[bytes, bytes]:
    """The head of a request and the bytes to send after it."""
    head = json.dumps({"name": name, "format": format, "limits": asdict(limits)}).encode()
    return PREFIX.pack(len(head), len(data)) + head, data


def read_request(head: bytes) -> tuple[str, str | None, Limits]:
    """Name, format and limits of a request's JSON part."""
    fields = json.loads(head)
    return fields["name"], fields["format"], Limits(**fields["limits"])


def answer(document: Document) -> bytes:
    """A document as JSON; lone surrogates cannot occur in text that was decoded strictly."""
    meta = asdict(document.metadata)
    meta["date"] = document.metadata.date.isoformat() if document.metadata.date else None
    fields = {
        "sha256": document.sha256,
        "format": document.format,
        "text": document.text,
        "blocks": [[b.start, b.end, b.kind, b.page, b.element, b.repeat_of] for b in document.blocks],
        "spans": [[s.start, s.end, s.source_start, s.source_end, s.page, s.element] for s in document.spans],
        "metadata": meta,
        "language": document.language,
        "warnings": document.warnings,
    }
    return json.dumps({"document": fields}, ensure_ascii=False).encode("utf-8", "replace")


def refusal(error: errors.DocumentError) -> bytes:
    """An error as JSON."""
    fields = {"error": type(error).__name__, "what": error.what, "where": error.where, "to_do": error.to_do}
    return json.dumps(fields).encode()


def read_answer(payload: bytes, *, name: str, sha256: str) -> Document:
    """The document in an answer, each field checked; raises the error that the answer holds.

    Raises ``DamagedDocument`` if the answer is not what a worker writes.
    """
    try:
        fields = json.loads(payload)
        if "error" in fields:
            kind = _ERRORS[fields["error"]]
            what, where, to_do = (_optional(fields[key], str) for key in ("what", "where", "to_do"))
            failure = kind(str(what), where=where, to_do=to_do)
        else:
            return _document(fields["document"], name, sha256)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.DamagedDocument("the parser's answer is not to be understood", where=name) from error
    raise failure


def _optional(value: Any, kind: type) -> Any:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected")
    return value


def _document(fields: dict[str, Any], name: str, sha256: str) -> Document:
    text = fields["text"]
    if not isinstance(text, str) or fields["sha256"] != sha256:
        raise ValueError("not the document that was sent")
    blocks = tuple(_block(values) for values in fields["blocks"])
    spans = tuple(_span(values) for values in fields["spans"])
    at = 0
    for block in blocks:
        if not at <= block.start < block.end <= len(text) or block.kind not in _KINDS:
            raise ValueError("blocks out of order")
        if block.repeat_of is not None and not 0 <= block.repeat_of < len(blocks):
            raise ValueError("a block repeats one that does not exist")
        at = block.end
    if any(not 0 <= span.start <= span.end <= len(text) for span in spans):
        raise ValueError("a span lies outside of the text")
    return Document(
        sha256=sha256,
        name=name,
        format=str(fields["format"]),
        text=text,
        blocks=blocks,
        spans=spans,
        metadata=_metadata(fields["metadata"]),
        language=str(fields["language"]),
        warnings=tuple(str(warning) for warning in fields["warnings"]),
    )


def _block(values: list[Any]) -> Block:
    start, end, kind, page, element, repeat_of = values
    return Block(
        int(start), int(end), kind, _optional(page, int), _optional(element, str), _optional(repeat_of, int)
    )  # fmt: skip


def _span(values: list[Any]) -> SourceSpan:
    start, end, first, last, page, element = values
    return SourceSpan(
        int(start), int(end), _optional(first, int), _optional(last, int), _optional(page, int), _optional(element, str)
    )


def _metadata(fields: dict[str, Any]) -> Metadata:
    day = fields["date"]
    source = fields["date_source"]
    if source not in (None, "metadata", "dateline"):
        raise ValueError("unknown source of a date")
    title, author, publisher, url = (_optional(fields[key], str) for key in ("title", "author", "publisher", "url"))
    return Metadata(title, author, publisher, date.fromisoformat(day) if day else None, source, url)
