"""Panels from files: what is read, what is refused, and that nothing after the last month counts."""

from __future__ import annotations

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same_panel import assert_same, assert_sound

from spillover.errors import ForecastError
from spillover.forecasting.months import name, parse
from spillover.forecasting.panels import from_file


@pytest.fixture
def file(tmp_path):
    """A file of that text."""

    def write(text, name="panel.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


PLAIN = "unit,month,value\nB,2020-01,1\nA,2020-01,0\nA,2020-02,2.5\nB,2020-03,4\nA,2020-03,0\n"


def test_units_in_order_months_in_order_zeros_written_out(file):
    panel = from_file(file(PLAIN))
    assert_sound(panel)
    assert (panel.kind, panel.target, panel.units) == ("other", "deaths", ("A", "B"))
    assert (name(panel.start), name(panel.end)) == ("2020-01", "2020-03")
    assert panel.values.tolist() == [[0, 2.5, 0], [1, 0, 4]]
    assert panel.exists.all()
    assert panel.notes == (
        "panel.csv: 1 unit-months have no row and count as 0",
        "panel.csv: 1 values are no whole numbers: forecasts are of counts, of rates they are wrong",
    )


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_a_byte_order_mark(file, delimiter):
    text = "\ufeff" + PLAIN.replace(",", delimiter).replace("\n", "\r\n")
    assert_same(from_file(file(text)), from_file(file(PLAIN)))


def test_blank_lines_are_no_rows(file):
    assert_same(from_file(file(PLAIN.replace("\nA,2020-02", "\n\nA,2020-02") + "\n\n")), from_file(file(PLAIN)))
    with pytest.raises(ForecastError, match="row 4: value: 'x'"):
        from_file(file("unit,month,value\nA,2020-01,1\n\nA,2020-02,x\n"))


def test_months_at_the_head_without_any_value_are_cut_and_counted(file):
    rows = "".join(f"{u},2019-{m:02},0\n" for u in "AB" for m in range(1, 13))
    panel = from_file(file(PLAIN + rows))
    assert name(panel.start) == "2020-01"
    assert panel.exists.all()
    assert panel.notes[0] == "panel.csv: 12 months at its head (2019-01 to 2019-12) are 0 everywhere and were cut"


def test_a_panel_of_zeros_keeps_its_months(file):
    panel = from_file(file("unit,month,value\nA,2020-01,0\nA,2020-02,0\n"))
    assert panel.values.tolist() == [[0, 0]] and panel.notes == ()


def test_a_unit_is_there_from_its_first_row_on(file):
    panel = from_file(file("unit,month,value\nA,2020-01,1\nA,2020-02,0\nA,2020-03,0\nB,2020-02,0\n"))
    assert panel.exists.tolist() == [[True] * 3, [False, True, True]]
    assert any("1 units begin after the first month" in note for note in panel.notes)
    assert panel.until(parse("2020-01")).units == ("A",)


def test_keys_that_are_numbers_are_in_the_order_of_numbers(file):
    panel = from_file(file("priogrid_gid,month_id,value\n100,1,1\n20,1,0\n3,1,0\n"))
    assert (panel.kind, panel.units, name(panel.start)) == ("priogrid", ("3", "20", "100"), "1980-01")


def test_numbers_of_units_that_went_through_floats(file):
    assert from_file(file("unit,month,value\n10.0,2020-01,1\n2.0,2020-01,1\n")).units == ("2", "10")
    assert from_file(file("unit,month,value\nv1.0,2020-01,1\n2.0,2020-01,1\n")).units == ("2.0", "v1.0")


def test_countries_have_names_parts_and_neighbours(file):
    panel = from_file(
        file("country_iso3,year_month,ucdp_fatalities_best,ucdp_event_count,ucdp_fatalities_high,ucdp_has_conflict\n"
             "PAK,2020-01,5,2,9,1\nAFG,2020-01,1,1,0,1\nBRA,2020-01,0,0,0,0\n")
    )  # fmt: skip
    assert_sound(panel)
    assert (panel.kind, panel.names) == ("country", ("Afghanistan", "Brazil", "Pakistan"))
    assert [list(near) for near in panel.neighbours] == [[2], [], [0]]
    assert {k: v.tolist() for k, v in panel.parts.items()} == {"events": [[1], [0], [2]], "high": [[0], [0], [9]]}


def test_countries_by_their_keys_alone(file):
    assert from_file(file("unit,month,value\nPAK,2020-01,1\nXKX,2020-01,0\n")).kind == "country"
    assert from_file(file("unit,month,value\nPK-SD,2020-01,1\nAF-KAB,2020-01,0\n")).kind == "admin1"
    assert from_file(file("unit,month,value\nTTP|PAK,2020-01,1\n")).kind == "group"
    assert from_file(file("unit,month,value\nPAK,2020-01,1\n"), kind="other").kind == "other"


def test_cells_go_by_their_gid(file):
    path = file("unit,month,value\n145829,2020-01,1\n259201,2020-01,0\nSindh,2020-01,0\n")
    with pytest.raises(ForecastError, match="2 units are no cells of PRIO-GRID: 259201, Sindh") as caught:
        from_file(path, kind="priogrid")
    assert "a number from 1 to 259,200; leave --unit out" in str(caught.value)
    assert from_file(path).kind == "other"


def test_columns_may_be_named(file):
    path = file("who,when,month,n,value\nA,2020-01,7,3,x\n")
    panel = from_file(path, unit="who", month="when", value="n")
    assert panel.values.tolist() == [[3]]


def test_events_as_the_target(file):
    panel = from_file(
        file("country_iso3,year_month,ucdp_event_count,ucdp_fatalities_best\nPAK,2020-01,2,5\n"),
        value="ucdp_event_count",
    )
    assert (panel.target, panel.values.tolist()) == ("events", [[2]])
    assert {k: v.tolist() for k, v in panel.parts.items()} == {"deaths": [[5]]}


def test_parquet_with_the_months_of_views_or_days(tmp_path):
    pl.DataFrame({"country_id": [7, 12], "month_id": [457, 458], "ged_sb": [0.0, 3.0]}).write_parquet(
        tmp_path / "views.parquet"
    )
    panel = from_file(tmp_path / "views.parquet")
    assert (panel.kind, panel.units, name(panel.start)) == ("country", ("7", "12"), "2018-02")
    assert panel.neighbours == () and panel.values.sum() == 3
    days = [datetime.date(2020, 1, 1), datetime.date(2020, 2, 1)]
    pl.DataFrame({"unit": ["A", "A"], "month": days, "value": [1, 2]}).write_parquet(tmp_path / "days.parquet")
    assert from_file(tmp_path / "days.parquet").values.tolist() == [[1, 2]]


def test_a_country_before_its_independence_only_where_that_is_asked_for(file):
    months = ["2011-05", "2011-06", "2011-07", "2011-08"]
    rows = "".join(f"{iso3},{m},{v}\n" for iso3 in ("SDN", "SSD") for m, v in zip(months, "1030", strict=True))
    path = file("country_iso3,month,value\n" + rows)
    assert from_file(path).exists.all()
    panel = from_file(path, independence=True)
    assert_sound(panel)
    assert panel.exists.tolist() == [[True] * 4, [True, False, True, True]]
    assert any(n.startswith("1 unit-months with a value lie outside") for n in panel.notes)


def test_independence_is_known_of_countries_alone(file):
    for text in (PLAIN, "country_id,month,value\n770,2020-01,1\n"):
        with pytest.raises(ForecastError, match="known by ISO3 alone"):
            from_file(file(text), independence=True)


FAULTS = {
    "unit,month,value\nA,2020-01,-1\n": r"row 2: value: '-1' is no number of 0 or more",
    "unit,month,value\nA,2020-01,1\nB,2020-01,NaN\n": r"row 3: value: 'NaN'",
    "unit,month,value\nA,2020-01,inf\n": r"row 2: value: 'inf'",
    "unit,month,value\nA,2020-01,\n": r"row 2: value: an empty cell",
    "unit,month,value\nA,2020-01,many\nA,2020-02,few\n": r"'many' is no number of 0 or more; so have 1 more rows",
    "unit,month,value\nA,2020-13,1\n": r"row 2: month: '2020-13' is not a month",
    "unit,month,value\nA,,1\n": r"row 2: month: an empty cell is not a month",
    "unit,month,value\nA,202001,1\n": r"month: '202001' is not a month",
    "unit,month,value\nA,9999-01,1\n": r"month: '9999-01' is not a month",
    "unit,month,value\nA,2019,1\nA,2020,1\n": r"row 2: month: '2019' is not a month; so have 1 more rows",
    "unit,year,month,value\nA,2020,1,3\nA,2020,2,4\n": r"month has 1 to 12 alone, and the year stands in year",
    "unit,month,value\nA,2020-01,1e12\n": r"row 2: value: '1e12' is above 1,000,000,000: no month has so many",
    "unit,month,value\nA,2020-01,1\n".encode("utf-16"): r"the file is in UTF-16.*Save it again as CSV in UTF-8",
    "unit,month,value\nA,2020-01,1\n ,2020-01,1\n": r"row 3: unit: ' ' names no unit",
    "unit,month,value\nA,2020-01,1\nB,2020-01,1\nA,2020-01,1\n": r"row 4: A has 2020-01 more than once \(2 such rows\)",
    "unit,month,deaths\nA,2020-01,1\n": r"header: there is no column for the value \(value or .*--columns value",
    "unit,month,value,events\nA,2020-01,1,x\n": r"row 2: events: 'x' is no number",
    "unit,month,value\n": r"there is no row",
    "": r"the file is empty",
    "unit,month,value\nA,2020-01,1,2,3\n": r"is not a table",
    b"unit,month,value\n\xff\xfe,2020-01,1\n": r"is not a table",
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS, ids=range(len(FAULTS)))
def test_a_fault_says_where_it_is_and_what_to_do(file, text):
    with pytest.raises(ForecastError, match=r"panel.csv.*" + FAULTS[text]) as fault:
        from_file(file(text))
    assert fault.value.to_do


def test_no_file(tmp_path):
    with pytest.raises(ForecastError, match="No such file"):
        from_file(tmp_path / "none.csv")
    with pytest.raises(ForecastError, match="cannot be read"):
        from_file(tmp_path)


def test_a_damaged_parquet_file(file):
    with pytest.raises(ForecastError, match="is not a table"):
        from_file(file(b"PAR1" + b"x" * 100, "damaged.parquet"))


def test_a_kind_that_there_is_not(file):
    with pytest.raises(ForecastError, match="no kind of unit 'city'"):
        from_file(file(PLAIN), kind="city")


def test_too_many_cells_are_refused(file):
    rows = "".join(f"{n},1800-01,0\n" for n in range(21_000))
    with pytest.raises(ForecastError, match="21,000 units × 4,800 months are over the limit of 100,000,000 cells"):
        from_file(file(f"unit,month,value\n{rows}1,2199-12,1\n2,1800-02,1\n".replace("\n1,1800-01,0", "\n1,1800-01,1")))


def test_no_row_in_the_last_month_that_is_asked_for(file):
    with pytest.raises(ForecastError, match="the rows end in 2020-03, before 2020-05"):
        from_file(file(PLAIN), until=parse("2020-05"))
    with pytest.raises(ForecastError, match="there is no row up to 2019-12"):
        from_file(file(PLAIN), until=parse("2019-12"))


FIRST, ORIGIN, LAST = parse("2010-01"), parse("2010-08"), parse("2011-03")
UNITS = st.sampled_from(["AFG", "PAK", "SSD", "IND"])
past = st.dictionaries(
    st.tuples(UNITS, st.integers(FIRST, ORIGIN)), st.sampled_from(["0", "1", "2.5", "1000"]), max_size=25
)
junk = st.sampled_from(["0", "7", "-3", "NaN", "many", "", "1e300"])
later = st.lists(
    st.tuples(st.sampled_from(["AFG", "USA", "", "NEW"]), st.integers(ORIGIN + 1, LAST), junk), max_size=12
)


@settings(max_examples=40)
@given(past, later, later, st.randoms(use_true_random=False), st.booleans())
def test_nothing_after_the_last_month_counts(before, one, other, random, independence):
    before = {("PAK", ORIGIN): "1"} | before
    with TemporaryDirectory() as folder:
        panels = []
        for after in ([], one, other):
            rows = [(u, m, v) for (u, m), v in before.items()] + after
            random.shuffle(rows)
            path = Path(folder) / "panel.csv"
            path.write_text(
                "country_iso3,month,value,events\n" + "".join(f"{u},{name(m)},{v},{v}\n" for u, m, v in rows)
            )
            panels.append(from_file(path, until=ORIGIN, independence=independence))
    assert_sound(panels[0])
    assert_same(panels[0], panels[1])
    assert_same(panels[0], panels[2])


@settings(max_examples=40)
@given(st.dictionaries(st.tuples(UNITS, st.integers(FIRST, LAST)), st.integers(0, 5), max_size=40), st.booleans())
def test_a_panel_cut_at_a_month_is_the_panel_read_up_to_it(values, independence):
    values = {("PAK", FIRST): 1, ("IND", ORIGIN): 0, **values, ("PAK", LAST): 1}
    values[("PAK", FIRST)] = 1
    with TemporaryDirectory() as folder:
        path = Path(folder) / "panel.csv"
        path.write_text("country_iso3,month,value\n" + "".join(f"{u},{name(m)},{v}\n" for (u, m), v in values.items()))
        whole = from_file(path, independence=independence).until(ORIGIN)
        cut = from_file(path, until=ORIGIN, independence=independence)
    assert_same(whole, cut.until(ORIGIN), notes=False)


@settings(max_examples=20)
@given(st.integers(FIRST, LAST), st.floats(0, 1e9))
def test_numbers_come_back_as_they_are(month, value):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "panel.parquet"
        pl.DataFrame({"unit": ["A"], "month": [name(month)], "value": [value]}).write_parquet(path)
        panel = from_file(path)
    assert panel.start == month and np.array_equal(panel.values, [[value]])


def test_a_later_unit_does_not_change_what_kind_the_units_are(tmp_path):
    rows = [f"{unit},2019-{month:02d},{month}" for unit in ("AFG", "MLI") for month in range(1, 13)]
    for file, later in (("one", []), ("two", ["Azawad,2019-12,1"])):
        (tmp_path / f"{file}.csv").write_text("\n".join(["unit,month,value", *rows, *later]))
    one, two = (from_file(tmp_path / f"{file}.csv") for file in ("one", "two"))
    assert one.kind == two.kind == "country"


def test_values_that_are_no_counts_are_said(tmp_path):
    (tmp_path / "rates.csv").write_text("unit,month,value\nA,2019-01,0.4\nA,2019-02,2\nA,2019-03,1.0000000001\n")
    assert any("1 values are no whole numbers" in note for note in from_file(tmp_path / "rates.csv").notes)
