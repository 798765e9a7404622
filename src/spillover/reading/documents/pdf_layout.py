"""Words of a page to lines in reading order: columns are found by the gap that their lines leave free."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from spillover.reading.documents.pdf_words import Word

# A gutter leaves at least this space (in font sizes) in each line, and has this many lines on either side.
_GUTTER = 0.9
_LEAST_ROWS = 4
# Share of the lines that may run across it (titles, summaries, pictures over both columns).
_MAY_CROSS = 0.6
# Share of the letters that either side has at least.
_LEAST_SHARE = 0.1
_MOST_COLUMNS = 6


@dataclass(slots=True)
class Line:
    """A line of one column. ``left`` and ``right`` are the column's own margins, in points; ``column`` its number."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    words: list[Word]
    page: int = 0
    column: int = 0
    left: float = 0.0
    right: float = 0.0


def rows_of(words: Sequence[Word], page: int) -> list[Line]:
    """The page's rows from top to bottom, over all of its columns."""
    return [_line(row, page) for row in _rows(words)]


def in_reading_order(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """Each page's rows as lines of its columns: bands from top to bottom, in each the columns from left to right.

    A page too short to show its columns (the last one) is taken to have the gutter that most of the others have.
    """
    gutters = [_gutter(lines) if lines else None for lines in rows]
    known = [gutter for gutter in gutters if gutter is not None]
    usual = statistics.median(known) if known else None
    return [
        _numbered(_ordered(lines, _MOST_COLUMNS, _near(lines, usual) if gutter is None else gutter))
        for lines, gutter in zip(rows, gutters, strict=True)
    ]


def _near(lines: list[Line], usual: float | None, share: float = 0.3) -> float | None:
    """The gutter close to ``usual``: something stands right of it, and at most ``share`` of the lines across it."""
    if usual is None or not lines:
        return None
    least_gap = _least_gap(lines)
    found: dict[int, int] = {}
    for x in range(int(usual - 1.5 * least_gap), int(usual + 1.5 * least_gap) + 1):
        sides = [_side(line, x, least_gap) for line in lines]
        if sides.count(_RIGHT) + sides.count(_BOTH) > 0:
            found[x] = sides.count(_ACROSS)
    fewest = min(found.values(), default=len(lines))
    return _middle([x for x in found if found[x] == fewest]) if fewest <= share * len(lines) else None


def _middle(places: list[int], step: int = 1) -> float | None:
    """The middle of the longest run of neighbouring places."""
    runs: list[list[int]] = []
    for x in places:
        if runs and x - runs[-1][-1] == step:
            runs[-1].append(x)
        else:
            runs.append([x])
    longest = max(runs, key=len, default=[])
    return statistics.median(longest) if longest else None


def _numbered(parts: list[list[Line]]) -> list[Line]:
    """The parts' lines in one list, each with its column's number and margins."""
    ordered: list[Line] = []
    for column, part in enumerate(parts):
        for line in part:
            # A title's width says nothing about the margins of the text below it.
            alike = (
                [other for other in part if abs(other.size - line.size) < 0.1 * line.size] if len(part) < 500 else part
            )
            line.column = column
            line.left, line.right = min(other.x0 for other in alike), max(other.x1 for other in alike)
        ordered += part
    return ordered


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words on one baseline, top to bottom, each row from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (-w.base, w.x0)):
        # Raised figures (footnote marks) stand less than half a font size above the line that they belong to.
        if rows and rows[-1][-1].base - word.base < 0.4 * min(word.size, rows[-1][-1].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _line(row: list[Word], page: int) -> Line:
    sizes = [word.size for word in row for _ in word.text]
    return Line(
        text=_spell(row),
        x0=row[0].x0,
        x1=max(word.x1 for word in row),
        y=statistics.fmean(word.base for word in row),
        size=statistics.median(sizes),
        words=row,
        page=page,
    )


def _spell(row: list[Word]) -> str:
    """The row's text: a space between words unless they touch (a change of font inside a word)."""
    parts = [row[0].text]
    for last, word in pairwise(row):
        touching = word.x0 - last.x1 < 0.08 * max(word.size, 1.0)
        parts.append(word.text if touching else f" {word.text}")
    return "".join(parts)


def _ordered(lines: list[Line], columns: int, gutter: float | None) -> list[list[Line]]:
    """Parts of one column each. Lines that run across the gutter part the page into bands."""
    if not lines:
        return []
    if gutter is None:
        return [lines]
    parts: list[list[Line]] = []
    for across, run in groupby(lines, key=lambda line: _side(line, gutter, _least_gap(lines)) == _ACROSS):
        band = list(run)
        if across:
            parts.append(band)
        else:
            for column in _cut(band, gutter):
                inner = _gutter(column) if column and columns > 3 else None
                parts += _ordered(column, columns // 2, inner)
    return [part for part in parts if part]


_LEFT, _RIGHT, _BOTH, _ACROSS = range(4)


def _least_gap(lines: list[Line]) -> float:
    return _GUTTER * statistics.median(line.size for line in lines)


def _side(line: Line, gutter: float, least_gap: float) -> int:
    """Where a line stands: left or right of the gutter, on both sides of it, or across it.

    A line with a mere word space at the gutter (a title over both columns) is across it.
    """
    if line.x1 <= gutter:
        return _LEFT
    if line.x0 >= gutter:
        return _RIGHT
    left = max((word.x1 for word in line.words if word.x0 < gutter), default=line.x0)
    right = min((word.x0 for word in line.words if word.x0 >= gutter), default=line.x1)
    return _BOTH if left <= gutter and right - left >= least_gap else _ACROSS


def _cut(lines: list[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    """The two columns of a band; what stood on one baseline becomes a line in each."""
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        for side, words in (
            (left, [word for word in line.words if word.x0 < gutter]),
            (right, [word for word in line.words if word.x0 >= gutter]),
        ):
            if words:
                side.append(_line(words, line.page))
    return left, right


def _gutter(lines: list[Line]) -> float | None:
    """Where (x, in points) the fewest lines run across, with running text on both sides; ``None`` for one column."""
    least_gap = _least_gap(lines)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    if len(lines) < _LEAST_ROWS or right - left < 12 * least_gap:
        return None
    best: list[int] = []
    fewest = int(_MAY_CROSS * len(lines)) + 1
    for x in range(int(left + 0.1 * (right - left)), int(right - 0.1 * (right - left)) + 1, 2):
        sides = [_side(line, x, least_gap) for line in lines]
        across = sides.count(_ACROSS)
        if across > fewest or not _columns(lines, sides, x):
            continue
        if across < fewest:
            fewest, best = across, []
        best.append(x)
    # Text on both sides was asked of each place; the gutter itself may reach somewhat further.
    return _near(lines, _middle(best, 2), _MAY_CROSS)


def _columns(lines: list[Line], sides: list[int], x: float) -> bool:
    """Whether both sides hold running text at the same height: no list numbers, no table, no hanging heading."""
    spread: tuple[list[tuple[float, int, int]], list[tuple[float, int, int]]] = ([], [])
    for line, side in zip(lines, sides, strict=True):
        if side == _ACROSS:
            continue
        for part, words in zip(
            spread,
            ([w for w in line.words if w.x0 < x], [w for w in line.words if w.x0 >= x]),
            strict=True,
        ):
            if words:
                part.append((line.y, len(words), sum(len(w.text) for w in words)))
    if min(map(len, spread)) < _LEAST_ROWS:
        return False
    letters = [sum(item[2] for item in part) for part in spread]
    per_line = [statistics.fmean(item[1] for item in part) for part in spread]
    overlap = min(max(y for y, *_ in part) for part in spread) - max(min(y for y, *_ in part) for part in spread)
    return min(letters) >= _LEAST_SHARE * sum(letters) and min(per_line) > 2 and overlap > 0
