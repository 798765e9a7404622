"""Cells, areas, evenness and centres, against counts by hand, closed forms, pointpats and the sphere."""

from __future__ import annotations

import json
import math
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made
from pointpats.centrography import ellipse, std_distance
from real import CAR, MYANMAR, PAKISTAN, real

from spillover.errors import SpreadError
from spillover.spread.centrography import LocalMap, centre, moments
from spillover.spread.evenness import entropy, rarefied
from spillover.spread.footprint import footprint
from spillover.spread.kernelarea import Kernel, reference_bandwidth


def at(lat, lon, day="2020-01-01", **more):
    return {"lat": lat, "lon": lon, "start": day, **more}


def cloud(n, lon=71.0, lat=33.0, wide=1.0, seed=0, year=2020):
    """Events at random around a point, over a year."""
    random = np.random.default_rng(seed)
    days = [date.fromordinal(date(year, 1, 1).toordinal() + int(d)) for d in random.integers(0, 365, n)]
    lons = (lon + random.normal(0, wide, n) + 180) % 360 - 180
    return [at(float(a), float(o), d) for a, o, d in zip(lat + random.normal(0, wide, n), lons, days, strict=True)]


# kernel areas


@pytest.mark.parametrize(("level", "bandwidth"), [(0.5, 25), (0.95, 25), (0.95, 3)])
def test_area_of_a_point_is_that_of_a_gaussian(level, bandwidth):
    kernel = Kernel.over(np.array([3.3]), np.array([-7.1]), bandwidth)
    (area,) = kernel.areas(np.ones(1), [level])
    assert area == pytest.approx(-2 * math.pi * bandwidth**2 * math.log(1 - level), rel=0.01)


def test_areas_of_points_far_apart_add_up():
    one = Kernel.over(np.zeros(1), np.zeros(1), 10).areas(np.ones(1))
    two = Kernel.over(np.array([0.0, 9_000.0]), np.zeros(2), 10).areas(np.ones(2))
    assert two == pytest.approx([2 * a for a in one], rel=0.01)


def test_weight_is_as_good_as_repetition():
    x, y = np.array([0.0, 40, 90]), np.array([0.0, 10, -30])
    repeated = Kernel.over(np.repeat(x, [1, 3, 2]), np.repeat(y, [1, 3, 2]), 25)
    assert Kernel.over(x, y, 25).areas(np.array([1.0, 3, 2])) == pytest.approx(repeated.areas(np.ones(6)))


def test_area_against_the_density_computed_outright():
    random = np.random.default_rng(1)
    x, y = random.normal(0, 60, 40), random.normal(0, 30, 40)
    grid = np.arange(-300, 300, 4.0)
    gx, gy = np.meshgrid(grid, grid)
    density = sum(np.exp(-((gx - a) ** 2 + (gy - b) ** 2) / (2 * 25**2)) for a, b in zip(x, y, strict=True))
    heights = np.sort(density, axis=None)[::-1]
    shares = np.cumsum(heights) / heights.sum()
    for level, area in zip((0.5, 0.95), Kernel.over(x, y, 25).areas(np.ones(40)), strict=True):
        assert area == pytest.approx((np.searchsorted(shares, level) + 1) * 16, rel=0.02)


def test_reference_bandwidth_by_hand():
    x, y = np.array([-100.0, 100] * 32), np.zeros(64)  # variances 10,000 and 0; 64^(-1/6) is a half
    assert reference_bandwidth(x, y) == pytest.approx(math.sqrt(5_000) / 2)
    assert reference_bandwidth(np.zeros(9), np.zeros(9)) == 5


@pytest.mark.parametrize("bandwidth", [0, -1, math.nan, math.inf])
def test_bandwidth_must_be_positive(bandwidth):
    with pytest.raises(SpreadError, match="bandwidth"):
        Kernel.over(np.zeros(1), np.zeros(1), bandwidth)


# evenness


def test_entropy_by_hand():
    counts = np.array([2, 2])  # nothing seen once: full coverage; 1 - (1/2)^4 = 15/16
    assert entropy(counts) == pytest.approx(math.log(2) / (15 / 16))
    counts = np.array([3, 1])  # coverage 3/4
    a, b = 9 / 16, 3 / 16
    by_hand = -a * math.log(a) / (1 - (1 - a) ** 4) - b * math.log(b) / (1 - (1 - b) ** 4)
    assert entropy(counts) == pytest.approx(by_hand)
    assert entropy(np.array([7])) == 0


def test_entropy_of_cells_all_seen_once():
    assert entropy(np.array([1, 1])) > math.log(2)


def test_entropy_comes_nearer_than_the_raw_shares():
    random = np.random.default_rng(3)
    shares = random.dirichlet(np.full(100, 0.5))
    truth = -(shares * np.log(shares)).sum()
    ours, raw = [], []
    for _ in range(50):
        counts = random.multinomial(60, shares)
        seen = counts[counts > 0] / 60
        ours.append(entropy(counts))
        raw.append(-(seen * np.log(seen)).sum())
    assert abs(np.mean(ours) - truth) < 0.3 * abs(np.mean(raw) - truth)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_rarefaction_is_the_mean_over_all_draws(counts, data):
    cells = [i for i, n in enumerate(counts) for _ in range(n)]
    size = data.draw(st.integers(1, min(len(cells), 6)))
    draws = [len(set(draw)) for draw in combinations(cells, size)]
    assert rarefied(np.array(counts), size) == pytest.approx(sum(draws) / len(draws))


# centre and ellipse


def test_centre_by_hand():
    x, y = np.array([-2.0, 2, 0, 0]), np.array([0.0, 0, -1, 1])
    found = centre(moments(x, y, np.ones(4)).sum(axis=0))
    assert (found.x, found.y) == (0, 0)
    assert found.distance == pytest.approx(math.sqrt(2.5))
    assert (found.long, found.short) == pytest.approx((math.sqrt(2), math.sqrt(0.5)))
    assert found.bearing == pytest.approx(90)  # east and west


@pytest.mark.parametrize(("dx", "dy", "bearing"), [(0, 1, 0), (1, 1, 45), (1, 0, 90), (1, -1, 135)])
def test_bearing_is_clockwise_from_north(dx, dy, bearing):
    steps = np.array([-2.0, -1, 0, 1, 2])
    found = centre(moments(steps * dx, steps * dy, np.ones(5)).sum(axis=0))
    assert found.bearing % 180 == pytest.approx(bearing, abs=1e-6)
    assert found.short == pytest.approx(0, abs=1e-6)


def test_no_bearing_where_none_stands_out():
    square = centre(moments(np.array([1.0, 1, -1, -1]), np.array([1.0, -1, 1, -1]), np.ones(4)).sum(axis=0))
    point = centre(moments(np.full(3, 812.3), np.full(3, -77.7), np.ones(3)).sum(axis=0))
    assert square.bearing is None
    assert (point.long, point.short, point.distance, point.bearing) == (0, 0, 0, None)


def test_ellipse_and_distance_against_pointpats():
    random = np.random.default_rng(5)
    points = random.normal(0, 1, (60, 2)) @ np.array([[50, 20], [0, 15]])
    found = centre(moments(points[:, 0], points[:, 1], np.ones(60)).sum(axis=0))
    one, other, _ = ellipse(points)
    # CrimeStat's ellipse, which pointpats has, is wider by the square root of 2n / (n - 2)
    factor = math.sqrt(2 * 60 / 58)
    assert sorted((one, other)) == pytest.approx([found.short * factor, found.long * factor])
    assert found.distance == pytest.approx(std_distance(points))


def test_map_is_true_to_area_and_near_its_centre_to_distance():
    plane = LocalMap.of(np.array([34.0]), np.array([71.0]))
    x, y = plane.plane(np.array([34.0, 35.0]), np.array([71.0, 71.0]))
    assert (x[0], y[0]) == pytest.approx((0, 0), abs=1e-6)
    assert y[1] == pytest.approx(110.92, abs=0.05)  # a degree of latitude at 34.5 north, km
    assert plane.back(float(x[1]), float(y[1])) == pytest.approx((35, 71))


def test_opposite_sides_of_the_earth_have_no_centre():
    with pytest.raises(SpreadError, match="opposite sides"):
        LocalMap.of(np.array([0.0, 0.0]), np.array([0.0, 180.0]))
    with pytest.raises(SpreadError, match="other side"):
        LocalMap.of(np.array([0.0]), np.array([10.0])).plane(np.array([0.0]), np.array([-170.0]))


# the measure


def test_cells_and_new_cells_by_hand():
    kabul, lahore, karachi = (34.5, 69.2), (31.5, 74.3), (24.9, 67.0)
    rows = [at(*kabul, "2020-02-01", deaths=5), at(*kabul, "2020-02-09"), at(*lahore, "2021-05-01", deaths=None)]
    rows += [at(*kabul, "2021-06-01"), at(*karachi, "2022-01-01", date_prec=4), at(None, 67.0, "2022-01-01")]
    found = footprint(made(rows, since=date(2020, 1, 1), until=date(2022, 12, 31)))
    table = found.periods
    assert table["period"].to_list() == ["2020", "2021", "2022"]
    assert table["events"].to_list() == [2, 2, 0]
    assert table["deaths"].to_list() == [6, 1, 0]
    assert table["cells"].to_list() == [1, 2, 0]
    assert table["new_cells"].to_list() == [1, 1, 0]
    assert found.cells["events"].to_list() == [3, 1]
    assert found.cells["first"].to_list() == [date(2020, 2, 1), date(2021, 5, 1)]
    assert found.left_out.reasons == {"no coordinates": 1, "no usable day": 1}
    assert found.whole.cells == 2
    assert table["lat"][0] == pytest.approx(34.5)
    assert table["lat"][2] is None


def test_weights_move_the_centre():
    rows = [at(30, 70, deaths=1), at(32, 70, deaths=3)]
    even, by_deaths = footprint(made(rows)), footprint(made(rows), weights="deaths")
    assert even.whole.lat == pytest.approx(31, abs=0.01)
    assert by_deaths.whole.lat == pytest.approx(31.5, abs=0.01)
    assert footprint(made([at(30, 70, deaths=0)]), weights="deaths").whole.lat is None


@settings(max_examples=10)
@given(st.floats(-180, 180))
def test_turning_the_earth_changes_nothing(turn):
    still = footprint(made(cloud(40)), bootstrap=0).whole
    turned = footprint(made(cloud(40, lon=71 + turn)), bootstrap=0).whole
    assert turned.distance == pytest.approx(still.distance, rel=1e-6)
    assert turned.area_95 == pytest.approx(still.area_95, rel=0.01)
    assert turned.bearing == pytest.approx(still.bearing, abs=1e-3)
    off = (turned.lon - still.lon - turn + 180) % 360 - 180
    assert off == pytest.approx(0, abs=1e-6)


def test_across_the_antimeridian():
    found = footprint(made([at(-17, 179.9), at(-17, -179.9)])).whole
    assert abs(found.lon) == pytest.approx(180)
    assert found.distance == pytest.approx(10.65, abs=0.1)


def test_same_seed_same_bytes():
    selection = made(cloud(60))
    one, two, other = (footprint(selection, seed=s, bootstrap=40).to_dict() for s in (1, 1, 2))
    assert one == two
    assert one["whole"]["area_95_low"] != other["whole"]["area_95_low"]


def test_intervals_hold_their_estimates():
    table = footprint(made(cloud(300)), period="quarter").periods
    for name in ("effective", "cells_30", "area_50", "area_95", "distance"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()


def test_words_of_one_event_and_of_many():
    one = footprint(made([at(34, 71)]))
    assert "1 event fell into 1 cell of about 1,770 km²" in one.words()
    assert "too few" in one.words() and "estimated" not in one.words()
    nine = footprint(made(cloud(9))).words()
    assert "9 events fell into" in nine and "estimated" not in nine
    assert "over an estimated" in footprint(made(cloud(10))).words()
    apart = made(
        [*cloud(200, wide=0.05), *cloud(200, wide=3, year=2021)], since=date(2020, 1, 1), until=date(2021, 12, 31)
    )
    assert footprint(apart).words().endswith("activity spread out.")
    assert "Any 30 events of 2020 lie in" in footprint(apart).words()
    alike = made([*cloud(90), *cloud(90, seed=1, year=2021)], since=date(2020, 1, 1), until=date(2021, 12, 31))
    assert footprint(alike).words().endswith("no more of a change than chance may bring.")
    few = made([*cloud(90), *cloud(9, seed=1, year=2021)], since=date(2020, 1, 1), until=date(2021, 12, 31))
    assert "too few events to tell whether activity spread out or drew together" in footprint(few).words()


def test_all_on_one_day_at_one_point():
    found = footprint(made([at(34, 71)] * 40))
    assert found.whole.effective == 1
    assert found.whole.area_95 == pytest.approx(-2 * math.pi * 625 * math.log(0.05), rel=0.01)
    assert found.whole.bearing is None


def test_json_knows_no_nan():
    found = footprint(made([*cloud(40), at(34, 71, "2022-03-01")]), period="month")
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["periods"][-1]["since"] == "2022-03-01"


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ([], {}), ([at(None, None)], {}), ([at(34, 71, where_prec=6)], {}), ([at(34, 71)], {"period": "week"}),
        ([at(34, 71)], {"resolution": 16}), ([at(34, 71)], {"weights": "killed"}),
        ([at(34, 71)] * 30, {"bandwidth": 0}),
    ],
)  # fmt: skip
def test_what_cannot_be_measured(rows, options):
    with pytest.raises(SpreadError) as error:
        footprint(made(rows), **options)
    assert error.value.to_do


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "events", "cells", "effective", "area_95"),
    [(PAKISTAN, 6067, 194, 46.07, 270e3), (MYANMAR, 2995, 243, 113.5, 471e3), (CAR, 1561, 196, 88.39, 433e3)],
)
def test_real(shared, name, events, cells, effective, area_95):
    found = footprint(real(shared, name))
    assert (found.whole.events, found.whole.cells) == (events, cells)
    assert found.periods["events"].sum() == events
    assert found.periods["new_cells"].sum() == cells
    assert found.whole.effective == pytest.approx(effective, rel=1e-3)
    assert found.whole.area_95 == pytest.approx(area_95, rel=0.01)
    assert found.left_out.of == len(real(shared, name))
    json.dumps(found.to_dict(), allow_nan=False)
