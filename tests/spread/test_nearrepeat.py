"""The Knox table against pairs counted one by one, against pointpats, and on patterns with a known answer."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from pointpats.spacetime import Knox

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.spread.common import chord, km_from, sphere
from spillover.spread.nearrepeat import DAYS, KM, near_repeat
from spillover.spread.selection import select

FIRST = date(2019, 1, 1)


def scattered(n, *, seed=1, days=400, degrees=1.0, groups=("A",)):
    random = np.random.default_rng(seed)
    return [
        {
            "start": FIRST + timedelta(days=int(random.integers(days))), "lat": 33 + degrees * random.random(),
            "lon": 70 + degrees * random.random(), "group": groups[int(random.integers(len(groups)))],
        }
        for _ in range(n)
    ]  # fmt: skip


def by_hand(rows, km, days, mixed):
    """Pairs by band, one by one."""
    found = np.zeros((len(km), len(days)), dtype=int)
    for a, b in combinations(rows, 2):
        if not mixed and a["group"] != b["group"]:
            continue
        far = km_from(a["lat"], a["lon"], np.array([b["lat"]]), np.array([b["lon"]]))[0]
        wait = abs((a["start"] - b["start"]).days)
        i, j = int(np.searchsorted(km, far)), int(np.searchsorted(days, wait))
        if i < len(km) and j < len(days):
            found[i, j] += 1
    return found


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.booleans(), st.integers(20, 45))
def test_every_pair_is_in_its_band(seed, mixed, n):
    rows = scattered(n, seed=seed, days=90, degrees=0.6, groups=("A", "B"))
    found = near_repeat(made(rows), mixed=mixed, permutations=3)
    assert found.table["pairs"].to_numpy().reshape(len(KM), len(DAYS)).tolist() == (
        by_hand(rows, KM, DAYS, mixed).tolist()
    )


@pytest.mark.parametrize("km, days", [(8.0, 10), (30.0, 45)])
def test_one_cell_equals_pointpats(km, days):
    rows = scattered(300, seed=2)
    table = near_repeat(made(rows), km=(km,), days=(days,), permutations=299).table
    points = sphere(np.array([r["lat"] for r in rows]), np.array([r["lon"] for r in rows]))
    times = np.array([[(r["start"] - FIRST).days] for r in rows], dtype=float)
    np.random.seed(1)  # it draws from the global generator
    peer = Knox(points, times, chord(km), days, permutations=299)
    assert table["pairs"].item() == peer.nst
    # its expectation under independence is what the permutations come to
    assert table["expected"].item() == pytest.approx(peer.expected[0, 0], rel=0.05)
    assert table["p"].item() == pytest.approx(peer.p_sim, abs=0.12)


def test_scattered_events_are_no_near_repeats():
    clear = [near_repeat(made(scattered(150, seed=s)), permutations=99).table.row(0, named=True) for s in range(20)]
    assert sum(row["p"] <= 0.05 for row in clear) <= 4


def test_planted_repeats_are_found():
    rows = scattered(100, seed=3)
    again = [r | {"start": r["start"] + timedelta(days=3), "lat": r["lat"] + 0.01} for r in rows[:40]]
    found = near_repeat(made(rows + again))
    row = found.table.filter(km_to=5.0, days_to=7).row(0, named=True)
    assert row["pairs"] >= 40
    assert row["ratio"] > 10
    assert row["p"] == row["year_p"] == 1 / 200
    assert row["expected_low"] <= row["expected"] <= row["expected_high"]


def test_a_group_that_moves_each_year_is_told_from_near_repeats():
    random = np.random.default_rng(4)
    rows = [
        {"start": date(2010 + year, 1, 1) + timedelta(days=int(random.integers(365))), "lat": 30.0 + year, "lon": 70.0}
        for year in range(6)
        for _ in range(40)
    ]
    found = near_repeat(made(rows))
    near = found.table.row(0, named=True)
    assert near["p"] <= 0.05 < near["year_p"]
    assert found.reach() == (0, 0)
    assert "cannot be told from violence that moves slowly" in found.words()


def wave(n=300, *, seed=5):
    """Violence that is in another town every four months, with no event that hangs on another."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        day = int(random.integers(3 * 365))
        lat, lon = 30.0 + day // 120, 70.0
        rows.append({"start": FIRST + timedelta(days=day), "lat": lat, "lon": lon})
    return rows


def test_an_excess_to_the_last_bands_may_be_a_slow_wave():
    found = near_repeat(made(wave()))
    assert found.reach()[1] == DAYS[-1]
    said = found.words()
    assert "at least 60 days at such places. That is closeness over months and as far as the bands go" in said
    assert "slow waves of violence cannot be excluded" in said
    short = near_repeat(made(wave()), days=(1, 7), permutations=99)
    assert short.reach()[1] == 7 and "closeness as far as the bands go" in short.words()


def test_an_excess_within_the_bands_is_told_without_waves():
    rows = scattered(150, seed=3, degrees=3.0)
    again = [r | {"start": r["start"] + timedelta(days=1)} for r in rows[:50]]
    found = near_repeat(made(rows + again))
    assert found.reach()[0] < KM[-1] and found.reach()[1] < DAYS[-1]
    assert "waves" not in found.words() and "no proof" in found.words()


def test_times_change_places_within_a_group_only():
    # two groups, each at one place and time: all pairs are near, and no permutation within a group changes that
    rows = [{"start": FIRST + timedelta(days=g * 300 + i), "lat": 30.0 + g, "group": f"G{g}"} for g in (0, 1) for i in
            range(15)]  # fmt: skip
    table = near_repeat(made(rows), km=(1,), days=(30,)).table
    assert table.row(0, named=True) | {"p": 1.0} == table.row(0, named=True)
    assert (table["pairs"].item(), table["ratio"].item()) == (2 * 15 * 14 / 2, 1)
    assert "cannot be told from chance" in near_repeat(made(rows)).words()


def test_events_left_out():
    rows = [
        *scattered(30), {"lat": None}, {"where_prec": 4}, {"date_prec": 3}, {"group": "alone"},
    ]  # fmt: skip
    found = near_repeat(made(rows), permutations=9)
    assert found.events == 30
    assert found.left_out.reasons == {
        "no coordinates": 1, "no usable day": 1, "no usable point": 1, "the only event of its group": 1,
    }  # fmt: skip
    assert "the only event of its group" not in near_repeat(made(rows), mixed=True, permutations=9).left_out.reasons


def test_none_expected_is_no_number():
    found = near_repeat(made(scattered(20, days=3000, degrees=20)), permutations=5)
    assert found.table["ratio"].null_count() > 0
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    "rows, more, why",
    [
        ([], {}, "need 20 events, 0 can be used. Choose"),
        (scattered(19), {}, "19 can be used"),
        ([r | {"start": FIRST} for r in scattered(30)], {}, "one day"),
        ([r | {"lat": 33.0, "lon": 70.0} for r in scattered(30)], {}, "one point"),
        (scattered(30), {"km": (5, 1)}, "distance bands"),
        (scattered(30), {"days": ()}, "time bands"),
    ],
)
def test_refused(rows, more, why):
    with pytest.raises(SpreadError, match=why):
        near_repeat(made(rows), **more)


def test_the_same_seed_gives_the_same_answer():
    selection = made(scattered(60))
    assert near_repeat(selection, seed=5).to_dict() == near_repeat(selection, seed=5).to_dict()


@pytest.mark.shared
def test_pakistan_equals_pointpats_on_its_file(shared, tmp_path):
    path = shared / "data" / "ged_pakistan.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["id"].isdigit()]
    rows = [r for r in rows if int(r["date_prec"]) <= 2 and int(r["where_prec"]) <= 3 and "BLA" in r["side_b"].split()]
    points = sphere(np.array([float(r["latitude"]) for r in rows]), np.array([float(r["longitude"]) for r in rows]))
    times = np.array([[float(date.fromisoformat(r["date_start"][:10]).toordinal())] for r in rows])
    case = open_case(tmp_path)
    case.add_events(path)
    with case.events() as session:
        chosen = select(session).where(pl.col("side_b") == "BLA")
    found = near_repeat(chosen, km=(10,), days=(14,), permutations=19)
    assert found.events == len(rows)
    assert found.table["pairs"].item() == Knox(points, times, chord(10), 14, permutations=0).nst
    assert found.table["ratio"].item() > 1.5
