"""Whether downloaded bytes can be a CSV file at all, and whether it is whole."""

from __future__ import annotations

import csv
import io
from pathlib import Path

_CHUNK = 1 << 20


def no_table(head: bytes) -> str | None:
    """Why a file that begins so is no CSV file; ``None`` where it may be one."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text:
        return "the server sent an empty file"
    if text.startswith(b"<"):
        return "the server sent a web page (HTML or XML) instead of a data file"
    if text.startswith((b"{", b"[")):
        return "the server sent JSON instead of a CSV file"
    first = text.splitlines()[0]
    if b"\0" in head or not any(separator in first for separator in b",;\t"):
        return "the server sent something that is neither a CSV file nor a zip"
    return None


def cut_short(path: Path) -> str | None:
    """Why a CSV file is not whole; ``None`` where nothing shows it.

    A plain CSV file has no sum to check: a server that announces too few bytes cuts it unseen, but hardly ever at the
    end of a row.
    """
    quotes, tail = 0, b""
    with path.open("rb") as file:
        header = file.readline(_CHUNK)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            quotes += chunk.count(b'"')
            tail = (tail + chunk)[-_CHUNK:]
    wrong = "the file ends in the middle of a row"
    if quotes % 2:
        return wrong
    if tail.endswith((b"\n", b"\r")):
        return None
    # outside quotes: a line end with an even number of quotes after it
    at = tail.rfind(b"\n")
    while at >= 0 and tail.count(b'"', at) % 2:
        at = tail.rfind(b"\n", 0, at)
    return None if at >= 0 and _cells(tail[at + 1 :]) == _cells(header) else wrong


def _cells(line: bytes) -> int:
    return len(next(csv.reader(io.StringIO(line.decode("utf-8", "replace"), newline="")), []))
