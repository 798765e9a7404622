"""A file of event data as a table of text: CSV and its kin, GeoJSON, XLSX, Parquet.

Whatever the format, DuckDB gets a view ``raw``: the file's columns as text (an empty cell is ``''`` or NULL), and
``_row``, the row's number as a spreadsheet shows it (the header is row 1; a cell with line breaks is one row), or
NULL where rows come in the file's own order and none is left out.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from spillover.errors import RecordsError
from spillover.records.csvrows import FIELD_LIMIT, Reject, decoded, read_carefully

if TYPE_CHECKING:
    import duckdb

_HEAD = 1 << 20
_DELIMITERS = ",;\t|"
_GEOJSON_LIMIT = 2 << 30


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is. ``layer``: a name that the file gives its content; ``notes``: what had to be done to read it."""

    path: Path
    format: str
    header: tuple[str, ...]
    layer: str = ""
    delimiter: str = ","
    notes: tuple[str, ...] = ()
    table: pa.Table | None = None


def open_source(path: Path) -> Source:
    """Find out what the file is, and its columns; :class:`RecordsError` where it cannot be read as a table."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except IsADirectoryError:
        raise RecordsError("this is a folder", where=str(path), to_do="Name the file itself") from None
    except OSError as error:
        raise RecordsError(f"cannot be read: {error.strerror}", where=str(path), to_do="Check the path") from error
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise RecordsError("the file is empty", where=str(path), to_do="Get it again, or name another file")
    if head.startswith(b"PAR1"):
        return _parquet(path)
    if head.startswith(b"PK"):
        return _xlsx(path)
    text, note = decoded(head)
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return _geojson(path)
    if "\0" in text.lstrip().partition("\n")[0] or text.lstrip()[:1] == "<":
        what = "a web page or XML" if text.lstrip()[:1] == "<" else "not a table"
        raise RecordsError(f"this is {what}", where=str(path), to_do="Give a CSV, XLSX, GeoJSON or Parquet file")
    return _csv(path, text, (note,) if note else ())


def _csv(path: Path, text: str, notes: tuple[str, ...]) -> Source:
    text = text.removeprefix("\ufeff")
    first = next(iter(io.StringIO(text, newline="")), "")
    csv.field_size_limit(FIELD_LIMIT)
    try:
        counts = {d: len(next(csv.reader([first], delimiter=d), [])) for d in _DELIMITERS}
        delimiter = max(counts, key=lambda d: counts[d])
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise RecordsError(
            f"the first line is no row of CSV ({error})", where=f"{path.name}, row 1", to_do="Mend the header"
        ) from error
    if counts[delimiter] < 2:
        raise RecordsError(
            "the first line has one column only", where=f"{path.name}, row 1",
            to_do="The first line has to be a header, its names parted by comma, semicolon, tab or |",
        )  # fmt: skip
    if delimiter != ",":
        notes = (*notes, f"columns are parted by {'tabs' if delimiter == chr(9) else repr(delimiter)}, not by commas")
    return Source(path, "csv", _unique(header), delimiter=delimiter, notes=notes)


def _unique(header: Iterable[Any]) -> tuple[str, ...]:
    """Names without surrounding space; a name that stands twice gets a number."""
    taken, found = {"_row"}, []
    for n, name in enumerate(header, start=1):
        base = name.strip() if isinstance(name, str) else "" if name is None else str(name)
        made = base = base.replace("\0", "") or f"column {n}"
        same = 1
        while made.lower() in taken:
            same += 1
            made = f"{base} ({same})"
        taken.add(made.lower())
        found.append(made)
    return tuple(found)


def _parquet(path: Path) -> Source:
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise RecordsError(f"the Parquet file is damaged: {error}", where=path.name, to_do="Get it again") from error
    return Source(path, "parquet", _unique(schema.names))


def _xlsx(path: Path) -> Source:
    from spillover.records.workbook import read_sheet

    sheet = read_sheet(path)
    notes = (f"the workbook's first sheet, {sheet.name!r}, was read; the others not",) if sheet.others else ()
    rows = ([_cell(c) for c in row] for row in sheet.rows[1:])
    return _from_rows(path, "xlsx", sheet.rows[0], rows, sheet.name, notes, first=sheet.first + 1)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # three digits after a point are thousands where they stand in a text, not in a number
        return str(int(value)) if value.is_integer() else re.sub(r"(?<=\.\d{3})$", "0", str(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _geojson(path: Path) -> Source:
    if path.stat().st_size > _GEOJSON_LIMIT:
        raise RecordsError("GeoJSON over 2 GB", where=path.name, to_do="Add the CSV form of the data set")
    try:
        data = json.loads(decoded(path.read_bytes())[0].removeprefix("\ufeff"))
        features = data["features"]
        given = [_properties(f) for f in features]
        keys = list(dict.fromkeys(k for p in given for k in p))
        if not keys:
            raise KeyError("properties")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordsError(
            f"not a GeoJSON feature collection with properties ({type(error).__name__}: {error})", where=path.name,
            to_do="Get it again, or add the CSV form of the data set",
        ) from error  # fmt: skip
    pointed = () if "latitude" in keys else ("latitude", "longitude")
    rows = []
    for feature, properties in zip(features, given, strict=True):
        cells = [_cell(properties.get(key)) for key in keys]
        rows.append(cells + (_point(feature.get("geometry")) if pointed and properties else []))
    layer = data.get("name")
    return _from_rows(path, "geojson", (*keys, *pointed), rows, layer if isinstance(layer, str) else "", ())


def _properties(feature: Any) -> dict[str, Any]:
    """A feature's properties; without any it comes to an empty row."""
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _point(geometry: Any) -> list[str]:
    at = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(at, list) or len(at) < 2:
        return ["", ""]
    return [str(at[1]), str(at[0])]


def _from_rows(
    path: Path, format: str, header: Iterable[Any], rows: Iterable[Sequence[str]], layer: str, notes: tuple[str, ...],
    first: int = 2,
) -> Source:  # fmt: skip
    names = _unique(header)
    filled = [[*row, *[""] * (len(names) - len(row))] for row in rows]
    return Source(path, format, names, layer, notes=notes, table=as_table(names, filled, itertools.count(first)))


def as_table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Iterable[int]) -> pa.Table:
    """Rows of text as an Arrow table, with ``_row``."""
    cells = {name: _column([row[n] for row in rows]) for n, name in enumerate(header)}
    return pa.table({**cells, "_row": pa.array(list(itertools.islice(numbers, len(rows))), pa.int64())})


def _column(cells: list[str]) -> pa.Array:
    try:
        return pa.array([cell.replace("\0", "") for cell in cells], pa.string())
    except UnicodeEncodeError:
        # half of a pair, which JSON can hold and UTF-8 cannot
        return _column([cell.encode("utf-8", "replace").decode() for cell in cells])


def load(
    db: duckdb.DuckDBPyConnection, source: Source, wanted: Iterable[str], *, careful: bool = False, keep: bool = False
) -> tuple[list[Reject], list[str]]:
    """Make ``raw`` of the ``wanted`` columns; rows that are no rows at all, and what had to be done.

    A well-formed CSV is read by DuckDB's own reader, as ``raw`` is read, which may find a fault then (:func:`faults`).
    ``careful``: it is read row by row, so that each row that is whole is kept and each that is not is named.
    ``keep``: ``raw`` is kept in memory, to be read more than once.
    """
    import duckdb

    _forget(db)
    names = [name for name in source.header if name in set(wanted)]
    picked = ", ".join(quoted(name) for name in names)
    if source.table is not None:
        return _take(db, source.table, picked), []
    if source.format == "csv" and (careful or any("encoding" in note for note in source.notes)):
        at = [source.header.index(name) for name in names]

        def take(rows: list[list[str]], numbers: list[int]) -> None:
            _take(db, as_table(names, [[row[n] for n in at] for row in rows], numbers), picked)

        try:
            rows = read_carefully(source.path, len(source.header), source.delimiter, take)
        except OSError as error:
            raise unreadable(source.path, error) from error
        return rows.rejects, rows.notes
    if source.format == "parquet":
        reader = _parquet_reader(db, source, names)
    else:
        columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in source.header)
        reader = (
            f"SELECT {picked}, CAST(NULL AS BIGINT) AS _row FROM read_csv({text(str(source.path))}, header = true, "
            f"auto_detect = false, delim = {text(source.delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
            f"null_padding = false, columns = {{{columns}}})"
        )
    try:
        if keep:
            db.execute(f"CREATE TABLE cells AS {reader}")
            # a table keeps the order in which it was filled
            db.execute("CREATE VIEW raw AS SELECT * EXCLUDE (_row), rowid + 2 AS _row FROM cells")
        else:
            db.execute(f"CREATE VIEW raw AS {reader}")
    except duckdb.IOException as error:
        raise unreadable(source.path, error) from error
    return [], []


def unreadable(path: Path, error: Exception) -> RecordsError:
    """The error for a file that was there and cannot be read, or not to its end."""
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
    return RecordsError(
        f"cannot be read: {reason}", where=str(path), to_do="Check the file and the disk, or get it again"
    )


def _parquet_reader(db: duckdb.DuckDBPyConnection, source: Source, names: Sequence[str]) -> str:
    """A query for the columns as text. A number with a fraction gets none of its own making: 12.000 is 12."""
    file = f"read_parquet({text(str(source.path))})"
    found = db.execute(f"SELECT * FROM {file} LIMIT 0").description or []
    types = {name: str(column[1]) for name, column in zip(source.header, found, strict=True)}
    renamed = f"(SELECT * FROM {file}) AS t({', '.join(quoted(n) for n in source.header)})"

    def cell(name: str) -> str:
        as_text = f"CAST({quoted(name)} AS VARCHAR)"
        if not types[name].startswith(("DECIMAL", "DOUBLE", "FLOAT")):
            return f"replace({as_text}, chr(0), '')"
        number = f"CAST({quoted(name)} AS DOUBLE)"
        whole = f"{number} = round({number}) AND abs({number}) < 1e15"
        # three digits after a point are thousands where they stand in a text
        return (
            f"CASE WHEN {whole} THEN CAST(CAST({number} AS BIGINT) AS VARCHAR) "
            f"WHEN pointed({as_text}) THEN {as_text} || '0' ELSE {as_text} END"
        )

    cells = ", ".join(f"{cell(n)} AS {quoted(n)}" for n in names)
    return f"SELECT {cells}, CAST(NULL AS BIGINT) AS _row FROM {renamed}"


def faults() -> tuple[type[Exception], ...]:
    """What DuckDB raises for a CSV file that is not well formed."""
    import duckdb

    return (duckdb.InvalidInputException, duckdb.ConversionException)


def _forget(db: duckdb.DuckDBPyConnection) -> None:
    for what in (
        "VIEW IF EXISTS normal",
        "TABLE IF EXISTS all_rows",
        "TABLE IF EXISTS written",
        "VIEW IF EXISTS raw",
        "TABLE IF EXISTS cells",
    ):
        db.execute(f"DROP {what}")


def _take(db: duckdb.DuckDBPyConnection, table: pa.Table, picked: str) -> list[Reject]:
    db.register("arrived", table)
    db.execute(f"CREATE TABLE IF NOT EXISTS cells AS SELECT {picked}, _row FROM arrived LIMIT 0")
    db.execute(f"INSERT INTO cells SELECT {picked}, _row FROM arrived")
    db.execute("CREATE OR REPLACE VIEW raw AS SELECT * FROM cells")
    db.unregister("arrived")
    return []


def quoted(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """``value`` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"
