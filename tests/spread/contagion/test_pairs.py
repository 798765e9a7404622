"""Pairs near in space and time: against all pairs, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.errors import SpreadError
from spillover.spread.contagion.cells import Cells
from spillover.spread.contagion.fit import Settings
from spillover.spread.contagion.kernels import Kernels
from spillover.spread.contagion.pairs import CLASSES, find_pairs

from .build import RADIUS, arc, made_catalogue, scattered

SHAPES = Settings().kernels()


def pairs_of(catalogue, shapes: Kernels = SHAPES):
    cells = Cells.of_points(catalogue.lat, catalogue.lon, shapes.cell)
    return find_pairs(
        catalogue.first, catalogue.group, catalogue.mark, catalogue.country, cells, shapes, len(catalogue.groups)
    )


def decoded(pairs, event: int, shapes: Kernels = SHAPES) -> list[tuple[int, ...]]:
    """(bin of wait, bin of distance, group, mark, border) of an event's pairs."""
    rows = []
    for k in range(pairs.begins[event], pairs.begins[event + 1]):
        wait, distance = divmod(int(pairs.shape[k]), shapes.bins[1])
        rest, border = divmod(int(pairs.parent[k]), 2)
        rows.append((wait, distance, *divmod(rest, CLASSES), border))
    return sorted(rows)


def all_of(catalogue, event: int, shapes: Kernels = SHAPES) -> list[tuple[int, ...]]:
    """The same, by looking at every event."""
    cells = Cells.of_points(catalogue.lat, catalogue.lon, shapes.cell)
    apart = 2 * RADIUS * np.sin(arc(cells.lat, cells.lon) / 2 / RADIUS)  # straight, as the cells have it
    rows = []
    for j in range(len(catalogue)):
        wait = catalogue.first[event] - catalogue.first[j]
        a, b = cells.of[event], cells.of[j]
        if not 0 < wait < shapes.longest or apart[a, b] > shapes.reach:
            continue
        bin_of_wait = int(np.flatnonzero(shapes.wait_edges <= wait + 1e-12)[-1])
        bin_of_distance = 0 if a == b else max(round(apart[a, b] / shapes.distance_step), 1)
        border = int(catalogue.country[j] != catalogue.country[event])
        rows.append((bin_of_wait, bin_of_distance, int(catalogue.group[j]), int(catalogue.mark[j]), border))
    return sorted(rows)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 120), st.sampled_from([3.0, 7.25, 30.0]), st.integers(1, 2))
def test_pairs_are_those_found_one_by_one(seed, n, longest, countries):
    shapes = Settings(longest=longest).kernels()
    catalogue = scattered(n, seed, days=60.0, countries=countries)
    pairs = pairs_of(catalogue, shapes)
    for event in range(n):
        assert decoded(pairs, event, shapes) == all_of(catalogue, event, shapes)


@pytest.mark.parametrize("at", [(51.0, 179.99), (89.9, 10.0), (-89.9, -100.0)])
def test_pairs_over_the_date_line_and_round_the_poles(at):
    rng = np.random.default_rng(3)
    n = 60
    lon = (at[1] + rng.uniform(-0.3, 0.3, n) + 180) % 360 - 180
    catalogue = made_catalogue(rng.uniform(0, 20, n), lat=np.clip(at[0] + rng.uniform(-0.1, 0.1, n), -90, 90), lon=lon)
    pairs = pairs_of(catalogue)
    assert len(pairs) > n
    for event in range(n):
        assert decoded(pairs, event) == all_of(catalogue, event)


def test_events_at_the_very_same_time_are_no_pair():
    assert len(pairs_of(made_catalogue(np.full(50, 3.25)))) == 0
    assert len(pairs_of(made_catalogue([1.0, 1.0, 2.0, 2.0]))) == 4


def test_waits_at_the_edges():
    longest = SHAPES.longest
    assert len(pairs_of(made_catalogue([0.0, longest]))) == 0
    assert len(pairs_of(made_catalogue([0.0, np.nextafter(longest, 0)]))) == 1
    assert len(pairs_of(made_catalogue([0.0, np.nextafter(0, 1)]))) == 1
    # a wait at an edge belongs to the bin that begins there
    for n, edge in enumerate(SHAPES.wait_edges[1:-1], start=1):
        assert decoded(pairs_of(made_catalogue([0.0, edge])), 1)[0][0] == n
    # rounding: far from the origin of time a wait may come out as long as the longest
    for base in np.random.default_rng(0).uniform(0, 12_000, 300):
        later = np.nextafter(base + longest, 0)
        assert all(row[0] == SHAPES.bins[0] - 1 for row in decoded(pairs_of(made_catalogue([base, later])), 1))


def test_order_of_events_does_not_matter():
    catalogue = scattered(150, 5, days=90.0, countries=2)
    mixed = np.random.default_rng(1).permutation(len(catalogue))
    pairs, again = pairs_of(catalogue), pairs_of(catalogue.take(mixed))
    for event, old in enumerate(mixed):
        assert decoded(again, event) == decoded(pairs, old)


def test_as_many_groups_as_codes_can_hold_and_no_more():
    most = 2**16 // (CLASSES * 2)
    catalogue = replace(
        made_catalogue([0.0, 1.0, 2.0], country=[0, 1, 0], mark=CLASSES - 1),
        group=np.array([most - 1, 0, most - 1]), groups=tuple(str(k) for k in range(most)),
    )  # fmt: skip
    assert decoded(pairs_of(catalogue), 1) == [(4, 0, most - 1, CLASSES - 1, 1)]
    assert pairs_of(catalogue).parent.max() == 2**16 - 1
    with pytest.raises(SpreadError, match=rf"^{most + 1:,} groups are more than the model can hold apart\. Put"):
        pairs_of(replace(catalogue, groups=tuple(str(k) for k in range(most + 1))))


def test_too_long_a_reach_is_no_fault_of_the_groups():
    with pytest.raises(SpreadError) as caught:
        pairs_of(made_catalogue([0.0, 1.0]), Settings(reach=2000.0).kernels())
    assert "groups" not in str(caught.value)
    assert "reach" in str(caught.value)
