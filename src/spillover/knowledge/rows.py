"""Documents and statements as database rows, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, fields, is_dataclass
from datetime import date
from typing import Any

from spillover.errors import CaseError
from spillover.reading.document import Block, Document, Metadata, SourceSpan
from spillover.reading.statement import Place, Statement, plain


def dump(value: Any) -> str:
    """Compact JSON; a lone surrogate is escaped, so that any text can be kept."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, separators=(",", ":"))
    return text


def extraction_row(document: Document) -> dict[str, str]:
    """The columns of ``extraction`` for what a loader made of a document; ``content`` is their hash."""
    metadata = {f.name: getattr(document.metadata, f.name) for f in fields(document.metadata)}
    if document.metadata.date is not None:
        metadata["date"] = document.metadata.date.isoformat()
    row = {
        "text": document.text,
        "language": document.language,
        "metadata": dump(metadata),
        "blocks": dump([astuple(block) for block in document.blocks]),
        "spans": dump([astuple(span) for span in document.spans]),
        "warnings": dump(document.warnings),
    }
    try:
        content = hashlib.sha256("\0".join(f"{len(v)}:{v}" for v in row.values()).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise CaseError(
            f"the text has half a character at offset {error.start}, which cannot be stored",
            where=document.name,
            to_do="Save the document as UTF-8 and read it again",
        ) from error
    return {"document": document.sha256, "content": content, **row}


def document_from(sha256: str, name: str, format: str, row: dict[str, Any]) -> Document:
    """The document of :func:`extraction_row`."""
    metadata = json.loads(row["metadata"])
    if metadata["date"] is not None:
        metadata["date"] = date.fromisoformat(metadata["date"])
    return Document(
        sha256=sha256,
        name=name,
        format=format,
        text=row["text"],
        blocks=tuple(Block(*block) for block in json.loads(row["blocks"])),
        spans=tuple(SourceSpan(*span) for span in json.loads(row["spans"])),
        metadata=Metadata(**metadata),
        language=row["language"],
        warnings=tuple(json.loads(row["warnings"])),
    )


def statement_row(statement: Statement, reading: int, sha256: str) -> dict[str, Any]:
    """The columns of ``statement``."""
    s = statement
    row: dict[str, Any] = {"reading": reading, "document": sha256, "json": dump(s.to_dict())}
    for name in (
        "id",
        "kind",
        "type",
        "instrument",
        "text",
        "effect",
        "condition",
        "status",
        "phase",
        "polarity",
        "rule",
    ):
        row[name] = getattr(s, name)
    for name, parts in (
        ("subject", ("surface", "actor", "kind", "how")),
        ("object", ("surface", "actor", "kind", "how")),
        ("time", ("surface", "start", "end", "precision")),
        ("quantity", ("surface", "low", "high", "unit", "bound")),
        ("likelihood", ("cue", "low", "high")),
    ):
        part = getattr(s, name)
        for column in parts:
            value = None if part is None else getattr(part, column)
            # an integer beyond 64 bits is exact in the JSON and nearest here
            row[f"{name}_{column}"] = float(value) if isinstance(value, int) else value
    row["attribution"] = dump(plain(s.attribution))
    return row


def place_row(place: Place, ordinal: int) -> dict[str, Any]:
    """The columns of ``statement_place`` but for the statement's key."""
    names = ("surface", "start", "end", "place", "level", "lat", "lon")
    return {"ordinal": ordinal, **{name: getattr(place, name) for name in names}}


def actor_info(info: Any) -> dict[str, Any]:
    """What the lexicon says of an actor, as plain JSON values."""
    if is_dataclass(info):
        return {f.name: _plain(getattr(info, f.name)) for f in fields(info)}
    return {str(k): _plain(v) for k, v in dict(info).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return plain(tuple(value) if isinstance(value, list) else value)
