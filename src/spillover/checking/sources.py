"""Source against source: who says the same, who says otherwise, and how many of them are independent.

Copies of one text count once: documents whose five-word shingles are alike (MinHash, Broder 1997) are one source, and
so are statements that name the same source for what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from spillover.checking.claims import Said, claimed
from spillover.checking.finding import Finding, Other, Verdict
from spillover.reading.reading import Reading
from spillover.reading.statement import Statement
from spillover.words import key

ALIKE = 0.5  # estimated Jaccard index of shingles from which on two texts are copies
_SHINGLE = 5
_PERMUTATIONS = 128
_SAME_WORDS = 0.34  # of the content words of two aims or causes
_YEARS_APART = 2.0  # strengths further apart in time are not held against each other
_SIZES = frozenset({"fighters", "members"})
_SMALL = re.compile(
    r"^(?:an?|the|of|in|on|at|to|for|and|or|its?|their|his|by|with|from|as|is|are|be|been|has|have|that|this|not)$"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement with where it comes from. ``text``: the first document of which its own is a copy, or its own."""

    statement: Statement
    text: str
    cited: str | None
    source: str
    day: date | None

    @property
    def origin(self) -> str:
        """Who says it here: the one who is cited, else the text."""
        return f"cited:{self.cited}" if self.cited else f"text:{self.text}"


class Sources:
    """All statements of a case, to find those on the same thing."""

    def __init__(self, readings: Sequence[Reading], dates: dict[str, Said | None]) -> None:
        self._readings, self._dates = tuple(readings), dates

    @cached_property
    def copies(self) -> dict[str, str]:
        """Document → the first document of which it is a copy, itself where it is none."""
        return copies_of([(r.document.id, r.document.text) for r in self._readings])

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], list[_Said]]:
        found: dict[tuple[str, ...], list[_Said]] = {}
        for reading in self._readings:
            about = reading.document.metadata
            house = about.publisher or about.author or about.title or reading.document.name
            said = self._dates.get(reading.document.id)
            for s in reading.statements:
                # the outermost of those who are cited is the one who says it here
                named = s.attribution[0].name or s.attribution[0].surface if s.attribution else None
                cited, text = " ".join(key(named)) if named else None, self.copies[reading.document.id]
                source = f"{named}, cited by {house}" if named else house
                entry = _Said(s, text, cited, source, said.day if said else None)
                found.setdefault(_about(s), []).append(entry)
        return found

    def same_thing(self, statement: Statement) -> list[_Said]:
        """Other statements on the same thing, from other documents or other sources."""
        return [e for e in self._by_key.get(_about(statement), ()) if e.statement is not statement
                and (e.statement.id, e.statement.document) != (statement.id, statement.document)]  # fmt: skip

    def _own(self, statement: Statement) -> _Said:
        return next(e for e in self._by_key[_about(statement)]
                    if (e.statement.id, e.statement.document) == (statement.id, statement.document))  # fmt: skip

    def others(self, statement: Statement) -> tuple[list[Other], int]:
        """What others say on the same thing, and how many independent sources say what this one says, with itself."""
        own = self._own(statement)
        found, agreeing = [], [own]
        for entry in self.same_thing(statement):
            agrees = _agrees(statement, entry.statement, own.day, entry.day)
            if agrees is None:
                continue
            if agrees:
                agreeing.append(entry)
            if entry.origin != own.origin:
                found.append(Other(
                    entry.statement.id, entry.statement.document, entry.source,
                    entry.day.isoformat() if entry.day else None, _text(entry.statement), agrees,
                ))  # fmt: skip
        found.sort(key=lambda o: (o.date or "", o.document, o.statement))
        return found, _independent(agreeing)

    def check(self, statement: Statement) -> Finding:
        """The finding on a strength, an aim or a cause."""
        others, independent = self.others(statement)
        verdict: Verdict
        if not others:
            verdict, reason = "alone", "no other source in this case speaks of it"
        elif any(o.same for o in others):
            against = sum(not o.same for o in others)
            also = f"; {against} say otherwise" if against else ""
            verdict, reason = "agrees", f"{sum(o.same for o in others)} other statements say the same{also}"
        else:
            verdict, reason = "disagrees", f"{len(others)} other statements on it, and none says the same"
        return Finding(
            "", statement.id, statement.document, statement.kind, verdict, reason, claimed=claimed(statement.quantity),
            others=tuple(others), independent=independent,
        ).named()  # fmt: skip


def _independent(entries: Sequence[_Said]) -> int:
    """How many sources are independent: neither the same text (or a copy of it) nor the same one who is cited."""
    groups: list[set[str]] = []
    for entry in entries:
        keys = {f"text:{entry.text}"} | ({f"cited:{entry.cited}"} if entry.cited else set())
        met = [g for g in groups if g & keys]
        groups = [g for g in groups if not g & keys] + [keys.union(*met)]
    return len(groups)


def copies_of(documents: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Id → id of the first document that is nearly the same text. ``documents``: (id, text), in order."""
    from datasketch import MinHash

    first: list[tuple[str, MinHash, int]] = []
    found: dict[str, str] = {}
    for id, text in documents:
        shingles = _shingles(text)
        made = MinHash(num_perm=_PERMUTATIONS)
        made.update_batch(shingles)
        same = next((other for other, sketch, n in first if n and shingles and sketch.jaccard(made) >= ALIKE), None)
        if same is None:
            first.append((id, made, len(shingles)))
        found[id] = same or id
    return found


def _shingles(text: str) -> list[bytes]:
    words = key(text)
    if len(words) < _SHINGLE:
        return [" ".join(words).encode()] if words else []
    return [" ".join(words[n : n + _SHINGLE]).encode() for n in range(len(words) - _SHINGLE + 1)]


def _about(s: Statement) -> tuple[str, ...]:
    """What two statements must share to be on the same thing."""
    subject = (s.subject.actor or " ".join(key(s.subject.surface))) if s.subject else ""
    object = (s.object.actor or "") if s.object else ""
    match s.kind:
        case "strength":
            return (s.kind, "size" if s.type in _SIZES else s.type, subject)
        case "aim":
            return (s.kind, s.type, subject)
        case "cause":
            return (s.kind,)
        case "tie":
            ends = (
                sorted((subject, object))
                if s.type in ("allied_with", "opposes", "talks_with", "alias_of")
                else [subject, object]
            )
            return (s.kind, s.type, *ends)
    places = "|".join(sorted(p.place or p.surface.lower() for p in s.place))
    return (s.kind, s.type, subject, places)


def _agrees(a: Statement, b: Statement, day_a: date | None, day_b: date | None) -> bool | None:
    """Whether two statements on the same thing say the same; ``None`` where they cannot be held against each other."""
    if a.kind == "cause":
        near = min(_alike(a.text, b.text), _alike(a.effect, b.effect))
        if near < _SAME_WORDS:
            return None
        return a.type == b.type and a.polarity == b.polarity
    if a.kind == "aim":
        return None if _alike(a.text, b.text) < _SAME_WORDS else a.polarity == b.polarity
    if (a.status == "forecast") != (b.status == "forecast"):
        return None
    if a.kind == "strength" and _apart(a, b, day_a, day_b) > _YEARS_APART:
        return None
    if a.time and b.time and a.kind != "strength" and not _overlap(a, b):
        return None
    one, two = claimed(a.quantity), claimed(b.quantity)
    if one is not None and two is not None:
        low = max(one.low or 0.0, two.low or 0.0)
        high = min(
            one.high if one.high is not None else float("inf"), two.high if two.high is not None else float("inf")
        )
        return low <= high * 1.1
    return a.polarity == b.polarity


def _overlap(a: Statement, b: Statement) -> bool:
    assert a.time is not None and b.time is not None
    start = max(a.time.start or "0001-01-01", b.time.start or "0001-01-01")
    return start <= min(a.time.end or "9999-12-31", b.time.end or "9999-12-31")


def _apart(a: Statement, b: Statement, day_a: date | None, day_b: date | None) -> float:
    """Years between what two statements are about."""
    days = []
    for s, day in ((a, day_a), (b, day_b)):
        said = s.time and (s.time.end or s.time.start)
        days.append(date.fromisoformat(said) if said else day)
    one, two = days
    return abs((one - two).days) / 365.25 if one is not None and two is not None else 0.0


def _alike(a: str | None, b: str | None) -> float:
    one, two = ({w for w in key(t or "") if not _SMALL.match(w)} for t in (a, b))
    return len(one & two) / len(one | two) if one and two else 0.0


def _text(s: Statement) -> str:
    if s.quantity is not None:
        return " ".join(filter(None, (s.quantity.surface, s.quantity.unit)))
    return s.text or s.evidence.quote
