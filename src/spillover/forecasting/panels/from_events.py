"""A panel from the events of a case: every month that the data sets cover, with its zeros."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from spillover.errors import ForecastError
from spillover.forecasting import months
from spillover.forecasting.panel import Panel, Unit
from spillover.forecasting.panels import grid
from spillover.forecasting.panels.coverage import cover, family_of, groups_told, last_day, table
from spillover.forecasting.panels.rules import Rules, When, by_month, index
from spillover.forecasting.panels.units import there, units
from spillover.records.session import Session
from spillover.spread.selection import TYPES, is_state, select

Target = Literal["deaths", "events"]
Estimate = Literal["best", "low", "high"]
FROM_EVENTS: tuple[Unit, ...] = ("country", "admin1", "priogrid", "group")


def from_events(
    session: Session,
    *,
    kind: Unit = "country",
    target: Target = "deaths",
    types: Sequence[str] = (),
    actors: Sequence[str] = (),
    countries: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    rules: Rules | None = None,
    estimate: Estimate = "best",
) -> Panel:
    """Deaths or events by unit and month.

    ``types``, ``actors``, ``countries``: as in :func:`~spillover.spread.selection.select`. ``since``, ``until``: first
    and last month (numbers); by default all that the sets cover. No event that starts after ``until`` is looked at, and
    of one that goes on after it only what the rules put before. ``rules``: see
    :class:`~spillover.forecasting.panels.rules.Rules`. ``estimate``: of the deaths.

    Units, each there only in months in which its country is covered (see
    :class:`~spillover.forecasting.panels.coverage.Cover`):

    - ``country`` (ISO3): the states that there are (:mod:`~spillover.forecasting.panels.existence`), also without an
      event;
    - ``priogrid`` (gid): all cells in which these countries have land; one elsewhere from its first event on;
    - ``admin1`` (ISO 3166-2, else country and name): those that the record names, from their first event on;
    - ``group`` (``name|ISO3``): a group in a country, from its first event there on; no state, and nobody before the
      first event of state-based or one-sided violence, which UCDP codes for formally organised groups alone: others
      may be communities (docs/scope.md). In non-state violence it is the side that stood in more events up to that
      month, so that later ones cannot change it.

    ``parts``: the other target, and for all but cells ``civilians`` and deaths and events by type of violence.

    :class:`~spillover.errors.ForecastError` where nothing is covered, or groups are asked for of data that do not tell
    them from communities; :class:`~spillover.errors.SpreadError` where an actor or type is unknown.
    """
    for name, given, known in (("kind", kind, FROM_EVENTS), ("target", target, get_args(Target)),
                               ("estimate", estimate, get_args(Estimate))):  # fmt: skip
        if given not in known:
            raise ForecastError(f"there is no {name} {given!r}", to_do=f"Use one of {', '.join(known)}")
    rules = rules or Rules()
    family = family_of(session)
    if kind == "group":
        groups_told(family)
    window = cover(session, family, since, until)
    chosen = select(session, actors=actors, types=types, countries=countries, until=last_day(window.end), family=family)
    left = Left()
    events = by_month(_with_deaths(session, family, chosen.events, estimate), rules.month)
    left.across(events, rules.month)
    events = left.unless(events, pl.col("country").is_not_null(), "have no country")
    if kind == "group":
        events = _with_group(session, family, events)
        events = left.unless(events, pl.col("group").is_not_null(), "are between sides known from such clashes alone")
        events = left.unless(events, pl.col("group") != "unknown", "have no side with a name")
        events = left.unless(events, ~is_state(pl.col("group")), "are by a state alone, or between states")
    events = left.unless(_keyed(events, kind, rules), pl.col("unit").is_not_null(), _NOWHERE.get(kind, "have no place"))
    rows = units(session, family, kind, rules, window, countries, events)
    events = left.unless(events, pl.col("month") <= window.end, f"count after {months.name(window.end)}")
    events = left.unless(events, pl.col("month") >= window.start, f"count before {months.name(window.start)}")
    at = events["unit"].replace_strict(rows.row, default=-1, return_dtype=pl.Int64).to_numpy()
    month = (events["month"] - window.start).to_numpy()
    inside = (at >= 0) & rows.covered[at, month]
    if not inside.all():
        events = left.unless(events.with_columns(_in=pl.Series(inside)), pl.col("_in"), "lie where no set covers")
        at, month = at[inside], month[inside]
    cell = at * window.months + month

    def series(weight: pl.Expr) -> NDArray[np.float64]:
        weights = events.select((pl.col("share") * weight).cast(pl.Float64)).to_series().to_numpy()
        flat = np.bincount(cell, weights, minlength=len(rows.keys) * window.months)
        return np.asarray(flat.reshape(len(rows.keys), window.months), dtype=np.float64)

    count = {"events": series(pl.lit(1.0)), "deaths": series(pl.col("deaths"))}
    exists, notes = there(kind, rows, window, count["events"])
    values = count.pop(target)
    parts = count
    if kind != "priogrid":
        parts["civilians"] = series(pl.col("civilians"))
        for violence in TYPES if family == "ucdp" and len(types) != 1 else ():
            name, of = violence.replace("-", "_"), pl.col("type") == violence
            parts[f"{name}_events"] = series(of)
            parts[f"{name}_deaths"] = series(of * pl.col("deaths"))
    panel = Panel(
        kind=kind,
        target=target,
        units=rows.keys,
        start=window.start,
        values=values,
        exists=exists,
        covered=rows.known,
        names=rows.names,
        parts=parts,
        neighbours=rows.neighbours,
        points=rows.points,
        notes=(
            f"{', '.join(chosen.sources)}: {chosen.words}",
            *rows.notes,
            *window.notes,
            *window.gaps(countries),
            *left.notes,
            *notes,
        ),
    )
    return panel.only(np.asarray(exists.any(axis=1)))


_NOWHERE = {"priogrid": "are too coarsely placed for a cell", "admin1": "have no division, or too coarse a place"}


class Left:
    """What was left out, counted in events and deaths."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def unless(self, events: pl.DataFrame, holds: pl.Expr, what: str) -> pl.DataFrame:
        """The events for which a condition holds; the others go into the notes."""
        out = events.filter(~holds)
        if out.height:
            n, deaths = (float(column.sum()) for column in (out["share"], out["share"] * out["deaths"]))
            self.notes.append(f"left out: {_number(n)} events with {_number(deaths)} deaths that {what}")
        return events.filter(holds)

    def across(self, events: pl.DataFrame, when: When) -> None:
        """Note the events that go over a month's end, and in which month they count; and those without a number."""
        once = events.unique(["set_id", "id"], keep="first")
        over = once.filter(index(pl.col("start")) != index(pl.col("end")))
        if over.height:
            how = {"start": "whole in the month of their first day", "end": "whole in the month of their last day",
                   "days": "in each month by its share of their days"}[when]  # fmt: skip
            self.notes.append(
                f"{over.height:,} events with {over['deaths'].sum():,} deaths go over a month's end: {how}"
            )
        if none := once["unnumbered"].sum():
            self.notes.append(f"{none:,} events have no number of deaths and count as 0 deaths")


def _number(n: float) -> str:
    return f"{n:,.0f}" if n == round(n) else f"{n:,.1f}"


def _with_deaths(session: Session, family: str, events: pl.DataFrame, estimate: Estimate) -> pl.DataFrame:
    """Events with the estimate that is asked for, 0 where there is none."""
    if estimate != "best":
        answer = session.query(f"SELECT set_id, id, deaths_{estimate} FROM {table(session, family)}")
        schema = {"set_id": pl.String, "id": pl.String, "deaths": pl.Int32}
        other = pl.DataFrame(answer.rows, schema=schema, orient="row")
        events = events.drop("deaths").join(other, on=["set_id", "id"], how="left", maintain_order="left")
    return events.with_columns(
        unnumbered=pl.col("deaths").is_null(),
        deaths=pl.col("deaths").fill_null(0).cast(pl.Int64),
        civilians=pl.col("civilians").fill_null(0).cast(pl.Int64),
    )


def _with_group(session: Session, family: str, events: pl.DataFrame) -> pl.DataFrame:
    """Events with the group of non-state violence decided by what is known in the month in which they start: of the
    sides that are groups by then (:func:`_formal`), the one that stood in more events."""
    events = events.with_columns(_known=index(pl.col("start")))
    once = events.unique(["set_id", "id"], keep="first")
    sides = pl.concat([once.select(pl.col(side).alias("name"), "_known") for side in ("side_a", "side_b")])
    number = (
        sides.drop_nulls().group_by("name", "_known").len("n").sort("name", "_known")
        .with_columns(n=pl.col("n").cast(pl.Int64).cum_sum().over("name"))
    )  # fmt: skip
    formal = _formal(session, family)
    for side in ("a", "b"):
        counted = number.rename({"name": f"side_{side}", "n": f"_{side}"})
        events = events.join(counted, on=[f"side_{side}", "_known"], how="left", maintain_order="left")
        known = formal.rename({"name": f"side_{side}", "formal": f"_formal_{side}"})
        events = events.join(known, on=f"side_{side}", how="left", maintain_order="left").with_columns(
            pl.when(pl.col(f"_formal_{side}") <= pl.col("_known")).then(f"_{side}").fill_null(0).alias(f"_{side}")
        )
    larger = pl.when(pl.col("_b") > pl.col("_a")).then("side_b").when(pl.col("_a") > 0).then("side_a")
    return events.with_columns(group=pl.when(pl.col("type") == "non-state").then(larger).otherwise("group"))


def _formal(session: Session, family: str) -> pl.DataFrame:
    """By name of a side the month (``formal``) of its first event of state-based or one-sided violence. UCDP codes
    those for formally organised groups alone; a side of nothing but non-state violence may be a community."""
    both = " UNION ALL ".join(
        f"SELECT {actor} AS name, date_start FROM {table(session, family)} WHERE type <> 'non-state'"
        for actor in ("actor_a", "actor_b")
    )
    rows = session.query(f"SELECT name, min(date_start) FROM ({both}) GROUP BY name ORDER BY name").rows
    found = pl.DataFrame(rows, schema={"name": pl.String, "first": pl.Date}, orient="row")
    return found.drop_nulls().select("name", formal=index(pl.col("first")))


def _keyed(events: pl.DataFrame, kind: str, rules: Rules) -> pl.DataFrame:
    """Events with the key of their ``unit``, null where they have none in such a panel."""
    precise = pl.col("where_prec").fill_null(1)
    if kind == "priogrid":
        lat, lon = (events[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("lat", "lon"))
        point = np.isfinite(lat) & np.isfinite(lon)
        cells = pl.Series(grid.gid(np.where(point, lat, 0), np.where(point, lon, 0))).cast(pl.String)
        events = events.with_columns(_cell=cells, _point=pl.Series(point))
        return events.with_columns(unit=pl.when(pl.col("_point") & (precise <= rules.cell)).then(pl.col("_cell"))).drop(
            "_cell", "_point"
        )
    keys = {
        "country": pl.col("country"),
        "group": pl.concat_str(["group", "country"], separator="|"),
        "admin1": pl.when(precise <= rules.division).then(
            pl.coalesce("admin1_code", pl.concat_str(["country", "admin1"], separator=" "))
        ),
    }
    return events.with_columns(unit=keys[kind])
