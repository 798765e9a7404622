"""Lines of a PDF to paragraphs: running heads out, hyphens joined, paragraphs put together over columns and pages."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from spillover.reading.document import BlockKind
from spillover.reading.documents.hyphens import hyphenated, join, vocabulary
from spillover.reading.documents.pdf_layout import Line

_NUMBER = re.compile(r"\d{1,6}|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(r"[-–—|\s]*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
_FINAL = re.compile(r"[.!?:…][\"”’')\]]*(?:\[\d+\]|\d{1,3})?$")
_BULLET = re.compile(r"[•●▪◦■]\s*\S")
# A dash or a figure at a line's head may also be the sentence going on.
_PERHAPS_BULLET = re.compile(r"[*·–-]\s+\S|\(?\d{1,2}[.)]\s+\S")
# Running heads stand among the first or last lines of a page, at one height to within a step (points).
_EDGE_LINES = 3
_STEP = 8
_HEADING_SIZE = 1.12
_SAME_SIZE = 0.08
_GAP = 1.3
_INDENT = 0.7
_LONGEST_HEADING = 200


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, with the page of the first."""

    lines: list[Line] = field(default_factory=list)
    kind: BlockKind = "paragraph"

    @property
    def page(self) -> int:
        """Page of the first line, from 1."""
        return self.lines[0].page


def without_running_heads(pages: Sequence[list[Line]]) -> tuple[list[list[Line]], int]:
    """The pages without running heads, running feet and page numbers, and how many lines those were.

    A line near a page's edge is one if it stands there on a quarter of the pages (two at least), the same but for a
    number that counts the pages.
    """
    where: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, lines in enumerate(pages):
        for line in _edges(lines):
            for shape in _shapes(line.text, number):
                where[shape, round(line.y / _STEP)].add(number)
    least = max(2, (len(pages) + 3) // 4)
    kept: list[list[Line]] = []
    dropped = 0
    for number, lines in enumerate(pages):
        running = {id(line) for line in _edges(lines) if _recurs(line, number, where) >= least}
        running |= {id(line) for line in _outermost(lines) if _PAGE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in lines if id(line) not in running])
        dropped += len(lines) - len(kept[-1])
    return kept, dropped


def _recurs(line: Line, page: int, where: dict[tuple[str, int], set[int]]) -> int:
    """On how many pages the line stands, at this height or a step above or below."""
    height = round(line.y / _STEP)
    return max(
        len(set().union(*(where.get((shape, at), set()) for at in (height - 1, height, height + 1))))
        for shape in _shapes(line.text, page)
    )


def _shapes(text: str, page: int) -> set[str]:
    """The line as it is, and with its first or its last number told from the page on."""
    text = text.lower()
    shapes = {text}
    numbers = list(_NUMBER.finditer(text))
    for match in numbers[:1] + numbers[-1:]:
        value = int(match.group()) if match.group().isdigit() else _roman(match.group())
        shapes.add(f"{text[: match.start()]}#{value - page}{text[match.end() :]}")
    return shapes


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _edges(lines: list[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: -line.y)
    heights = sorted({round(line.y) for line in lines}, reverse=True)
    if len(heights) < 2 * _EDGE_LINES:
        return by_height[:1] + by_height[-1:] if len(by_height) > 1 else []
    top, bottom = heights[_EDGE_LINES - 1], heights[-_EDGE_LINES]
    return [line for line in by_height if round(line.y) >= top or round(line.y) <= bottom]


def _outermost(lines: list[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: -line.y)
    return by_height[:1] + by_height[-1:] if len(by_height) > 1 else []


def paragraphs(pages: Sequence[list[Line]]) -> list[Paragraph]:
    """Paragraphs of all pages in reading order."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    body = _body_size(lines)
    leading = _leading(lines, body)
    spaced = _is_spaced(lines, body, leading)
    result: list[Paragraph] = []
    last: Line | None = None
    for line in lines:
        if last is None or _breaks(last, line, leading, body, spaced=spaced):
            result.append(Paragraph())
        result[-1].lines.append(line)
        last = line
    for paragraph in result:
        paragraph.kind = _kind(paragraph, body)
    return result


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes.items(), key=lambda item: (item[1], -item[0]))[0]


def _drops(lines: list[Line], body: float) -> list[float]:
    """Distances between one body line and the next below it in its column."""
    return [
        a.y - b.y
        for a, b in pairwise(lines)
        if (a.page, a.column) == (b.page, b.column)
        and 0 < a.y - b.y < 4 * body
        and _alike(a.size, body)
        and _alike(b.size, body)
    ]


def _leading(lines: list[Line], body: float) -> float:
    """The usual distance between lines: the smallest one that a good part of them keep."""
    drops = [round(drop * 2) / 2 for drop in _drops(lines, body)]
    if not drops:
        return 1.2 * body
    counts = Counter(drops)
    return min((drop for drop, count in counts.items() if count >= 0.15 * len(drops)), default=statistics.median(drops))


def _is_spaced(lines: list[Line], body: float, leading: float) -> bool:
    """Whether paragraphs are set apart by space (else by indents)."""
    drops = _drops(lines, body)
    return sum(drop > _GAP * leading for drop in drops) >= max(2, 0.02 * len(drops))


def _alike(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_SIZE * max(a, b)


def _breaks(last: Line, line: Line, leading: float, body: float, *, spaced: bool) -> bool:
    """Whether a new paragraph begins at ``line``."""
    if not _alike(last.size, line.size) and not (hyphenated(last.text) and line.text[:1].islower()):
        return True
    if _BULLET.match(line.text):
        return True
    if _PERHAPS_BULLET.match(line.text) and (_FINAL.search(last.text) or not _full(last, line)):
        return True
    indented = line.x0 - line.left > _INDENT * line.size and last.x0 - last.left <= 0.3 * last.size
    together = (last.page, last.column) == (line.page, line.column)
    if together:
        if last.y - line.y > _GAP * max(leading, 1.02 * line.size) or last.y < line.y:
            return True
        if line.size > _HEADING_SIZE * body:
            return False  # titles are broken by sense, not by the margin
        return (indented and not hyphenated(last.text)) or not _full(last, line)
    # Over a column or page break a sentence that has not ended goes on.
    if hyphenated(last.text):
        return False
    ended = _FINAL.search(last.text) is not None
    if not ended:
        return not (_full(last, line) or line.text[:1].islower())
    if not _full(last, line) or indented:
        return True
    return spaced or line.x0 - line.left > 0.3 * line.size


def _full(last: Line, line: Line) -> bool:
    """Whether ``last`` had no room for the first word of ``line``: then its end says nothing of a new paragraph."""
    first = line.words[0]
    space = 0.2 * last.size
    short = last.right - last.x1
    return short < (first.x1 - first.x0) + space + 0.5 * last.size or (hyphenated(last.text) and short < 4 * last.size)


def _kind(paragraph: Paragraph, body: float) -> BlockKind:
    first = paragraph.lines[0]
    length = sum(len(line.text) for line in paragraph.lines)
    if first.size > _HEADING_SIZE * body and length <= _LONGEST_HEADING:
        return "heading"
    return "list_item" if _BULLET.match(first.text) or _PERHAPS_BULLET.match(first.text) else "paragraph"


def spell(items: Sequence[Paragraph]) -> list[str]:
    """The text of each paragraph: lines joined by single spaces, words parted at line ends put together."""
    words = vocabulary(line.text for paragraph in items for line in paragraph.lines)
    texts = []
    for paragraph in items:
        text = ""
        for line in paragraph.lines:
            if text and hyphenated(text):
                text = join(text, line.text, words)
            else:
                text = f"{text} {line.text}" if text else line.text
        texts.append(" ".join(text.replace("\u0002", "-").replace("\ufffe", "-").replace("\u00ad", "").split()))
    return texts
