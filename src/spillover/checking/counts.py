"""``count`` statements: how many attacks, clashes, killed, wounded, against the record's number and its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from spillover.checking.claims import Untestable, Where, Who, claimed, is_anybody, is_civilians, period
from spillover.checking.context import Ask
from spillover.checking.coverage import Covered, covered, described
from spillover.checking.events import event_types
from spillover.checking.finding import Claimed, Days, Finding, Number, Verdict
from spillover.checking.query import Query, between, is_actor, listed, selection, shares_name
from spillover.checking.tally import Chosen
from spillover.checking.tempo import tempo
from spillover.records.countries import names as country_names
from spillover.records.normal import TOLL

TOLERANCE = 0.1  # around the record's bounds (records-and-checking: ±10 %)
_OF_TYPE = {
    "attacks": {"acled": event_types("acled")["attack"]},
    "clashes": {"ucdp": "type IN ('state-based', 'non-state')", "acled": "type = 'Battles'"},
    "airstrikes": {"acled": "subtype = 'Air/drone strike'"},
}
_NOT_RECORDED = {
    "arrested": "arrests",
    "released": "releases",
    "abducted": "abductions",
    "displaced": "displacement",
    "closed": "closures",
}


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is added up: an event's low, best and high share, and whether the sum is only an upper bound.

    ``plain``: events, or all of their deaths.
    """

    unit: str
    low: str
    best: str
    high: str
    bound: bool = False
    unknown: str = "0"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of the record, how it was asked for, and what else the query gave."""

    number: Number
    measure: _Measure
    sides: list[tuple[str, str]]
    chosen: Chosen | None
    row: dict[str, Any]
    sql: str


def check_count(ask: Ask) -> Finding:
    """The finding on a count."""
    s = ask.statement
    number = claimed(s.quantity)
    if number is None or (number.low is None and number.high is None):
        raise Untestable("the text gives no number")
    if s.type in _NOT_RECORDED:
        raise Untestable(f"{ask.label} does not record {_NOT_RECORDED[s.type]}")
    if s.phase in ("planned", "attempted", "foiled"):
        raise Untestable(f"what was only {s.phase} is not in event data")
    if s.polarity == "negated":
        raise Untestable("a number that is denied cannot be compared")
    subject, whole = ask.who(s.subject), ask.where(s.place)
    measure = _measure(ask, subject)
    days = period(s, ask.now)
    if days is None:
        raise Untestable("the text does not say for which period it counts")
    _rule(ask)
    sets = ask.record.sets(ask.family, "events")
    extent = covered(sets, whole.countries, days)
    if extent.extent == "none":
        return _from_totals(ask, number, whole, days, subject)
    part = counted(ask, subject, whole, days)
    found = part.number
    _caveats(ask, part.row, measure, subject, found)
    if subject is not None and subject.shared and compare(number, found) in ("above_record", "no_record"):
        _under_shared_name(ask, number, part, subject, whole, days)
    verdict, reason = _verdict(ask, number, found, extent, measure, subject)
    return ask.finding(
        verdict, reason, claimed=number, record=found, period=days, sql=part.sql,
        sets=tuple(x.id for x in sets), coverage=described(sets),
        tempo=tempo(ask, part.sides, subject, whole, days, part.chosen),
    )  # fmt: skip


def counted(ask: Ask, subject: Who | None, whole: Where, days: Days) -> Counted:
    """The record's number for the statement's type, its subject and object, in a place and period."""
    measure, rule = _measure(ask, subject), _rule(ask)
    sides = ask.sides(subject)
    victim = _other(ask) if measure.unit == "events" else None
    sides += ask.sides(victim)
    if rule is not None:
        sides.append((f"{ask.statement.type} alone", rule))
    query = Query()
    columns, query.select = _asked(ask, measure, subject)
    selection(query, ask.table, sides, whole, days, columns)
    chosen = ask.chosen([subject, victim], whole) if measure.plain and rule is None else None
    row = _tallied(chosen, days, measure, subject) if chosen is not None else ask.run(query)
    number = Number(measure.unit, int(row["low"]), int(row["best"]), int(row["high"]))
    return Counted(number, measure, sides, chosen, row, query.sql())


def _rule(ask: Ask) -> str | None:
    """SQL for the events of the statement's type; ``None`` for all."""
    rules = _OF_TYPE.get(ask.statement.type, {})
    if ask.statement.type in ("clashes", "airstrikes") and ask.family not in rules:
        raise Untestable(f"{ask.label} does not tell {ask.statement.type} from other events")
    return rules.get(ask.family)


def _under_shared_name(ask: Ask, number: Claimed, part: Counted, subject: Who, where: Where, days: Days) -> None:
    """:class:`Untestable` where the claim fits with what the record has there under a name that others bear too."""
    query = Query()
    sides = [("of that name", shares_name(subject)), ("not its own", f"NOT {is_actor(subject)}"), *part.sides[1:]]
    selection(query, ask.table, sides, where, days, (f"{part.measure.high} AS most",))
    query.select = "SELECT coalesce(sum(most), 0) AS high FROM period"
    more = int(ask.run(query)["high"])
    if not more:
        return
    ask.note("umbrella", label=ask.label, name=", ".join(subject.shared), actor=subject.name)
    own = part.number
    if compare(number, Number(own.unit, own.low, own.best, own.high + more)) == "matches":
        raise Untestable(
            f"the record has {spoken(own)}, and up to {more:,} there under a name that {subject.name} shares "
            "with others, "
            "and cannot say whose they were"
        )


def _other(ask: Ask) -> Who | None:
    """Who was attacked, if it is an actor that the record knows."""
    try:
        return ask.who(ask.statement.object)
    except Untestable:
        return None


def _measure(ask: Ask, subject: Who | None) -> _Measure:
    s = ask.statement
    if s.type in ("attacks", "clashes", "airstrikes"):
        return _Measure("events", "1", "1", "1", plain=True)
    if s.type == "wounded":
        if ask.family == "ucdp" or ask.family == "acled":
            raise Untestable(f"{ask.label} records the dead, not the wounded")
        return _Measure("wounded", "wounded", "wounded", "wounded")
    total = TOLL
    if s.type == "casualties":
        return _Measure("deaths", *total, bound=True)
    words = s.object.surface if s.object is not None else None
    victim = None
    if s.object is not None and s.object.actor is not None:
        victim = ask.who(s.object)
    unit = s.quantity.unit if s.quantity is not None else None
    undivided = not ask.record.tells_victims(ask.family)
    if undivided and (victim is not None or is_civilians(words) or (words is None and is_civilians(unit))):
        return _Measure("deaths", "0", "deaths_best", total[2], bound=True)
    if victim is not None:
        side = _side(victim)
        return _Measure("deaths", side, side, f"{side} + deaths_unknown", unknown="deaths_unknown")
    if is_civilians(words) or (words is None and is_civilians(unit)):
        # who killed civilians in a fight is not recorded: in one-sided violence it is
        sure = "CASE WHEN type = 'one-sided' THEN deaths_civilians ELSE 0 END" if subject else "deaths_civilians"
        high = "deaths_civilians + deaths_unknown"
        return _Measure("deaths", sure, "deaths_civilians", high, unknown="deaths_unknown")
    if not is_anybody(words) or (words is None and not is_anybody(unit)):
        # soldiers, militants: the record has no such word, the whole toll is the most that they can be
        return _Measure("deaths", "0", "deaths_best", total[2], bound=True)
    if subject is not None:
        if undivided:  # its own dead are among them, nobody knows how many
            return _Measure("deaths", "0", "deaths_best", total[2])
        # its own dead are no victims of its; those of unknown status may be
        own = f"coalesce({_side(subject)}, 0)"
        low, best, high = (f"greatest(0, {toll} - {own})" for toll in total)
        return _Measure("deaths", low.replace(f"- {own}", f"- {own} - coalesce(deaths_unknown, 0)"), best, high)
    return _Measure("deaths", *total, plain=True)


def _tallied(chosen: Chosen, days: Days, measure: _Measure, subject: Who | None) -> dict[str, Any]:
    """What the query gives, from columns in memory."""
    row = chosen.counted(days, measure.unit == "deaths")
    if subject is not None and subject.factions:
        alone = row["best_rows"][chosen.tally.of_actors(row["best_rows"], subject.alone)]
        row["alone"] = int(chosen.tally.toll[1][alone].sum()) if measure.unit == "deaths" else len(alone)
    return row


def _side(who: Who) -> str:
    """SQL for the deaths on an actor's side of an event."""
    a, b = (is_actor(who, side=side) for side in ("actor_a_ids", "actor_b_ids"))
    return f"CASE WHEN {a} THEN deaths_a WHEN {b} THEN deaths_b ELSE 0 END"


def _asked(ask: Ask, measure: _Measure, subject: Who | None) -> tuple[tuple[str, ...], str]:
    """What is asked of each event, and the sums of it: the number with its bounds, and what the caveats need."""
    columns = ["type"] if ask.family == "ucdp" and measure.unit == "events" and subject is not None else []
    shares = []
    if measure.unit == "events":
        sums = ["count(*) FILTER (sure) AS low", "count(*) FILTER (best) AS best", "count(*) AS high"]
    else:
        shares = [f"{measure.low} AS least_toll", f"{measure.best} AS toll", f"{measure.high} AS most_toll"]
        sums = [
            "coalesce(sum(least_toll) FILTER (sure), 0) AS low", "coalesce(sum(toll) FILTER (best), 0) AS best",
            "coalesce(sum(most_toll), 0) AS high",
        ]  # fmt: skip
    sums += ["count(*) FILTER (NOT here) AS unsure_place", "count(*) FILTER (here AND NOT sure) AS unsure_date"]
    if columns:
        sums.append("count(*) FILTER (type IN ('state-based', 'non-state')) AS fights")
    if measure.unknown != "0":
        columns.append(measure.unknown)
        sums.append(f"coalesce(sum({measure.unknown}), 0) AS unknown")
    if subject is not None and subject.factions:
        shares.append(f"{is_ids(subject.alone)} AS alone_")
        best = "count(*) FILTER (best AND alone_)"
        sums.append(f"{best if measure.unit == 'events' else best.replace('count(*)', 'sum(toll)')} AS alone")
    sets = ask.record.sets(ask.family, "events")
    columns.append("status")
    sums.append("count(status) AS remarked")
    if any(s.provisional for s in sets):
        columns.append("provisional")
        sums.append("bool_or(provisional) AS provisional")
    if len(sets) > 1:
        columns.append("set_id")
        sums.append("list(DISTINCT set_id) AS sets")
    return (*columns, *shares), "SELECT " + ",\n       ".join(sums) + "\nFROM period"


def is_ids(ids: tuple[str, ...]) -> str:
    """SQL that one of these ids is on a side."""
    return f"list_has_any(actor_ids, {listed(ids)})"


def _caveats(ask: Ask, row: dict[str, Any], measure: _Measure, subject: Who | None, found: Number) -> None:
    if measure.unit == "events" and all(s.fatal_only for s in ask.record.sets(ask.family, "events")):
        ask.note("fatal_only", label=ask.label)
    civilians = measure.best == "deaths_civilians" and measure.low != measure.best
    if civilians and subject is not None and ask.family == "ucdp":
        ask.note("who_attacked", label=ask.label, actor=subject.name)
    if measure.unit == "events" and subject is not None and row.get("fights") and ask.family == "ucdp":
        ask.note("who_attacked", label=ask.label, actor=subject.name)
    if row.get("provisional"):
        ask.note("provisional", label=ask.label)
    if row["unsure_place"]:
        ask.note("place_estimated", count=f"{row['unsure_place']:,}")
    if row["unsure_date"]:
        ask.note("date_estimated", count=f"{row['unsure_date']:,}")
    if measure.unit == "deaths" and not measure.bound and found.low != found.high:
        ask.note("deaths_range", low=f"{found.low:,}", high=f"{found.high:,}")
    if row.get("unknown"):
        ask.note("victims_unknown", count=f"{row['unknown']:,}")
    if row.get("remarked"):
        ask.note("status_unclear", count=f"{row['remarked']:,}")
    if subject is not None and subject.factions and row["best"] != (row["alone"] or 0):
        ask.note("factions", names=", ".join(subject.factions), alone=f"{row['alone'] or 0:,}")
    if len(row.get("sets") or ()) > 1:
        labels = {s.id: s.label for s in ask.session.sets}
        ask.note("mixed_sets", sets=", ".join(sorted(labels[id] for id in row["sets"])))


def compare(number: Claimed, found: Number) -> Verdict:
    """A claimed number against the record's bounds, a tenth to either side."""
    if found.high == 0 and (number.low or 0) + (number.high or 0) > 0:
        return "no_record"
    if number.low is not None and number.low > found.high * (1 + TOLERANCE):
        return "above_record"
    if number.high is not None and number.high < found.low * (1 - TOLERANCE):
        return "below_record"
    return "matches"


def _verdict(
    ask: Ask, number: Claimed, found: Number, extent: Covered, measure: _Measure, subject: Who | None
) -> tuple[Verdict, str]:
    verdict = compare(number, found)
    said = spoken(found)
    if ask.statement.subject is not None and subject is None:
        # "gunmen" may be anybody: the record's whole number bounds theirs from above, and says no more
        ask.note("any_actor")
        if verdict not in ("above_record", "no_record"):
            raise Untestable(f"the text names no actor that the record knows; for all actors it has {said}")
    if measure.bound and verdict in ("matches", "below_record"):
        if ask.statement.type == "casualties" and verdict == "below_record":
            return verdict, f"fewer than the dead alone: the record has {said}"
        raise Untestable(f"the record does not tell these victims from others; it has {said} in all")
    if measure.bound and ask.statement.type == "casualties":
        raise Untestable(f"the record counts the dead, not the wounded; it has {said}")
    if extent.extent == "part":
        ask.note("coverage_part", covered=_part(extent))
        if verdict in ("above_record", "no_record"):
            raise Untestable(f"the data cover only {_part(extent)} of what is claimed; there they have {said}")
    match verdict:
        case "matches":
            return verdict, f"the record has {said}, and the claim lies within its bounds and a tenth"
        case "below_record":
            return verdict, f"smaller than what the record already proves: {said}"
        case "no_record":
            ask.note("absent_is_not_false")
            return verdict, "the record covers the place and the time and has nothing of the kind"
    fatal = measure.unit == "events" and any(c.code == "fatal_only" for c in ask.caveats)
    expected = (
        "; to be expected where a source counts events without deaths, which the record leaves out" if fatal else ""
    )
    return verdict, f"larger than the record, which has {said}{expected}"


def spoken(found: Number) -> str:
    """A number with its bounds, in words."""
    bounds = "" if found.low == found.high else f" ({found.low:,} to {found.high:,})"
    unit = found.unit[:-1] if found.best == 1 and found.unit.endswith("s") else found.unit
    return f"{found.best:,} {unit}{bounds}"


def _part(extent: Covered) -> str:
    if extent.lacking:
        return f"all but {', '.join(country_names().get(c, c) for c in extent.lacking)}"
    return f"{extent.start} to {extent.end}" + (f" but for {' and '.join(extent.gaps)}" if extent.gaps else "")


def _from_totals(ask: Ask, number: Claimed, place: Where, days: Days, subject: Who | None) -> Finding:
    """Without single events: the totals of the countries bound the number from above, and cannot tell actors apart."""
    totals = ask.record.sets(ask.family, "totals")
    outside = f"no single events of {place.label} are covered in this period"
    if not place.whole or place.countries is None or covered(totals, place.countries, days).extent != "full":
        raise Untestable(outside)
    deaths = ask.statement.type in ("killed", "casualties")
    anybody = subject is None and ask.statement.subject is None and _measure(ask, None).plain
    # where somebody is named, the totals say nothing of how few were theirs
    low = "0" if not anybody else "least(deaths_best, coalesce(deaths_low, deaths_best))" if deaths else "events"
    best, high = ("deaths_best", "greatest(deaths_best, deaths_high)") if deaths else ("events", "events")
    query = Query()
    query.step(
        "place", f"{place.label}, all actors together",
        f"SELECT * FROM totals WHERE {place.maybe} AND {best} IS NOT NULL",
    )  # fmt: skip
    query.step(
        "period", f"months and years that touch {days.start or 'the beginning'} to {days.end or 'the end'}",
        f"SELECT * FROM place WHERE {between(days, 'period_end', 'period_start')}",
    )  # fmt: skip
    # months and years must not be added to each other
    query.select = (
        f"SELECT dataset, coalesce(sum({low}) FILTER ({between(days, 'period_start', 'period_end')}), 0) AS low,\n"
        f"       coalesce(sum({best}), 0) AS best, coalesce(sum({high}), 0) AS high\n"
        "FROM period GROUP BY dataset ORDER BY min(period_end - period_start), dataset LIMIT 1"
    )
    rows = query.run(ask.session)
    if not rows:
        raise Untestable(outside)
    found = Number("deaths" if deaths else "events", int(rows[0]["low"]), int(rows[0]["best"]), int(rows[0]["high"]))
    used = [s for s in totals if s.dataset == rows[0]["dataset"]]
    ask.note("totals_only", place=place.label)
    if not deaths and all(s.fatal_only for s in used):
        ask.note("fatal_only", label=ask.label)
    values: dict[str, Any] = {
        "claimed": number, "record": found, "period": days, "sql": query.sql(), "sets": tuple(s.id for s in used),
        "coverage": described(used),
    }  # fmt: skip
    if anybody and _whole(days, rows[0]["dataset"]):
        verdict = compare(number, found)
        said = spoken(found)
        reasons = {
            "matches": f"the totals of {place.label} have {said}, and the claim lies within their bounds and a tenth",
            "below_record": f"smaller than what the totals of {place.label} already prove: {said}",
            "above_record": f"larger than the totals of {place.label}, which have {said}",
            "no_record": f"the totals of {place.label} have nothing of the kind",
        }
        return ask.finding(verdict, reasons[verdict], **values)
    if compare(number, found) == "above_record" and deaths:
        return ask.finding("above_record", f"larger than all deaths there by all actors: {spoken(found)}", **values)
    total = f"all actors together have {found.best:,} {found.unit} there"
    return ask.finding("untestable", f"{outside}; {total}, and the totals do not say whose", **values)


def _whole(days: Days, dataset: str) -> bool:
    """Whether a period is made of the months or years that the totals have."""
    start, end = (date.fromisoformat(d) if d else None for d in (days.start, days.end))
    by_month = dataset == "ucdp-country-month"
    first = start is None or (start.day == 1 and (by_month or start.month == 1))
    after = None if end is None else date.fromordinal(end.toordinal() + 1)
    return first and (after is None or (after.day == 1 and (by_month or after.month == 1)))
