"""First hits against a recount of the file, Kaplan-Meier against lifelines, the hazard against scipy's optimum."""

from __future__ import annotations

import csv
import json
from datetime import date

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from made import made
from scipy.optimize import minimize

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.records.places import division_name
from spillover.spread.firsthits import first_hits
from spillover.spread.hexagons import around
from spillover.spread.selection import select
from spillover.spread.survival import cloglog, hazard, kaplan_meier, variance

KARACHI = {"admin1": "Sindh province", "admin1_code": "PK-SD", "admin2": "Karachi", "lat": 24.86, "lon": 67.0}
QUETTA = {"admin1": "Balochistan", "admin1_code": "PK-BA", "admin2": "Quetta", "lat": 30.18, "lon": 67.0}
LAHORE = {"admin1": "Punjab province", "admin1_code": "PK-PB", "admin2": "Lahore", "lat": 31.55, "lon": 74.34}


def test_first_events_by_hand():
    selection = made(
        [
            QUETTA | {"start": "2020-03-05", "group": "B"}, KARACHI | {"start": "2020-02-01"},
            KARACHI | {"start": "2020-01-10", "id": "first", "group": "B"}, QUETTA | {"start": "2020-06-01"},
        ],
        since=date(2020, 1, 1), until=date(2020, 12, 31),
    )  # fmt: skip
    found = first_hits(selection)
    assert found.hits.select("place", "first", "id", "group", "events").rows() == [
        ("PK-SD", date(2020, 1, 10), "first", "B", 2), ("PK-BA", date(2020, 3, 5), "000000", "B", 2),
    ]  # fmt: skip
    assert found.by_group.select("group", "place", "first").rows() == [
        ("B", "PK-SD", date(2020, 1, 10)), ("IS", "PK-SD", date(2020, 2, 1)), ("B", "PK-BA", date(2020, 3, 5)),
        ("IS", "PK-BA", date(2020, 6, 1)),
    ]  # fmt: skip
    assert found.countries.select("group", "place", "first").rows() == [
        ("B", "PAK", date(2020, 1, 10)), ("IS", "PAK", date(2020, 2, 1)),
    ]  # fmt: skip
    assert (found.at_risk, found.half) == (2, date(2020, 1, 10))
    assert found.words() == (
        "all actors: the first of the 2 first-order divisions with such events was hit on 2020-01-10 (Sindh province), "
        "the latest on 2020-03-05 (Balochistan). Half of these 2 first-order divisions had been hit by 2020-01-10."
    )
    json.dumps(found.to_dict(), allow_nan=False)


def test_places_that_others_hit_are_at_risk():
    record = made(
        [QUETTA | {"start": "2020-03-05", "group": "B"}, KARACHI | {"start": "2020-02-01"}, LAHORE | {"group": "C"},
         LAHORE | {"admin1_code": "PK-IS", "admin1": "Islamabad", "start": "2021-01-01"}],
        since=date(2020, 1, 1), until=date(2021, 12, 31),
    )  # fmt: skip
    chosen = record.where(pl.col("group") == "IS").within(until=date(2020, 12, 30))
    found = first_hits(chosen, record=record.where(pl.col("start") < date(2021, 1, 1)))
    assert (found.at_risk, found.hits.height, found.half) == (3, 1, None)
    # what the record has after the window says nothing of it
    assert first_hits(chosen.where(pl.col("group") == "IS"), record=record).at_risk == 4 - 1
    assert found.curve.select("day", "at_risk", "hits").rows() == [(31, 3, 1)]
    assert found.curve["surviving"].item() == pytest.approx(2 / 3)
    assert "1 of the 3 first-order divisions in which anybody's violence is on record had an event by" in found.words()


def test_a_division_renamed_stays_one_place_and_one_without_code_is_known_by_name():
    rows = [
        {"admin1": "FATA", "admin1_code": "PK-KP"}, {"admin1": "Khyber", "admin1_code": "PK-KP", "start": "2020-02-01"},
        {"admin1": "Kémo province", "admin1_code": None, "country": "CAF"}, {"admin1": None, "admin1_code": None},
        {"date_prec": 4},
    ]  # fmt: skip
    found = first_hits(made(rows))
    assert dict(found.hits.select("place", "name").iter_rows()) == {
        "PK-KP": "Khyber Pakhtunkhwa", "CAF Kémo province": "Kémo province"
    }  # fmt: skip
    assert found.by_group["name"].to_list() == found.hits["name"].to_list()
    assert found.left_out.reasons == {"no usable day": 1, "no known first-order division": 1}


def test_a_division_that_the_record_has_under_several_names_has_the_lexicon_s():
    old, new = ({"admin1": name, "admin1_code": "PK-KP", "start": start} for name, start in
                (("Federally Administered Tribal Areas", "2010-01-01"), ("Kyber province", "2020-01-01")))  # fmt: skip
    mine = made([old], until=date(2020, 12, 31))
    names = [first_hits(mine, record=record).hits["name"].item() for record in (None, made([old, new]))]
    assert names == ["Federally Administered Tribal Areas", "Khyber Pakhtunkhwa"]
    unknown = [{"admin1": name, "admin1_code": "PK-ZZ", "start": f"2020-01-0{d}"} for d, name in enumerate("AB", 1)]
    assert first_hits(made(unknown)).hits["name"].to_list() == ["A"]
    assert [division_name(code) for code in ("PK-KP", "MM-04", "PK-ZZ")] == ["Khyber Pakhtunkhwa", "Mandalay", None]


def test_second_order_divisions_need_a_fine_place():
    found = first_hits(made([KARACHI, KARACHI | {"where_prec": 4, "admin2": "Malir"}]), level="admin2")
    assert found.hits["place"].to_list() == ["PK-SD, Karachi"]
    assert found.left_out.reasons == {"no known second-order division": 1}


def test_cells_and_those_that_touch_them_are_at_risk():
    found = first_hits(made([KARACHI, QUETTA | {"start": "2020-05-01"}]), level="cell", resolution=4)
    cells = [h3.latlng_to_cell(p["lat"], p["lon"], 4) for p in (KARACHI, QUETTA)]
    assert found.hits["place"].to_list() == cells
    assert found.at_risk == len(around(cells)) == 14
    assert found.hazard is None
    assert "2 of the 14 cells of 1,770 km² with such events or beside one had an event" in found.words()


@pytest.mark.parametrize(
    "rows, more, why",
    [
        ([], {}, "known first-order division"),
        ([{"date_prec": 5}], {}, "no usable day: 1"),
        ([{"lat": None}], {"level": "cell"}, "no coordinates: 1"),
        ([{}], {"level": "town"}, "no level 'town'"),
        ([{}], {"level": "cell", "resolution": 16}, "no resolution 16"),
        ([{}], {"recent": 0}, "month at least"),
    ],
)
def test_refused(rows, more, why):
    with pytest.raises(SpreadError, match=why):
        first_hits(made(rows), **more)


def test_one_event():
    found = first_hits(made([{}]))
    assert found.words() == "all actors: the one first-order division with such events was hit on 2020-01-01 (Punjab)."
    watched = first_hits(made([{}]), record=made([{}] * 2)).words()
    assert watched.startswith("all actors: the one first-order division in which anybody's violence is on record had ")
    json.dumps(found.to_dict(), allow_nan=False)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40), st.integers(0, 40))
def test_the_curve_equals_lifelines(drawn, day):
    drawn = [*drawn, (day, True)]
    times, hit = np.array([t for t, _ in drawn]), np.array([h for _, h in drawn])
    curve = kaplan_meier(times, hit)
    peer = KaplanMeierFitter().fit(times, hit)
    days = curve["day"].to_list()
    # lifelines takes an event on day 0 for one a moment later
    assert curve["surviving"].to_list() == pytest.approx(peer.survival_function_at_times(days).to_list(), abs=1e-12)
    limits = peer.confidence_interval_survival_function_
    for row in curve.filter(pl.col("surviving") > 0).iter_rows(named=True):
        low, high = limits.loc[row["day"]]
        assert (row["low"], row["high"]) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_cloglog_equals_the_optimum_of_its_likelihood():
    random = np.random.default_rng(1)
    x = np.column_stack([np.ones(800), random.poisson(0.5, 800), random.normal(size=800)])
    y = random.random(800) < -np.expm1(-np.exp(x @ [-2.5, 0.7, 0.2]))

    def loss(beta):
        rate = np.exp(x @ beta)
        return rate[~y].sum() - np.log(-np.expm1(-rate[y])).sum()

    beta = cloglog(x, y)
    assert beta == pytest.approx(minimize(loss, np.array([-1.0, 0, 0]), tol=1e-10).x, abs=1e-4)
    # each row its own cluster: near the variance that the model itself gives
    h = 1e-4
    hessian = np.array(
        [
            [
                (loss(beta + h * (a + b)) - loss(beta + h * a) - loss(beta + h * b) + loss(beta)) / h**2
                for a in np.eye(3)
            ]
            for b in np.eye(3)
        ]
    )
    assert np.diag(variance(x, y, beta, np.arange(800))) == pytest.approx(np.diag(np.linalg.inv(hessian)), rel=0.35)


def test_no_maximum_where_the_data_separate():
    x = np.column_stack([np.ones(60), np.arange(60) >= 30])
    assert cloglog(x, np.arange(60) >= 30) is None
    assert cloglog(x, np.zeros(60, dtype=bool)) is None


def walk(ratio, *, seed, places=150, months=120, base=0.004):
    """First hits on a line of places, likelier by a ratio for each neighbour active in the last two months."""
    random = np.random.default_rng(seed)
    active = np.zeros((places, months), dtype=bool)
    active[places // 2, 0] = True
    for m in range(1, months):
        recent = active[:, max(m - 2, 0) : m].any(axis=1)
        beside = np.concatenate([[0], recent[:-1]]) + np.concatenate([recent[1:], [0]])
        active[:, m] = random.random(places) < -np.expm1(-base * ratio**beside)
    first = np.where(active.any(axis=1), active.argmax(axis=1), months)
    neighbours = [np.array([p for p in (i - 1, i + 1) if 0 <= p < places], dtype=np.int64) for i in range(places)]
    return hazard(first, neighbours, active, months=2)


def test_the_hazard_ratio_is_found_again():
    found = [walk(4.0, seed=s) for s in range(25)]
    assert np.median([f.neighbour for f in found]) == pytest.approx(4, rel=0.25)
    assert sum(f.neighbour_interval[0] <= 4 <= f.neighbour_interval[1] for f in found) >= 20


def test_no_ratio_where_there_is_none():
    found = [f for s in range(25) if (f := walk(1.0, seed=s)) is not None]
    assert sum(f.neighbour_interval[0] <= 1 <= f.neighbour_interval[1] for f in found) >= 0.85 * len(found)
    assert any("that may be chance" in f.words() for f in found)


def test_cells_beside_active_ones_are_hit_sooner():
    # from a cell outwards, a ring in four months or so, and some cells far off at any time
    random = np.random.default_rng(1)
    centre = h3.latlng_to_cell(30.0, 70.0, 4)
    first = {c: int(random.integers(4 * ring, 4 * ring + 8)) for ring in range(6) for c in h3.grid_ring(centre, ring)}
    first |= {h3.latlng_to_cell(-30.0 + 2 * i, 20.0, 4): int(random.integers(36)) for i in range(15)}
    rows = []
    for cell, month in first.items():
        lat, lon = h3.cell_to_latlng(cell)
        days = [date(2019 + m // 12, m % 12 + 1, 5) for m in range(month, 36, 2)]
        rows += [{"start": day, "lat": lat, "lon": lon} for day in days]
    found = first_hits(made(rows, since=date(2018, 6, 1)), level="cell", recent=2)
    assert found.hazard.neighbour > 1.5
    assert found.hazard.steps["hits"].sum() == found.hazard.hits <= found.hits.height
    assert "With one active neighbour more in the last 2 months" in found.words()
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.shared
def test_first_is_events_in_pakistan_against_its_file(shared, tmp_path):
    path = shared / "data" / "ged_pakistan.csv"
    code = {
        "Balochistan province": "PK-BA", "Gilgit-Baltistan": "PK-GB", "Islamabad Capital territory": "PK-IS",
        "Azad Jammu & Kashmir": "PK-JK", "Federally Administered Tribal Areas": "PK-KP",
        "Khyber Pakhtunkwa province": "PK-KP", "Punjab province": "PK-PB", "Sindh province": "PK-SD",
    }  # fmt: skip
    first: dict[str, tuple[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if "IS" in (row["side_a"], row["side_b"]) and int(row["date_prec"]) <= 3 and row["adm_1"]:
                place = code[row["adm_1"]]
                first[place] = min(first.get(place, ("9", "")), (row["date_start"][:10], row["id"]))
    case = open_case(tmp_path)
    case.add_events(path)
    with case.events() as session:
        everybody = select(session)
        found = first_hits(_is(everybody), record=everybody)
    assert {r["place"]: (r["first"].isoformat(), r["id"]) for r in found.hits.iter_rows(named=True)} == first
    assert len(first) >= 4
    assert found.at_risk == 7
    cells = first_hits(everybody, level="cell")
    assert cells.hazard.neighbour_interval[0] > 1


def _is(everybody):
    return everybody.where((pl.col("side_a") == "IS") | (pl.col("side_b") == "IS"))
