"""Cells, borders and states: the facts that panels rest on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.forecasting.months import name, parse
from spillover.forecasting.panels import existence, grid, places
from spillover.records import countries
from spillover.records.countries import gleditsch_ward

cells = st.integers(1, grid.CELLS)


@pytest.mark.parametrize(
    ("lat", "lon", "cell"),
    [(-90, -180, 1), (-89.5, -180, 721), (-89.75, 179.75, 720), (90, 180, grid.CELLS), (89.9, -180, 359 * 720 + 1),
     (0, 0, 180 * 720 + 361), (-0.1, -0.1, 179 * 720 + 360), (34.55, 69.2, 249 * 720 + 499)],
)  # fmt: skip
def test_the_cell_of_a_point(lat, lon, cell):
    assert grid.gid(np.array([lat]), np.array([lon])).tolist() == [cell]


@given(cells)
def test_a_cell_is_that_of_its_centre(cell):
    lat, lon = grid.centre(np.array([cell]))
    assert grid.gid(lat, lon).tolist() == [cell]


def test_a_cell_is_called_by_its_centre():
    assert grid.name(180 * 720 + 361) == "0.25°N 0.25°E" and grid.name(1) == "89.75°S 179.75°W"


@given(st.sets(cells, max_size=30), cells)
def test_neighbours_of_cells_are_next_to_each_other_both_ways(some, middle):
    around = {c for d in (-721, -720, -719, -1, 1, 719, 720, 721) if 1 <= (c := middle + d) <= grid.CELLS}
    listed = sorted(some | {middle} | around)
    near = grid.neighbours(listed)
    lat, lon = grid.centre(np.array(listed))
    for i, found in enumerate(near):
        apart = np.abs(lon - lon[i])
        close = (np.abs(lat - lat[i]) <= 0.5) & (np.minimum(apart, 360 - apart) <= 0.5)
        close[i] = False
        assert found.tolist() == np.flatnonzero(close).tolist()


def test_cells_go_round_the_globe_and_end_at_the_poles():
    everything = grid.neighbours([1, 2, 720, 721, 1440, grid.CELLS])
    assert [len(near) for near in everything] == [4, 2, 3, 4, 3, 0]
    assert everything[0].tolist() == [1, 2, 3, 4]


def test_cells_with_land():
    pakistan, afghanistan = set(grid.land(["PAK"])), set(grid.land(["AFG"]))
    kabul, karachi, atlantic = 249 * 720 + 499, 229 * 720 + 495, 240 * 720 + 300
    assert kabul in afghanistan and kabul not in pakistan and karachi in pakistan
    # what lies on the border (the Khyber Pass) is a cell of both
    khyber = int(grid.gid(np.array([34.1]), np.array([71.1]))[0])
    assert khyber in pakistan & afghanistan
    # 882,000 and 653,000 km² of land at some 2,650 km² a cell, and those on the edge
    assert 333 < len(pakistan) < 450 and 250 < len(afghanistan) < 340
    world = grid.land(None)
    # PRIO-GRID has 64,818 land cells; slivers of coasts and islands make more here
    assert 64_818 < len(world) < 72_000 and atlantic not in world and world == sorted(set(world))
    assert grid.land(["PAK", "nowhere"]) == sorted(pakistan) and grid.land([]) == []
    assert {c.iso3 for c in gleditsch_ward()} <= set(grid.countries())


def test_all_codes_of_the_borders_are_known():
    known = set(countries.names())
    assert set(places.borders()) <= known
    assert {c.iso3 for c in gleditsch_ward()} - set(places.borders()) == ISLANDS


ISLANDS = {
    "ATG", "AUS", "BHR", "BHS", "BRB", "COM", "CPV", "CUB", "CYP", "DMA", "FJI", "FSM", "GRD", "ISL", "JAM", "JPN",
    "KIR", "KNA", "LCA", "LKA", "MDG", "MDV", "MHL", "MLT", "MUS", "NRU", "NZL", "PHL", "PLW", "SGP", "SLB", "STP",
    "SYC", "TON", "TTO", "TUV", "TWN", "VCT", "VUT", "WSM",
}  # fmt: skip


def test_borders_go_both_ways():
    borders = places.borders()
    assert all(one in borders[other] for one, near in borders.items() for other in near)
    assert all(iso3 not in near for iso3, near in borders.items())


@pytest.mark.parametrize(
    ("iso3", "near"),
    [("PAK", "AFG CHN IND IRN"), ("MMR", "BGD CHN IND LAO THA"), ("CAF", "CMR COD COG SDN SSD TCD"),
     ("AFG", "CHN IRN PAK TJK TKM UZB"), ("SSD", "CAF COD ETH KEN SDN UGA"), ("XKX", "ALB MKD MNE SRB"),
     ("SOM", "DJI ETH KEN"), ("LSO", "ZAF"), ("PRT", "ESP"), ("BWA", "NAM ZAF ZMB ZWE"), ("DEU", "AUT BEL CHE CZE DNK "
     "FRA LUX NLD POL"), ("HTI", "DOM"), ("KOR", "PRK"), ("TLS", "IDN"), ("GBR", "IRL")],
)  # fmt: skip
def test_borders_as_on_the_map(iso3, near):
    assert places.borders()[iso3] == set(near.split())


def test_gaza_and_western_sahara_stand_for_themselves_and_where_ucdp_has_them():
    assert places.borders()["ISR"] == {"EGY", "JOR", "LBN", "SYR", "PSE"}
    assert {"DZA", "MRT"} < places.borders()["MAR"] and places.borders()["PSE"] == {"EGY", "ISR", "JOR"}


def test_the_country_of_a_unit():
    for kind, key, iso3 in (("country", "PAK", "PAK"), ("group", "TTP|PAK", "PAK"), ("admin1", "PK-SD", "PAK"),
                            ("admin1", "XK-01", "XKX"), ("admin1", "CAF Kémo province", "CAF"), ("priogrid", "1", ""),
                            ("admin1", "ZZ-01", "")):  # fmt: skip
        assert places.country_of(kind, key) == iso3


@pytest.mark.parametrize(
    ("iso3", "first"),
    [("UKR", "1991-12"), ("TJK", "1991-12"), ("NAM", "1990-03"), ("ERI", "1993-05"), ("SVK", "1993-01"),
     ("TLS", "2002-05"), ("MNE", "2006-06"), ("XKX", "2008-02"), ("SSD", "2011-07"), ("HRV", "1991-06"),
     ("BIH", "1992-04"), ("PLW", "1994-10"), ("BGD", "1971-12"), ("MMR", "1948-01")],
)  # fmt: skip
def test_states_that_began(iso3, first):
    month = parse(first)
    assert existence.existed(iso3, month - 3, 6).tolist() == [False] * 3 + [True] * 3


@pytest.mark.parametrize("iso3", ["RUS", "SRB", "CZE", "YEM", "DEU", "ETH", "SDN", "IDN", "USA", "ETH"])
def test_states_that_went_on_under_their_code(iso3):
    assert existence.existed(iso3, parse("1985-01"), 480).all()


def test_periods_are_of_listed_states_and_in_order():
    listed = {c.iso3 for c in gleditsch_ward()}
    assert set(existence.periods()) == listed
    for iso3, (first, last) in existence.periods().items():
        assert first is None or parse("1943-01") < first < parse("2026-01"), (iso3, first and name(first))
        assert first is None or last is None or first <= last
    assert not existence.existed("PSE", parse("2000-01"), 3).any()


def test_a_country_off_the_list_is_there_from_its_first_value_on():
    values = np.array([[0, 2, 0, 0.0]])
    exists, notes = existence.applied(["PSE"], parse("2000-01"), values, np.ones((1, 4), dtype=bool))
    assert exists.tolist() == [[False, True, True, True]]
    assert notes == ["1 countries are no states of the list (PSE): there from their first value on"]
