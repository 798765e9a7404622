"""The result of reading one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spillover.reading.document import Document
from spillover.reading.lines import to_line
from spillover.reading.statement import Rejected, Statement

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, place, time or number in the text. ``ref``: actor id, place code, interval or value."""

    start: int
    end: int
    surface: str
    type: str
    ref: str | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one engine with one rule set read in one document, in the order of the text."""

    document: Document
    statements: tuple[Statement, ...]
    rejected: tuple[Rejected, ...]
    mentions: tuple[Mention, ...]
    engine: str
    ruleset: str

    def to_json(self) -> str:
        """JSON Lines, one statement a line, keys in the contract's order."""
        return "".join(to_line(s.to_dict()) + "\n" for s in self.statements)

    def rows(self) -> list[dict[str, Any]]:
        """One flat row a statement, for tables."""
        return [_row(s) for s in self.statements]

    def to_polars(self) -> polars.DataFrame:
        """One row a statement; places and sources joined by semicolons."""
        import polars

        schema = dict.fromkeys(_COLUMNS, polars.String) | _numbers(polars)
        return polars.DataFrame(self.rows(), schema=schema, strict=False)

    def to_arrow(self) -> pyarrow.Table:
        """The same as an Arrow table."""
        return self.to_polars().to_arrow()

    def to_pandas(self) -> pandas.DataFrame:
        """The same as a pandas frame (pandas is not installed with Spillover)."""
        import pandas

        return pandas.DataFrame(self.rows(), columns=_COLUMNS)


_COLUMNS = [
    "id", "kind", "type", "subject", "subject_actor", "object", "object_actor", "place", "place_code", "time",
    "time_start", "time_end", "quantity", "low", "high", "unit", "bound", "instrument", "text", "effect", "condition",
    "status", "phase", "polarity", "likelihood", "attribution", "quote", "start", "end", "document", "engine", "rule",
]  # fmt: skip


def _numbers(polars: Any) -> dict[str, Any]:
    return {"low": polars.Float64, "high": polars.Float64, "start": polars.Int64, "end": polars.Int64}


def _row(s: Statement) -> dict[str, Any]:
    q, t = s.quantity, s.time
    return {
        "id": s.id, "kind": s.kind, "type": s.type,
        "subject": s.subject.surface if s.subject else None, "subject_actor": s.subject.actor if s.subject else None,
        "object": s.object.surface if s.object else None, "object_actor": s.object.actor if s.object else None,
        "place": "; ".join(p.surface for p in s.place) or None,
        "place_code": "; ".join(p.place or "" for p in s.place) or None,
        "time": t.surface if t else None, "time_start": t.start if t else None, "time_end": t.end if t else None,
        "quantity": q.surface if q else None, "low": q.low if q else None, "high": q.high if q else None,
        "unit": q.unit if q else None, "bound": q.bound if q else None, "instrument": s.instrument, "text": s.text,
        "effect": s.effect, "condition": s.condition, "status": s.status, "phase": s.phase, "polarity": s.polarity,
        "likelihood": s.likelihood.cue if s.likelihood else None,
        "attribution": "; ".join(a.name for a in s.attribution) or None, "quote": s.evidence.quote,
        "start": s.evidence.start, "end": s.evidence.end, "document": s.document, "engine": s.engine, "rule": s.rule,
    }  # fmt: skip
