"""Relocation and escalation by hand, join counts against esda, nulls against enumeration, planted waves."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import combinations, product

import h3
import numpy as np
import pytest
from esda import Join_Counts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.weights import W
from made import made
from real import CAR, MYANMAR, PAKISTAN, real

from spillover.errors import SpreadError
from spillover.spread.bernoulli import conditional, scaled
from spillover.spread.diffusion import diffusion, even, join_counts
from spillover.spread.hexagons import touching

CENTRE = h3.latlng_to_cell(34.0, 71.0, 4)
NEAR = sorted(h3.grid_ring(CENTRE, 1))
FAR = sorted(h3.grid_ring(CENTRE, 6))


def events(*active, first=2015):
    """Events of cells, a list a quarter."""
    rows = []
    for n, cells in enumerate(active):
        day = date(first + n // 4, 3 * (n % 4) + 2, 14)
        rows += [{"lat": lat, "lon": lon, "start": day} for lat, lon in map(h3.cell_to_latlng, cells)]
    return made(rows, since=date(first, 1, 1), until=date(first + (len(active) - 1) // 4, 12, 31))


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=37, max_size=37), st.lists(st.booleans(), min_size=37, max_size=37))
def test_join_counts_equal_esda(active, there):
    cells = [c for c, in_it in zip(sorted(h3.grid_disk(CENTRE, 3)), there, strict=True) if in_it]
    values = np.array([a for a, in_it in zip(active, there, strict=True) if in_it], dtype=bool)
    pairs = touching(cells)
    neighbours = {i: [] for i in range(len(cells))}
    for a, b in pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    assume(len(set(values[pairs].ravel().tolist())) == 2)  # esda's test of independence takes both colours
    oracle = Join_Counts(values.astype(int), W(neighbours, silence_warnings=True), permutations=0)
    assert join_counts(values, pairs) == (oracle.bb, oracle.bw, oracle.ww)


def test_touching_cells_share_an_edge():
    cells = sorted(h3.grid_disk(CENTRE, 2))
    by_hand = {(i, j) for i, j in combinations(range(len(cells)), 2) if h3.are_neighbor_cells(cells[i], cells[j])}
    assert set(map(tuple, touching(cells).tolist())) == by_hand


def test_kinds_by_hand():
    # the centre falls quiet and a neighbour of it becomes active: relocation; then it grows by one far away: neither
    found = diffusion(events([CENTRE], [NEAR[0]], [NEAR[0], FAR[0]], [NEAR[0], FAR[0], CENTRE]))
    steps = found.steps
    assert steps["relocation"].to_list() == [1, 0, 0]
    assert steps["escalation"].to_list() == [0, 0, 1]
    assert steps["new"].to_list() == [1, 1, 1]
    assert steps["quiet"].to_list() == [1, 0, 0]
    assert steps["stay"].to_list() == [0, 1, 2]
    assert steps["contiguous"].to_list() == [1, 0, 1]
    assert steps["bb"].to_list() == [0, 0, 1]
    assert steps["period"].to_list() == ["2015-Q2", "2015-Q3", "2015-Q4"]
    assert found.cells == 3
    assert "too few" in found.words()


def test_a_new_cell_between_two_counts_both_joins():
    left, right = NEAR[0], next(c for c in NEAR if not h3.are_neighbor_cells(c, NEAR[0]) and c != NEAR[0])
    steps = diffusion(events([left, right], [CENTRE, right], [], [])).steps
    assert (steps["relocation"][0], steps["escalation"][0], steps["contiguous"][0]) == (1, 1, 1)


def test_even_null_by_enumeration():
    cells = sorted([CENTRE, *NEAR, FAR[0]])
    pairs = touching(cells)
    was = np.array([c in (CENTRE, NEAR[0], FAR[0]) for c in cells])
    now = np.array([c in (CENTRE, NEAR[1], NEAR[2]) for c in cells])
    idle, busy = np.flatnonzero(~was), np.flatnonzero(was)
    seen = {"relocation": [], "escalation": []}
    for new, stay in product(combinations(idle, 2), combinations(busy, 1)):
        joined = [(a, b) for a, b in pairs.tolist() if {a, b} & set(new) and {a, b} & set(busy)]
        stayed = sum(bool({a, b} & set(stay)) for a, b in joined)
        seen["escalation"].append(stayed)
        seen["relocation"].append(len(joined) - stayed)
    exact = even(np.stack([was, now]), pairs)
    for kind, counts in seen.items():
        assert exact[kind][1] == pytest.approx(np.mean(counts))
    assert exact["escalation"][0] + exact["relocation"][0] == sum(
        1 for a, b in pairs.tolist() if {a, b} & {cells.index(NEAR[1]), cells.index(NEAR[2])} and was[[a, b]].any()
    )


def test_draws_agree_with_the_exact_null():
    random = np.random.default_rng(0)
    cells = sorted(h3.grid_disk(CENTRE, 2))
    chosen = [[c for c in cells if random.random() < 0.3] for _ in range(12)]
    found = diffusion(events(*chosen), simulations=2000)
    rows = {name: i for i, name in enumerate(cells)}
    active = np.zeros((12, len(cells)), dtype=bool)
    for t, members in enumerate(chosen):
        active[t, [rows[c] for c in members]] = True
    for kind, (observed, expected) in even(active, touching(cells)).items():
        test = found.test(kind, "even")
        assert test["observed"] == observed
        assert test["expected"] == pytest.approx(expected, rel=0.03)
        assert test["low"] <= test["expected"] <= test["high"]


@pytest.mark.parametrize("k", [0, 1, 2, 4, 5])
def test_conditional_draws_by_enumeration(k):
    odds = np.array([-3.0, -1, 0, 0.5, 4])
    weight = {c: np.exp(odds[list(c)].sum()) for c in combinations(range(5), k)}
    drawn = conditional(odds, k, 20_000, np.random.default_rng(0))
    assert (drawn.sum(axis=1) == k).all()
    for chosen, w in weight.items():
        share = drawn[:, list(chosen)].all(axis=1).mean() if k else 1.0
        assert share == pytest.approx(w / sum(weight.values()), abs=0.015)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=12), st.data())
def test_scaled_chances_sum_to_the_total(odds, data):
    k = data.draw(st.integers(1, len(odds) - 1))
    assert scaled(np.array(odds), k).sum() == pytest.approx(k, abs=1e-6)


def wave(*, follow: bool, seed: int = 1):
    """Bursts all over a field for fifteen years; where they ``follow``, each is taken up next door within a month."""
    random = np.random.default_rng(seed)
    cells = sorted(h3.grid_disk(CENTRE, 7))
    rows = []

    def burst(cell, day):
        lat, lon = h3.cell_to_latlng(cell)
        rows.extend({"lat": lat, "lon": lon, "start": day + timedelta(i)} for i in range(3))

    for _ in range(350):
        cell, day = cells[random.integers(len(cells))], date(2005, 1, 1) + timedelta(int(random.integers(5400)))
        burst(cell, day)
        if follow:
            burst(sorted(h3.grid_ring(cell, 1))[random.integers(6)], day + timedelta(30))
    return made(rows, since=date(2005, 1, 1), until=date(2019, 12, 31))


def test_planted_relocation_is_found():
    found = diffusion(wave(follow=True), period="month", simulations=199)
    assert found.test("relocation", "rate")["p"] <= 0.01
    assert found.test("relocation", "shifted")["p"] <= 0.01
    assert found.test("relocation", "rate")["ratio_low"] > 2
    assert "Relocation (the neighbour fell quiet)" in found.words()
    assert "more than slow local waves give" in found.words()


def test_nothing_planted_nothing_found():
    p = [diffusion(wave(follow=False, seed=s), period="month", simulations=99) for s in range(8)]
    low = [f.test("relocation", null)["p"] <= 0.05 for f in p for null in ("even", "rate", "shifted")]
    assert sum(low) <= 4  # of 24


def test_lasting_places_fool_the_even_null_alone():
    random = np.random.default_rng(2)
    hot, field = h3.grid_disk(CENTRE, 1), sorted(h3.grid_disk(CENTRE, 5))
    chosen = [[c for c in field if random.random() < (0.5 if c in hot else 0.02)] for _ in range(80)]
    found = diffusion(events(*chosen), simulations=499)
    assert found.test("escalation", "even")["p"] <= 0.01
    assert found.test("escalation", "rate")["p"] > 0.05
    assert "no more than chance may give" in found.words()


def test_same_seed_same_numbers():
    selection = wave(follow=True)
    one, two, other = (diffusion(selection, simulations=49, seed=s).to_dict() for s in (3, 3, 4))
    assert one == two
    assert one["tests"] != other["tests"]
    json.dumps(one, allow_nan=False)


def test_rings_put_more_cells_at_risk():
    selection = events([CENTRE], [NEAR[0]], [], [])
    assert diffusion(selection).cells == 2
    assert diffusion(selection, rings=1).cells == len(set(h3.grid_disk(CENTRE, 1)) | set(h3.grid_disk(NEAR[0], 1)))


def test_cut_periods_are_left_out():
    lat, lon = h3.cell_to_latlng(CENTRE)
    rows = [{"lat": lat, "lon": lon, "start": day} for day in ("2020-01-20", "2020-05-01", "2020-08-01", "2020-12-31")]
    found = diffusion(made(rows, since=date(2020, 1, 15), until=date(2020, 12, 31)))
    assert found.steps["period"].to_list() == ["2020-Q3", "2020-Q4"]
    assert found.left_out.reasons == {"in a period that the window cuts": 1}


def test_one_place_all_the_time():
    found = diffusion(events(*[[CENTRE]] * 8))
    assert found.steps["new"].sum() == 0
    assert found.test("relocation")["ratio"] is None
    assert found.test("relocation")["p"] == 1
    assert "became active 0 times" in found.words()
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("selection", "options"),
    [
        (made([], since=date(2020, 1, 1), until=date(2021, 12, 31)), {}),
        (made([{"lat": 34.0, "lon": 71.0}]), {}),
        (events([CENTRE], [], [], []), {"period": "year"}),
        (events([CENTRE], [], [], []), {"period": "week"}),
        (events([CENTRE], [], [], []), {"rings": -1}),
        (events([CENTRE], [], [], []), {"simulations": 0}),
    ],
)
def test_what_cannot_be_measured(selection, options):
    with pytest.raises(SpreadError) as error:
        diffusion(selection, **options)
    assert error.value.to_do


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "relocation", "escalation"), [(PAKISTAN, 274, 470), (MYANMAR, 233, 324), (CAR, 152, 116)]
)
def test_real(shared, name, relocation, escalation):
    found = diffusion(real(shared, name), simulations=99)
    assert found.test("relocation")["observed"] == found.steps["relocation"].sum() == relocation
    assert found.test("escalation")["observed"] == found.steps["escalation"].sum() == escalation
    assert found.test("escalation", "even")["p"] == 0.01
    # lasting and slow differences between places take most of it
    assert found.test("escalation", "shifted")["ratio"] < 1.2
    assert "slow local waves" in found.words()
