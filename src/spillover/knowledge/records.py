"""What the store tells about documents, readings and actors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Added:
    """What :meth:`Store.add` did. ``new``: this reading was not in the store before."""

    reading: int
    new: bool


@dataclass(frozen=True, slots=True)
class ReadingInfo:
    """A reading in the store, without its statements. ``created_at`` is UTC, ISO 8601."""

    id: int
    document: str
    engine: str
    ruleset: str
    created_at: str
    current: bool
    statements: int
    rejected: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document in the store, without its text. ``size`` in bytes, ``statements`` of the current reading."""

    sha256: str
    name: str
    format: str
    size: int
    added_at: str
    statements: int


@dataclass(frozen=True, slots=True)
class CaseActor:
    """An actor that the current readings name. ``known``: it is in the lexicon, and ``info`` is what that says.

    ``surfaces``: the names it goes by in the documents, most frequent first, without pronouns and the like.
    """

    id: str
    name: str
    kind: str | None
    known: bool
    statements: int
    documents: int
    surfaces: tuple[str, ...]
    info: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnknownActor:
    """A name in the role of an actor that the lexicon does not know."""

    surface: str
    kind: str
    statements: int
