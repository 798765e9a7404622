"""``event`` statements: is there an event in the record that can be the one told of, and how well does it fit?"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from spillover.checking.claims import Untestable, Where, Who, claimed, period
from spillover.checking.context import Ask
from spillover.checking.coverage import covered, described
from spillover.checking.finding import Days, Finding, MatchedEvent
from spillover.checking.query import Query, is_actor, shares_name
from spillover.records.normal import TOLL

_SHOWN = 5
_FEW_DAYS = 7
_GOOD, _FAIR = 0.8, 0.5
_PAD = {"day": 3, "month": 3, "season": 15, "year": 0, "approximate": 31}  # days that a report may be off
_COLUMNS = (
    "id", "dataset", "date_start", "date_end", "place", "country", "lat", "lon", "actor_a", "actor_b", "deaths_low",
    "deaths_best", "deaths_high",
)  # fmt: skip


@cache
def event_types(family: str) -> dict[str, str]:
    """SQL for the events of a family that can be each type of statement."""
    tables = tomllib.loads(files(__package__).joinpath("event_types.toml").read_text("utf-8"))
    return dict(tables.get(family, tables["other"]))


def check_event(ask: Ask) -> Finding:
    """The finding on an event."""
    s = ask.statement
    rule = event_types(ask.family).get(s.type)
    if rule is None:
        raise Untestable(f"{ask.label} does not record events of the kind {s.type.replace('_', ' ')!r}")
    if s.phase in ("planned", "attempted", "foiled"):
        raise Untestable(f"what was only {s.phase} is not in event data")
    if s.polarity == "negated":
        raise Untestable("that something did not happen cannot be matched with an event")
    actors = [a for a in (ask.who(s.subject), _victim(ask)) if a is not None]
    where = ask.where(s.place)
    days = period(s, ask.now)
    if days is None and not s.place:
        raise Untestable("the text says neither when nor where")
    if days is None and not actors:
        raise Untestable("the text says neither when nor who")
    window = days or Days(None, ask.now.day.isoformat() if ask.now is not None else None)
    sets = ask.record.sets(ask.family, "events")
    extent = covered(sets, where.countries, window)
    if extent.extent == "none":
        raise Untestable(f"no single events of {where.label} are covered in this period")
    parts = _parts(ask, actors, where, days)
    query = _query(ask, rule, actors, where, window, parts)
    rows = query.run(ask.session)
    matched = tuple(_matched(row, parts, ask) for row in rows)
    if all(x.fatal_only for x in sets):
        ask.note("fatal_only", label=ask.label)
    if any(row["provisional"] for row in rows):
        ask.note("provisional", label=ask.label)
    values: dict[str, Any] = {
        "period": days, "events": matched, "sql": query.sql(), "sets": tuple(x.id for x in sets),
        "coverage": described(sets),
    }  # fmt: skip
    best = matched[0].score if matched else 0.0
    unsure = [a for a in actors if a.shared] if rows and rows[0]["shared"] else []
    for a in unsure:
        ask.note("umbrella", label=ask.label, name=", ".join(a.shared), actor=a.name)
    if (
        matched
        and not unsure
        and best >= _GOOD
        and days is not None
        and len(parts) >= 2
        and min(matched[0].parts.values()) >= _FAIR
    ):
        return ask.finding("matches", f"the record has an event that fits (match score {best:.2f})", **values)
    if matched and best >= _FAIR:
        lacking = [name for name, value in matched[0].parts.items() if value < _GOOD]
        why = _doubt(bool(unsure), days, lacking)
        return ask.finding(
            "partly", f"the record has an event that may be meant (match score {best:.2f}): {why}", **values
        )
    if extent.extent == "part":
        raise Untestable("the data cover only a part of the place and the period, and have no such event")
    if (other := _by_others(ask, rule, actors, where, days)) is not None:
        values |= {"events": (other[0],), "sql": other[1]}
        sides = " and ".join(filter(None, (other[0].actor_a, other[0].actor_b))) or "others"
        if other[2]:
            reason = f"the record has an event there and then under a related actor: {sides}"
            return ask.finding("partly", reason, **values)
        ask.note("absent_is_not_false")
        reason = f"the record has no event by them; there and then it has one by others: {sides}"
        return ask.finding("no_record", reason, **values)
    ask.note("absent_is_not_false")
    return ask.finding("no_record", "the record covers the place and the time and has no event that fits", **values)


def _by_others(
    ask: Ask, rule: str, actors: list[Who], where: Where, days: Days | None
) -> tuple[MatchedEvent, str, bool] | None:
    """The largest event in a town or province within a few days that the record ascribes to others, with its query; and
    whether one of them is a parent or a faction of who is named.
    """
    if days is None or days.start is None or days.end is None or where.whole:
        return None
    if (date.fromisoformat(days.end) - date.fromisoformat(days.start)).days > _FEW_DAYS:
        return None
    parts = _parts(ask, [], where, days)
    query = _query(ask, rule, [], where, days, parts)
    rows = query.run(ask.session)
    found = [_matched(row, parts, ask) for row in rows]
    if not found or found[0].score < _GOOD:
        return None
    crosswalk = ask.session.crosswalk
    near = {id for a in actors for id in crosswalk.branches(a.actor)}
    near |= {info.parent for a in actors if (info := crosswalk.lexicon.actor(a.actor)) is not None and info.parent}
    ids = {
        m.actor for side in (found[0].actor_a, found[0].actor_b) if side for m in crosswalk.rows(ask.family, None, side)
    }
    return found[0], query.sql(), bool(near & ids)


def _doubt(unsure: bool, days: Days | None, lacking: list[str]) -> str:
    """Why an event that was found may not be the one."""
    if unsure:
        return "whose it was is not known"
    if days is None:
        return "the text gives no date"
    return f"it fits less well in {', '.join(lacking)}" if lacking else "too little is told to be sure"


def _of(actors: list[Who]) -> str:
    return f", of {' or '.join(a.name for a in actors)}" if actors else ""


def _victim(ask: Ask) -> Who | None:
    """Who it was done to, if the record knows it as an actor: a target that is none is no reason to give up."""
    try:
        return ask.who(ask.statement.object)
    except Untestable:
        return None


def _parts(ask: Ask, actors: list[Who], where: Where, days: Days | None) -> dict[str, str]:
    """SQL for each part of the match score that the text gives something for, 0 to 1."""
    parts: dict[str, str] = {}
    if days is not None:
        start, end = days.start or days.end, days.end or days.start
        parts["time"] = (
            f"CASE WHEN date_start <= DATE '{end}' AND date_end >= DATE '{start}' THEN 1.0 "
            f"ELSE greatest(0.0, 1 - 0.2 * least(abs(date_diff('day', date_end, DATE '{start}')), "
            f"abs(date_diff('day', DATE '{end}', date_start)))) END"
        )
    if where.countries is not None:
        parts["place"] = (
            f"CASE WHEN coalesce({where.sure}, false) THEN 1.0 WHEN coalesce({where.best}, false) THEN 0.9 ELSE 0.5 END"
        )
    if actors:
        hits = " + ".join(
            f"CASE WHEN {is_actor(a)} THEN 1.0{f' WHEN {shares_name(a)} THEN 0.5' if a.shared else ''} ELSE 0.0 END"
            for a in actors
        )
        parts["actor"] = f"({hits}) / {len(actors)}"
    number = claimed(ask.statement.quantity)
    unit = ask.statement.quantity.unit if ask.statement.quantity else None
    if number is not None and ask.statement.type == "execution" and unit and number.low:
        parts["deaths"] = (
            f"CASE WHEN {number.low:g} BETWEEN {TOLL[0]} AND {TOLL[2]} THEN 1.0 "
            f"ELSE (1.0 + least(deaths_best, {number.low:g})) / (1.0 + greatest(deaths_best, {number.low:g})) END"
        )
    return parts


def _query(ask: Ask, rule: str, actors: list[Who], where: Where, window: Days, parts: dict[str, str]) -> Query:
    time = ask.statement.time
    pad = _PAD.get(time.precision or "approximate", 31) if time is not None else 0
    limits = [rule, where.maybe]
    shared = [f"{shares_name(a)} AND NOT {is_actor(a)}" for a in actors if a.shared]
    if window.start is not None:
        limits.append(f"date_end >= DATE '{window.start}' - {pad}")
    if window.end is not None:
        limits.append(f"date_start <= DATE '{window.end}' + {pad}")
    if actors:
        limits.append("(" + " OR ".join([*(is_actor(a) for a in actors), *shared]) + ")")
    query = Query()
    query.step(
        "near", f"events in {where.label} or near it, up to {pad} days off{_of(actors)}",
        f"SELECT * FROM {ask.table} WHERE " + " AND ".join(limits),
    )  # fmt: skip
    scored = ", ".join(f"{sql} AS part_{name}" for name, sql in parts.items())
    query.step("scored", "how well each part fits, from 0 to 1", f"SELECT *{', ' + scored if scored else ''} FROM near")
    mean = "(" + " + ".join(f"part_{name}" for name in parts) + f") / {len(parts)}" if parts else "0.0"
    query.select = (
        f"SELECT {', '.join(_COLUMNS)}, provisional, {' OR '.join(shared) or 'false'} AS shared,\n"
        f"       {', '.join(f'round(part_{n}, 2) AS part_{n}' for n in parts) or '0 AS none'},\n"
        f"       round({mean}, 2) AS score\n"
        f"FROM scored ORDER BY score DESC, deaths_best DESC, date_start, id LIMIT {_SHOWN}"
    )
    return query


def _matched(row: dict[str, Any], parts: dict[str, str], ask: Ask) -> MatchedEvent:
    scores = {name: float(row[f"part_{name}"]) for name in parts}
    private = any(s.private for s in ask.record.sets(ask.family, "events"))
    shown = {} if private else {c: _plain(row[c]) for c in _COLUMNS if c not in ("id", "dataset")}
    return MatchedEvent(row["id"], row["dataset"], float(row["score"]), scores, **shown)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
