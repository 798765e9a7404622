"""``tie`` statements: splinters, mergers, alliances and names in the actor list; who fights whom in the dyads."""

from __future__ import annotations

from typing import Any

from spillover.checking.claims import Untestable, Who, period
from spillover.checking.context import Ask
from spillover.checking.coverage import covered, described
from spillover.checking.finding import Days, Finding, Verdict
from spillover.checking.query import Query, is_actor, perhaps_within
from spillover.records.source import text

# relation in the actor list from subject to object (→), or the other way round (←)
_RELATIONS = {
    "emerged_from": (("splinter_of", "→"), ("split_for_a_time_from", "→"), ("renamed", "→")),
    "defected_from": (("splinter_of", "→"), ("split_for_a_time_from", "→")),
    "affiliate_of": (("joined", "→"), ("allied_with", "→"), ("splinter_of", "→")),
    "merged_into": (("joined", "→"), ("allied_with", "→")),
    "joined": (("joined", "→"), ("allied_with", "→")),
    "pledged_to": (("joined", "→"), ("allied_with", "→")),
    "member_of": (("joined", "→"), ("allied_with", "→")),
    "founded": (("splinter_of", "←"),),
    "allied_with": (("allied_with", "→"), ("allied_with", "←"), ("joined", "→"), ("joined", "←")),
    "supports": (("allied_with", "→"), ("allied_with", "←")),
    "opposes": (),
    "alias_of": (),
}
_FRIENDLY = frozenset({"allied_with", "supports", "member_of", "merged_into", "joined", "affiliate_of", "pledged_to"})


def check_tie(ask: Ask) -> Finding:
    """The finding on a tie between two actors."""
    s = ask.statement
    if s.type not in _RELATIONS:
        raise Untestable(f"event data do not record ties of the kind {s.type.replace('_', ' ')!r}")
    one, two = ask.who(s.subject), ask.who(s.object)
    if one is None or two is None:
        raise Untestable("a side of the tie is no actor that the record knows")
    if set(one.alone) == set(two.alone):
        if s.type == "alias_of" and one.via is None and two.via is None:
            return _same_actor(ask, one)
        raise Untestable(f"to the record {one.name} and {two.name} are one actor")
    lists, days = ask.record.sets(ask.family, "actor_ties"), period(s, ask.now)
    sets = [*lists, *ask.record.sets(ask.family)]
    if not sets:
        raise Untestable("there is no actor list and there are no dyads in the case")
    query = _query(ask, one, two, days)
    row = ask.run(query)
    listed = [f"{actor} {relation.replace('_', ' ')} {other}" for actor, relation, other in row["relations"] or ()]
    fights, years = int(row["fights"]), int(row["years"])
    values: dict[str, Any] = {
        "period": days, "sql": query.sql(), "sets": tuple(x.id for x in sets), "coverage": described(sets),
    }  # fmt: skip
    if s.type == "opposes":
        if not ask.record.sets(ask.family):
            raise Untestable("an actor list does not say who fights whom: add event data")
        return _opposes(ask, one, two, row, fights, years, values)
    if listed:
        ask.note("ties_undated", end=max(x.coverage.end for x in lists))
        if s.polarity == "negated":
            return ask.finding("contradicts", f"the actor list has it: {'; '.join(listed[:3])}", **values)
        return ask.finding("matches", f"the actor list has it: {'; '.join(listed[:3])}", **values)
    if s.polarity == "negated":
        raise Untestable("that a tie is not there cannot be shown by a list that has none")
    if s.type in _FRIENDLY and fights and days is not None:
        return ask.finding("contradicts", f"in that time the record has {fights:,} fights between the two", **values)
    if s.type == "alias_of" and (fights or years):
        return ask.finding("contradicts", "the record has them as two actors that fight each other", **values)
    if not lists:
        raise Untestable("no actor list is in the case: add the UCDP Actor Dataset")
    ask.note("absent_is_not_false")
    return ask.finding("no_record", f"the actor list has no such tie between {one.name} and {two.name}", **values)


def _same_actor(ask: Ask, who: Who) -> Finding:
    names = {r.name for r in ask.session.crosswalk.names_of(who.actor, ask.family)}
    called = f" ({', '.join(sorted(names))})" if names else ""
    return ask.finding("matches", f"both names are one actor in the record{called}", sets=(), coverage="")


def _opposes(
    ask: Ask, one: Who, two: Who, row: dict[str, Any], fights: int, years: int, values: dict[str, Any]
) -> Finding:
    if fights or years:
        shown = [f"{fights:,} events between them, {row['first']} to {row['last']}"] if fights else []
        shown += [f"yearly data have them as opponents in {years} years"] if years else []
        verdict: Verdict = "contradicts" if ask.statement.polarity == "negated" else "matches"
        return ask.finding(verdict, "; ".join(shown), **values)
    if not _home_covered(ask, one, two, values["period"]):
        raise Untestable(
            "the data do not cover all countries in which the two could have fought, and have no fight there"
        )
    if ask.statement.polarity == "negated":
        ask.note("absent_is_not_false")
        return ask.finding("matches", "the record, too, has no fight between the two", **values)
    ask.note("absent_is_not_false")
    return ask.finding("no_record", f"the record has no fight between {one.name} and {two.name}", **values)


def _home_covered(ask: Ask, one: Who, two: Who, days: Days | None) -> bool:
    """Whether the countries in which the lexicon has the two active are covered; the world, where it does not say."""
    infos = [ask.session.crosswalk.lexicon.actor(who.actor) for who in (one, two)]
    homes = [set(info.countries) if info is not None else set() for info in infos]
    # a fight takes place where both are; a state fights in its group's countries
    countries = homes[0] & homes[1] or homes[0] | homes[1]
    return covered(ask.record.sets(ask.family), sorted(countries) or None, days).extent == "full"


def _query(ask: Ask, one: Who, two: Who, days: Days | None) -> Query:
    query = Query()
    dated = perhaps_within(days) if days is not None else "true"
    query.step(
        "fights", f"events with {one.name} on one side and {two.name} on the other",
        f"SELECT * FROM {ask.table} WHERE {_opposed(one, two, 'actor_a_ids', 'actor_b_ids')} AND {dated}",
    )  # fmt: skip
    yearly = dated.replace("date_end", "make_date(year, 12, 31)").replace("date_start", "make_date(year, 1, 1)")
    query.step(
        "years", "years in which yearly data have the two as opponents",
        f"SELECT DISTINCT year FROM dyad_years WHERE {_opposed(one, two, 'side_a_ids', 'side_b_ids')} AND {yearly}",
    )  # fmt: skip
    query.step("ties", "what the actor list has between the two", _ties(ask, one, two))
    query.select = (
        "SELECT (SELECT count(*) FROM fights) AS fights, (SELECT min(date_start) FROM fights) AS first,\n"
        "       (SELECT max(date_end) FROM fights) AS last, (SELECT count(*) FROM years) AS years,\n"
        "       (SELECT list(DISTINCT [actor, relation, other]) FROM ties) AS relations"
    )
    return query


def _opposed(one: Who, two: Who, a: str, b: str) -> str:
    """SQL that the two are on different sides."""
    ways = [f"({is_actor(x, side=a)} AND {is_actor(y, side=b)})" for x, y in ((one, two), (two, one))]
    return "(" + "\n    OR ".join(ways) + ")"


def _ties(ask: Ask, one: Who, two: Who) -> str:
    if ask.statement.type == "alias_of":
        # names have no partner in the list: an actor of it must bear a name of each
        named = "relation IN ('named', 'renamed') AND lower(other) IN "
        return (
            f"SELECT * FROM actor_ties WHERE {named}({_names(ask, two)})\n"
            f"    AND actor_code IN (SELECT actor_code FROM actor_ties WHERE {named}({_names(ask, one)}))"
        )
    codes = [_codes(ask, who) for who in (one, two)]
    rules = []
    for relation, way in _RELATIONS[ask.statement.type]:
        of, to = codes if way == "→" else codes[::-1]
        rules.append(f"(relation = {text(relation)} AND actor_code IN ({of}) AND other_code IN ({to}))")
    return "SELECT * FROM actor_ties WHERE " + ("\n    OR ".join(rules) or "false")


def _names(ask: Ask, who: Who) -> str:
    """An actor's names in the lexicon, acronyms left out: many stand for several."""
    info = ask.session.crosswalk.lexicon.actor(who.actor)
    names = (info.name, *info.aliases, *info.former_names) if info is not None else (who.name,)
    return ", ".join(sorted({text(name.lower()) for name in names}))


def _codes(ask: Ask, who: Who) -> str:
    rows = [r for id in who.alone for r in ask.session.crosswalk.names_of(id, ask.family) if r.code]
    return ", ".join(sorted({text(r.code or "") for r in rows})) or "NULL"
