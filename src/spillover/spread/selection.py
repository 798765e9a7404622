"""Which events are measured: chosen by actor, type, country, division and day, one row an event.

Every measure takes a :class:`Selection` and says how many of its events it could not use, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from spillover.errors import SpreadError
from spillover.records.source import text
from spillover.words import key

if TYPE_CHECKING:
    from spillover.records.actors import Crosswalk
    from spillover.records.session import Session

TYPES = ("state-based", "non-state", "one-sided")
PLACE, DAY = 3, 3
"""Coarsest ``where_prec`` with a usable point (second-order division) and ``date_prec`` with a usable day (week), by
the GED codebook 25.1: level 4 of either is a first-order division and a month."""
MONTH = 4
"""Coarsest ``date_prec`` with a usable month."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Events that a measure could not use, by reason. ``of``: how many there were before."""

    of: int
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def events(self) -> int:
        """How many were left out."""
        return sum(self.reasons.values())

    def __str__(self) -> str:
        if not self.events:
            return f"none of {self.of:,} events left out"
        why = "; ".join(f"{reason}: {n:,}" for reason, n in self.reasons.items())
        return f"{self.events:,} of {self.of:,} events left out ({why})"


@dataclass(frozen=True, slots=True)
class Selection:
    """Events chosen from the record, oldest first.

    ``events`` has the columns ``id``, ``start`` and ``end`` (days), ``date_prec``, ``type``, ``group`` (see
    :func:`select`), ``side_a``, ``side_b``, ``country`` (ISO3), ``admin1``, ``admin1_code`` (ISO 3166-2), ``admin2``,
    ``lat``, ``lon`` (degrees), ``where_prec``, ``deaths`` and ``civilians`` (best estimates). ``since`` and ``until``:
    the window, both days inside: what was asked for, within what the sets cover. ``words``: the choice, for people.
    """

    events: pl.DataFrame
    since: date
    until: date
    words: str
    sources: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.events.height

    @property
    def days(self) -> int:
        """Length of the window."""
        return (self.until - self.since).days + 1

    def within(self, since: date | None = None, until: date | None = None) -> Selection:
        """The events that start in a shorter window."""
        since, until = max(since or self.since, self.since), min(until or self.until, self.until)
        return replace(
            self, events=self.events.filter(pl.col("start").is_between(since, until)), since=since, until=until
        )

    def where(self, condition: pl.Expr) -> Selection:
        """The events for which a condition holds."""
        return replace(self, events=self.events.filter(condition))

    def usable(self, *, place: int | None = PLACE, day: int | None = DAY) -> tuple[pl.DataFrame, LeftOut]:
        """Events whose place and day are known well enough, and a count of the others.

        ``place``, ``day``: coarsest ``where_prec`` and ``date_prec`` that will do; ``None`` asks for neither. Each
        event is counted under one reason, the first that holds.
        """
        reason = pl.lit(None, dtype=pl.String)
        if day is not None:
            reason = reason.fill_null(
                pl.when(pl.col("date_prec").is_not_null() & (pl.col("date_prec") > day)).then(pl.lit("no usable day"))
            )
        if place is not None:
            no_point = ~(pl.col("lat").is_finite() & pl.col("lon").is_finite()).fill_null(False)
            coarse = pl.col("where_prec").is_not_null() & (pl.col("where_prec") > place)
            reason = reason.fill_null(
                pl.when(no_point).then(pl.lit("no coordinates")).when(coarse).then(pl.lit("no usable point"))
            )
        marked = self.events.with_columns(reason.alias("_reason"))
        counts = marked.filter(pl.col("_reason").is_not_null())["_reason"].value_counts().sort("_reason")
        return (
            marked.filter(pl.col("_reason").is_null()).drop("_reason"),
            LeftOut(len(self), dict(counts.iter_rows())),
        )


_EVENTS = """
SELECT set_id, id, date_start AS start, date_end AS "end", date_prec, type, actor_a AS side_a, actor_b AS side_b,
       actor_a_ids, actor_b_ids, country, admin1, admin1_code, admin2, lat, lon, where_prec,
       deaths_best AS deaths, deaths_civilians AS civilians
FROM {table}
WHERE {condition}
ORDER BY date_start, set_id, id
"""


def select(
    session: Session,
    *,
    actors: Sequence[str] = (),
    types: Sequence[str] = (),
    countries: Sequence[str] = (),
    admin1: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    factions: bool = True,
    family: str | None = None,
) -> Selection:
    """The events that fit all that is asked; an empty sequence asks for nothing.

    ``actors``: the lexicon's ids, or names as the lexicon or the data set has them; an organisation counts with its
    factions unless ``factions`` is false. ``countries``: ISO3; ``admin1``: ISO 3166-2 or a division's name as in the
    data. ``family``: ``ucdp``, ``acled`` …; by default UCDP where it is there, else the first, for families count by
    rules of their own and must not be added up.

    An event's ``group`` is the rebel side in state-based violence (side B; between two states both, as "A – B"), the
    perpetrator in one-sided violence (side A), and in non-state violence the side with more events in the data. It says
    who is a party to the event, not who began it.

    :class:`~spillover.errors.SpreadError` where an actor or type is unknown, dates are reversed, or there is no data.
    """
    if since and until and since > until:
        raise SpreadError(f"the window ends ({until}) before it begins ({since})", to_do="Swap the two days")
    for wrong in (t for t in types if t not in TYPES and (family or "ucdp") == "ucdp"):
        raise SpreadError(f"there is no type of violence {wrong!r}", to_do=f"Use one of {', '.join(TYPES)}")
    family = family or _family(session)
    sets = [s for s in session.of("events") if s.family == family]
    if not sets:
        raise SpreadError("there are no events in this case", to_do="Add some with 'spillover events add FILE'")
    start = min(date.fromisoformat(s.coverage.start) for s in sets)
    end = max(date.fromisoformat(s.coverage.end) for s in sets)
    if (since and since > end) or (until and until < start):
        raise SpreadError(f"the event data cover {start} to {end}, not that window", to_do="Choose other days")
    since, until = max(since or start, start), min(until or end, end)
    present = _present(session, family) if actors else frozenset()
    sides = [_actor(session.crosswalk, present, name, factions) for name in actors]
    conditions = [f"date_start BETWEEN DATE '{since}' AND DATE '{until}'"]
    if sides:
        conditions.append("(" + " OR ".join(condition for condition, _ in sides) + ")")
    for column, wanted in (("type", types), ("country", countries)):
        if wanted:
            conditions.append(f"{column} IN ({', '.join(text(w) for w in wanted)})")
    if admin1:
        listed = ", ".join(text(a) for a in admin1)
        conditions.append(f"(admin1_code IN ({listed}) OR admin1 IN ({listed}))")
    rows = _read(session, family, " AND ".join(conditions))
    words = _words([name for _, name in sides], types, [*countries, *admin1])
    return Selection(_grouped(rows), since, until, words, tuple(dict.fromkeys(s.label for s in sets)))


def _family(session: Session) -> str:
    families = [s.family for s in session.of("events")]
    return "ucdp" if "ucdp" in families else next(iter(families), "")


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
        "set_id": pl.String, "id": pl.String, "start": pl.Date, "end": pl.Date, "date_prec": pl.UInt8,
        "type": pl.String, "side_a": pl.String, "side_b": pl.String, "actor_a_ids": pl.List(pl.String),
        "actor_b_ids": pl.List(pl.String), "country": pl.String, "admin1": pl.String, "admin1_code": pl.String,
        "admin2": pl.String, "lat": pl.Float64, "lon": pl.Float64, "where_prec": pl.UInt8, "deaths": pl.Int32,
        "civilians": pl.Int32,
}  # fmt: skip


def _read(session: Session, family: str, condition: str) -> pl.DataFrame:
    table = "events"
    if {s.family for s in session.of("events")} != {family}:
        table = f"(SELECT * FROM events_all WHERE family = {text(family)} AND superseded_by IS NULL)"
    answer = session.query(_EVENTS.format(table=table, condition=condition))
    return pl.DataFrame(answer.rows, schema=_SCHEMA, orient="row")


def is_state(name: pl.Expr) -> pl.Expr:
    """Whether a side is a state, by UCDP's way to name it; a side without a name is none."""
    return name.fill_null("").str.starts_with("Government of")


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their ``group``."""
    sides = pl.concat([rows["side_a"], rows["side_b"]]).drop_nulls().value_counts(name="n")
    number = dict(sides.iter_rows())
    count_a = pl.col("side_a").replace_strict(number, default=0, return_dtype=pl.Int64)
    count_b = pl.col("side_b").replace_strict(number, default=0, return_dtype=pl.Int64)
    between_states = is_state(pl.col("side_a")) & is_state(pl.col("side_b"))
    group = (
        pl.when(between_states).then(pl.concat_str(["side_a", "side_b"], separator=" – "))
        .when(pl.col("type") == "state-based").then("side_b")
        .when((pl.col("type") == "non-state") & (count_b > count_a)).then("side_b")
        .otherwise("side_a")
    )  # fmt: skip
    return rows.with_columns(group=group.fill_null("unknown"))


def _present(session: Session, family: str) -> frozenset[str]:
    """The ids of the actors that occur, and the data set's own names of sides, in lower case."""
    rows = session.query(
        f"SELECT DISTINCT unnest(list_concat(actor_ids, [lower(actor_a), lower(actor_b)])) "
        f"FROM events_all WHERE family = {text(family)} AND superseded_by IS NULL"
    ).rows
    return frozenset(row[0] for row in rows if row[0])


def _actor(crosswalk: Crosswalk, present: frozenset[str], name: str, factions: bool) -> tuple[str, str]:
    """SQL that an actor is on a side, and its name; by the lexicon's id or name, else the data set's own name."""
    ids = [name] if crosswalk.lexicon.actor(name) else sorted({n.actor for n in crosswalk.lexicon.names(key(name))})
    if len(ids) > 1:
        # a name that several actors bear means the one that the data have
        ids = [id for id in ids if id in present] or ids
    if len(ids) > 1:
        raise SpreadError(f"{name!r} is a name of {', '.join(ids)}", to_do="Name one of them by its id")
    if ids:
        info = crosswalk.lexicon.actor(ids[0])
        wanted = [ids[0], *(crosswalk.branches(ids[0]) if factions else ())]
        listed = ", ".join(text(id) for id in wanted)
        return f"list_has_any(actor_ids, [{listed}])", info.name if info else ids[0]
    if name.lower() not in present:
        near = ", ".join(id for id, _ in crosswalk.candidates(name)) or "none"
        raise SpreadError(
            f"there is no actor {name!r}; near are {near}",
            to_do="Name it as 'spillover actors' lists it, or as the event data do",
        )
    return f"(lower(actor_a) = lower({text(name)}) OR lower(actor_b) = lower({text(name)}))", name


def _words(actors: list[str], types: Sequence[str], places: list[str]) -> str:
    who = _listed(actors) if actors else "all actors"
    what = f", {_listed(types)} violence" if types else ""
    where = f", in {', '.join(places)}" if places else ""
    return f"{who}{what}{where}"


def _listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
