"""The outlook ledger: every forecast that was read, who made it, how sure, and what came of it; and a score for each
source.

A score is given once enough forecasts of a source have ended, never from a few: with its interval (Wilson 1927 for a
share, the bootstrap for a mean).
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

from spillover.checking.check import Checks
from spillover.checking.finding import ABOUT_FUTURE, Finding, Score
from spillover.reading.reading import Reading
from spillover.reading.statement import Likelihood, Statement

ENOUGH = 10  # forecasts that have ended in yes or no, before a source gets a score
_ENDED = frozenset({"came_true", "did_not"})
_Z = 1.6449  # 90 %
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A forecast in the ledger. ``said_how``: the document, the analyst (``set``), or ``not before``."""

    finding: str
    statement: str
    document: str
    source: str
    said: str | None
    said_how: str | None
    what: str
    horizon: str | None
    likelihood: Likelihood | None
    verdict: str
    reason: str
    score: Score | None


@dataclass(frozen=True, slots=True)
class SourceScore:
    """What came of a source's forecasts. ``score`` is ``None`` while too few have ended, and ``note`` says so."""

    source: str
    forecasts: int
    ended: int
    came_true: int
    score: Score | None
    note: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """The ledger and the scores."""

    entries: tuple[Entry, ...]
    sources: tuple[SourceScore, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return found


def outlook(readings: Sequence[Reading], checks: Checks) -> Outlook:
    """The ledger of all forecasts in the readings."""
    by_id = {(s.id, s.document): (s, r) for r in readings for s in r.statements}
    entries = []
    for finding in checks.findings:
        statement, reading = by_id.get((finding.statement, finding.document), (None, None))
        if statement is None or reading is None or statement.status != "forecast":
            continue
        entries.append(_entry(finding, statement, reading, checks))
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.source].append(entry)
    return Outlook(tuple(entries), tuple(_score(source, found) for source, found in sorted(groups.items())))


def _entry(finding: Finding, s: Statement, reading: Reading, checks: Checks) -> Entry:
    about, said = reading.document.metadata, checks.said.get(s.document)
    named = s.attribution[0].name or s.attribution[0].surface if s.attribution else None
    return Entry(
        finding.id, s.id, s.document, named or about.author or about.publisher or about.title or reading.document.name,
        said.day.isoformat() if said else None, said.how if said else None, _what(s, finding),
        s.time.end if s.time else None, s.likelihood, finding.verdict, finding.reason, finding.score,
    )  # fmt: skip


def _what(s: Statement, finding: Finding) -> str:
    subject = (s.subject.antecedent or s.subject).surface if s.subject else ""
    object = s.object.surface if s.object else ""
    place = finding.place["surface"] if finding.place else ", ".join(p.surface for p in s.place)
    number = s.quantity.surface if s.quantity else ""
    words = [f"{subject}:" if subject else "", s.type.replace("_", " "), object, number, f"in {place}" if place else ""]
    words.append(s.text or "")
    return " ".join(w for w in words if w)


def _score(source: str, entries: list[Entry]) -> SourceScore:
    ended = [e for e in entries if e.verdict in _ENDED]
    came = sum(e.verdict == "came_true" for e in ended)
    tested = sum(e.verdict in ABOUT_FUTURE for e in entries)
    if len(ended) < ENOUGH:
        note = f"too few have ended for a score: {len(ended)} of at least {ENOUGH}"
        if tested > len(ended):
            note += f" ({tested - len(ended)} were so before, cannot be told, or are still open)"
        return SourceScore(source, len(entries), len(ended), came, None, note)
    values = [e.score.value for e in ended if e.score is not None and e.score.name == "Brier"]
    if len(values) >= ENOUGH:
        low, high = _bootstrap(values)
        score = Score("Brier", round(sum(values) / len(values), 4), low, high)
        return SourceScore(
            source, len(entries), len(ended), came, score, "mean Brier score, with its 90 % bootstrap interval"
        )
    low, high = wilson(came, len(ended))
    score = Score("share come true", round(came / len(ended), 4), low, high)
    return SourceScore(
        source, len(entries), len(ended), came, score, "share that came true, with its 90 % interval (Wilson)"
    )


def wilson(yes: int, of: int) -> tuple[float, float]:
    """Wilson's 90 % interval of a share (Wilson 1927)."""
    share, z2 = yes / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def _bootstrap(values: list[float]) -> tuple[float, float]:
    draw = random.Random(0)  # the same ledger gives the same interval
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(_DRAWS))
    return round(means[int(0.05 * _DRAWS)], 4), round(means[int(0.95 * _DRAWS) - 1], 4)
