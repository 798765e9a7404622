"""Which pairs of a group and a place are asked about, and what counts as an onset."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from onset_worlds import STATE, event, selection

from spillover.errors import ForecastError
from spillover.forecasting.months import parse
from spillover.forecasting.onset.cells import Scope, came, cells
from spillover.forecasting.onset.features import names
from spillover.forecasting.onset.record import record_of

ORIGIN = parse("2010-12")


def monthly(first, n, place="P0", start=0, **more):
    return [event(start + i, date(first + i // 12, i % 12 + 1, 15), place, **more) for i in range(n)]


def asked(record, origin=ORIGIN, scope=None):
    """Without the cells that are only learnt from."""
    found = cells(record, origin, scope or Scope())
    return found.only(found.rested)


def named(record, found):
    return {
        (record.groups[g], record.places[p].removeprefix("PAK ")) for g, p in zip(found.group, found.place, strict=True)
    }


def pairs(rows, origin=ORIGIN, scope=None, level="admin1"):
    record = record_of(selection(rows), level)
    return named(record, asked(record, origin, scope))


def test_pairs_are_of_active_groups_and_places_that_were_quiet():
    rows = [*monthly(2008, 30), *monthly(2006, 5, "P1", 100), *monthly(2010, 6, "P2", 200, side_b="Beta", lat=31)]
    assert pairs(rows) == {("Alpha", "P1"), ("Alpha", "P2"), ("Beta", "P0"), ("Beta", "P1")}


def test_quiet_is_counted_to_the_month():
    rows = [*monthly(2009, 24), event(900, date(2008, 12, 31), "P1")]
    assert pairs(rows) == {("Alpha", "P1")}
    assert pairs([*monthly(2009, 24), event(900, date(2009, 1, 1), "P1")]) == set()
    assert pairs([*monthly(2009, 24), event(900, date(2009, 1, 1), "P1")], scope=Scope(quiet=23)) == {("Alpha", "P1")}


def test_too_few_events_or_too_long_ago_is_no_active_group():
    rows = [*monthly(2010, 6), event(800, date(2010, 3, 1), "P1", side_b="Few")]
    assert pairs(rows) == {("Alpha", "P1")}
    rows += monthly(2001, 30, "P3", 300, side_b="Gone")
    assert {group for group, _ in pairs(rows)} == {"Alpha"}


def test_states_unknown_sides_and_communities_are_no_groups():
    rows = monthly(2010, 6)
    rows += monthly(2010, 8, "P1", 100, type="non-state", side_a="Farmers", side_b="Herders")
    rows += monthly(2010, 8, "P2", 200, type="one-sided", side_a=STATE, side_b="Civilians")
    rows += monthly(2010, 8, "P3", 300, type="one-sided", side_a="XXX123", side_b="Civilians")
    assert {group for group, _ in pairs(rows)} == {"Alpha"}
    rows += [event(900, date(2010, 9, 1), "P4", type="one-sided", side_a="Herders", side_b="Civilians")]
    assert {group for group, _ in pairs(rows)} == {"Alpha", "Herders"}
    # not before it was known to be organised
    assert {group for group, _ in pairs(rows, parse("2010-08"))} == {"Alpha"}


def test_in_non_state_violence_both_sides_struck():
    rows = [*monthly(2010, 6), *monthly(2010, 6, "P1", 100, side_b="Beta")]
    rows += [event(900, date(2011, 4, 1), "P1", type="non-state", side_a="Alpha", side_b="Gamma"),
             event(901, date(2011, 5, 1), "P0", type="non-state", side_a="Alpha", side_b="Beta")]  # fmt: skip
    record = record_of(selection(rows))
    found = asked(record)
    happened, known = came(record, found, (1, 12))
    assert known.all()
    assert named(record, found.only(happened == 1)) == {("Alpha", "P1"), ("Beta", "P0")}
    assert came(record, found, (1, 3))[0].sum() == 0
    assert came(record, found, (4, 4))[0].sum() == 1


def test_the_end_of_the_record_is_no_quiet():
    record = record_of(selection([*monthly(2010, 6), *monthly(2010, 6, "P1", 100, side_b="Beta")]))
    found = asked(record, record.end - 5, Scope(recent=240))
    assert len(found) and came(record, found, (1, 5))[1].all()
    assert not came(record, found, (1, 6))[1].any()


def test_divisions_of_far_countries_are_left_to_countries():
    rows = [*monthly(2010, 6), *monthly(2010, 6, "K", 100, country="AFG", side_b="Beta", lat=34),
            *monthly(2010, 6, "B", 200, country="BRA", side_b="Gamma", lat=-10, lon=-50)]  # fmt: skip
    assert pairs(rows) == {("Alpha", "AFG K"), ("Beta", "P0")}
    everywhere = pairs(rows, level="country")
    assert ("Alpha", "BRA") in everywhere and ("Gamma", "AFG") in everywhere and len(everywhere) == 6


def test_neighbours_of_countries_are_those_with_a_border():
    rows = [*monthly(2010, 6), *monthly(2010, 6, "K", 100, country="AFG", side_b="Beta", lat=34),
            *monthly(2010, 6, "B", 200, country="BRA", side_b="Gamma", lat=-10, lon=-50)]  # fmt: skip
    record = record_of(selection(rows), "country")
    found = asked(record)
    near = named(record, found.only(found.near))
    assert near == {("Alpha", "AFG"), ("Beta", "PAK")}


def test_neighbours_of_divisions_lie_beside_each_other():
    rows = []
    for k, lon in enumerate((70.0, 71.0, 72.0, 73.0)):
        rows += monthly(2010, 6, f"P{k}", 100 * k, side_b=f"G{k}", lon=lon)
    record = record_of(selection(rows))
    found = asked(record)
    near = named(record, found.only(found.near))
    assert near == {(f"G{i}", f"P{j}") for i in range(4) for j in range(4) if abs(i - j) == 1}


def test_nearer_violence_is_felt_more():
    rows = []
    for k, lon in enumerate((70.0, 71.0, 73.0)):
        rows += monthly(2010, 6, f"P{k}", 100 * k, side_b="Alpha" if not k else f"G{k}", lon=lon)
    record = record_of(selection(rows))
    found = asked(record)
    felt = found.x[:, names().index("felt_slow")]
    alpha = {record.places[p]: f for g, p, f in zip(found.group, found.place, felt, strict=True) if g == 0}
    assert alpha["PAK P1"] > 2 * alpha["PAK P2"] > 0


def test_what_cannot_be_used_is_counted():
    rows = [*monthly(2010, 6), event(900, date(2010, 1, 1), "P1", where_prec=6), event(901, date(2010, 1, 1), None),
            event(902, date(2010, 1, 1), date_prec=5), event(903, date(2010, 1, 1), type="Battles")]  # fmt: skip
    record = record_of(selection(rows))
    assert record.left_out.of == 10 and len(record) == 6
    assert record.left_out.reasons == {"no usable day": 1, "no type of UCDP's": 1, "no known first-order division": 2}
    assert record.left_until(record.start - 1).events == 0


def test_events_without_a_point_still_count():
    rows = [*monthly(2010, 6, lat=None, lon=None), *monthly(2010, 6, "P1", 100, side_b="Beta", lat=None, lon=None)]
    found = asked(record_of(selection(rows)))
    assert len(found) == 2 and np.isfinite(found.x).all()


def test_a_record_without_events_is_refused():
    with pytest.raises(ForecastError, match="no event has a usable month and place"):
        record_of(selection([event(1, date(2010, 1, 1), date_prec=5)]))
    with pytest.raises(ForecastError, match="kind of place 'village'"):
        record_of(selection(monthly(2010, 6)), "village")
