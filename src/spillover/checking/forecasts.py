"""Forecasts against what came: the record after the statement beside the record before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from spillover.checking.activity import RECENT_DAYS, Split, any_of, in_words, split
from spillover.checking.claims import Said, Untestable, Where, Who, claimed, day_before, period
from spillover.checking.context import Ask
from spillover.checking.counts import compare, counted, spoken
from spillover.checking.coverage import covered, described, reach
from spillover.checking.events import event_types
from spillover.checking.finding import Days, Finding, Score, Verdict
from spillover.checking.scores import brier, crps_uniform
from spillover.checking.tempo import tempo
from spillover.reading.statement import Place

_VIOLENT = frozenset({"attack", "bombing", "assassination", "execution", "clash", "airstrike", "raid"})


@dataclass(frozen=True, slots=True)
class _Question:
    """A forecast, resolved: who (against whom), where, from when, to when."""

    who: Who
    other: Who | None
    where: Where
    now: Said
    horizon: date | None
    place: Place | None


def check_forecast(ask: Ask) -> list[Finding]:
    """The findings on a forecast: one for each place that it names."""
    s = ask.statement
    if ask.now is None:
        raise Untestable(
            "the document bears no date and tells of none: say when it was written with 'spillover check --dated'"
        )
    if s.polarity == "negated":
        raise Untestable("that something will not happen cannot be shown by a record")
    if s.kind == "count":
        return [_count(ask, ask.now)]
    if s.kind not in ("event", "presence", "tie") or (
        s.kind == "event" and s.type not in _VIOLENT and s.type != "expansion"
    ):
        raise Untestable(f"{ask.label} does not record what is forecast here ({s.kind}: {s.type.replace('_', ' ')})")
    if s.kind == "event" and s.type in _VIOLENT and s.type not in event_types(ask.family):
        raise Untestable(f"{ask.label} does not record events of the kind {s.type!r}")
    places: tuple[Place | None, ...] = s.place or (None,)
    if s.kind == "presence" and places == (None,):
        raise Untestable("the text names no place")
    if s.type == "expansion" and places == (None,):
        raise Untestable("the text does not say where to")
    found = []
    kept = list(ask.caveats)
    for place in places:
        ask.caveats = list(kept)
        try:
            found.append(_one(ask, place, ask.now))
        except Untestable as reason:
            found.append(ask.finding("untestable", str(reason), place=_as_dict(place)))
    return found


def _one(ask: Ask, place: Place | None, now: Said) -> Finding:
    s = ask.statement
    who = ask.who(s.subject)
    if who is None:
        raise Untestable("the text names no actor that the record knows")
    other = ask.who(s.object) if s.object is not None and s.object.actor is not None else None
    if s.kind == "tie" and other is None:
        raise Untestable("a side of the tie is no actor that the record knows")
    named = {p.surface for p in s.place}
    if s.object is not None and other is None and s.kind == "event" and s.type != "expansion" and (
        s.object.surface not in named
    ):  # fmt: skip
        raise Untestable("the record does not say what was hit, only who was on either side")
    question = _Question(who, other, ask.where((place,) if place else ()), now, _horizon(ask), place)
    sets = ask.covering(question.where)
    end, whole = reach(sets, question.where.countries, now.day)
    if end is None:
        raise Untestable(f"the record does not cover {question.where.label} at that time")
    if not whole:
        # what happened in the covered countries is known, what did not is not
        ask.note("coverage_part", covered=described(sets))
    until = min(end, question.horizon) if question.horizon is not None else end
    kind = event_types(ask.family)[s.type] if s.type in _VIOLENT else "true"
    found = split(ask, who, other, question.where, now.day, until, RECENT_DAYS, kind)
    return _finding(ask, question, found, end, whole, kind)


def _finding(ask: Ask, q: _Question, found: Split, end: date, whole: bool, kind: str) -> Finding:
    sets = ask.covering(q.where)
    recent = Days(day_before(q.now.day, RECENT_DAYS).isoformat(), q.now.day.isoformat())
    seen = covered(sets, q.where.countries, recent).extent == "full"
    verdict, reason = judge(q, found, end, partial=not whole, seen=seen)
    if q.now.how == "not before":
        ask.note("no_date", day=q.now.day.isoformat())
    if q.horizon is None or end < q.horizon:
        ask.note("coverage_end", end=end.isoformat())
    if verdict in ("did_not", "pending") and (end - q.now.day).days < 180:
        ask.note("tempo_short", days=max(0, (end - q.now.day).days))
    if found.shared_before or found.shared_after:
        ask.note("umbrella", label=ask.label, name=", ".join(q.who.shared), actor=q.who.name)
    if found.during or found.before.years or found.after.years:
        ask.note("years_only")
    if verdict == "did_not":
        ask.note("absent_is_not_false")
    until = min(end, q.horizon) if q.horizon else end
    sides = ask.sides(q.who, q.other) + ([("of the kind", kind)] if kind != "true" else [])
    return ask.finding(
        verdict, reason, place=_as_dict(q.place), before=found.before, after=found.after,
        period=Days(q.now.day.isoformat(), until.isoformat()),
        sql=found.sql, sets=tuple(x.id for x in sets), coverage=described(sets),
        tempo=tempo(ask, sides, q.who, q.where, _around(q.now.day, until)),
        score=brier(ask.statement.likelihood, verdict),
    )  # fmt: skip


def judge(q: Any, found: Split, end: date, *, partial: bool = False, seen: bool = True) -> tuple[Verdict, str]:
    """The verdict on a forecast, and why. ``seen``: whether the data cover the days before that count as recent.

    ``came_true`` only where the record shows the thing after the statement, attributable to the actor, and not before.
    """
    name, place = q.who.name, q.where.label
    to = f"to {q.horizon}" if q.horizon is not None and end >= q.horizon else f"to {end}, where the data end"
    before, after = any_of(found.before), any_of(found.after)
    tempo_words = f"before: {in_words(found.before)}; after: {in_words(found.after)}"
    if found.before.best and end > q.now.day:
        days = (min(end, q.horizon) if q.horizon is not None else end) - q.now.day
        tempo_words += (
            f"; in the {days.days:,} days after it {found.after.best:,}, in as many before it {found.same_span:,}"
        )
    if found.recent or (before and after):
        return "already_so", f"{name} was active in {place} before the statement already ({tempo_words})"
    if after and (found.shared_before or found.during or found.around or not seen):
        return (
            "ambiguous",
            f"the record has it after the statement, but cannot say that it was not so before ({tempo_words})",
        )
    if after:
        return "came_true", f"the record shows {name} in {place} after the statement, and not before ({tempo_words})"
    if found.shared_after:
        return "ambiguous", (
            f"after the statement the record has activity in {place} under a name that {name} shares with others, "
            "and cannot say whose it was"
        )
    if end <= q.now.day:
        return "pending", f"the data end on {end}, before the statement or with it"
    if q.horizon is not None and end < q.horizon:
        return (
            "pending",
            f"not so far: nothing of {name} in {place} to {end}, where the data end; the horizon is {q.horizon}",
        )
    if found.during:
        return (
            "ambiguous",
            f"yearly data have it in {q.now.day.year}, the year of the statement, which they do not divide",
        )
    if found.around:
        return (
            "ambiguous",
            "the record has it on the day of the statement, or on days around it that it does not tell apart",
        )
    if partial:
        raise Untestable("the data cover only a part of the place, and have nothing there; elsewhere is not known")
    earlier = (
        f"; earlier, {in_words(found.before)}, but nothing that was surely within two years of it" if before else ""
    )
    return "did_not", f"the record shows nothing of {name} in {place} after the statement {to}{earlier}"


def _count(ask: Ask, now: Said) -> Finding:
    """A number that is forecast, against the number that came."""
    s = ask.statement
    number = claimed(s.quantity)
    if number is None:
        raise Untestable("the text gives no number")
    if s.type not in ("attacks", "clashes", "killed"):
        raise Untestable(f"{ask.label} does not record what is forecast here ({s.type})")
    horizon = _horizon(ask)
    if horizon is None:
        raise Untestable("the text does not say by when")
    asked = period(s, None)
    start = max(now.day, date.fromisoformat(asked.start)) if asked and asked.start else now.day
    days = Days(start.isoformat(), horizon.isoformat())
    who, where = ask.who(s.subject), ask.where(s.place)
    sets = ask.record.sets(ask.family, "events")
    extent = covered(sets, where.countries, days)
    values: dict[str, Any] = {
        "claimed": number,
        "period": days,
        "sets": tuple(x.id for x in sets),
        "coverage": described(sets),
    }
    if extent.extent == "none" and (extent.end is None or extent.end >= horizon):
        raise Untestable(f"no single events of {where.label} are covered ({described(sets) or 'no data'})")
    part = counted(ask, who, where, days)
    found = part.number
    values |= {"record": found, "sql": part.sql}
    if s.type != "killed" and all(x.fatal_only for x in sets):
        ask.note("fatal_only", label=ask.label)
    if extent.extent != "full":
        end = extent.end or now.day
        ask.note("coverage_end", end=end.isoformat())
        return ask.finding(
            "pending", f"{spoken(found)} to {end}, where the data end; the horizon is {horizon}", **values
        )
    verdict = compare(number, found)
    if (part.measure.bound or (s.subject is not None and who is None)) and verdict != "above_record":
        raise Untestable(f"the record does not tell what is forecast from the rest; it has {spoken(found)} in all")
    score: Score | None = None
    if number.low is not None and number.high is not None:
        score = crps_uniform(number.low, number.high, found)
    came: Verdict = "came_true" if verdict == "matches" else "did_not"
    score = brier(s.likelihood, came) or score
    return ask.finding(came, f"by {horizon} the record has {spoken(found)}", score=score, **values)


def _horizon(ask: Ask) -> date | None:
    time = ask.statement.time
    return date.fromisoformat(time.end) if time is not None and time.end is not None else None


def _around(day: date, until: date) -> Days:
    """What the plot shades: from the statement on."""
    return Days(day.isoformat(), max(until, day).isoformat())


def _as_dict(place: Place | None) -> dict[str, Any] | None:
    return {"surface": place.surface, "place": place.place} if place is not None else None
