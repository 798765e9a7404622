"""Events and newly hit cells across borders, against counts by hand and of the files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made

from spillover.case import open_case
from spillover.errors import SpreadError
from spillover.spread.borders import borders
from spillover.spread.selection import select

KABUL = {"country": "AFG", "lat": 34.5, "lon": 69.2}
PESHAWAR = {"country": "PAK", "lat": 34.0, "lon": 71.5}
QUETTA = {"country": "PAK", "lat": 30.2, "lon": 67.0}


def test_by_hand():
    rows = [
        *[KABUL | {"start": f"2020-01-{d:02}"} for d in range(1, 5)], PESHAWAR | {"start": "2020-01-20"},
        PESHAWAR | {"start": "2020-03-01"}, KABUL | {"start": "2020-03-02"}, QUETTA | {"start": "2020-03-03"},
        KABUL | {"start": "2020-03-04", "date_prec": 4}, KABUL | {"start": "2020-03-04", "date_prec": 5},
        KABUL | {"country": None},
    ]  # fmt: skip
    found = borders(made(rows))
    assert found.months.rows() == [
        (date(2020, 1, 1), 5, 1, 0.2, 2, 1, 0.5),
        (date(2020, 2, 1), 0, 0, None, 0, 0, None),
        (date(2020, 3, 1), 4, 2, 0.5, 1, 1, 1.0),
    ]
    row = found.groups.row(0, named=True)
    assert (row["core"], row["events"], row["outside"], row["cells"], row["cells_outside"]) == ("AFG", 9, 3, 3, 2)
    assert row["first_outside"] == date(2020, 1, 20)
    assert found.firsts.select("country", "first", "events").rows() == [
        ("AFG", date(2020, 1, 1), 6), ("PAK", date(2020, 1, 20), 3),
    ]  # fmt: skip
    assert (found.share, found.cells_share, found.interval) == (3 / 9, 2 / 3, None)
    assert found.left_out.reasons == {"no usable day": 1, "no country": 1}
    assert found.cells_left_out.reasons == {"no usable day": 1}
    assert found.words() == (
        "all actors: 3 of 9 events (33%) lie outside the core country (AFG, with 6 of the first 9 events), and 67% of "
        "the newly hit cells. The first such event: IS in PAK on 2020-01-20. Only countries in the data and among "
        "those chosen can be seen; these events are in AFG and PAK."
    )


def test_each_group_has_its_own_core():
    rows = [
        *[KABUL | {"group": "A", "start": f"2020-{m:02}-01"} for m in range(1, 7)],
        *[PESHAWAR | {"group": "B", "start": f"2020-{m:02}-02"} for m in range(1, 7)],
        PESHAWAR | {"group": "A", "start": "2020-08-01"},
    ]
    found = borders(made(rows))
    assert found.groups.select("group", "core", "outside").rows() == [("A", "AFG", 1), ("B", "PAK", 0)]
    assert "1 of 13 events (8%; 95% interval 0% to" in found.words()
    assert "lies outside the core country of their group (the one with over half of its first third" in found.words()
    assert "no core country" not in found.words()


def monthly(place, n, *, since=2018, group="IS"):
    return [place | {"start": date(since + m // 12, m % 12 + 1, 3), "group": group} for m in range(n)]


def test_the_core_has_over_half_of_the_first_third_or_is_given():
    rows = monthly(KABUL, 16) + monthly(PESHAWAR, 50, since=2020)
    found = borders(made(rows))
    assert found.groups.select("core", "core_events", "core_of").row(0) == ("AFG", 16, 22)
    assert found.share == 50 / 66
    assert "(AFG, with 16 of the first 22 events)" in found.words()
    assert borders(made(rows), core="PAK").share == 16 / 66
    given = borders(made(rows), core={"IS": "IRQ"})
    assert given.share == 1 and given.interval[0] > 0.9
    assert "(IRQ, as given)" in given.words()


def test_the_first_five_events_make_no_core():
    rows = [KABUL | {"start": f"2020-01-0{d}"} for d in range(1, 6)] + [
        PESHAWAR | {"start": f"2020-02-{d:02}"} for d in range(1, 16)
    ]
    assert borders(made(rows)).groups["core"].to_list() == ["PAK"]


def test_without_a_majority_there_is_no_core():
    found = borders(made([*monthly(KABUL, 8), *monthly(PESHAWAR, 8)]))
    assert (found.share, found.interval, found.cells_share) == (None, None, None)
    row = found.groups.row(0, named=True)
    assert [row[name] for name in ("core", "outside", "share", "cells_outside")] == [None] * 4
    assert row["cells"] == 2
    assert found.left_out.reasons == {"its group has no core country": 16}
    assert found.words().startswith(
        "all actors: 16 events in 2 countries; no core country can be named, for none has over half of the first 16 "
        "events. Only countries in the data"
    )
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_group_without_a_core_is_in_no_share():
    rows = [*monthly(KABUL, 8), *monthly(PESHAWAR, 8), *monthly(KABUL, 9, group="B"), *monthly(PESHAWAR, 3, group="B")]
    found = borders(made(rows))
    assert found.share == 3 / 12
    assert found.months["events"].sum() == 12
    assert "3 of 12 events (25%" in found.words()
    assert "For 1 group with 16 events no core country can be named: none has over half of its first" in found.words()


def test_none_outside_has_an_interval_all_the_same():
    found = borders(made([*monthly(KABUL, 20), *monthly(PESHAWAR, 20, group="B")]))
    assert found.share == 0
    assert found.interval == pytest.approx((0, 0.0876), abs=1e-4)
    assert found.groups["high"].min() > 0.1


def test_one_country_says_nothing_of_borders():
    found = borders(made([PESHAWAR]))
    assert (found.share, found.cells_share) == (0, 0)
    assert found.words() == (
        "all actors: 1 event, in PAK. An event across a border can only be seen where other countries are in the data "
        "and among those chosen."
    )


def test_one_country_that_is_not_the_core_given_is_all_outside():
    found = borders(made([PESHAWAR] * 3), core="AFG")
    assert found.words().startswith("all actors: 3 of 3 events (100%) lie outside the core country (AFG, as given), ")


def test_how_the_core_countries_came_to_be_is_said():
    rows = [KABUL | {"group": "A"}, *[PESHAWAR | {"group": "B"}] * 2]
    by_rule = "the one with over half of its first third of events, 20 at least"
    assert f"of their group ({by_rule})" in borders(made(rows)).words()
    assert f"of their group (as given, else {by_rule})" in borders(made(rows), core={"A": "PAK"}).words()
    assert "of their group (as given)" in borders(made(rows), core="PAK").words()


def test_an_event_somewhere_in_a_country_hits_no_cell():
    found = borders(made([KABUL | {"where_prec": 6}, PESHAWAR | {"lat": None}]))
    assert (found.cells_share, found.cells_interval, found.groups["cells"].to_list()) == (None, None, [0])
    assert "newly hit cells" not in found.words()
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    "rows, more, why",
    [
        ([], {}, "usable month and a country"),
        ([{"country": None}], {}, "no country: 1"),
        ([{}], {"core": {"ETIM": "CHN"}}, "no events of ETIM"),
        ([{}], {"resolution": -1}, "no resolution"),
    ],
)
def test_refused(rows, more, why):
    with pytest.raises(SpreadError, match=why):
        borders(made(rows), **more)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from([KABUL, PESHAWAR, QUETTA]), st.sampled_from("AB")),
                min_size=1, max_size=50))  # fmt: skip
def test_months_groups_and_countries_add_up(drawn):
    rows = [place | {"start": date(2020, m + 1, 5), "group": g} for m, place, g in drawn]
    found = borders(made(rows), resamples=20)
    assert found.groups["events"].sum() == found.firsts["events"].sum() == len(rows)
    assert found.months["events"].sum() == len(rows) - found.left_out.events
    assert found.months["outside"].sum() == found.groups["outside"].sum()
    told = found.groups.filter(pl.col("core").is_not_null())
    assert found.months["cells"].sum() == told["cells"].sum()
    away = found.firsts.filter(pl.col("country") != pl.col("core"))
    assert away["events"].sum() == found.groups["outside"].sum()
    assert found.to_dict() == borders(made(rows), resamples=20).to_dict()
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_interval_covers_the_share():
    rows = [
        (PESHAWAR if (m + d) % 4 == 0 else KABUL) | {"start": date(2015 + m // 12, m % 12 + 1, d + 1)}
        for m in range(60)
        for d in range(6)
    ]
    low, high = borders(made(rows)).interval
    assert 0.2 < low < 0.25 < high < 0.3


@pytest.mark.shared
def test_several_countries_at_once_against_their_files(shared, tmp_path):
    case = open_case(tmp_path)
    wanted: Counter[str] = Counter()
    for name, country in (("ged_pakistan.csv", "PAK"), ("ged_bangladesh_19_1.csv", "BGD")):
        case.add_events(shared / "data" / name)
        with (shared / "data" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["id"].isdigit() and row["side_a"] == "IS" and row["type_of_violence"] == "3":
                    wanted[country] += int(row["date_prec"]) <= 4
    with case.events() as session:
        chosen = select(session, types=["one-sided"]).where(pl.col("side_a") == "IS")
    found = borders(chosen, core="PAK")
    assert dict(found.firsts.select("country", "events").iter_rows()) == dict(wanted)
    assert found.share == wanted["BGD"] / wanted.total()
    low, high = found.interval
    assert low < found.share < high
