"""A truth table's rows and how they are checked.

A row (``Case``) says what the record holds, what is claimed, what the verdict must be, and why, in words. The
expectation is worked out by hand from what a verdict means; ``Case.check`` compares it with what the program finds, and
runs the finding's SQL as it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from synthetic_events import File
from told import on

from spillover.checking import Finding, Record, check_statement
from spillover.checking.claims import Said
from spillover.reading.statement import Statement
from spillover.records import Session

WRITTEN = "2022-01-15"  # when a document was written, unless a row says otherwise
Span = tuple[int, int, int]  # low, best, high


@dataclass(frozen=True, repr=False)
class Case:
    """One row.

    ``files``: the synthetic event files. ``verdict``: the one finding's; ``places``: verdicts by place code where
    there are several findings; ``families``: verdicts by family of data sets, as "acled". ``number``: low, best and
    high of the record. ``has``, ``lacks``: codes of caveats that must be there and must not. ``before``, ``after``:
    (low, best, high) events before and after. ``score``: name and (value, low, high). ``says``: words that the reason
    must hold.
    """

    name: str
    why: str
    files: tuple[File, ...]
    claim: Statement
    verdict: str | None = None
    number: Span | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    said: str | None = WRITTEN
    said_how: str = "document"
    factions: bool = True
    places: dict[str, str] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Span] = field(default_factory=dict)
    before: Span | None = None
    after: Span | None = None
    years_after: tuple[int, ...] | None = None
    period: tuple[str | None, str | None] | None = None
    events: tuple[str, ...] | None = None
    score: tuple[str, tuple[float, float, float]] | None = None
    unscored: bool = False
    says: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return self.name

    __str__ = __repr__

    @property
    def now(self) -> Said | None:
        """When the document was written."""
        return on(self.said, self.said_how) if self.said else None

    def findings(self, session: Session) -> list[Finding]:
        """What the program finds."""
        return check_statement(self.claim, Record(session, factions=self.factions), self.now)

    def check(self, session: Session) -> None:
        """Compare, and run each finding's SQL as printed."""
        found = self.findings(session)
        told = f"{self.name}: {self.why}\n" + "\n".join(f"  {f.verdict}: {f.reason}" for f in found)
        if self.places:
            assert {f.place and f.place["place"]: f.verdict for f in found} == self.places, told
        elif self.families:
            assert {family_of(f, session): f.verdict for f in found} == self.families, told
            for family, span in self.numbers.items():
                assert span_of(next(f for f in found if family_of(f, session) == family).record) == span, told
        else:
            assert [f.verdict for f in found] == [self.verdict], told
        for finding in found:
            check_sql(finding, session)
        codes = {c.code for f in found for c in f.caveats}
        assert set(self.has) <= codes, f"{told}\n  caveats: {sorted(codes)}"
        assert not set(self.lacks) & codes, f"{told}\n  caveats: {sorted(codes)}"
        for words in self.says:
            assert any(words in f.reason for f in found), told
        self._check_values(found[0], told)

    def _check_values(self, finding: Finding, told: str) -> None:
        if self.number is not None:
            assert span_of(finding.record) == self.number, told
        if self.before is not None:
            assert span_of(finding.before) == self.before, told
        if self.after is not None:
            assert span_of(finding.after) == self.after, told
        if self.years_after is not None:
            assert finding.after is not None and finding.after.years == self.years_after, told
        if self.period is not None:
            assert finding.period and (finding.period.start, finding.period.end) == self.period, told
        if self.events is not None:
            assert tuple(e.id for e in finding.events) == self.events, told
        if self.score is not None:
            score = finding.score
            assert score is not None, told
            assert (score.name, (score.value, score.low, score.high)) == self.score, told
        if self.unscored:
            assert finding.score is None, told


def span_of(number: Any) -> Span | None:
    """The three numbers of a ``Number`` or an ``Activity``."""
    return None if number is None else (number.low, number.best, number.high)


def family_of(finding: Finding, session: Session) -> str:
    """The family of data sets that a finding is from."""
    return next((s.family for s in session.sets if s.id in finding.sets), "")


def check_sql(finding: Finding, session: Session) -> None:
    """The SQL as printed gives the numbers that the finding prints."""
    if finding.sql is None:
        assert finding.record is None and not finding.events
        return
    rows = session.query(finding.sql).dicts()
    if finding.events or not rows or "score" in rows[0]:
        assert rows or finding.record is None
        shown = [(e.id, e.score) for e in finding.events]
        assert [(r["id"], float(r["score"])) for r in rows] == shown
        return
    (row,) = rows
    if "before_best" in row and finding.before is not None:
        assert tuple(row[f"before_{n}"] for n in ("low", "best", "high")) == span_of(finding.before)
        if finding.after is not None:
            assert tuple(row[f"after_{n}"] for n in ("low", "best", "high")) == span_of(finding.after)
            assert tuple(row["years_after"] or ()) == finding.after.years
    elif "best" in row:
        # totals have no lower bound: they cannot tell actors apart
        assert (row.get("low", 0), row["best"], row["high"]) == span_of(finding.record)
    else:
        assert "relations" in row, "a query that gives none of the finding's numbers"
        if row["fights"] and "events between them" in finding.reason:
            assert f"{row['fights']:,} events" in finding.reason
