"""``presence`` statements, and expansion into a place that is told as having happened: was the actor there?"""

from __future__ import annotations

from datetime import date, timedelta

from spillover.checking.activity import RECENT_DAYS, any_of, in_words, split
from spillover.checking.claims import Untestable, Where, Who, period
from spillover.checking.context import Ask
from spillover.checking.coverage import covered, described
from spillover.checking.finding import Activity, Days, Finding, Number
from spillover.checking.query import Query, selection
from spillover.checking.tempo import tempo
from spillover.reading.statement import Place


def check_presence(ask: Ask, place: Place | None = None) -> Finding:
    """The finding on a presence, in one place or in all of the statement's together."""
    s = ask.statement
    who = ask.who(s.subject)
    if who is None:
        raise Untestable("the text names no actor that the record knows")
    places = (place,) if place is not None else s.place
    if not places:
        raise Untestable("the text names no place")
    where = ask.where(places)
    days = period(s, ask.now) or Days(None, ask.now.day.isoformat() if ask.now else None)
    sets = ask.covering(where)
    extent = covered(sets, where.countries, days)
    if extent.extent == "none":
        raise Untestable(f"the record does not cover {where.label} in this period")
    if s.type in ("base", "cells", "control"):
        ask.note("activity_not_bases")
    # the day after the claim's last one parts what it is about from what came later
    day = (
        date.fromisoformat(days.end) + timedelta(days=1)
        if days.end
        else date.fromisoformat(_end(extent.end)) + timedelta(days=1)
    )
    found = split(ask, who, None, where, day, None, RECENT_DAYS)
    activity = found.before
    sql = found.sql
    perhaps = 0
    if days.start is not None:
        activity, perhaps, sql = _within(ask, days, where, who, found.before)
    values = {
        "period": days, "record": Number("events", activity.low, activity.best, activity.high), "before": activity,
        "sql": sql, "sets": tuple(x.id for x in sets), "coverage": described(sets),
        "place": {"surface": place.surface, "place": place.place} if place is not None else None,
        "tempo": tempo(ask, ask.sides(who), who, where, Days(days.start, days.end)),
    }  # fmt: skip
    there = any_of(activity)
    # "is active", "is no longer active": with no period told, the text is about its own time
    long_ago = there and days.start is None and s.kind == "presence" and not found.recent
    if long_ago and (s.polarity == "negated" or s.phase == "ended"):
        return ask.finding("matches", f"the record, too, shows nothing of late: {in_words(activity)}", **values)
    if long_ago:
        ask.note("long_ago")
    if there and s.phase == "ended" and s.polarity != "negated":
        return ask.finding("contradicts", f"the record shows {who.name} there of late: {in_words(activity)}", **values)
    if there and s.polarity == "negated":
        return ask.finding("contradicts", f"the record shows {who.name} there: {in_words(activity)}", **values)
    if there:
        return ask.finding("matches", f"the record shows {who.name} there: {in_words(activity)}", **values)
    if perhaps:
        doubt = (
            f"the record has {perhaps:,} event{'s' * (perhaps != 1)} of {who.name} there, on days that it does not know"
        )
        return ask.finding("partly", f"{doubt} so well: they may have been in this period", **values)
    if found.shared_before:
        ask.note("umbrella", label=ask.label, name=", ".join(who.shared), actor=who.name)
        raise Untestable(
            f"the record has activity there under a name that {who.name} shares with others, "
            "and cannot say whose it was"
        )
    if extent.extent == "part":
        raise Untestable(f"the data cover only a part of {where.label} and the period, and have nothing there")
    ask.note("absent_is_not_false")
    if s.polarity == "negated":
        return ask.finding("matches", f"the record, too, shows nothing of {who.name} there", **values)
    later = f"; later, {in_words(found.after)}" if any_of(found.after) else ""
    return ask.finding(
        "no_record", f"the record covers {where.label} and has nothing of {who.name} there{later}", **values
    )


def _within(ask: Ask, days: Days, where: Where, who: Who, before: Activity) -> tuple[Activity, int, str]:
    """The activity inside a period that has a beginning, and the events there that may have been in it."""
    query = Query()
    selection(query, ask.table, ask.sides(who), where, days, ())
    query.select = (
        "SELECT count(*) FILTER (sure) AS low, count(*) FILTER (best) AS best, count(*) AS high,\n"
        "       count(*) FILTER (placed AND NOT best) AS perhaps,\n"
        "       min(date_start) FILTER (best) AS first, max(date_end) FILTER (best) AS last\nFROM period"
    )
    row = ask.run(query)
    first_year = int((days.start or "0001")[:4])
    whole_years = tuple(
        y for y in before.years if y >= first_year and (y > first_year or (days.start or "").endswith("01-01"))
    )
    return Activity(
        days.start, days.end, int(row["low"]), int(row["best"]), int(row["high"]),
        row["first"].isoformat() if row["first"] else None, row["last"].isoformat() if row["last"] else None,
        whole_years,
    ), int(row["perhaps"]), query.sql()  # fmt: skip


def _end(end: date | None) -> str:
    return (end or date.max).isoformat()
