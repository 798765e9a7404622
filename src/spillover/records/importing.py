"""Adding a file of event data to a catalog: read, brought to the normal form, written, noted."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import itertools
import os
import re
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from spillover import __version__
from spillover.errors import RecordsError
from spillover.files import sweep, unwritable
from spillover.records.catalog import Catalog, Coverage, DataSet
from spillover.records.convert import Converted, check_columns, convert, prepare
from spillover.records.csvrows import Reject
from spillover.records.mapping import DataMapping, built_in, choose, fitting, known, load_mapping, spelled
from spillover.records.source import Source, faults, load, open_source, quoted, text, unreadable

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str], None]

_MEMORY = "1GB"
_WORLD = 50  # countries in a file from which on it is taken for one of the whole world
_SOME = 50  # one in so many rows has to have a value for it to tell a data set
_SAMPLE = 5000  # rows looked at to tell data sets with the same columns apart
_STALE_SECONDS = 3600.0
_SPILL = ".spillover-{pid}-{n}.spill.tmp"
_CHUNK = 1 << 22
_LINE_ENDS = 8
_counter = itertools.count()


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyst says of a file; ``None`` leaves it to the file.

    ``dataset``: force a built-in one. ``mapping``: a TOML file. ``release``: its release. ``dates``: ``dmy`` or
    ``mdy``. ``swap``: latitude and longitude change places. ``covers``: ISO3 codes, or ``("all",)``; ``start``,
    ``end``: the days that it covers, ISO 8601.
    """

    dataset: str | None = None
    mapping: Path | None = None
    release: str | None = None
    dates: str | None = None
    swap: bool = False
    covers: tuple[str, ...] | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a file did. ``new``: false where the same bytes were there already, read in the same way."""

    entry: DataSet
    new: bool
    rejects: tuple[Reject, ...] = ()


def add(catalog: Catalog, path: Path, options: Options | None = None, progress: Progress | None = None) -> Added:
    """Add the file at ``path``; :class:`RecordsError` where it cannot be used, with the catalog as it was."""
    options, tell = options or Options(), progress or (lambda _: None)
    before = _state(path)
    try:
        catalog.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(catalog.folder, error) from error
    _clean(catalog)
    source = open_source(path)
    mapping = load_mapping(options.mapping) if options.mapping else known(options.dataset) if options.dataset else None
    possible = [mapping] if mapping else fitting(source.header, path.name)
    source = replace(source, header=spelled(source.header, possible))
    with _Hash(path) as hashing, _database(catalog.folder) as db:
        tell("reading")
        prepare(db)
        mapping, release, done, cells, notes = _bring(db, source, possible, options, hashing, tell)
        recipe = _recipe(mapping, options)
        if (found := catalog.known(hashing.digest(), recipe)) is not None:
            return Added(found, new=False)
        rejects = tuple(sorted((*cells, *done.rejects), key=lambda r: r.row))
        if not done.kept:
            raise RecordsError(
                f"none of {done.rows + len(cells):,} rows could be used: {_reasons(rejects)}", where=path.name,
                to_do="Check that the file is what it should be, or say what it is with --as or --map",
            )  # fmt: skip
        tell("writing")
        mapping = _original(db, mapping)
        rows = _write(db, catalog.folder)
        try:
            if _state(path) != before:
                raise RecordsError(
                    "the file changed while it was read; nothing was added", where=str(path),
                    to_do="Wait until it is complete and add it again",
                )  # fmt: skip
            entry = DataSet(
                id=_hash_of(rows), dataset=mapping.id, name=mapping.name, what=mapping.what, family=mapping.family,
                release=release, licence=mapping.licence, attribution=mapping.attribution,
                fatal_only=mapping.fatal_only, provisional=mapping.provisional, private=mapping.private,
                rank=mapping.rank, rows=done.rows + len(cells), kept=done.kept,
                skipped=dict(Counter(kind_of(r.reason) for r in rejects).most_common()),
                notes=(*_heads(source.notes, notes), *notes, *done.notes),
                coverage=_coverage(db, mapping, release, options),
                source=path.name, source_sha256=hashing.digest(), source_size=before[0], recipe=recipe,
                imported_at=datetime.now(UTC).isoformat(timespec="seconds"), spillover=__version__,
            )  # fmt: skip
            same = next((s for s in catalog.sets() if s.id == entry.id), None)
            if same is not None and same.coverage == entry.coverage:
                return Added(same, new=False, rejects=rejects)
            return Added(catalog.put(entry, rows, _as_csv(rejects) if rejects else None), new=True, rejects=rejects)
        finally:
            rows.unlink(missing_ok=True)


def _bring(
    db: duckdb.DuckDBPyConnection, source: Source, possible: list[DataMapping], options: Options, hashing: _Hash,
    tell: Progress,
) -> tuple[DataMapping, str | None, Converted, list[Reject], list[str]]:  # fmt: skip
    """The table ``normal``: the mapping it was made by, the release, what came of it, rows that are none, and notes."""
    import duckdb

    for mapping in possible:
        check_columns(mapping, source.header, source.path.name)
    wanted, keep = _wanted(possible, source), any(m.rows_sql for m in possible)

    def bring(careful: bool) -> tuple[DataMapping, str | None, Converted, list[Reject], list[str]]:
        cells, notes = load(db, source, wanted, careful=careful, keep=keep)
        mapping = choose(possible, source.path.name, lambda *a: _has_other(db, source, *a))
        release = _release(db, mapping, source, options)
        return mapping, release, _convert(db, mapping, source, release, options), cells, notes

    try:
        try:
            made = bring(careful=False)
            if source.format != "csv" or not hashing.irregular():
                return made
        except faults():
            if source.format != "csv":
                raise
        tell("reading row by row")
        return bring(careful=True)
    except duckdb.Error as error:
        raise unreadable(source.path, error) from error


def connect(temporary: Path | None = None, memory: str = _MEMORY) -> duckdb.DuckDBPyConnection:
    """A DuckDB database in memory, with a limit on it, that loads no extension."""
    import duckdb

    settings: dict[str, Any] = {"memory_limit": memory, "autoinstall_known_extensions": False}
    if temporary is not None:
        settings["temp_directory"] = str(temporary)
    return duckdb.connect(config=settings)


class _database:
    """The database that one import works in."""

    def __init__(self, folder: Path) -> None:
        self._spill = folder / _SPILL.format(pid=os.getpid(), n=next(_counter))

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        self._db = connect(self._spill)
        return self._db

    def __exit__(self, *_: object) -> None:
        import shutil

        self._db.close()
        shutil.rmtree(self._spill, ignore_errors=True)


class _Hash:
    """The sha256 of a file, worked out beside the reading of it; and whether there is in it what a fast reader of CSV
    passes over: an empty line between rows, a NUL."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found = ""
        self._irregular = False
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            with self._path.open("rb", buffering=0) as file:
                self._read(file)
        except OSError as error:
            self._error = error

    def _read(self, file: BinaryIO) -> None:
        made, quotes, tail = hashlib.sha256(), 0, b""
        while chunk := file.read(_CHUNK):
            made.update(chunk)
            if not self._irregular:
                text = tail + chunk
                self._irregular = b"\0" in chunk or _has_empty_line(text, quotes)
                quotes += text.count(b'"', 0, max(0, len(text) - _LINE_ENDS))
                tail = text[-_LINE_ENDS:]
        self._found = made.hexdigest()

    def irregular(self) -> bool:
        """Whether there is such a line or character."""
        self._thread.join()
        return self._irregular

    def __enter__(self) -> _Hash:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def digest(self) -> str:
        self._thread.join()
        if self._error is not None:
            raise RecordsError(f"cannot be read: {self._error.strerror}", where=str(self._path), to_do="Check the file")
        return self._found


def _has_empty_line(text: bytes, quotes: int) -> bool:
    """Whether a line between rows is empty; ``quotes``: how many stand before. One at the end of a file is no line."""
    import numpy as np

    cells = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(cells == ord("\n"))
    if not len(ends):
        ends = np.flatnonzero(cells == ord("\r"))
    gaps = np.diff(ends)
    empty = ends[:-1][(gaps == 1) | ((gaps == 2) & (cells[ends[:-1] + 1] == ord("\r")))]
    if not len(empty):
        return False
    # outside quotes: an even number of them before it
    before = np.searchsorted(np.flatnonzero(cells == ord('"')), empty) + quotes
    last = len(text.rstrip(b"\r\n"))
    return bool(np.any((before % 2 == 0) & (empty < last)))


def _state(path: Path) -> tuple[int, int, int, int]:
    """What changes when a file is written to; the time of change of the inode cannot be set back by a program."""
    try:
        found = path.stat()
    except OSError as error:
        raise RecordsError(f"cannot be read: {error.strerror}", where=str(path), to_do="Check the path") from error
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise RecordsError("this is no plain file", where=str(path), to_do="Name a file that holds a table")
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _wanted(mappings: Sequence[DataMapping], source: Source) -> set[str]:
    if any(m.rows_sql for m in mappings):
        return set(source.header)
    return {c for m in mappings for c in (*(s for f in m.fields for s in f.sources), *(m.detect_some or ("",))[:1])}


def _has_other(db: duckdb.DuckDBPyConnection, source: Source, column: str, besides: Sequence[str]) -> bool:
    """Whether a column has values besides those in more than a few of the file's first rows."""
    if column not in source.header:
        return False
    listed = ", ".join(text(value) for value in besides)
    name = quoted(column)
    head = f"(SELECT {name} FROM raw LIMIT {_SAMPLE})"
    found = db.execute(
        f"SELECT count(*) FILTER ({name} NOT IN ({listed}) AND {name} NOT LIKE '#%'), count({name}) FROM {head}"
    ).fetchone() or (0, 0)
    # a few may be garbage, or cells of a neighbour
    return bool(found[0] * _SOME > found[1])


def _release(db: duckdb.DuckDBPyConnection, mapping: DataMapping, source: Source, options: Options) -> str | None:
    """The release: what the analyst says, what the file's name tells, or a column of it."""
    if said := options.release or mapping.release_of(source.path.name, source.layer):
        return said
    column = mapping.release_column
    if column is None or column not in source.header:
        return None
    found = db.execute(f"SELECT DISTINCT trim({quoted(column)}) FROM raw WHERE {quoted(column)} <> ''").fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def _heads(head: Sequence[str], whole: Sequence[str]) -> list[str]:
    """What was seen in a file's first bytes, but for what is known of all of it."""
    return [note for note in head if not ("encoding" in note and any("encoding" in other for other in whole))]


def _convert(
    db: duckdb.DuckDBPyConnection, mapping: DataMapping, source: Source, release: str | None, options: Options
) -> Converted:
    import duckdb

    try:
        return convert(db, mapping, source.header, release, dates=options.dates, swap=options.swap)
    except RecordsError as error:
        raise RecordsError(error.what, where=f"{source.path.name}, {error.where}", to_do=error.to_do) from error
    except duckdb.OutOfMemoryException as error:
        raise RecordsError(f"over the memory that an import may take ({_MEMORY})", where=source.path.name,
                           to_do="Split the file and add its parts") from error  # fmt: skip
    except duckdb.IOException as error:
        raise unreadable(source.path, error) from error
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
        raise RecordsError(
            f"the mapping {mapping.where} does not fit the file: {str(error).splitlines()[0]}", where=source.path.name,
            to_do="Check its columns against the file's header (docs/events.md)",
        ) from error  # fmt: skip


def _original(db: duckdb.DuckDBPyConnection, mapping: DataMapping) -> DataMapping:
    """A set that was written out in the normal form is of the data set that it was made from."""
    if mapping.id != "spillover-events":
        return mapping
    found = db.execute("SELECT DISTINCT dataset FROM normal WHERE dataset IS NOT NULL").fetchall()
    if len(found) != 1:
        return mapping
    (id,) = found[0]
    # events of an own table keep their ids apart from those of others
    return built_in().get(id, replace(mapping, id=id, family=id))


def _write(db: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The table ``normal`` as a Parquet file that is on the disk."""
    import duckdb

    path = folder / f".spillover-{os.getpid()}-{next(_counter)}.tmp"
    try:
        db.execute(f"COPY (SELECT * FROM normal) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except (duckdb.IOException, duckdb.FatalException, OSError) as error:
        path.unlink(missing_ok=True)
        raise unwritable(path, as_os_error(error)) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def as_os_error(error: Exception) -> OSError:
    """What DuckDB says of a file that it could not write, as the system would."""
    if isinstance(error, OSError):
        return error
    said = str(error).splitlines()[0]
    reasons = ((errno.ENOSPC, "space"), (errno.EACCES, "permission denied"), (errno.EROFS, "read-only file system"))
    return OSError(next((n for n, words in reasons if words in said.lower()), errno.EIO), said)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _recipe(mapping: DataMapping, options: Options) -> str:
    """How a file is read: the same bytes by the same recipe give the same set."""
    said = (
        mapping.id,
        mapping.digest,
        options.release,
        options.dates,
        options.swap,
        options.covers,
        options.start,
        options.end,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def _coverage(db: duckdb.DuckDBPyConnection, mapping: DataMapping, release: str | None, options: Options) -> Coverage:
    """What the set covers, by its rows and the rule of its data set, unless the analyst said."""
    if mapping.what == "actor_ties":
        year = re.match(r"(\d\d)\.", release or "")
        end = f"20{int(year[1]) - 1:02}-12-31" if year else datetime.now(UTC).date().isoformat()
        return Coverage(None, "1946-01-01", end)
    first, last = ("date_start", "date_end") if mapping.what == "events" else ("period_start", "period_end")
    # a day to come is a slip of the pen: the file says nothing of the years up to it
    newest = f"max({last})"
    if mapping.what == "events":
        newest = f"coalesce(max({last}) FILTER ({last} <= current_date), {newest})"
    row = db.execute(
        f"SELECT min({first}), {newest}, list(DISTINCT country) FILTER (country IS NOT NULL) FROM normal"
    ).fetchone()
    assert row is not None
    start, end = row[0].isoformat(), row[1].isoformat()
    if mapping.widen:
        given = db.execute("SELECT first, last FROM given_days").fetchone() or (None, None)
        start, end = (day.isoformat() if day else found for day, found in zip(given, (start, end), strict=True))
    if mapping.span == "years":
        start, end = f"{start[:4]}-01-01", f"{end[:4]}-12-31"
    elif mapping.span == "months":
        months = db.execute(
            f"SELECT min(date_trunc('month', m)), max(last_day(m)) FROM (SELECT {first} AS m, "
            "count(*) OVER (PARTITION BY "
            f"date_trunc('month', {first})) AS n, count(*) OVER () AS total FROM normal) WHERE n * 10 >= total"
        ).fetchone()
        assert months is not None
        start, end = months[0].strftime("%Y-%m-%d"), months[1].isoformat()
    found = sorted(row[2] or []) if mapping.complete else []
    countries: tuple[str, ...] | None = tuple(found)
    if mapping.complete and (mapping.worldwide or (mapping.what == "events" and len(found) >= _WORLD)):
        countries = None
    if options.covers:
        countries = None if options.covers == ("all",) else tuple(sorted(options.covers))
    return Coverage(countries, options.start or start, options.end or end)


def kind_of(reason: str) -> str:
    """A reason without the cell's own words, to count by."""
    said = re.sub(r"(?s)'.*'", "…", reason)
    said = re.sub(r"(?s)^id .*(?= stands already)", "an id", said)
    return re.sub(r" stands already in row \d+$", " stands twice", said)


def _reasons(rejects: Sequence[Reject]) -> str:
    counts = Counter(kind_of(r.reason) for r in rejects).most_common(4)
    return "; ".join(f"{reason} ({n:,})" for reason, n in counts)


def _as_csv(rejects: Sequence[Reject]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("row", "reason", "beginning"))
    # a spreadsheet runs a cell that begins so
    guarded = (("'" + r.text if r.text[:1] in ("=", "+", "-", "@", "\t", "\r") else r.text) for r in rejects)
    writer.writerows((r.row, r.reason, cell) for r, cell in zip(rejects, guarded, strict=True))
    return out.getvalue().encode("utf-8", "replace")


def _clean(catalog: Catalog) -> None:
    """Remove what killed runs have left, if it is older than an hour: another run may be writing now."""
    import shutil

    sweep(catalog.folder)
    for path in (*catalog.strays(), *catalog.folder.glob(_SPILL.format(pid="*", n="*"))):
        try:
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError:
            continue
