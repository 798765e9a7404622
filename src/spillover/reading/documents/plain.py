"""Plain text: the clean text is the file's own text, code point for code point; blocks are only marked in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from spillover.reading.document import Block, SourceSpan
from spillover.reading.documents.decoding import Decoded, decode
from spillover.reading.documents.draft import Draft

# Lines longer than this are paragraphs, not the lines of a hard-wrapped text.
_WIDEST_WRAP = 140
_NARROWEST_WRAP = 40
# A wrapped line may fall short of the margin by this much: not every tool fills its lines greedily.
_RAGGED = 10
# Runs of this many blanks end a paragraph inside one long line (news wires with their line ends taken out).
_GAP = re.compile(r"[ \t]{3,}")
_LONG_LINE = 120
_FINAL = tuple(".!?:;\"”’')]…")
_LIST = re.compile(r"(?:[-*•·–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def load(data: bytes, *, where: str) -> Draft:
    """Reads a text file. Offsets into the clean text are offsets into the decoded file (BOM removed, CRLF as LF)."""
    decoded = decode(data, where=where)
    draft = Draft(decoded.text, warnings=decoded.warnings)
    draft.blocks = [Block(start, end, "paragraph") for start, end in block_bounds(decoded.text)]
    draft.spans = byte_spans(draft.blocks, decoded)
    return draft


def byte_spans(blocks: list[Block], decoded: Decoded) -> list[SourceSpan]:
    """One span a block, with its byte offsets in the file."""
    bounds = decoded.byte_offsets(index for block in blocks for index in (block.start, block.end))
    return [
        SourceSpan(block.start, block.end, first, last)
        for block, first, last in zip(blocks, bounds[::2], bounds[1::2], strict=True)
    ]


def block_bounds(text: str) -> list[tuple[int, int]]:
    """Bounds of the paragraphs: blank lines part them, and so does a line end that no margin forced."""
    chunks = _chunks(text)
    margin = _margin(chunks)
    bounds: list[tuple[int, int]] = []
    for chunk in chunks:
        first = chunk[0]
        for line, following in zip(chunk, [*chunk[1:], None], strict=True):
            if following is None or not _goes_on(line, following, margin):
                bounds += _split_at_gaps(text, first.start, line.end)
                first = following or line
    return bounds


def _chunks(text: str) -> list[list[_Line]]:
    """Runs of lines without a blank line (or a form feed) between them, trimmed of white space at both ends."""
    chunks: list[list[_Line]] = []
    current: list[_Line] = []
    for match in re.finditer(r"[^\n\f]*(?:[\n\f]|\Z)", text):
        line = match.group()
        body = line.strip()
        if body:
            start = match.start() + len(line) - len(line.lstrip())
            current.append(_Line(start, start + len(body), body))
        if (not body or line.endswith("\f")) and current:
            chunks.append(current)
            current = []
    if current:
        chunks.append(current)
    return chunks


def _margin(chunks: list[list[_Line]]) -> int | None:
    """The width at which the text is hard-wrapped, or ``None`` where each line is a paragraph.

    A wrapped line is full: the next line's first word would not have fitted. Where most line ends are such, the text is
    wrapped.
    """
    pairs = [(a, b) for chunk in chunks for a, b in pairwise(chunk)]
    if not pairs:
        return None
    lengths = sorted(len(line.text) for chunk in chunks if len(chunk) > 1 for line in chunk)
    width = lengths[min(len(lengths) - 1, int(0.97 * len(lengths)))]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    full = sum(_is_full(a, b, width) for a, b in pairs)
    return width if full >= 0.5 * len(pairs) else None


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    first_word = following.text.split(None, 1)[0]
    return len(line.text) + 1 + len(first_word) > width - _RAGGED


def _goes_on(line: _Line, following: _Line, margin: int | None) -> bool:
    """Whether a paragraph runs over the end of ``line`` into ``following``."""
    if _LIST.match(following.text):
        return False
    unfinished = not line.text.endswith(_FINAL)
    if margin is None:
        return unfinished and len(line.text) >= _NARROWEST_WRAP and following.text[0].islower()
    if len(line.text) > 2 * margin or len(following.text) > 2 * margin:
        return False
    if _is_full(line, following, margin):
        # At the end of a sentence only a line that is truly full says that the paragraph goes on.
        return unfinished or _is_full(line, following, margin + _RAGGED)
    return unfinished and 2 * len(line.text) > margin


def _split_at_gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start < _LONG_LINE or "   " not in text[start:end]:
        return [(start, end)]
    bounds, at, line_start = [], start, start
    while line_start < end:
        line_end = text.find("\n", line_start, end)
        line_end = end if line_end < 0 else line_end
        if line_end - line_start >= _LONG_LINE:
            for gap in _GAP.finditer(text, line_start, line_end):
                if line_start < gap.start() and gap.end() < line_end:
                    bounds.append((at, gap.start()))
                    at = gap.end()
        line_start = line_end + 1
    return [*bounds, (at, end)]
