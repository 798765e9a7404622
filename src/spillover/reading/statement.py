"""The statement: one thing that a source says, with the words that say it.

The vocabulary and the JSON form are a contract (``docs/statements.md``). All offsets are code-point offsets into the
document's clean text, half open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["tie", "event", "count", "strength", "presence", "aim", "cause"]
Status = Literal["fact", "assessed", "alleged", "forecast", "conditional"]
Phase = Literal["occurred", "planned", "attempted", "foiled", "ended"]
Polarity = Literal["affirmed", "negated"]
ActorKind = Literal["group", "state", "state_force", "organisation", "person", "community", "media", "thing", "unknown"]
How = Literal["lexicon", "acronym", "renamed", "coreference", "ner"]
Bound = Literal["exact", "about", "at_least", "at_most", "range", "vague"]
Precision = Literal["day", "month", "season", "year", "approximate"]
Level = Literal["town", "admin2", "admin1", "country", "region", "global"]

TYPES: dict[Kind, tuple[str, ...]] = {
    "tie": (
        "affiliate_of", "emerged_from", "merged_into", "founded", "pledged_to", "defected_from", "joined", "leads",
        "member_of", "allied_with", "opposes", "supports", "talks_with", "alias_of",
    ),
    "event": (
        "attack", "bombing", "assassination", "execution", "clash", "airstrike", "raid", "capture", "founding", "claim",
        "abduction", "arrest", "prison_break", "release", "closure", "deployment", "talks", "agreement", "protest",
        "displacement", "recruitment", "expansion",
    ),
    "count": (
        "attacks", "clashes", "airstrikes", "killed", "wounded", "casualties", "arrested", "released", "abducted",
        "displaced", "closed",
    ),
    "strength": ("fighters", "members", "recruits", "cells"),
    "presence": ("active", "cells", "base", "control"),
    "aim": ("goal", "ideology", "target", "capability"),
    "cause": ("promotes", "prevents"),
}  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
SYMMETRIC = frozenset({"allied_with", "opposes", "talks_with", "alias_of", "talks", "agreement", "clash"})


@dataclass(frozen=True, slots=True)
class Span:
    """A surface and where it stands: ``text[start:end] == surface``."""

    surface: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Role(Span):
    """A subject or an object. ``actor`` is the canonical id, ``None`` where unknown."""

    actor: str | None = None
    kind: ActorKind = "unknown"
    how: How | None = None
    antecedent: Span | None = None


@dataclass(frozen=True, slots=True)
class Place(Span):
    """A place. ``place``: ISO 3166-1 alpha-3, ISO 3166-2, ``geonames:ID``, a region's slug, or ``global``.

    ``candidates``: other places that the name could stand for, best first, in the same codes.
    """

    place: str | None = None
    level: Level | None = None
    lat: float | None = None
    lon: float | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Time:
    """An interval of days, ISO 8601; ``None`` at an open end, at both where the words give no date."""

    surface: str
    start: str | None
    end: str | None
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as said. ``low``/``high`` are ``None`` where the words leave that side open."""

    surface: str
    low: float | None
    high: float | None
    unit: str | None
    bound: Bound


@dataclass(frozen=True, slots=True)
class Likelihood:
    """An estimative cue; the numbers are ICD 203's where the cue is one of its terms, else ``None``."""

    cue: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says so: the words, the name they stand for, and the cue ("said", "according to")."""

    surface: str
    name: str
    cue: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that say it: ``text[start:end] == quote``."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``id`` is a hash of the content, so the same reading has the same ids."""

    id: str
    kind: Kind
    type: str
    subject: Role | None
    object: Role | None
    place: tuple[Place, ...]
    time: Time | None
    quantity: Quantity | None
    instrument: str | None
    text: str | None
    effect: str | None
    condition: str | None
    status: Status
    phase: Phase
    polarity: Polarity
    likelihood: Likelihood | None
    attribution: tuple[Attribution, ...]
    evidence: Evidence
    also: tuple[Evidence, ...]
    document: str
    engine: str
    rule: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, keys in the contract's order."""
        return {name: plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Statement:
        """The statement whose :meth:`to_dict` is ``data``."""
        build: dict[str, Callable[[Any], Any]] = {
            "subject": role_from, "object": role_from,
            "place": lambda v: tuple(Place(**{**x, "candidates": tuple(x.get("candidates") or ())}) for x in v),
            "time": lambda v: Time(**v), "quantity": lambda v: Quantity(**v), "likelihood": lambda v: Likelihood(**v),
            "attribution": lambda v: tuple(Attribution(**x) for x in v), "evidence": lambda v: Evidence(**v),
            "also": lambda v: tuple(Evidence(**x) for x in v),
        }  # fmt: skip
        return cls(**{k: build[k](v) if k in build and v is not None else v for k, v in data.items()})


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that the evidence gate refused, and why."""

    statement: Statement
    reason: str


def role_from(data: dict[str, Any]) -> Role:
    antecedent = data.get("antecedent")
    return Role(**{**data, "antecedent": Span(**antecedent) if antecedent else None})


def plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists; whole floats as integers."""
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
