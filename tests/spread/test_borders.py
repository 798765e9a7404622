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
        "all actors: 3 of 9 events (33%) lie outside the core country (AFG, by the first events in the data), and 67% "
        "of the newly hit cells. The first such event: IS in PAK on 2020-01-20. Only the countries in the data can be "
        "seen (AFG and PAK)."
    )


def test_each_group_has_its_own_core():
    rows = [
        *[KABUL | {"group": "A", "start": f"2020-{m:02}-01"} for m in range(1, 7)],
        *[PESHAWAR | {"group": "B", "start": f"2020-{m:02}-02"} for m in range(1, 7)],
        PESHAWAR | {"group": "A", "start": "2020-08-01"},
    ]
    found = borders(made(rows))
    assert found.groups.select("group", "core", "outside").rows() == [("A", "AFG", 1), ("B", "PAK", 0)]
    assert "1 of 13 events (8%; 95 % interval 0% to" in found.words()
    assert "lies outside the core country of their group" in found.words()


def test_the_core_is_that_of_the_first_events_or_the_one_given():
    rows = [KABUL | {"start": f"2020-01-0{d}"} for d in range(1, 6)] + [
        PESHAWAR | {"start": f"2020-02-{d:02}"} for d in range(1, 16)
    ]
    assert borders(made(rows)).share == 15 / 20
    assert borders(made(rows), core="PAK").share == 5 / 20
    given = borders(made(rows), core={"IS": "IRQ"})
    assert given.share == 1
    assert "(IRQ)" in given.words()


def test_as_many_in_two_countries_the_earlier_one_is_the_core():
    rows = [KABUL | {"start": "2020-01-02"}, PESHAWAR | {"start": "2020-01-01"}]
    assert borders(made(rows)).groups["core"].to_list() == ["PAK"]


def test_one_country_says_nothing_of_borders():
    found = borders(made([PESHAWAR]))
    assert (found.share, found.cells_share) == (0, 0)
    assert found.words() == (
        "all actors: 1 event, it is in PAK. Whether there was none elsewhere or the data hold no other country cannot "
        "be seen from them."
    )


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
    assert found.months["events"].sum() == found.groups["events"].sum() == found.firsts["events"].sum() == len(rows)
    assert found.months["outside"].sum() == found.groups["outside"].sum()
    assert found.months["cells"].sum() == found.groups["cells"].sum()
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
