"""Somebody's activity in a place: from single events, and from yearly data where there are no events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from spillover.checking.finding import Activity
from spillover.checking.query import Query, is_actor, listed, shares_name
from spillover.records.source import text

if TYPE_CHECKING:
    from spillover.checking.claims import Where, Who
    from spillover.checking.context import Ask

# who was active within two years before was there already (VIEWS counts onsets after 24 quiet months)
RECENT_DAYS = 730


@dataclass(frozen=True, slots=True)
class Split:
    """What the record has before and after a day. ``shared_*``: under a name that the actor shares, not attributable
    to it.

    ``during``: years that the day itself falls in, for which only yearly data show activity. ``around``: events of the
    day itself, or of days that it is among. ``same_span``: events in as many days before it as are looked at after it.
    ``recent``: events and years in the days before it that count as recent.
    """

    before: Activity
    after: Activity
    shared_before: int
    shared_after: int
    during: int
    around: int
    recent: int
    same_span: int
    sql: str


def split(
    ask: Ask, who: Who, other: Who | None, place: Where, day: date, until: date | None, recent: int, kind: str = "true"
) -> Split:
    """What the record has of ``who`` (against ``other``) in a place before and after ``day``, in one query.

    ``until``: the last day that counts after it. ``recent``: days before it that count as recent. ``kind``: SQL for the
    events that are asked for.
    """
    query = Query()
    rule = is_actor(who)
    against = f" AND {is_actor(other)}" if other is not None else ""
    against += f" AND {kind}" if kind != "true" else ""
    query.step(
        "shown", f"events of {who.name}, or of a name that it shares with others, in {place.label}",
        f"SELECT *, {rule} AS own, {place.best} AS placed, {place.sure} AS here FROM {ask.table}\n"
        f"    WHERE ({rule} OR {shares_name(who)}){against} AND {place.maybe}",
    )  # fmt: skip
    query.step(
        "years",
        "years in which yearly data have it there, where no single events are",
        _years(ask, who, place, rule, against),
    )
    end = f" AND date_start <= DATE '{until}'" if until is not None else ""
    year_end = f" AND year <= {until.year}" if until is not None else ""
    before, after = f"date_end < DATE '{day}'", f"date_start > DATE '{day}'{end}"
    span = max(0, (until - day).days) if until is not None else 0
    earlier, later = f"year < {day.year}", f"year > {day.year}{year_end}"
    query.select = (
        "SELECT\n  "
        + ",\n  ".join([
            *_numbers("before", before), *_numbers("after", after),
            f"(SELECT count(*) FROM shown WHERE NOT own AND placed AND {before}) + "
            f"(SELECT count(*) FROM years WHERE NOT own AND {earlier}) AS shared_before",
            f"(SELECT count(*) FROM shown WHERE NOT own AND placed AND {after}) + "
            f"(SELECT count(*) FROM years WHERE NOT own AND {later}) AS shared_after",
            f"(SELECT count(*) FROM years WHERE year = {day.year}) AS during",
            "(SELECT count(*) FROM shown WHERE own AND placed "
            f"AND DATE '{day}' BETWEEN date_start AND date_end) AS around",
            f"(SELECT count(*) FROM shown WHERE own AND placed AND {before} AND date_end >= DATE '{day}' - {recent}) + "
            f"(SELECT count(*) FROM years WHERE own AND {earlier} "
            f"AND make_date(year, 1, 1) >= DATE '{day}' - {recent}) AS recent",
            f"(SELECT count(*) FROM shown WHERE own AND placed AND {before} AND date_start >= DATE '{day}' - {span}) "
            "AS same_span",
            f"(SELECT list(DISTINCT year ORDER BY year) FROM years WHERE own AND {earlier}) AS years_before",
            f"(SELECT list(DISTINCT year ORDER BY year) FROM years WHERE own AND {later}) AS years_after",
        ])
    )  # fmt: skip
    row = ask.run(query)
    return Split(
        _activity(row, "before", None, _less(day)), _activity(row, "after", day, until), int(row["shared_before"]),
        int(row["shared_after"]), int(row["during"]), int(row["around"]), int(row["recent"]),
        int(row["same_span"]), query.sql(),
    )  # fmt: skip


def _years(ask: Ask, who: Who, place: Where, rule: str, against: str) -> str:
    nothing = "SELECT NULL::INTEGER AS year, false AS own WHERE false"
    if ask.family != "ucdp" or not place.whole:
        return nothing
    if place.countries is not None and place.best.startswith("admin1"):
        return nothing
    shared = " OR ".join(f"side_a = {text(n)} OR side_b = {text(n)}" for n in who.shared) or "false"
    # a year of a country whose events are there is in them already
    have = " OR ".join(
        f"(year BETWEEN {s.coverage.start[:4]} AND {s.coverage.end[:4]}"
        + (")" if s.coverage.countries is None else f" AND list_contains({listed(s.coverage.countries)}, country))")
        for s in ask.record.sets(ask.family, "events")
        if s.coverage.countries != () and s.coverage.start.endswith("01-01") and s.coverage.end.endswith("12-31")
    )
    return (
        f"SELECT DISTINCT country, year, {rule} AS own FROM dyad_years\n"
        f"    WHERE ({rule} OR {shared}){against} AND {place.best}" + (f" AND NOT ({have})" if have else "")
    )


def _numbers(name: str, rule: str) -> list[str]:
    return [
        f"(SELECT count(*) FROM shown WHERE own AND here AND {rule}) AS {name}_low",
        f"(SELECT count(*) FROM shown WHERE own AND placed AND {rule}) AS {name}_best",
        f"(SELECT count(*) FROM shown WHERE own AND {rule}) AS {name}_high",
        f"(SELECT min(date_start) FROM shown WHERE own AND placed AND {rule}) AS {name}_first",
        f"(SELECT max(date_end) FROM shown WHERE own AND placed AND {rule}) AS {name}_last",
    ]


def _activity(row: dict[str, Any], name: str, start: date | None, end: date | None) -> Activity:
    first, last = row[f"{name}_first"], row[f"{name}_last"]
    return Activity(
        start.isoformat() if start is not None else None, end.isoformat() if end is not None else None,
        int(row[f"{name}_low"]), int(row[f"{name}_best"]), int(row[f"{name}_high"]),
        first.isoformat() if first is not None else None, last.isoformat() if last is not None else None,
        tuple(row[f"years_{name}"] or ()),
    )  # fmt: skip


def _less(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def any_of(found: Activity) -> bool:
    """Whether there is any activity at all."""
    return found.best > 0 or bool(found.years)


def in_words(found: Activity) -> str:
    """Activity in words: "17 events, the last on 2021-08-26" or "2 years by yearly data (2021, 2022)"."""
    parts = []
    if found.best:
        parts.append(
            f"{found.best:,} event{'s' * (found.best != 1)}, the first on {found.first}, the last on {found.last}"
        )
    if found.years:
        listed_years = ", ".join(str(y) for y in found.years[-4:])
        parts.append(f"yearly data show it in {'… ' if len(found.years) > 4 else ''}{listed_years}")
    return "; ".join(parts) or "nothing"
