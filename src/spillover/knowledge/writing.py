"""The rows of a reading, written inside a transaction that the caller holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from spillover.errors import CaseError
from spillover.reading.statement import Statement

from .records import Added
from .rows import actor_info, dump, place_row, statement_row

if TYPE_CHECKING:
    from spillover.reading.document import Document
    from spillover.reading.reading import Reading


class Writer:
    """Writes one reading. ``actors``: what the lexicon says of the ids in it."""

    def __init__(self, connection: sqlite3.Connection, actors: Mapping[str, Any]) -> None:
        self._connection, self._actors = connection, actors

    def write(self, reading: Reading, extraction: dict[str, str], size: int) -> Added:
        """The reading with its document (``size`` bytes); nothing where it is there, but that it is current again."""
        document = reading.document
        self._connection.execute(
            "INSERT INTO document (sha256, name, format, size, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (document.sha256, document.name, document.format, size, _now()),
        )
        text = self._extraction(document, extraction)
        found = self._connection.execute(
            "SELECT id FROM reading WHERE extraction = ? AND engine = ? AND ruleset = ?",
            (text, reading.engine, reading.ruleset),
        ).fetchone()
        if found:
            make_current(self._connection, document.sha256, found["id"])
            return Added(found["id"], new=False)
        row = {"document": document.sha256, "extraction": text, "engine": reading.engine, "ruleset": reading.ruleset}
        id = self._insert("reading", {**row, "created_at": _now(), "current": 0})
        make_current(self._connection, document.sha256, id)
        for statement in reading.statements:
            self._statement(statement, id, document.sha256)
        for rejected in reading.rejected:
            row_ = {"reading": id, "reason": rejected.reason, "json": dump(rejected.statement.to_dict())}
            self._insert("rejected", row_)
        for mention in reading.mentions:
            if mention.type == "actor" and mention.ref is not None:
                self._actor(mention.ref, mention.surface, None)
            names = ("start", "end", "surface", "type", "ref", "how")
            self._insert("mention", {"reading": id, **{name: getattr(mention, name) for name in names}})
        return Added(id, new=True)

    def _extraction(self, document: Document, row: dict[str, str]) -> int:
        found = self._connection.execute(
            "SELECT id FROM extraction WHERE document = ? AND content = ?", (document.sha256, row["content"])
        ).fetchone()
        if found:
            return int(found["id"])
        id = self._insert("extraction", row)
        blocks = [(b.start, b.end, b.kind) for b in document.blocks] or [(0, len(document.text), "paragraph")]
        for start, end, kind in blocks:
            if kind != "furniture" and start < end:
                passage = self._insert("passage", {"extraction": id, "start": start, "end": end, "kind": kind})
                self._insert("passage_fts", {"rowid": passage, "text": document.text[start:end]})
        return id

    def _statement(self, statement: Statement, reading: int, sha256: str) -> None:
        roles = [role for role in (statement.subject, statement.object) if role is not None]
        for role in roles:
            if role.actor is not None:
                self._actor(role.actor, role.surface, role.kind)
        key = self._insert("statement", statement_row(statement, reading, sha256))
        for n, evidence in enumerate((statement.evidence, *statement.also)):
            span = {"start": evidence.start, "end": evidence.end, "quote": evidence.quote}
            self._insert("evidence", {"statement": key, "ordinal": n, "document": sha256, **span})
        for n, place in enumerate(statement.place):
            self._insert("statement_place", {"statement": key, **place_row(place, n)})
        surfaces = [part.surface for part in (*roles, *statement.place)]
        names = [name for role in roles if role.actor for name in self._names(role.actor)]
        text = {"quote": statement.evidence.quote, "surfaces": " · ".join(surfaces), "actors": " · ".join(names)}
        self._insert("statement_fts", {"rowid": key, **text})

    def _actor(self, id: str, surface: str, kind: str | None) -> None:
        info = self._actors.get(id)
        if info is not None:
            self._connection.execute(
                "INSERT INTO actor VALUES (?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, kind = excluded.kind, known = 1, info = excluded.info",
                (id, info.name, info.kind, dump(actor_info(info))),
            )
        else:
            # an id of the text's own goes by the first name that the text gives it
            self._connection.execute(
                "INSERT INTO actor VALUES (?, ?, ?, 0, '{}') ON CONFLICT (id) DO UPDATE SET"
                " kind = coalesce(actor.kind, excluded.kind)",
                (id, surface, kind),
            )

    def _names(self, id: str) -> list[str]:
        """All names to find an actor's statements by."""
        info = self._actors.get(id)
        return [id] if info is None else [info.name, *info.acronyms, *info.aliases, *info.former_names]

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        cursor = self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
        return int(cursor.lastrowid or 0)


def make_current(connection: sqlite3.Connection, sha256: str, id: int) -> None:
    """Make a reading the current one of its document."""
    connection.execute("UPDATE reading SET current = 0 WHERE document = ? AND current = 1 AND id <> ?", (sha256, id))
    connection.execute("UPDATE reading SET current = 1 WHERE id = ? AND current = 0", (id,))


def check_quotes(reading: Reading) -> None:
    """:class:`CaseError` where a statement's words are not in the text at its offsets: such a one is never stored."""
    document = reading.document
    for statement in reading.statements:
        if statement.document != document.id:
            raise CaseError(f"statement {statement.id} is of another document", where=document.name)
        for evidence in (statement.evidence, *statement.also):
            if document.text[evidence.start : evidence.end] != evidence.quote:
                raise CaseError(
                    f"the quote of statement {statement.id} is not in the text at {evidence.start}–{evidence.end}",
                    where=document.name,
                    to_do="This is a fault in the reading engine: please report it",
                )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
