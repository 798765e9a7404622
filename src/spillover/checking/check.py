"""All statements of a case against the record and against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from spillover.checking.claims import Said, Untestable, said
from spillover.checking.context import Ask, Record
from spillover.checking.counts import check_count
from spillover.checking.events import check_event
from spillover.checking.finding import Finding
from spillover.checking.forecasts import check_forecast
from spillover.checking.presence import check_presence
from spillover.checking.sources import Sources
from spillover.checking.ties import check_tie
from spillover.reading.reading import Reading
from spillover.reading.statement import Statement
from spillover.records.catalog import DataSet
from spillover.records.session import Session

Progress = Callable[[int, int], None]

_BETWEEN_SOURCES = frozenset({"strength", "aim", "cause"})


@dataclass(frozen=True, slots=True)
class Checks:
    """What came of checking. ``said``: when each document was written, by its id; ``copies``: near-copies of texts."""

    findings: tuple[Finding, ...]
    sets: tuple[DataSet, ...]
    said: dict[str, Said | None]
    copies: dict[str, str]

    def of(self, statement: str) -> list[Finding]:
        """The findings on a statement."""
        return [f for f in self.findings if f.statement == statement]


def check(
    readings: Sequence[Reading],
    session: Session,
    *,
    dates: Mapping[str, date] | None = None,
    factions: bool = True,
    progress: Progress | None = None,
) -> Checks:
    """Check all statements of the readings.

    ``dates``: when documents were written, by their ids, where the analyst says so. ``factions``: whether
    organisations count with their factions. ``progress`` is called with the numbers of statements done and to do.
    """
    record = Record(session, factions=factions)
    dates = dates or {}
    when = {r.document.id: said(r, dates.get(r.document.id)) for r in readings}
    sources = Sources(readings, when)
    total, done = sum(len(r.statements) for r in readings), 0
    findings: list[Finding] = []
    for reading in readings:
        for statement in reading.statements:
            findings += check_statement(statement, record, when[reading.document.id], sources)
            done += 1
            if progress is not None:
                progress(done, total)
    return Checks(tuple(findings), tuple(session.sets), when, sources.copies)


def check_statement(
    statement: Statement, record: Record, now: Said | None, sources: Sources | None = None
) -> list[Finding]:
    """The findings on one statement: by each family of data sets that can say something, else one that says why not."""
    if statement.kind in _BETWEEN_SOURCES:
        return [sources.check(statement)] if sources is not None else []
    found: list[Finding] = []
    failed: list[Finding] = []
    for family in record.families or ("",):
        ask = Ask(record, family, statement, now)
        try:
            made = _ask(ask)
        except Untestable as reason:
            failed.append(ask.finding("untestable", _sentence(reason)))
            continue
        for finding in made:
            (failed if finding.verdict == "untestable" else found).append(finding)
    # of what no family can test, the first family's reason is given; a place that one can test needs no such
    tested = {_place(f) for f in found}
    untested: dict[str | None, Finding] = {}
    for finding in failed:
        if _place(finding) not in tested and not (finding.place is None and found):
            untested.setdefault(_place(finding), finding)
    result = [*found, *untested.values()]
    if sources is None:
        return result
    others, independent = sources.others(statement)
    return [replace(f, others=tuple(others), independent=independent).named() for f in result]


def _ask(ask: Ask) -> list[Finding]:
    s = ask.statement
    if not ask.family:
        raise Untestable("there are no event data in the case: add some with 'spillover events add FILE'")
    if s.status == "conditional":
        ask.note("uncertain_condition")
        raise Untestable("it holds only if something else does, which the record cannot tell")
    # who fights whom is in the events, with dates; other ties are in the actor list, without
    if s.status == "forecast" and (s.kind != "tie" or s.type == "opposes"):
        return check_forecast(ask)
    if s.status == "assessed" and s.likelihood is not None and s.kind in ("event", "count") and _ahead(ask):
        return check_forecast(ask)  # "could carry out 100 attacks": a possibility is no report
    match s.kind:
        case "count":
            return [check_count(ask)]
        case "tie":
            return [_tie(ask)]
        case "presence":
            return [check_presence(ask)]
        case "event" if s.type == "expansion":
            return [_each(ask, place) for place in s.place] if len(s.place) > 1 else [check_presence(ask)]
    return [check_event(ask)]


def _ahead(ask: Ask) -> bool:
    """Whether a possibility is not about days that have passed when it is written."""
    time, now = ask.statement.time, ask.now
    return time is None or time.end is None or now is None or time.end >= now.day.isoformat()


def _tie(ask: Ask) -> Finding:
    """A tie; one that is forecast has come true if the actor list has it, which bears no dates."""
    finding = check_tie(ask)
    if ask.statement.status != "forecast" or finding.verdict not in ("matches", "no_record", "contradicts"):
        return finding
    if finding.verdict == "matches":
        return replace(
            finding,
            verdict="ambiguous",
            reason=f"{finding.reason}; the list has no dates, so it may have been so before",
        ).named()
    ends = [s.coverage.end for s in ask.record.sets(ask.family, "actor_ties")]
    end, now = max(ends, default="the data's end"), ask.now
    if now is None or (ends and end <= now.day.isoformat()):
        return replace(
            finding, verdict="pending", reason=f"the actor list knows what was so to {end}, before the statement"
        ).named()
    horizon = ask.statement.time.end if ask.statement.time is not None else None
    if horizon is not None and ends and end < horizon:
        return replace(
            finding, verdict="pending", reason=f"{finding.reason} to {end}, its end; the horizon is {horizon}"
        ).named()
    return replace(finding, verdict="did_not", reason=f"{finding.reason} (to {end})").named()


def _each(ask: Ask, place: Any) -> Finding:
    """One of several places that something is said to have spread to."""
    part = Ask(ask.record, ask.family, ask.statement, ask.now)
    try:
        return check_presence(part, place)
    except Untestable as reason:
        return part.finding("untestable", _sentence(reason), place={"surface": place.surface, "place": place.place})


def _place(finding: Finding) -> str | None:
    return None if finding.place is None else str(finding.place["place"] or finding.place["surface"])


def _sentence(reason: Untestable) -> str:
    return str(reason)
