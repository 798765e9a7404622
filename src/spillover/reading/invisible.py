"""Marks that nobody sees: direction marks, zero-width spaces, soft hyphens. They stand in names and split them.

The clean text keeps them, as its offsets count what the file holds. The engine reads a copy without them, and what it
finds is put back: every offset and every surface of a reading is the clean text's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from spillover.reading.document import Document
from spillover.reading.reading import Reading
from spillover.reading.statement import Evidence, Role, Span, Statement

# Unicode's bidirectional controls (UAX 9), soft hyphen, zero-width space, word joiner, byte order mark; not the joiners
# that Persian spelling and emoji need.
MARKS = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

S = TypeVar("S", bound=Span)


def read_past_marks(read: Callable[[Document], Reading], document: Document) -> Reading:
    """``read(document)``, as if there were no invisible marks in the text; the reading is of ``document`` itself."""
    if document.text.isascii() or not MARKS.search(document.text):
        return read(document)
    back = _Back(document.text)
    reading = read(_without(document, back))
    return replace(
        reading,
        document=document,
        statements=tuple(map(back.statement, reading.statements)),
        rejected=tuple(replace(r, statement=back.statement(r.statement)) for r in reading.rejected),
        mentions=tuple(
            replace(m, start=back.start(m.start), end=back.end(m.end), surface=back.slice(m.start, m.end))
            for m in reading.mentions
        ),
    )


def _without(document: Document, back: _Back) -> Document:
    blocks = tuple(replace(b, start=back.before(b.start), end=back.before(b.end)) for b in document.blocks)
    spans = tuple(replace(s, start=back.before(s.start), end=back.before(s.end)) for s in document.spans)
    return replace(document, text=back.plain, blocks=blocks, spans=spans)


class _Back:
    """The way from the text without marks to the text with them, and back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.plain = MARKS.sub("", text)
        # index in the plain text → index in the text
        self._at = [n for n, char in enumerate(text) if not MARKS.match(char)]
        # index in the text → number of visible characters before it
        self._visible = [0]
        for char in text:
            self._visible.append(self._visible[-1] + (not MARKS.match(char)))

    def before(self, index: int) -> int:
        """The index in the plain text of what stands at ``index`` of the text."""
        return self._visible[index]

    def start(self, index: int) -> int:
        """The index in the text of what stands at ``index`` of the plain text."""
        return self._at[index] if index < len(self._at) else len(self._text)

    def end(self, index: int) -> int:
        """The same for the end of a span: right after its last character."""
        return self._at[index - 1] + 1 if index else 0

    def slice(self, start: int, end: int) -> str:
        """The text's words for a span of the plain text."""
        return self._text[self.start(start) : self.end(end)]

    def span(self, span: S) -> S:
        """A span of the plain text as one of the text."""
        words = self.slice(span.start, span.end)
        return replace(span, surface=words, start=self.start(span.start), end=self.end(span.end))

    def evidence(self, evidence: Evidence) -> Evidence:
        words = self.slice(evidence.start, evidence.end)
        return Evidence(self.start(evidence.start), self.end(evidence.end), words)

    def statement(self, s: Statement) -> Statement:
        """A statement on the plain text as one on the text; its id stays."""
        proofs = [(e.start, e.end) for e in (s.evidence, *s.also)]
        anywhere = [*proofs, (0, len(self.plain))]

        def said(words: str, where: list[tuple[int, int]] = proofs) -> str:
            found = (self.plain.find(words, start, end) for start, end in where)
            at = next((n for n in found if n >= 0), None)
            return words if at is None else self.slice(at, at + len(words))

        def role(r: Role | None) -> Role | None:
            return r and replace(self.span(r), antecedent=r.antecedent and self.span(r.antecedent))

        fields = ("instrument", "text", "effect", "condition")
        words: dict[str, Any] = {name: said(w) for name in fields if (w := getattr(s, name))}
        return replace(
            s, subject=role(s.subject), object=role(s.object), place=tuple(map(self.span, s.place)),
            time=s.time and replace(s.time, surface=said(s.time.surface, anywhere)),
            quantity=s.quantity and replace(s.quantity, surface=said(s.quantity.surface)),
            attribution=tuple(replace(a, surface=said(a.surface, anywhere)) for a in s.attribution),
            evidence=self.evidence(s.evidence), also=tuple(map(self.evidence, s.also)),
            **words,
        )  # fmt: skip
