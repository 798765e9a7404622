"""The slope of first hits on distance: against scipy, on a front that was made, and on violence that stays."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import made
from scipy import stats

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.spread.common import km_from, middle
from spillover.spread.front import front, theil_sen
from spillover.spread.selection import select

FIRST = date(2015, 1, 1)


def wave(days_a_km, *, seed=1, rings=7, noise=20.0):
    """Events in every cell around a centre, from the day on that a front of this pace reaches it."""
    random = np.random.default_rng(seed)
    rows = []
    for ring in range(rings):
        for cell in sorted(h3.grid_ring(h3.latlng_to_cell(30.0, 70.0, 4), ring)):
            lat, lon = h3.cell_to_latlng(cell)
            km = km_from(30.0, 70.0, np.array([lat]), np.array([lon]))[0]
            first = km * days_a_km + abs(random.normal(scale=noise)) * (ring > 0)
            for wait in np.cumsum(random.exponential(200, size=4)) - 100:
                day = FIRST + timedelta(days=int(first + max(wait, 0)))
                rows.append({"start": day, "lat": lat, "lon": lon})
    return rows


def still(seed, *, events=400):
    """Events at random times, denser towards the centre."""
    random = np.random.default_rng(seed)
    return [
        {
            "start": FIRST + timedelta(days=int(random.integers(2000))), "lat": 30 + random.normal(),
            "lon": 70 + random.normal(),
        }
        for _ in range(events)
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50)), min_size=2, max_size=40))
def test_the_slope_equals_scipy(points):
    x, y = (np.array(v, dtype=float) for v in zip(*points, strict=True))
    slope = theil_sen(x, y)
    if len(set(x)) == 1:
        assert slope is None
    else:
        with np.errstate(invalid="ignore"):  # its interval has no variance where values repeat
            assert slope == pytest.approx(stats.theilslopes(y, x).slope)


def test_many_pairs_are_sampled():
    random = np.random.default_rng(1)
    x = random.random(1500)
    assert theil_sen(x, 3 * x + random.normal(scale=0.1, size=1500)) == pytest.approx(3, abs=0.05)


def test_a_front_is_found_with_its_speed():
    found = front(made(wave(2.0)), origin=(30.0, 70.0), resamples=200)
    assert found.slope == pytest.approx(2, abs=0.15)
    low, high = found.interval
    assert low < found.slope < high
    assert found.speed == pytest.approx(365.25 / 12 / found.slope)
    assert found.speed_interval[0] < found.speed < found.speed_interval[1]
    assert found.tau > 0.4
    assert found.p < 0.05
    assert found.words().startswith("Exploratory: all actors: over 127 cells, for every 100 km from where it began on ")
    days = r"[\d,]+ days later"
    assert re.search(rf"{days} \(95% interval {days} to {days}\); with the days shuffled, [\d,]+ days? ", found.words())
    assert "km a month" in found.words()


def test_a_front_that_moves_inwards_has_no_speed():
    rows = [r | {"start": FIRST + timedelta(days=3000) - (r["start"] - FIRST)} for r in wave(2.0)]
    found = front(made(rows), origin=(30.0, 70.0), resamples=100)
    assert found.slope < 0
    assert found.speed is None
    assert re.search(r"first hits come [\d,]+ days earlier \(95%", found.words())
    assert "No front moving outwards" in found.words()


def test_violence_that_stays_is_no_front():
    found = [front(made(still(seed)), resamples=60) for seed in range(20)]
    # its slope is above 0 all the same: dense places are seen first
    assert np.mean([f.slope for f in found]) > 0
    assert sum(f.speed is not None for f in found) <= 3


def test_cells_by_hand():
    rows = [*wave(1.0, rings=3), {"lat": None}, {"where_prec": 5}, {"date_prec": 4}]
    found = front(made(rows), resamples=20)
    assert found.left_out.reasons == {"no coordinates": 1, "no usable day": 1, "no usable point": 1}
    assert found.cells.height == 19
    assert found.cells["first"].is_sorted()
    assert found.cells["days"].to_list() == [(d - found.cells["first"][0]).days for d in found.cells["first"]]
    first = {}
    for row in rows[:-3]:
        cell = h3.latlng_to_cell(row["lat"], row["lon"], 4)
        first[cell] = min(first.get(cell, date.max), row["start"])
    assert dict(found.cells.select("cell", "first").iter_rows()) == first
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_middle_of_points_across_the_date_line():
    lat, lon = middle(np.array([0.0, 0.0]), np.array([179.0, -179.0]))
    assert (lat, abs(lon)) == (pytest.approx(0), pytest.approx(180))


@pytest.mark.parametrize(
    "rows, more, why",
    [
        ([], {}, "0 cells hit"),
        ([{}] * 30, {}, "1 cell hit"),
        ([r | {"start": FIRST} for r in wave(1.0)], {}, "on one day"),
        (wave(1.0, rings=3), {"origin_events": 0}, "event at least"),
    ],
)
def test_refused(rows, more, why):
    with pytest.raises(SpreadError, match=why):
        front(made(rows), **more)


def test_the_same_seed_gives_the_same_answer():
    selection = made(wave(1.0, rings=4))
    assert front(selection, resamples=30, seed=9).to_dict() == front(selection, resamples=30, seed=9).to_dict()


@pytest.mark.shared
def test_the_anti_balaka_spread_outwards(shared, tmp_path):
    case = open_case(tmp_path)
    case.add_events(shared / "data" / "ged_car.geojson")
    with case.events() as session:
        chosen = select(session).where(pl.col("group") == "anti-Balaka")
    found = front(chosen, resamples=100)
    assert found.interval[0] > 0
    assert found.p < 0.05
    assert found.cells["first"][0] == date(2013, 4, 14)
