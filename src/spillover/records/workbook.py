"""The first sheet of an XLSX workbook, read without trust in what the file says of its own size."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spillover.errors import RecordsError
from spillover.records.downloads import table
from spillover.records.unpack import DAMAGE

_CHUNK = 1 << 20
_MOST_BYTES = 4 << 30
# the reader fills a rectangle to the farthest cell; the largest data sets have a third of that
_MOST_CELLS = 100_000_000
_LONGEST_REFERENCE = 16
_CSV = "Save it as CSV and add that"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of the first sheet, from row ``first`` on; ``others``: whether there are more sheets."""

    name: str
    rows: list[list[Any]]
    first: int
    others: bool


def read_sheet(path: Path) -> Sheet:
    """The first sheet; :class:`RecordsError` for what is no workbook, is damaged, or would take all memory."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check(path)
    try:
        book = CalamineWorkbook.from_path(path)
        name = book.sheet_names[0]
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=True)
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise _damaged(path, error) from error
    except BaseException as error:
        # what goes wrong within the reader's own code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, error) from None
    if not any(cell not in ("", None) for row in rows for cell in row):
        raise RecordsError("the first sheet is empty", where=path.name, to_do="Put the table on the first sheet")
    return Sheet(name, rows, (sheet.start or (0, 0))[0] + 1, len(book.sheet_names) > 1)


def _check(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as file:
            infos = file.infolist()
            if not any(info.filename == "xl/workbook.xml" for info in infos):
                raise RecordsError(
                    "this is a zip file and no XLSX workbook", where=path.name,
                    to_do="Unpack it and add the file that is in it",
                )  # fmt: skip
            total = 0
            for info in infos:
                total += info.file_size
                rules = table("unpacking")
                if total > _MOST_BYTES or (
                    info.file_size > rules["ratio_from_bytes"] and info.file_size > rules["ratio"] * info.compress_size
                ):
                    raise RecordsError("it would unpack to far more than its size", where=path.name, to_do=_CSV)
                if info.filename.startswith("xl/worksheets/"):
                    _check_extent(file, info, path)
    except DAMAGE as error:
        raise _damaged(path, error) from error


def _check_extent(file: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    """The farthest row and column named in a sheet must not span more cells than can be held."""
    rows, columns, rest = 1, {b"A"}, b""
    with file.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            columns.update(re.findall(rb'\sr="([A-Z]{1,3})\d', text))
            rows = max(rows, *map(int, set(re.findall(rb'\sr="[A-Z]{0,3}(\d{1,7})"', text))), 1)
            rest = text[-_LONGEST_REFERENCE:]
    width = max(map(_number, columns))
    if rows * width > _MOST_CELLS:
        raise RecordsError(
            f"its sheet reaches to row {rows:,} and column {width:,}", where=path.name,
            to_do="Delete what stands far off the table, or save the table as CSV and add that",
        )  # fmt: skip


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def _damaged(path: Path, error: BaseException) -> RecordsError:
    reason = "".join(c if c.isprintable() else "?" for c in str(error)[:120]) or type(error).__name__
    return RecordsError(
        f"cannot be read as a workbook: {reason}", where=path.name, to_do="Save it as XLSX or CSV anew and add that"
    )
