"""The rows of a panel from events: which there are, in which months the record speaks of them, what lies next to what.

Nothing here changes for earlier months when later events are known: what only events tell of is there from its first
event on, and two divisions are neighbours for good or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from spillover.errors import ForecastError
from spillover.forecasting.panel import Unit
from spillover.forecasting.panels import existence, grid, places
from spillover.forecasting.panels.coverage import Cover, last_day, table
from spillover.forecasting.panels.from_file import MOST, ordered
from spillover.forecasting.panels.rules import Rules, index
from spillover.records import countries as names_of
from spillover.records.countries import gleditsch_ward
from spillover.records.places import division_name
from spillover.records.session import Session
from spillover.spread.common import middle, sphere

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
NEAREST = 5
"""With how many divisions a new one is linked: the nearest of those that the record knew by then."""


@dataclass(frozen=True, slots=True)
class Units:
    """``covered``: units × months in which the record speaks of a unit. ``known``: those in which it speaks of where
    the unit is, also before the unit was there; a cell outside the land of the countries counts as known throughout.
    ``points``: see :class:`~spillover.forecasting.panel.Panel`."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    covered: Bools
    known: Bools
    neighbours: tuple[Ints, ...]
    notes: tuple[str, ...] = ()
    row: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def units(
    session: Session,
    family: str,
    kind: Unit,
    rules: Rules,
    window: Cover,
    wanted: Collection[str],
    events: pl.DataFrame,
) -> Units:
    """The rows of a panel. ``wanted``: the countries that were asked for, none for all. ``events``: those that were
    chosen, with the key of their ``unit``; divisions are taken from all events of the family.

    :class:`~spillover.errors.ForecastError` where there are none, or too many.
    """
    if kind == "country":
        found = _countries(window, wanted)
    elif kind == "priogrid":
        found = _cells(window, wanted, events)
    elif kind == "group":
        found = _groups(window, events)
    else:
        found = _divisions(session, family, rules, window, wanted)
    if not found.keys:
        raise ForecastError(
            f"there is no {kind} of which the event data say anything in these months",
            to_do="Ask for other countries, groups or months",
        )
    return found


def _made(
    kind: Unit, first: Mapping[str, tuple[str, int]], window: Cover, names: Mapping[str, str] | None = None
) -> Units:
    """``first``: by unit its country, and the month from which it is there if the record speaks of the country."""
    at = np.arange(window.start, window.end + 1)
    countries = {unit: window.of(country) for unit, (country, _) in first.items()}
    listed = {unit: countries[unit] & (at >= month) for unit, (_, month) in first.items()}
    keys = tuple(ordered([key for key, mask in listed.items() if mask.any()]))
    _bounded(len(keys), window)
    covered, known = (
        np.array([masks[key] for key in keys], dtype=bool).reshape(len(keys), window.months)
        for masks in (listed, countries)
    )
    called = tuple(names[key] for key in keys) if names else places.names(kind, keys)
    near = places.neighbours(kind, keys)
    return Units(keys, called, covered, known, near, row={key: i for i, key in enumerate(keys)})


def _bounded(units: int, window: Cover) -> None:
    if units * window.months > MOST:
        raise ForecastError(
            f"{units:,} units × {window.months:,} months are over the limit of {MOST:,} cells",
            to_do="Ask for fewer countries or months",
        )


def _countries(window: Cover, wanted: Collection[str]) -> Units:
    known = {c.iso3 for c in gleditsch_ward()} if window.worldwide else set()
    named = {iso3 for iso3 in known | set(window.seen) if not wanted or iso3 in wanted}
    return _made("country", {iso3: (iso3, window.start) for iso3 in named}, window)


def _groups(window: Cover, events: pl.DataFrame) -> Units:
    return _made("group", _first(events), window)


def _first(events: pl.DataFrame) -> dict[str, tuple[str, int]]:
    """By unit its country, and the month of its first event."""
    first = events.group_by("unit", "country").agg(index(pl.col("start")).min().alias("first")).sort("unit")
    return {unit: (country, month) for unit, country, month in first.iter_rows()}


def _cells(window: Cover, wanted: Collection[str], events: pl.DataFrame) -> Units:
    """All cells with land of the countries, and those elsewhere that had an event."""
    known = set(grid.countries()) if window.worldwide else set()
    masks = {iso3: window.of(iso3) for iso3 in sorted(known | set(window.seen)) if not wanted or iso3 in wanted}
    masks = {iso3: mask for iso3, mask in masks.items() if mask.any()}
    land = grid.land(masks)
    on_land = {str(cell) for cell in land}
    elsewhere: dict[str, Bools] = {}
    off = events.filter(~pl.col("unit").is_in(list(on_land)))
    first = off.group_by("unit").agg(index(pl.col("start")).min().alias("first")).sort("unit")
    at = np.arange(window.start, window.end + 1)
    for unit, month in first.iter_rows():
        elsewhere[unit] = at >= month
    cells = np.array(sorted([*land, *(int(unit) for unit in elsewhere)]), dtype=np.int64)
    _bounded(cells.size, window)
    place = np.full(grid.CELLS + 1, -1, dtype=np.int64)
    place[cells] = np.arange(cells.size)
    covered = np.zeros((cells.size, window.months), dtype=bool)
    for iso3, mask in masks.items():
        covered[place[grid.land([iso3])]] |= mask
    throughout = covered.copy()
    for unit, mask in elsewhere.items():
        covered[place[int(unit)]], throughout[place[int(unit)]] = mask, True
    keys = tuple(str(cell) for cell in cells)
    notes = [f"{len(land):,} cells in which the countries have land"]
    if elsewhere:
        notes.append(f"{len(elsewhere):,} more cells, at sea or across a border, are there from their first event on")
    return Units(
        keys, places.names("priogrid", keys), covered, throughout, grid.neighbours([int(c) for c in cells]),
        tuple(notes), {key: i for i, key in enumerate(keys)},
    )  # fmt: skip


_DIVISIONS = """
SELECT country, coalesce(admin1_code, concat_ws(' ', country, admin1)) AS unit, admin1 AS name, date_start AS start,
       lat, lon
FROM {table}
WHERE country IS NOT NULL AND admin1 IS NOT NULL AND coalesce(where_prec, 1) <= {level} AND date_start <= DATE '{last}'
ORDER BY date_start, set_id, id
"""


def _divisions(session: Session, family: str, rules: Rules, window: Cover, wanted: Collection[str]) -> Units:
    sql = _DIVISIONS.format(table=table(session, family), level=rules.division, last=last_day(window.end))
    schema = {"country": pl.String, "unit": pl.String, "name": pl.String, "start": pl.Date, "lat": pl.Float64,
              "lon": pl.Float64}  # fmt: skip
    events = pl.DataFrame(session.query(sql).rows, schema=schema, orient="row")
    if wanted:
        events = events.filter(pl.col("country").is_in(list(wanted)))
    called = names_of.names()
    first = events.unique("unit", keep="first", maintain_order=True)
    names = {
        unit: f"{division_name(unit) or name}, {called.get(iso3, iso3)}"
        for iso3, unit, name in first.select("country", "unit", "name").iter_rows()
    }
    made = _made("admin1", _first(events), window, names)
    notes = (f"{len(made.keys):,} divisions that the record names, each there from its first event on",)
    came = _came(events)
    points = {key: came[key][1:] for key in made.keys if key in came}
    return replace(made, neighbours=_near(made.keys, came), notes=notes, points=points)


def _came(events: pl.DataFrame) -> dict[str, tuple[int, float, float]]:
    """The first month of each division with a point, and the middle of its events then: later ones move nothing."""
    known = events.filter(pl.col("lat").is_finite() & pl.col("lon").is_finite())
    known = known.with_columns(_month=index(pl.col("start")))
    known = known.filter(pl.col("_month") == pl.col("_month").min().over("unit"))
    return {
        str(unit): (rows["_month"][0], *middle(rows["lat"].to_numpy(), rows["lon"].to_numpy()))
        for (unit,), rows in known.group_by("unit", maintain_order=True)
    }


def _near(keys: tuple[str, ...], came: Mapping[str, tuple[int, float, float]]) -> tuple[Ints, ...]:
    """Neighbours of divisions: each is linked, both ways, with the nearest that the record knew when it came in."""
    at = [i for i, key in enumerate(keys) if key in came]
    links: list[set[int]] = [set() for _ in keys]
    if at:
        month_of, *centres = (np.array(column) for column in zip(*(came[keys[i]] for i in at), strict=True))
        points = sphere(*centres)
        for now in np.unique(month_of):
            old = np.flatnonzero(month_of <= now)
            new = np.flatnonzero(month_of == now)
            _, near = cKDTree(points[old]).query(points[new], k=min(NEAREST + 1, old.size))
            for i, others in zip(new, np.reshape(near, (new.size, -1)), strict=True):
                for j in [j for j in old[others] if j != i][:NEAREST]:
                    links[at[i]].add(at[j])
                    links[at[j]].add(at[i])
    return tuple(np.array(sorted(found), dtype=np.int64) for found in links)


def there(kind: Unit, made: Units, window: Cover, events: NDArray[np.float64]) -> tuple[Bools, list[str]]:
    """Where units exist: covered, and in a state's time but for cells; ``events``: their number by unit and month."""
    if kind == "priogrid":
        return made.covered, []
    return existence.applied([places.country_of(kind, key) for key in made.keys], window.start, events, made.covered)
