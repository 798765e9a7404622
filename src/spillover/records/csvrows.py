"""CSV read row by row: for files that a fast reader refuses, so that one bad row costs no other."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MOST_LINES = 400  # in one cell with line breaks; an open quote without its end must not swallow the file
FIELD_LIMIT = 1 << 20
UTF16 = (b"\xff\xfe", b"\xfe\xff")
NOTE_UTF16 = "the encoding is UTF-16"
NOTE_1252 = "the encoding is not UTF-8: {} lines were read as Windows-1252"
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out: its number as a spreadsheet shows it, why, and its beginning."""

    row: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class Rows:
    """What was read: rows with their numbers, and those left out."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def decoded(data: bytes) -> tuple[str, str]:
    """Text, and a note where it was not plain UTF-8: UTF-16 by its mark, else Windows-1252 line by line."""
    if data[:2] in UTF16:
        return data.decode("utf-16", "replace"), NOTE_UTF16
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8-sig"), ""
    lines, odd = [], 0
    for line in data.splitlines(keepends=True):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            odd += 1
            lines.append(line.decode("cp1252", "replace"))
    return "".join(lines).removeprefix("\ufeff"), NOTE_1252.format(odd)


Full = Callable[[list[list[str]], list[int]], None]


def read_carefully(path: Path, width: int, delimiter: str, full: Full | None = None) -> Rows:
    """All rows of ``width`` cells after the header; a row that is not whole is left out and the next line tried anew.

    ``full`` takes rows and their numbers as they come, so that not all of them are held at once.
    """
    lines = _Lines(path.read_bytes())
    found = Rows()
    csv.field_size_limit(FIELD_LIMIT)
    at, number, last = 0, 0, lines.last()
    while at < len(lines):
        number += 1
        row, taken, fault = _row(lines, at, delimiter)
        if fault is None and len(row) == width:
            if number > 1:
                found.rows.append(row)
                found.numbers.append(number)
                if full is not None and len(found.rows) >= _BATCH:
                    full(found.rows, found.numbers)
                    found.rows, found.numbers = [], []
            at += taken
            continue
        text = lines[at].strip()
        reason = (fault or f"{len(row)} cells where the header has {width}") if text else "an empty line"
        # at the end of a file an empty line is no row
        if number > 1 and at <= last:
            found.rejects.append(Reject(number, reason, text[:200]))
        at += 1
    if full is not None:
        full(found.rows, found.numbers)
        found.rows, found.numbers = [], []
    found.notes += lines.notes()
    return found


class _Lines:
    """The lines of a file, each decoded when it is asked for: by UTF-8, else Windows-1252.

    They end at CR, LF or both alone: the other line ends that :meth:`str.splitlines` knows may stand in a cell.
    """

    def __init__(self, data: bytes) -> None:
        self._utf16 = data[:2] in UTF16
        if self._utf16:
            data = data.decode("utf-16", "replace").encode("utf-8", "replace")
        self._lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
        self._odd: set[int] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, at: int) -> str:
        try:
            return self._lines[at].decode("utf-8")
        except UnicodeDecodeError:
            self._odd.add(at)
            return self._lines[at].decode("cp1252", "replace")

    def last(self) -> int:
        """The last line that has anything in it."""
        return next((n for n in reversed(range(len(self))) if self[n].strip()), -1)

    def notes(self) -> list[str]:
        """How those that were asked for had to be decoded."""
        if self._utf16:
            return [NOTE_UTF16]
        return [NOTE_1252.format(len(self._odd))] if self._odd else []


def _row(lines: _Lines, at: int, delimiter: str) -> tuple[list[str], int, str | None]:
    """The row that begins with that line: its cells, the number of lines it took, and what is wrong with it."""
    taken = 0

    def feed() -> Iterator[str]:
        nonlocal taken
        for n in range(at, min(at + _MOST_LINES, len(lines))):
            taken += 1
            yield lines[n]

    try:
        row = next(csv.reader(feed(), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return [], taken, f"not a row of CSV ({error})"
    return [cell.replace("\0", "") for cell in row], taken, None
