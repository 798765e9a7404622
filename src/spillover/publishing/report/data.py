"""The report's data: readings and the actors they name, as the JSON that the page carries.

Its types for the front end are in ``frontend/src/lib/types.ts``.

The same readings give the same bytes: no clock, no set order, no absolute path goes in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any, Protocol

from spillover.reading.document import Document
from spillover.reading.statement import Rejected, Statement

if TYPE_CHECKING:
    from spillover.publishing.forecasts import Forecasts
    from spillover.spread import Overview

FORMAT = "spillover-report/1"
ACTOR_FIELDS = (
    "name", "kind", "aliases", "acronyms", "former_names", "parent", "founded", "ended", "region", "countries",
    "ucdp_id", "ucdp_name",
)  # fmt: skip


class MentionLike(Protocol):
    """A name in the text: ``ref`` is the actor's id where ``type`` is ``actor``."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def surface(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def how(self) -> str | None: ...


class ReadingLike(Protocol):
    """What the report needs of a reading."""

    @property
    def document(self) -> Document: ...
    @property
    def statements(self) -> tuple[Statement, ...]: ...
    @property
    def rejected(self) -> tuple[Rejected, ...]: ...
    @property
    def mentions(self) -> Sequence[MentionLike]: ...
    @property
    def engine(self) -> str: ...
    @property
    def ruleset(self) -> str: ...


class ActorLike(Protocol):
    """What the report needs of an actor of the lexicon; other fields of ``ACTOR_FIELDS`` are shown where given."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def report_data(
    readings: Sequence[ReadingLike],
    *,
    title: str | None = None,
    actors: Mapping[str, ActorLike] | None = None,
    checks: Mapping[str, Any] | None = None,
    spread: Overview | None = None,
    forecasts: Forecasts | str | None = None,
) -> dict[str, Any]:
    """The page's data as plain values. Of ``actors`` (by id), those that statements name and their parents go in.

    ``checks`` goes in as it is: findings, the ledger of forecasts and the data sets; None where there is no event data.
    ``spread``: how the violence of the record moves; None where there are no events. ``forecasts``: what may come, the
    reason why that cannot be said, or None where it was not asked for.
    """
    documents = [_document(reading) for reading in readings]
    if title is None:
        title = _title(readings)
    return {
        "format": FORMAT,
        "title": title,
        "version": metadata_version(),
        "words": words(),
        "actors": _actors(readings, actors or {}),
        "documents": documents,
        "checks": None if checks is None else dict(checks),
        "spread": None if spread is None else _spread(spread),
        "forecasts": None if forecasts is None else _forecasts(forecasts),
    }


def words() -> dict[str, Any]:
    """The words that people read for kinds, types, statuses (``words.json``)."""
    text = resources.files(__package__).joinpath("words.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def json_for_script(data: Any) -> str:
    """``data`` as JSON that may stand inside an HTML ``script`` element, whatever its strings hold.

    ``<`` cannot close the element or open a comment; U+2028 and U+2029, which end a line in old JavaScript, and lone
    surrogates, which UTF-8 cannot carry, are written as escapes. ``json.loads`` gives back the same data.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" or c == "\x7f" else c for c in text)


def metadata_version() -> str:
    try:
        return metadata.version("spillover")
    except metadata.PackageNotFoundError:
        return "from source"


def _spread(made: Overview) -> dict[str, Any]:
    # loaded here, for a report without events needs none of it
    from spillover.publishing.report.spread import spread_data

    return spread_data(made)


def _forecasts(found: Forecasts | str) -> dict[str, Any]:
    from spillover.publishing.report.forecasts import forecast_data

    return forecast_data(found)


def _title(readings: Sequence[ReadingLike]) -> str:
    if len(readings) == 1:
        document = readings[0].document
        return document.metadata.title or document.name
    return f"{len(readings)} documents"


def _document(reading: ReadingLike) -> dict[str, Any]:
    document, about = reading.document, reading.document.metadata
    return {
        "id": document.id,
        "name": document.name,
        "format": document.format,
        "language": document.language,
        "title": about.title,
        "author": about.author,
        "publisher": about.publisher,
        "date": about.date.isoformat() if about.date else None,
        "date_source": about.date_source,
        "url": about.url,
        "warnings": list(document.warnings),
        "engine": reading.engine,
        "ruleset": reading.ruleset,
        "text": document.text,
        "blocks": [
            {"start": b.start, "end": b.end, "kind": b.kind, "page": b.page, "repeat_of": b.repeat_of}
            for b in document.blocks
        ],
        "statements": [statement.to_dict() for statement in reading.statements],
        "mentions": [
            {"start": m.start, "end": m.end, "surface": m.surface, "actor": m.ref, "how": m.how}
            for m in reading.mentions
            if m.type == "actor" and m.ref is not None
        ],
        "rejected": [{"reason": r.reason, "statement": r.statement.to_dict()} for r in reading.rejected],
    }


def _actors(readings: Sequence[ReadingLike], known: Mapping[str, ActorLike]) -> dict[str, dict[str, Any]]:
    named = {
        role.actor
        for reading in readings
        for s in (*reading.statements, *(r.statement for r in reading.rejected))
        for role in (s.subject, s.object)
        if role is not None and role.actor is not None
    }
    named |= {m.ref for reading in readings for m in reading.mentions if m.type == "actor" and m.ref is not None}
    parents = {getattr(known[actor], "parent", None) for actor in named if actor in known}
    wanted = sorted(str(actor) for actor in named | parents if actor in known)
    return {actor: _actor(known[actor]) for actor in wanted}


def _actor(actor: ActorLike) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ACTOR_FIELDS:
        value = getattr(actor, name, None)
        if name in {"aliases", "acronyms", "former_names", "countries"}:
            found[name] = [str(v) for v in value or ()]
        else:
            found[name] = None if value is None else str(value)
    found["kind"] = found["kind"] or "unknown"
    return found
