"""The events that onsets are told from: who was a party to which event, in which place and month.

A group is known by the data set's name of it. It is a party to an event on whichever side it stands, so in non-state
violence both sides are: nothing says who began it, and no choice between them can hang on later events. States and
their forces are no groups here. Nor are communities: of the types of violence only state-based and one-sided events are
coded for formally organised groups alone (UCDP GED codebook 25.1, "formally" and "informally organised groups"), so a
group counts from its first such event on, and a side that is known from non-state violence only never does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.panels.coverage import cover, family_of, groups_told
from spillover.forecasting.panels.rules import Rules, index
from spillover.records import countries as names_of
from spillover.records.places import division_name
from spillover.records.session import Session
from spillover.spread.selection import MONTH, TYPES, LeftOut, Selection, is_state, select
from spillover.words import key

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Level = Literal["admin1", "country"]
_SIDES = ("side_a", "side_b")


@dataclass(frozen=True, slots=True)
class Record:
    """Events by month and place, and their parties.

    Of each event, oldest first: ``month``, ``place`` (position in ``places``), ``lat``, ``lon`` (degrees, NaN: none),
    ``formal`` (not non-state). ``event``, ``group``: a row a party, positions in the events and in ``groups``, the
    groups being those that are a party to a formal event at some time. ``places``: ISO 3166-2, or country and name;
    ISO3 for countries. ``countries``: ISO3 of each place. ``covered``: places × months from ``start`` to ``end``.
    ``every``: months of all events, used or not; ``lost``: of those left out, by reason.
    """

    level: Level
    start: int
    end: int
    month: Ints
    place: Ints
    lat: Floats
    lon: Floats
    formal: Bools
    event: Ints
    group: Ints
    groups: tuple[str, ...]
    places: tuple[str, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    covered: Bools
    words: str
    sources: tuple[str, ...]
    every: Ints
    lost: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.month)

    @property
    def left_out(self) -> LeftOut:
        """The events that could not be used."""
        return _counted(self.every, self.lost)

    def left_until(self, month: int) -> LeftOut:
        """Those up to and with a month: of what came later not even the number is known."""
        return _counted(self.every[self.every <= month], {why: at[at <= month] for why, at in self.lost.items()})


def record_of(source: Session | Selection | Record, level: Level = "admin1") -> Record:
    """The record of a case's events, or of a selection of them.

    A selection is taken to cover all its countries from its first to its last day. Events count in the month in which
    they start; left out are those of which only the year is known, those without a known place (``where_prec`` 5 or
    more for divisions, as in :class:`~spillover.forecasting.panels.rules.Rules`), and those of no type of UCDP's.

    :class:`~spillover.errors.ForecastError` where the level is unknown, no event can be used, or the data do
    not tell armed groups from communities.
    """
    if isinstance(source, Record):
        return source
    if level not in get_args(Level):
        raise ForecastError(f"there is no kind of place {level!r}", to_do=f"Use one of {', '.join(get_args(Level))}")
    if isinstance(source, Selection):
        first, last = (day.year * 12 + day.month - 1 for day in (source.since, source.until))
        return _made(source, level, first, last, None)
    family = family_of(source)
    groups_told(family)
    window = cover(source, family, None, None)
    chosen = select(source, family=family)
    known = chosen.events["country"].unique().drop_nulls().to_list()
    return _made(chosen, level, window.start, window.end, {iso3: window.of(iso3) for iso3 in known})


def _made(chosen: Selection, level: Level, start: int, end: int, covered: dict[str, Bools] | None) -> Record:
    events = chosen.events.with_columns(_month=index(pl.col("start")))
    every, lost = _months(events["_month"], start), dict[str, Ints]()
    precise = pl.col("where_prec").fill_null(1) <= Rules().division
    division = pl.coalesce("admin1_code", pl.concat_str(["country", "admin1"], separator=" "))
    located = pl.when(precise & pl.col("country").is_not_null()).then(division)
    events = events.with_columns(_place=pl.col("country") if level == "country" else located)
    for what, holds in (
        ("no usable day", pl.col("date_prec").fill_null(1) <= MONTH),
        ("no type of UCDP's", pl.col("type").is_in(TYPES)),
        ("no country" if level == "country" else "no known first-order division", pl.col("_place").is_not_null()),
        ("outside the months that are covered", pl.col("_month").is_between(start, end)),
    ):
        held = events.select(holds.fill_null(False)).to_series()
        lost[what], events = _months(events.filter(~held)["_month"], start), events.filter(held)
    if events.is_empty():
        raise ForecastError(
            f"no event has a usable month and place ({_counted(every, lost)})",
            to_do="Add event data in UCDP's types of violence",
        )
    # in an order that no later event can change
    events = events.sort("_month", "_place", "start", "id", "side_a", "side_b", "lat", "lon").with_row_index("_event")
    places = events.unique("_place", keep="first", maintain_order=True).sort("_place")
    keys = places["_place"].to_list()
    called = names_of.names()
    names = [
        called.get(c, c) if level == "country" else f"{division_name(k) or name or k}, {called.get(c, c)}"
        for k, c, name in places.select("_place", "country", "admin1").iter_rows()
    ]
    groups, event, group = _parties(events)
    mask = np.ones((len(keys), end - start + 1), dtype=bool)
    if covered is not None:
        mask = np.array([covered[c] for c in places["country"]], dtype=bool)
    point = {c: events[c].cast(pl.Float64).fill_null(np.nan).to_numpy() for c in ("lat", "lon")}
    unknown = ~(np.isfinite(point["lat"]) & np.isfinite(point["lon"]))
    return Record(
        level, start, end, events["_month"].to_numpy(), np.searchsorted(keys, events["_place"].to_list()),
        np.where(unknown, np.nan, point["lat"]), np.where(unknown, np.nan, point["lon"]),
        (events["type"] != "non-state").to_numpy(), event, group, groups, tuple(keys), tuple(names),
        tuple(places["country"]), mask, chosen.words, chosen.sources, every, lost,
    )  # fmt: skip


def _months(column: pl.Series, start: int) -> Ints:
    """Months of events; one that has none counts from the start on."""
    return column.fill_null(start).to_numpy()


def _counted(every: Ints, lost: dict[str, Ints]) -> LeftOut:
    return LeftOut(len(every), {why: len(at) for why, at in lost.items() if len(at)})


def _parties(events: pl.DataFrame) -> tuple[tuple[str, ...], Ints, Ints]:
    """Groups, and a row for each event and group that is a party to it."""
    one_sided = pl.col("type") == "one-sided"
    parts = [
        events.filter(~one_sided | (side == "side_a")).select("_event", pl.col(side).alias("name"), "type")
        for side in _SIDES
    ]
    name = pl.col("name")
    # UCDP writes "XXX" and a number for a side that it has not identified
    nobody = name.str.starts_with("XXX") | (name.str.to_lowercase() == "civilians")
    rows = pl.concat(parts).filter(name.is_not_null() & ~is_state(name) & ~nobody)
    formal = rows.filter(pl.col("type") != "non-state")["name"].unique().sort()
    rows = rows.filter(pl.col("name").is_in(formal.to_list())).unique(["_event", "name"]).sort("_event", "name")
    groups = tuple(formal)
    return groups, rows["_event"].to_numpy().astype(np.int64), np.searchsorted(groups, rows["name"].to_list())


def chosen_groups(session: Session, actors: Sequence[str]) -> Collection[str]:
    """The groups, as the data name them, that are meant by ids or names of the lexicon, factions included."""
    crosswalk = session.crosswalk
    sides = session.query(
        "SELECT actor_a, actor_a_ids FROM events_all UNION SELECT actor_b, actor_b_ids FROM events_all"
    ).rows
    found: set[str] = set()
    for actor in actors:
        ids = [actor] if crosswalk.lexicon.actor(actor) else [n.actor for n in crosswalk.lexicon.names(key(actor))]
        wanted = {*ids, *(branch for id in ids for branch in crosswalk.branches(id))}
        found |= {
            name for name, of in sides if name and (wanted & set(of or ()) or name.casefold() == actor.casefold())
        }
    return found


def month_of(origin: int | str) -> int:
    """An origin as a number."""
    return months.parse(origin) if isinstance(origin, str) else int(origin)
