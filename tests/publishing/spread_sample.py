"""A made-up record on both sides of a border, where events of one group set off others, and what is measured of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from spillover.spread import Contagion, Effort, Overview, Selection, overview

SINCE, UNTIL = date(2019, 1, 1), date(2021, 12, 31)
LITTLE = Effort(jitters=1, rounds=(4,), placebos=1, bandwidths=0, held_out=False)
BRIGADE, ARMY = "Harmattan Brigades <&>", "Dune Army"
BORDER = 1.0  # degrees east; an event west of it is in Burkina Faso, else in Niger
_SIZE, _NEAR = 0.08, 0.03  # degrees: how far events lie from their hub, and one set off from the one that did
_SCHEMA = {
    "set_id": pl.String, "id": pl.String, "start": pl.Date, "end": pl.Date, "date_prec": pl.UInt8, "type": pl.String,
    "side_a": pl.String, "side_b": pl.String, "actor_a_ids": pl.List(pl.String), "actor_b_ids": pl.List(pl.String),
    "country": pl.String, "admin1": pl.String, "admin1_code": pl.String, "admin2": pl.String, "lat": pl.Float64,
    "lon": pl.Float64, "where_prec": pl.UInt8, "deaths": pl.Int32, "civilians": pl.Int32, "group": pl.String,
}  # fmt: skip


def selection(events: int = 420, seed: int = 7) -> Selection:
    """Events around eight hubs on the border: the one half by chance, of the other each a few days after one of those
    and a few kilometres off, at times across the border; more of them in later years."""
    random = np.random.default_rng(seed)
    days = (UNTIL - SINCE).days
    found: list[tuple[float, float, float, str]] = []
    for _ in range(events // 2):
        lat, lon = 12.4 + 0.33 * random.integers(8), BORDER + random.normal(0, _SIZE)
        group = BRIGADE if random.random() < 0.7 else ARMY
        found.append((days * random.random() ** 0.7, lat + random.normal(0, _SIZE), lon, group))
    for when, lat, lon, group in list(found):
        away = random.normal(0, _NEAR, 2)
        found.append((when + random.exponential(2), lat + away[0], lon + away[1], group))
    rows = [
        _row(n, SINCE + timedelta(int(when)), lat, lon, group, int(random.integers(6)))
        for n, (when, lat, lon, group) in enumerate(sorted(found))
        if when < days
    ]
    return Selection(pl.DataFrame(rows, schema=_SCHEMA), SINCE, UNTIL, "both groups", ("Made-up events 1.0",))


def _row(n: int, day: date, lat: float, lon: float, group: str, deaths: int) -> dict[str, object]:
    country = "BFA" if lon < BORDER else "NER"
    admin1 = f"{'Sahel' if country == 'BFA' else 'Tillabéri'} {'north' if lat > 13.6 else 'south'}"
    return {
        "set_id": "made", "id": f"{n:06}", "start": day, "end": day, "date_prec": 1, "type": "state-based",
        "side_a": f"Government of {country}", "side_b": group, "actor_a_ids": [], "actor_b_ids": [], "country": country,
        "admin1": admin1, "admin1_code": None, "admin2": None, "lat": lat, "lon": lon,
        "where_prec": 6 if n % 40 == 39 else 1, "deaths": deaths, "civilians": 0, "group": group,
    }  # fmt: skip


@cache
def measured() -> Overview:
    """All measures but the contagion model."""
    return overview(selection())


@cache
def with_contagion() -> Overview:
    """All measures, the contagion model with little effort."""
    return replace(measured(), contagion=Contagion(effort=LITTLE).fit(selection()))


def few(events: int = 3) -> Overview:
    """What can be measured of a few events."""
    chosen = selection()
    return overview(replace(chosen, events=chosen.events.head(events)))
