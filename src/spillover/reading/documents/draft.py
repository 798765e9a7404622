"""What a loader makes before cleaning: pieces of text put together into clean text, blocks and spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from spillover.reading.document import Block, BlockKind, Metadata, SourceSpan

PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph, heading, list item, … with the place it comes from."""

    text: str
    kind: BlockKind = "paragraph"
    page: int | None = None
    element: str | None = None
    source_start: int | None = None
    source_end: int | None = None


@dataclass(slots=True)
class Draft:
    """A parsed document before cleaning. ``blocks`` are in order and do not overlap; ``spans`` cover every block."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    spans: list[SourceSpan] = field(default_factory=list)
    metadata: Metadata = field(default_factory=Metadata)
    warnings: list[str] = field(default_factory=list)


def assemble(pieces: Iterable[Piece]) -> Draft:
    """Joins pieces by blank lines into clean text; empty pieces are left out (they carry no word)."""
    parts: list[str] = []
    draft = Draft("")
    at = 0
    for piece in pieces:
        if not piece.text:
            continue
        if parts:
            parts.append(PARAGRAPH_BREAK)
            at += len(PARAGRAPH_BREAK)
        end = at + len(piece.text)
        parts.append(piece.text)
        draft.blocks.append(Block(at, end, piece.kind, page=piece.page, element=piece.element))
        draft.spans.append(SourceSpan(at, end, piece.source_start, piece.source_end, piece.page, piece.element))
        at = end
    draft.text = "".join(parts)
    return draft


def squeeze(text: str) -> str:
    """Runs of white space (no-break spaces and line breaks too) become one space; the ends are trimmed."""
    return " ".join(text.split())
