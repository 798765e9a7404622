"""The knowledge base of a case: the one place that writes and reads its SQLite file.

One transaction a document, brought to the disk before it is reported as done: after a crash a document is there with
all its statements or not at all. Readers beside the one writer see the last finished document (WAL).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spillover.errors import CaseError
from spillover.files import sweep, unwritable
from spillover.reading.reading import Mention, Reading
from spillover.reading.statement import Rejected, Statement

from . import edits as _edits
from . import search as _search
from .changes import Changes, compare
from .database import connect, explained, transaction
from .edits import Edit
from .originals import keep
from .records import Added, CaseActor, ReadingInfo, StoredDocument, UnknownActor
from .rows import document_from, extraction_row
from .writing import Writer, check_quotes, make_current

FILE = "kb.sqlite"

_DOCUMENTS = """
SELECT sha256, name, format, size, added_at,
       (SELECT count(*) FROM current_statement AS s WHERE s.document = sha256) AS statements
FROM document ORDER BY n
"""
_READINGS = """
SELECT id, document, engine, ruleset, created_at, current,
       (SELECT count(*) FROM statement WHERE statement.reading = reading.id) AS statements,
       (SELECT count(*) FROM rejected WHERE rejected.reading = reading.id) AS rejected
FROM reading WHERE document = ? ORDER BY id
"""
_READING = """
SELECT reading.id AS reading, reading.engine, reading.ruleset, document.name, document.format, extraction.*
FROM reading
JOIN document ON document.sha256 = reading.document
JOIN extraction ON extraction.id = reading.extraction
WHERE reading.document = ?1 AND (reading.id = ?2 OR (?2 IS NULL AND reading.current = 1))
"""
_ROLES = """
    SELECT subject_actor AS actor, subject_surface AS surface, subject_kind AS kind, subject_how AS how, key, document
    FROM current_statement WHERE subject_surface IS NOT NULL
    UNION ALL
    SELECT object_actor, object_surface, object_kind, object_how, key, document
    FROM current_statement WHERE object_surface IS NOT NULL
"""
_ACTORS = f"""
SELECT actor.id, actor.name, actor.kind, actor.known, actor.info, role.surface, role.how, role.key, role.document
FROM actor JOIN ({_ROLES}) AS role ON role.actor = actor.id
"""
_UNKNOWN_ACTORS = f"""
SELECT surface, kind, count(*) AS statements FROM ({_ROLES})
WHERE actor IS NULL AND kind <> 'thing' AND how = 'ner'
GROUP BY surface, kind ORDER BY statements DESC, surface, kind
"""


class Store:
    """Open with :meth:`open`; a context manager. Use it from one thread."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection, self._folder = connection, folder
        self._file = folder / FILE
        connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, folder: Path, *, create: bool = True, readonly: bool = False) -> Store:
        """The store of the case ``folder``, made where there is none and ``create`` says so."""
        try:
            if create and not readonly:
                (folder / "documents").mkdir(parents=True, exist_ok=True)
            store = cls(connect(folder / FILE, create=create, readonly=readonly), folder)
            if not readonly:
                sweep(folder / "documents")
        except OSError as error:
            raise unwritable(folder, error) from error
        return store

    def close(self) -> None:
        """Close the file; what was added is on the disk already."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, reading: Reading, source: Path | bytes, actors: Mapping[str, Any] | None = None) -> Added:
        """Store a reading with its document, whose original bytes are in ``source``, and make it the current one.

        A reading by the same rule set of the same text is there already: no row is added. ``actors``: what the lexicon
        says of the ids in the reading; an id that is not in it is kept under the name that the document gives it.
        :class:`CaseError` where a quote is not in the text at its offsets, or where the case cannot be written.
        """
        check_quotes(reading)
        extraction = extraction_row(reading.document)
        # the bytes come first: a crash in between leaves a file too many, never a document without its bytes
        size = keep(self._folder / "documents", reading.document.sha256, source)
        with explained(self._file), transaction(self._connection):
            return Writer(self._connection, actors or {}).write(reading, extraction, size)

    def use(self, document: str, reading: int) -> None:
        """Make a reading that is in the store already the current one of its document."""
        with explained(self._file), transaction(self._connection):
            make_current(self._connection, document, reading)

    def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        with explained(self._file):
            return self._connection.execute(sql, tuple(values)).fetchall()

    def documents(self) -> list[StoredDocument]:
        """All documents, in the order in which they were added."""
        return [StoredDocument(**row) for row in self._rows(_DOCUMENTS)]

    def find_documents(self, reference: str) -> list[StoredDocument]:
        """Documents of that name, or whose hash (with or without ``sha256:``) starts with ``reference``."""
        start = reference.removeprefix("sha256:").lower()
        hashed = len(start) >= 4 and all(c in "0123456789abcdef" for c in start)
        return [d for d in self.documents() if d.name == reference or (hashed and d.sha256.startswith(start))]

    def readings(self, document: str) -> list[ReadingInfo]:
        """All readings of the document with that sha256, oldest first."""
        return [ReadingInfo(**{**row, "current": bool(row["current"])}) for row in self._rows(_READINGS, (document,))]

    def find_reading(self, document: str, engine: str, ruleset: str) -> int | None:
        """The id of the newest reading of that document by that engine and rule set."""
        found = self._rows(
            "SELECT max(id) AS id FROM reading WHERE document = ? AND engine = ? AND ruleset = ?",
            (document, engine, ruleset),
        )
        return found[0]["id"] if found else None

    def reading(self, document: str, id: int | None = None) -> Reading:
        """The current reading of a document, or that of the given ``id``, equal to the one that was added."""
        rows = self._rows(_READING, (document, id))
        if not rows:
            raise CaseError(f"there is no such reading of the document {document[:12]}", where=str(self._file))
        row, key = rows[0], (rows[0]["reading"],)
        rejected = self._rows("SELECT json, reason FROM rejected WHERE reading = ? ORDER BY id", key)
        mentions = self._rows(
            "SELECT start, end, surface, type, ref, how FROM mention WHERE reading = ? ORDER BY id", key
        )
        return Reading(
            document=document_from(document, row["name"], row["format"], dict(row)),
            statements=tuple(self._statements_of(row["reading"])),
            rejected=tuple(Rejected(_statement(r), r["reason"]) for r in rejected),
            mentions=tuple(Mention(**m) for m in mentions),
            engine=row["engine"],
            ruleset=row["ruleset"],
        )

    def _statements_of(self, reading: int) -> list[Statement]:
        return [
            _statement(r) for r in self._rows("SELECT json FROM statement WHERE reading = ? ORDER BY key", (reading,))
        ]

    def statements(
        self,
        *,
        kind: str | None = None,
        status: str | None = None,
        actor: str | None = None,
        document: str | None = None,
        id: str | None = None,
    ) -> list[Statement]:
        """Statements of the current readings, by document and in the order of the reading.

        ``actor``: an actor's id, as subject or object. ``document``: its sha256. ``id``: a statement's id, or the start
        of one.
        """
        asked = {
            "kind = ?": kind,
            "status = ?": status,
            "document = ?": document,
            "? IN (subject_actor, object_actor)": actor,
            "instr(id, ?) = 1": id,
        }
        given = {clause: value for clause, value in asked.items() if value is not None}
        where = " AND ".join(given) or "1"
        sql = f"SELECT json FROM current_statement WHERE {where} ORDER BY document_n, key"
        return [_statement(row) for row in self._rows(sql, given.values())]

    def changes(self, document: str) -> Changes | None:
        """What the current reading of a document says differently from the newest other one; ``None`` without one."""
        infos = self.readings(document)
        now = next((r for r in infos if r.current), None)
        before = next((r for r in reversed(infos) if not r.current), None)
        if now is None or before is None:
            return None
        names = [f"{r.engine} {r.ruleset}" for r in (before, now)]
        return compare(document, names[0], self._statements_of(before.id), names[1], self._statements_of(now.id))

    def actors(self) -> list[CaseActor]:
        """The actors of the current readings' statements, those with most statements first."""
        return _count_actors(self._rows(_ACTORS))

    def unknown_actors(self) -> list[UnknownActor]:
        """Names in the role of an actor that no id was found for, those with most statements first."""
        return [UnknownActor(**row) for row in self._rows(_UNKNOWN_ACTORS)]

    def edit(self, action: str, target: str, key: str, new: Any, note: str | None = None) -> Edit:
        """Write down a decision of the analyst's; nothing is changed or taken away, the last one on a key holds."""
        with explained(self._file), transaction(self._connection):
            return _edits.append(self._connection, action, target, key, new, note)

    def edits(self, target: str) -> dict[str, Edit]:
        """The decisions that hold on a target, by key."""
        with explained(self._file):
            return _edits.current(self._connection, target)

    def search(self, query: str, *, limit: int = 50) -> list[_search.Hit]:
        """Full-text search over the current readings; see :mod:`spillover.knowledge.query` for the language."""
        with explained(self._file):
            return _search.search(self._connection, query, limit=limit)


def _statement(row: sqlite3.Row) -> Statement:
    return Statement.from_dict(json.loads(row["json"]))


def _count_actors(rows: list[sqlite3.Row]) -> list[CaseActor]:
    by_id: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    actors = []
    for id, roles in by_id.items():
        # "it" and "the group" are no names
        surfaces = [role["surface"] for role in roles if role["how"] != "coreference"]
        actors.append(CaseActor(
            id, roles[0]["name"], roles[0]["kind"], bool(roles[0]["known"]),
            statements=len({role["key"] for role in roles}),
            documents=len({role["document"] for role in roles}),
            surfaces=tuple(sorted(set(surfaces), key=lambda s: (-surfaces.count(s), s))),
            info=json.loads(roles[0]["info"]),
        ))  # fmt: skip
    return sorted(actors, key=lambda a: (-a.statements, a.id))
