"""What a loader hands to the reader: clean text, its blocks, the way back to the source, and metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "quote", "table", "caption", "furniture"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the clean text, half open in code points. Blocks do not overlap and come in order.

    ``furniture`` is text that the page carries but the author did not say: menus, log-in boxes, comment forms, image
    credits, author biographies, related links, running heads. It stays in the clean text and is never read.
    ``repeat_of``: index of the earlier block that says the same (a pull-quote); it is evidence, not a new statement.
    """

    start: int
    end: int
    kind: BlockKind
    page: int | None = None
    element: str | None = None
    repeat_of: int | None = None


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where a stretch of clean text comes from.

    ``source_start``/``source_end`` are byte offsets into the original file where the format has such (txt, md), else
    ``None``; ``page`` counts from 1 (pdf); ``element`` is a path such as ``/html/body/p[3]`` or ``paragraph 7``.
    """

    start: int
    end: int
    source_start: int | None = None
    source_end: int | None = None
    page: int | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says about itself; ``None`` where it says nothing. Nothing here is ever invented."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: date | None = None
    date_source: Literal["metadata", "dateline"] | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read from disk: ``text`` is the clean text that all offsets count in."""

    sha256: str
    name: str
    format: str
    text: str
    blocks: tuple[Block, ...]
    spans: tuple[SourceSpan, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    language: str = "en"
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``sha256:`` and the hash of the original bytes."""
        return f"sha256:{self.sha256}"
