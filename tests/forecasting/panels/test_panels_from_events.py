"""Panels from events: which units and months there are, what is counted where, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from ged_made import event, session
from same_panel import assert_sound

from spillover.errors import ForecastError, SpreadError
from spillover.forecasting.months import name, parse
from spillover.forecasting.onset import record_of
from spillover.forecasting.panels import SIMPLE, VIEWS, Rules, from_events
from spillover.forecasting.panels.existence import periods
from spillover.forecasting.panels.grid import land
from spillover.records import Options
from spillover.spread.selection import TYPES

ROWS = [
    event(1, "2019-01-10", deaths=3, civilians=1),
    event(2, "2019-01-20", deaths=5, civilians=5, type="one-sided", side_a="TTP", side_b="Civilians"),
    event(3, "2019-04-28", deaths=10, end="2019-05-02"),
    event(4, "2019-06-01", deaths=0, where_prec=6, adm_1=""),
    event(5, "2019-07-01", deaths=4, where_prec=4, lat=30.2, lon=67.0, adm_1="Balochistan province"),
    event(6, "2019-08-01", country="AFG", deaths=7, side_a="IS", side_b="Taleban", type="non-state", lat=34.4, lon=70.4,
          adm_1="Nangarhar province"),
    event(7, "2020-02-01", country="AFG", deaths=2, side_a="Government of Afghanistan", side_b="IS", lat=34.6, lon=70.3,
          adm_1="Nangarhar province"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made():
    with session(ROWS) as opened:
        yield opened


@pytest.fixture(scope="module")
def world():
    with session(ROWS, covers=("all",)) as opened:
        yield opened


def at(panel, unit, month, part=None):
    series = panel.values if part is None else panel.parts[part]
    return series[panel.units.index(unit), parse(month) - panel.start]


def test_countries_by_month_with_their_zeros(made):
    panel = from_events(made)
    assert_sound(panel)
    assert (panel.kind, panel.target, panel.units) == ("country", "deaths", ("AFG", "PAK"))
    assert (name(panel.start), name(panel.end)) == ("2019-01", "2020-12")
    assert {(u, m): at(panel, u, m) for u, m in
            (("PAK", "2019-01"), ("PAK", "2019-02"), ("PAK", "2019-04"), ("PAK", "2019-05"), ("AFG", "2019-08"))} == {
        ("PAK", "2019-01"): 8, ("PAK", "2019-02"): 0, ("PAK", "2019-04"): 10, ("PAK", "2019-05"): 0,
        ("AFG", "2019-08"): 7,
    }  # fmt: skip
    assert panel.values.sum() == 31 and panel.parts["events"].sum() == 7
    assert [list(near) for near in panel.neighbours] == [[1], [0]]
    assert "1 events with 10 deaths go over a month's end: whole in the month of their first day" in panel.notes


def test_parts_add_up(made):
    panel = from_events(made)
    for what, whole in (("events", panel.parts["events"]), ("deaths", panel.values)):
        typed = [panel.parts[f"{violence.replace('-', '_')}_{what}"] for violence in TYPES]
        np.testing.assert_array_equal(sum(typed), whole)
    assert at(panel, "PAK", "2019-01", "civilians") == 6
    assert at(panel, "PAK", "2019-01", "one_sided_deaths") == 5


def test_events_as_the_target(made):
    panel = from_events(made, target="events")
    assert panel.target == "events" and at(panel, "PAK", "2019-01") == 2
    np.testing.assert_array_equal(panel.parts["deaths"], from_events(made).values)


def test_only_some_types_countries_and_actors(made):
    assert from_events(made, types=["non-state"]).values.sum() == 7
    assert "state_based_deaths" not in from_events(made, types=["non-state"]).parts
    assert from_events(made, countries=["AFG"]).units == ("AFG",)
    panel = from_events(made, actors=["IS"])
    # the country is covered although the actor has no event there
    assert panel.units == ("AFG", "PAK") and panel.values.sum() == 9
    with pytest.raises(SpreadError, match="no actor"):
        from_events(made, actors=["Nobody at all"])


def test_a_named_country_is_there_from_its_first_event_on(made):
    panel = from_events(made)
    assert panel.exists[panel.units.index("PAK")].all()
    first = parse("2019-08") - panel.start
    assert panel.exists[panel.units.index("AFG")].tolist() == [m >= first for m in range(24)]
    assert panel.until(parse("2019-07")).units == ("PAK",)


def test_a_set_of_the_whole_world_has_every_state(world):
    panel = from_events(world)
    assert_sound(panel)
    assert set(panel.units) == set(periods())
    assert panel.exists.all() and panel.values.sum() == 31


def test_a_month_in_which_an_event_starts_ends_or_lasts(made):
    by = {when: from_events(made, rules=Rules(month=when)) for when in ("start", "end", "days")}
    got = {when: [at(panel, "PAK", m) for m in ("2019-04", "2019-05")] for when, panel in by.items()}
    assert got == {"start": [10, 0], "end": [0, 10], "days": [6, 4]}
    assert at(by["days"], "PAK", "2019-04", "events") == pytest.approx(0.6)
    np.testing.assert_array_equal(from_events(made, rules=VIEWS).values, by["end"].values)


def test_of_an_event_that_goes_on_only_what_lies_before(made):
    april = parse("2019-04")
    for when, left in (("start", 10), ("end", 0), ("days", 6)):
        panel = from_events(made, until=april, rules=Rules(month=when))
        assert panel.end == april and panel.values[0, -1] == left
        whole = from_events(made, rules=Rules(month=when))
        np.testing.assert_array_equal(whole.until(april).values, panel.values)
    assert any("1 events with 10 deaths that count after 2019-04" in n
               for n in from_events(made, until=april, rules=VIEWS).notes)  # fmt: skip


def test_months_may_be_asked_for(made):
    panel = from_events(made, since=parse("2019-04"), until=parse("2019-06"))
    assert (name(panel.start), name(panel.end)) == ("2019-04", "2019-06")
    assert panel.values.tolist() == [[10, 0, 0]]
    assert "left out: 2 events with 8 deaths that count before 2019-04" in panel.notes


def test_other_estimates(made):
    assert from_events(made, estimate="low").values.sum() == 0
    assert from_events(made, estimate="high").values.sum() == 14


def test_cells(made):
    panel = from_events(made, kind="priogrid")
    assert_sound(panel)
    assert set(panel.units) == {str(cell) for cell in land(["PAK", "AFG"])}
    # 25.3 N, 68.3 E: row 231, column 497
    assert at(panel, str(230 * 720 + 497), "2019-01") == 8
    assert "left out: 2 events with 4 deaths that are too coarsely placed for a cell" in panel.notes
    assert panel.values.sum() == 27 and set(panel.parts) == {"events"}
    # Afghanistan's cells are there from its first event on, those in which Pakistan has land from the start
    early = panel.until(parse("2019-07"))
    assert set(early.units) == {str(cell) for cell in land(["PAK"])}


def test_cells_with_every_point_at_its_word(made):
    panel = from_events(made, kind="priogrid", rules=SIMPLE)
    assert panel.values.sum() == 31 and not any("coarsely" in note for note in panel.notes)


def test_a_cell_at_sea_is_there_from_its_first_event_on():
    with session([*ROWS, event(8, "2019-09-01", lat=20.1, lon=62.2, deaths=9)]) as opened:
        panel = from_events(opened, kind="priogrid")
    assert_sound(panel)
    row = panel.units.index(str(220 * 720 + 485))
    assert panel.exists[row].tolist() == [m >= 8 for m in range(24)] and panel.values[row].sum() == 9
    assert any(note.startswith("1 more cells") for note in panel.notes)


def test_divisions(made):
    panel = from_events(made, kind="admin1")
    assert_sound(panel)
    assert panel.units == ("AF-NAN", "PK-BA", "PK-SD")
    assert panel.names == (
        "Nangarhar, Afghanistan",
        "Balochistan, Pakistan",
        "Sindh, Pakistan",
    )
    assert "left out: 1 events with 0 deaths that have no division, or too coarse a place" in panel.notes
    assert at(panel, "PK-BA", "2019-07") == 4
    assert panel.until(parse("2019-06")).units == ("PK-SD",)
    assert [list(near) for near in panel.neighbours] == [[1, 2], [0, 2], [0, 1]]
    strict = from_events(made, kind="admin1", rules=Rules(division=3))
    assert strict.units == ("AF-NAN", "PK-SD")


def test_all_divisions_of_the_record_also_where_the_actor_was_not(made):
    assert from_events(made, kind="admin1", actors=["IS"]).units == ("AF-NAN", "PK-BA", "PK-SD")
    assert from_events(made, kind="admin1", countries=["PAK"]).units == ("PK-BA", "PK-SD")


def test_a_division_without_a_code_is_known_by_country_and_name():
    with session([event(1, adm_1="Nowhere at all"), event(2, adm_1="Sindh province")]) as opened:
        panel = from_events(opened, kind="admin1")
    assert panel.units == ("PAK Nowhere at all", "PK-SD") and panel.exists[:, 2].all()


def test_a_division_is_linked_with_the_five_nearest_that_were_known():
    rows = [event(n, f"2019-{n + 1:02}-01", adm_1=f"Place {n}", lat=25 + n, lon=68.0) for n in range(8)]
    with session(rows) as opened:
        panel = from_events(opened, kind="admin1")
        for month in ("2019-03", "2019-06", "2019-09"):
            cut, again = panel.until(parse(month)), from_events(opened, kind="admin1", until=parse(month))
            assert [list(n) for n in cut.neighbours] == [list(n) for n in again.neighbours]
    assert list(panel.neighbours[7]) == [2, 3, 4, 5, 6]
    assert list(panel.neighbours[0]) == [1, 2, 3, 4, 5]


def test_where_a_division_is_goes_by_its_first_month_alone():
    where = (("2019-01-05", 25.0, 68.0), ("2019-01-09", 27.0, 68.0), ("2019-02-01", 35.0, 75.0))
    rows = [event(n, day, adm_1="Nowhere", lat=lat, lon=lon) for n, (day, lat, lon) in enumerate(where)]
    with session(rows) as opened:
        panel = from_events(opened, kind="admin1")
    assert panel.points == {"PAK Nowhere": pytest.approx((26.0, 68.0))}


def test_groups(made):
    panel = from_events(made, kind="group")
    assert_sound(panel)
    assert panel.units == ("IS|AFG", "TTP|PAK")
    assert panel.names == ("IS in Afghanistan", "TTP in Pakistan")
    assert panel.values.sum(axis=1).tolist() == [2, 22]  # the clash with 7 deaths was before IS's first formal event
    assert any("1 events with 7 deaths that are between sides known from such clashes alone" in n for n in panel.notes)


def test_states_are_no_groups():
    rows = [event(1), event(2, type="one-sided", side_a="Government of Pakistan", side_b="Civilians"),
            event(3, side_a="Government of India", side_b="Government of Pakistan")]  # fmt: skip
    with session(rows) as opened:
        panel = from_events(opened, kind="group")
    assert panel.units == ("TTP|PAK",)
    assert any(note.startswith("left out: 2 events with 2 deaths that are by a state alone") for note in panel.notes)


def test_a_group_in_two_countries_is_its_own_neighbour():
    rows = [event(1, side_b="IS"), event(2, side_b="TTP"), event(3, country="AFG", side_b="IS"),
            event(4, country="AFG", side_b="HIG")]  # fmt: skip
    with session(rows) as opened:
        panel = from_events(opened, kind="group")
    assert panel.units == ("HIG|AFG", "IS|AFG", "IS|PAK", "TTP|PAK")
    assert [list(near) for near in panel.neighbours] == [[1], [0, 2], [1, 3], [2]]


def test_whose_a_clash_was_does_not_change_with_later_ones():
    def clash(n, day, a, b):
        return event(n, day, type="non-state", side_a=a, side_b=b)

    formal = [event(20 + n, "2018-12-01", side_b=side) for n, side in enumerate("ABC")]
    rows = [*formal, clash(1, "2019-01-01", "A", "B"), clash(2, "2019-02-01", "C", "B"),
            clash(3, "2019-03-01", "A", "B"), *(clash(n, "2019-06-01", "A", f"D{n}") for n in range(4, 9))]  # fmt: skip
    with session(rows) as opened:
        panel = from_events(opened, kind="group")
    # January: one each, so side A; February and March: B has stood in more
    assert at(panel, "A|PAK", "2019-01") == 1
    assert at(panel, "B|PAK", "2019-02") == at(panel, "B|PAK", "2019-03") == 1
    assert at(panel, "A|PAK", "2019-06") == 5


def test_communities_are_no_groups():
    """UCDP codes state-based and one-sided violence of formally organised groups alone: who is known from clashes with
    others only may be a community, and counts for nothing, also where it stood in more of them."""
    clashes = [event(n, f"2019-0{n}-01", type="non-state", side_a="Herders", side_b=b, deaths=n)
               for n, b in enumerate(("Farmers", "Farmers", "TTP", "TTP"), 1)]  # fmt: skip
    with session([*clashes, event(9, "2019-03-15", deaths=50)]) as opened:
        panel = from_events(opened, kind="group")
    assert panel.units == ("TTP|PAK",) and panel.values.sum() == 3 + 4 + 50
    assert any("2 events with 3 deaths that are between sides known from such clashes alone" in n for n in panel.notes)


def test_states_only_in_their_time_but_where_the_record_has_them():
    rows = [event(1, "2011-01-05", country="SDN"), event(2, "2011-04-05", country="SSD"), event(3, "2012-01-05")]
    with session(rows, covers=("all",)) as opened:
        panel = from_events(opened)
    assert_sound(panel)
    south = panel.exists[panel.units.index("SSD")]
    assert south.tolist() == [month == 3 or month >= 6 for month in range(24)]
    assert any(note.startswith("1 unit-months with a value lie outside the state's time") for note in panel.notes)
    assert "SSD" not in panel.until(parse("2011-03")).units and "SSD" in panel.until(parse("2011-08")).units


def test_months_that_no_set_covers():
    one = [event(1, "2018-02-01"), event(2, "2018-12-01")]
    other = [event(n, f"{year}-05-01", country="AFG") for n, year in ((3, 2018), (4, 2020))]
    with session(one, other) as opened:
        panel = from_events(opened)
        assert_sound(panel)
        assert name(panel.end) == "2020-12"
        assert panel.exists[1].tolist() == [1 <= month < 12 for month in range(36)]
        assert any("PAK in 24 (its last is 2018-12)" in note for note in panel.notes)
        assert panel.until(parse("2019-06")).units == ("AFG",)
        covered = np.array([[month >= 4 for month in range(36)], [1 <= month < 12 for month in range(36)]])
        assert panel.covered is not None and np.array_equal(panel.covered, covered)


def test_a_last_month_that_is_covered_in_part_only_where_it_is_asked_for():
    rows = [event(1, "2019-01-05"), event(2, "2019-04-10")]
    with session(rows, end="2019-04-17") as opened:
        panel = from_events(opened)
        assert name(panel.end) == "2019-03" and panel.values.sum() == 1
        assert "the data end on 2019-04-17: 2019-04 is no whole month and is left out" in panel.notes
        asked = from_events(opened, until=parse("2019-04"))
        assert asked.values.tolist() == [[1, 0, 0, 1]] and asked.exists.all()


@pytest.mark.parametrize(("end", "said"), [("2019-12-31", True), ("2019-06-30", False)])
def test_last_months_without_any_event_are_noted(end, said):
    with session([event(1, "2019-01-05"), event(2, "2019-04-10")], end=end) as opened:
        notes = from_events(opened).notes
        assert (
            any(f"no event in any country after 2019-04, and the data are said to cover {end[:7]}" in n for n in notes)
            == said
        )


def test_events_before_all_that_is_covered_are_counted():
    rows = [event(1, "2019-01-05", deaths=4), event(2, "2019-04-10")]
    with session(rows, start="2019-03-01") as opened:
        panel = from_events(opened)
    assert name(panel.start) == "2019-03" and panel.values.sum() == 1
    assert "left out: 1 events with 4 deaths that start before 2019-03-01, where no set covers" in panel.notes


def test_of_two_families_one_is_counted(tmp_path):
    from spillover.case import open_case

    columns = (
        "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,inter1,actor2,"
        "inter2,interaction,iso,region,country,admin1,location,latitude,longitude,geo_precision,source,fatalities,"
        "timestamp"
    )
    made_up = (
        "ZZZ1,05 March 2021,2021,1,Political violence,Battles,Armed clash,Made-up Front,2,Made-up Army,1,12,586,South "
        "Asia,Pakistan,Sindh,Nowhere,25.5,68.5,1,Made-up Times,3,1700000000"
    )
    case = open_case(tmp_path / "case")
    (tmp_path / "acled.csv").write_text(f"{columns}\n{made_up}\n")
    case.add_events(tmp_path / "acled.csv", Options(end="2021-04-30"))
    with case.events() as opened:
        panel = from_events(opened)
        assert_sound(panel)
        assert panel.values.tolist() == [[3, 0]] and set(panel.parts) == {"events", "civilians"}
        # "Muslim Ethnic Militia" or "Protesters" are sides there as an armed group is
        with pytest.raises(ForecastError, match="may be a community or a crowd in ACLED's data"):
            from_events(opened, kind="group")
        with pytest.raises(ForecastError, match="may be a community or a crowd in ACLED's data"):
            record_of(opened)
    ged = tmp_path / "ged251.csv"
    ged.write_text("\n".join([",".join(ROWS[0]), *(",".join(row.values()) for row in ROWS)]) + "\n")
    case.add_events(ged)
    with case.events() as opened, session(ROWS) as alone:
        both = from_events(opened)
        assert both.values.sum() == 31
        np.testing.assert_array_equal(both.values, from_events(alone).values)


def test_what_cannot_be_asked_for(made):
    wrongs = [
        ({"kind": "city"}, "no kind 'city'"),
        ({"target": "wounded"}, "no target"),
        ({"estimate": "mean"}, "no estimate"),
        ({"countries": ["BRA"]}, "there is no country of which"),
        ({"until": parse("2021-01")}, "cover 2019-01 to 2020-12"),
        ({"until": parse("2018-12")}, "cover 2019-01 to 2020-12"),
        ({"since": parse("2020-05"), "until": parse("2020-04")}, "cannot go from 2020-05 to 2020-04"),
    ]
    for wrong, words in wrongs:
        with pytest.raises(ForecastError, match=words) as fault:
            from_events(made, **wrong)
        assert fault.value.to_do
    with pytest.raises(ForecastError, match="no rule 'middle'"):
        Rules(month="middle")
    with pytest.raises(ForecastError, match="no level of where_prec"):
        Rules(cell=9)


def test_no_events_at_all(tmp_path):
    from spillover.case import open_case

    with open_case(tmp_path / "case").events() as opened, pytest.raises(ForecastError, match="no events in this case"):
        from_events(opened)
