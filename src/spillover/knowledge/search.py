"""Full-text search over the current readings: statements first, then passages of the documents."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from spillover.reading.statement import Statement

from .database import primary_code
from .query import QueryError, to_fts5

# FTS5 puts these around the words it found; Unicode promises that neither is a character
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_SNIPPET_WORDS = 24

_STATEMENTS = """
SELECT statement.json AS json, document.sha256 AS sha256, document.name AS name,
       evidence.start AS start, evidence.end AS end, bm25(statement_fts, 2.0, 2.0, 1.0) AS score,
       snippet(statement_fts, 0, :open, :close, '…', :words) AS snippet
FROM statement_fts
JOIN statement ON statement.key = statement_fts.rowid
JOIN evidence ON evidence.statement = statement.key AND evidence.ordinal = 0
JOIN reading ON reading.id = statement.reading AND reading.current = 1
JOIN document ON document.sha256 = statement.document
WHERE statement_fts MATCH :query ORDER BY score, statement.key LIMIT :limit
"""
_PASSAGES = """
SELECT NULL AS json, document.sha256 AS sha256, document.name AS name,
       passage.start AS start, passage.end AS end, bm25(passage_fts) AS score,
       snippet(passage_fts, 0, :open, :close, '…', :words) AS snippet
FROM passage_fts
JOIN passage ON passage.id = passage_fts.rowid
JOIN reading ON reading.extraction = passage.extraction AND reading.current = 1
JOIN document ON document.sha256 = reading.document
WHERE passage_fts MATCH :query ORDER BY score, passage.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``start``/``end`` are code-point offsets of the quote or passage in the document's text.

    ``marks``: half-open stretches of ``snippet`` that match the query. ``score``: bm25, lower is better; scores of
    statements and of passages are on different scales.
    """

    what: Literal["statement", "passage"]
    document: str
    document_name: str
    start: int
    end: int
    snippet: str
    marks: tuple[tuple[int, int], ...]
    score: float
    statement: Statement | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "what": self.what,
            "document": f"sha256:{self.document}",
            "document_name": self.document_name,
            "start": self.start,
            "end": self.end,
            "snippet": self.snippet,
            "marks": [list(mark) for mark in self.marks],
            "statement": None if self.statement is None else self.statement.to_dict(),
        }


def search(connection: sqlite3.Connection, query: str, *, limit: int = 50) -> list[Hit]:
    """What matches ``query`` (see :mod:`spillover.knowledge.query`), at most ``limit`` of either sort, best first."""
    expression = to_fts5(query)
    values = {"query": expression, "limit": limit, "open": _OPEN, "close": _CLOSE, "words": _SNIPPET_WORDS}
    hits: list[Hit] = []
    try:
        for what, sql in (("statement", _STATEMENTS), ("passage", _PASSAGES)):
            hits += [_hit(what, row) for row in connection.execute(sql, values)]  # type: ignore[arg-type]
    except sqlite3.OperationalError as error:
        if primary_code(error) != sqlite3.SQLITE_ERROR:
            raise
        # a limit of FTS5's own, such as the depth of an expression
        raise QueryError(f"too complex ({error})", where=f"search {query!r}", to_do="Use fewer words") from error
    return hits


def _hit(what: Literal["statement", "passage"], row: sqlite3.Row) -> Hit:
    snippet, marks = _marks(row["snippet"])
    statement = None if row["json"] is None else Statement.from_dict(json.loads(row["json"]))
    return Hit(what, row["sha256"], row["name"], row["start"], row["end"], snippet, marks, row["score"], statement)


def _marks(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The snippet without its marks, and where they stood."""
    text, marks, begun = "", [], None
    for char in marked:
        if char == _OPEN:
            begun = len(text)
        elif char == _CLOSE and begun is not None:
            marks.append((begun, len(text)))
            begun = None
        elif char != _CLOSE:
            text += char
    return text, tuple(marks)
