"""CSV read row by row: for files that a fast reader refuses, so that one bad row costs no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MOST_LINES = 400  # in one cell with line breaks; an open quote without its end must not swallow the file
FIELD_LIMIT = 1 << 20


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
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "the encoding is UTF-16"
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
    return "".join(lines).removeprefix("\ufeff"), f"the encoding is not UTF-8: {odd} lines were read as Windows-1252"


def read_carefully(path: Path, width: int, delimiter: str) -> Rows:
    """All rows of ``width`` cells after the header; a row that is not whole is left out and the next line tried anew."""
    text, note = decoded(path.read_bytes())
    # splits at CR, LF or both alone: the other line ends that str.splitlines knows may stand in a cell
    lines = list(io.StringIO(text, newline=""))
    found = Rows(notes=[note] if note else [])
    csv.field_size_limit(FIELD_LIMIT)
    at, number = 0, 0
    last = next((n for n in reversed(range(len(lines))) if lines[n].strip()), -1)
    while at < len(lines):
        number += 1
        row, taken, fault = _row(lines, at, delimiter)
        if fault is None and len(row) == width:
            if number > 1:
                found.rows.append(row)
                found.numbers.append(number)
            at += taken
            continue
        if not lines[at].strip():
            reason = "an empty line"
        else:
            reason = fault or f"{len(row)} cells where the header has {width}"
        # at the end of a file an empty line is no row
        if number > 1 and at <= last:
            found.rejects.append(Reject(number, reason, lines[at].strip()[:200]))
        at += 1
    return found


def _row(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int, str | None]:
    """The row that begins with that line: its cells, the number of lines it took, and what is wrong with it."""
    taken = 0

    def feed() -> Iterator[str]:
        nonlocal taken
        for line in lines[at : at + _MOST_LINES]:
            taken += 1
            yield line

    try:
        row = next(csv.reader(feed(), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return [], taken, f"not a row of CSV ({error})"
    return [cell.replace("\0", "") for cell in row], taken, None
