"""A finding: a statement, what the record says to it, and how that was found out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

Verdict = Literal[
    "matches", "above_record", "below_record", "no_record", "partly", "contradicts",
    "came_true", "already_so", "ambiguous", "did_not", "pending",
    "agrees", "disagrees", "alone",
    "untestable",
]  # fmt: skip
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
ABOUT_FUTURE: frozenset[Verdict] = frozenset({"came_true", "already_so", "ambiguous", "did_not", "pending"})


@dataclass(frozen=True, slots=True)
class Claimed:
    """The number that the text gives: ``low`` or ``high`` is ``None`` where the words leave that side open."""

    text: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Number:
    """The record's number. ``low``–``high``: what its dates, places and death tolls leave open."""

    unit: str
    low: int
    best: int
    high: int


@dataclass(frozen=True, slots=True)
class Days:
    """A period, ISO 8601, both days inside; ``None`` at an open end."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What the record has of somebody in a place from one day to another: events, and their first and last day.

    ``years``: years for which only a country-year data set shows activity, without the events.
    """

    start: str | None
    end: str | None
    low: int
    best: int
    high: int
    first: str | None
    last: str | None
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Caveat:
    """A limit of the record that bears on the verdict, in one plain sentence (``caveats.toml``)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class MatchedEvent:
    """An event that may be the one told of. ``score`` from 0 to 1, the mean of ``parts``."""

    id: str
    dataset: str
    score: float
    parts: dict[str, float]
    date_start: str | None = None
    date_end: str | None = None
    place: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    actor_a: str | None = None
    actor_b: str | None = None
    deaths_low: int | None = None
    deaths_best: int | None = None
    deaths_high: int | None = None


@dataclass(frozen=True, slots=True)
class Tempo:
    """Events and deaths by month or year, from ``start`` on, without gaps."""

    unit: Literal["month", "year"]
    start: str
    counts: tuple[int, ...]
    deaths: tuple[int, ...]
    actor: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Other:
    """Another statement on the same thing. ``same``: it says the same."""

    statement: str
    document: str
    source: str
    date: str | None
    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How good a forecast was: Brier (0 best, 1 worst) or CRPS (in the unit of what was forecast, 0 best)."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict on one statement, for one place where places are checked apart, by one family of data sets."""

    id: str
    statement: str
    document: str
    kind: str
    verdict: Verdict
    reason: str
    place: dict[str, Any] | None = None
    claimed: Claimed | None = None
    record: Number | None = None
    before: Activity | None = None
    after: Activity | None = None
    period: Days | None = None
    sets: tuple[str, ...] = ()
    coverage: str = ""
    caveats: tuple[Caveat, ...] = ()
    sql: str | None = None
    events: tuple[MatchedEvent, ...] = ()
    tempo: Tempo | None = None
    others: tuple[Other, ...] = ()
    independent: int = 1
    score: Score | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return found

    def named(self) -> Finding:
        """With an id that is a hash of what was found: the same case has the same ids."""
        body = json.dumps({**asdict(self), "id": ""}, sort_keys=True, ensure_ascii=False)
        return replace(self, id="fi_" + hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:10])
