"""The SQLite file of a case: opening, making, migrating it, and saying in plain words what is wrong with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from spillover.errors import CaseError

APPLICATION_ID = 0x53504C56  # "SPLV", so that the file says whose it is
VERSION = 1
BUSY_SECONDS = 30.0

_REBUILD = (
    "The documents themselves are kept: make a new case from them with "
    "'spillover assess {folder}/documents/* --case NEW-CASE'"
)


def connect(path: Path, *, create: bool = True, readonly: bool = False) -> sqlite3.Connection:
    """An open connection to the case's database, with the newest schema; :class:`CaseError` if that cannot be."""
    if not path.is_file() and (readonly or not create):
        raise CaseError("there is no case here", where=str(path.parent), to_do=_how_to_make(path.parent))
    with explained(path):
        connection = _open_readonly(path) if readonly else _open(path)
        try:
            _check(connection, path)
            if not readonly:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                migrate(connection)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def _open_readonly(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri() + "?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        log = path.with_name(path.name + "-wal")
        # a write-ahead log needs a writable folder; without one, the file alone holds everything
        if primary_code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or (
            log.exists() and log.stat().st_size
        ):
            raise
        connection = sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None)
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if tables and owner != APPLICATION_ID:
        raise CaseError("this is a database of another program", where=str(path), to_do="Choose another folder")
    if version > VERSION:
        raise CaseError(
            f"the case was written by a newer Spillover (schema {version}; this one knows up to {VERSION})",
            where=str(path),
            to_do="Install the newer Spillover, or open a copy made by the older one",
        )
    documents = path.parent / "documents"
    if not tables and documents.is_dir() and any(documents.iterdir()):
        raise CaseError(
            "the case's database is missing or empty, but it has documents",
            where=str(path),
            to_do=_REBUILD.format(folder=path.parent),
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to :data:`VERSION`; all steps in one transaction, so that a crash leaves the old schema."""
    if int(connection.execute("PRAGMA user_version").fetchone()[0]) == VERSION:
        return
    with transaction(connection):
        # asked again: another program may have done it while this one waited for its turn
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        for step in range(version + 1, VERSION + 1):
            for statement in split_script(_script(step)):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {step}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _script(step: int) -> str:
    home = files("spillover.knowledge")
    name = "schema.sql" if step == 1 else f"migrations/{step:04}.sql"
    return home.joinpath(name).read_text("utf-8")


def split_script(script: str) -> Iterator[str]:
    """The single SQL statements of a script (a trigger's body holds semicolons of its own)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; the write lock is taken at the start, so two writers queue and do not fail half-way."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors on the file ``path`` into a :class:`CaseError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        what, to_do = _explain(error, path.parent)
        raise CaseError(what, where=str(path), to_do=to_do) from error


def primary_code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code, without the extended part."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _explain(error: sqlite3.Error, folder: Path) -> tuple[str, str]:
    match primary_code(error):
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return f"the case's database is damaged ({error})", (
                f"Put back a copy from a backup. {_REBUILD.format(folder=folder)}"
            )
        case sqlite3.SQLITE_FULL:
            return "the disk is full", "Free some space and run the same command again; what was stored is whole"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return "the case is read-only", "Change the folder's permissions, or copy the case to where you may write"
        case sqlite3.SQLITE_CANTOPEN:
            return "the case's database cannot be opened or written", "Check that the folder exists and is writable"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "another program is writing to this case", "Wait until it is done and run the same command again"
        case sqlite3.SQLITE_IOERR:
            return f"the disk does not read or write as it should ({error})", "Check the disk; copy the case elsewhere"
        case _:
            return f"the case's database refuses the operation ({error})", (
                "This is a fault in Spillover: please report it with the command that led here"
            )


def _how_to_make(folder: Path) -> str:
    return f"Make one with 'spillover assess FILE --case {folder}'"
