"""Forecast files: every form that is read, what is refused and where, round trips, VIEWS and its countries."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover import CaseError, ForecastError
from spillover.forecasting import months
from spillover.forecasting.files import Draws, Observed, align, read_forecasts, read_panel, write_forecasts
from spillover.forecasting.views import read_country_ids, write_views

JAN = months.parse("2021-01")


def small() -> Draws:
    """Two countries in two months, three draws each."""
    return Draws(["AFG", "AFG", "NA", "NA"], [JAN, JAN + 1] * 2, [[0, 1, 2], [3, 0, 3], [0, 0, 0], [7, 8.5, 9]])


def as_dict(forecast: Draws) -> dict[tuple[str, str], list[float]]:
    return {
        (u, months.name(int(m))): row
        for u, m, row in zip(forecast.unit.tolist(), forecast.month, forecast.draws.tolist(), strict=True)
    }


SMALL = as_dict(small())


def saved(table: pl.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        table.write_csv(path)
    else:
        table.write_parquet(path)
    return path


@st.composite
def forecasts(draw):
    units = draw(st.lists(st.text("ABÉ01-|", min_size=1, max_size=5), min_size=1, max_size=4, unique=True))
    span, m = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    cells = [(u, JAN + i) for u in units for i in range(span)]
    values = st.lists(st.floats(0, 1e6, width=32) | st.integers(0, 400), min_size=m, max_size=m)
    rows = [draw(values) for _ in cells]
    order = draw(st.permutations(range(len(cells))))
    return Draws([cells[i][0] for i in order], [cells[i][1] for i in order],
                 np.array([rows[i] for i in order], draw(st.sampled_from([np.float32, np.float64]))))  # fmt: skip


# -- forms ------------------------------------------------------------------------------------------------------------


def columns(prefix: str) -> pl.DataFrame:
    rows = [
        {"country_iso3": u, "year_month": m} | {f"{prefix}{k}": v for k, v in enumerate(row)}
        for (u, m), row in SMALL.items()
    ]
    return pl.DataFrame(rows)


def lists() -> pl.DataFrame:
    return pl.DataFrame({"unit": [u for u, _ in SMALL], "month": [m for _, m in SMALL], "draws": list(SMALL.values())})


def a_row_a_draw() -> pl.DataFrame:
    rows = [
        {"draw": k, "outcome": v, "country_iso3": u, "month_id": months.to_views(months.parse(m))}
        for (u, m), row in SMALL.items()
        for k, v in enumerate(row)
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("prefix", ["draw_", "draw", ""])
def test_a_column_for_each_draw(tmp_path, prefix, suffix):
    assert as_dict(read_forecasts(saved(columns(prefix), tmp_path / f"f.{suffix}"))) == SMALL


def test_columns_of_draws_are_in_the_order_of_their_numbers(tmp_path):
    row = {"unit": "A", "month": "2021-01"} | {f"draw_{k}": k for k in (10, 9, 2, 0, 1)}
    made = read_forecasts(saved(pl.DataFrame([row]), tmp_path / "f.csv"))
    assert made.draws.tolist() == [[0, 1, 2, 9, 10]]


def test_a_list_of_draws(tmp_path):
    assert as_dict(read_forecasts(saved(lists(), tmp_path / "f.parquet"))) == SMALL
    as_text = lists().with_columns(pl.Series("draws", [json.dumps(row) for row in SMALL.values()]))
    assert as_dict(read_forecasts(saved(as_text, tmp_path / "f.csv"))) == SMALL


@pytest.mark.parametrize("kind", [pa.list_(pa.int32()), pa.large_list(pa.float64()), pa.list_(pa.float32(), 2)])
def test_lists_of_other_types_in_several_pieces(tmp_path, kind):
    draws = pa.chunked_array([pa.array([[1, 2], [3, 4]], kind), pa.array([[5, 6]], kind)])
    month = pa.array([date(2021, 1, 1), date(2021, 2, 28), date(2021, 3, 31)])
    pq.write_table(pa.table({"unit": ["a", "a", "a"], "month": month, "draws": draws}), tmp_path / "f.parquet")
    made = read_forecasts(tmp_path / "f.parquet")
    assert made.draws.tolist() == [[1, 2], [3, 4], [5, 6]] and made.window == (JAN, JAN + 2)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_row_a_draw_in_any_order(tmp_path, suffix):
    for table in (a_row_a_draw(), a_row_a_draw().reverse(), a_row_a_draw().sample(fraction=1, shuffle=True, seed=3)):
        assert as_dict(read_forecasts(saved(table, tmp_path / f"f.{suffix}"))) == SMALL


def test_csv_may_have_semicolons(tmp_path):
    (tmp_path / "f.csv").write_text('unit;month;draws\nA;2021-01;"[1, 2]"\n', "utf-8")
    assert as_dict(read_forecasts(tmp_path / "f.csv")) == {("A", "2021-01"): [1, 2]}


def test_units_that_are_numbers_keep_their_zeros_in_csv(tmp_path):
    (tmp_path / "f.csv").write_text("unit,month,0\n001,493,5\n1,493.0,6\n", "utf-8")
    assert as_dict(read_forecasts(tmp_path / "f.csv")) == {("001", "2021-01"): [5], ("1", "2021-01"): [6]}


def test_units_that_pandas_made_floats_are_the_numbers_that_they_were(tmp_path):
    table = pl.DataFrame({"country_id": [133.0, 50.0], "month_id": [493.0, 493.0], "0": [5.0, 6.0]})
    for suffix in ("csv", "parquet"):
        assert read_forecasts(saved(table, tmp_path / f"f.{suffix}")).unit.tolist() == ["133", "50"]
    # one that is no such number, and they are names
    for other in ("50", "50.5", "Mali"):
        (tmp_path / "f.csv").write_text(f"unit,month,0\n133.0,493,5\n{other},493,6\n", "utf-8")
        assert read_forecasts(tmp_path / "f.csv").unit.tolist() == ["133.0", other]


def test_columns_by_names_of_ones_own(tmp_path):
    (tmp_path / "f.csv").write_text("place,unit,when,dead\nA,x,2021-01,4\nB,x,2021-01,5\n", "utf-8")
    made = read_panel(tmp_path / "f.csv", unit="place", month="when", value="dead")
    assert (made.unit.tolist(), made.value.tolist()) == (["A", "B"], [4, 5])
    with pytest.raises(ForecastError, match=r"no column for the unit \(where\); there are place, unit, when, dead"):
        read_panel(tmp_path / "f.csv", unit="where")


def test_a_panel_by_the_names_that_data_sets_use(tmp_path):
    for unit, month, value in (
        ("country_iso3", "year_month", "ucdp_fatalities_best"), ("priogrid_gid", "month_id", "ged_sb"),
        ("unit", "month", "value"), ("country_id", "month_id", "outcome"),
    ):  # fmt: skip
        when = [493, 494] if month == "month_id" else ["2021-01", "2021-02"]
        table = pl.DataFrame({unit: ["7", "7"], month: when, value: [0.5, 3.0], "other": [1, 1]})
        made = read_panel(saved(table, tmp_path / "p.parquet"))
        assert made.month.tolist() == [JAN, JAN + 1] and made.value.tolist() == [0.5, 3]


# -- what is refused --------------------------------------------------------------------------------------------------

PANELS = {
    "": "the file is empty",
    "unit,month,value\n": "there is no row",
    "a,b\n1,2\n": "no column for the unit",
    "unit,month\nA,2021-01\n": "no column for the value",
    "unit,month,value\nA,2021-01,1\nA,2021-13,2\n": r"row 3",
    "unit,month,value\nA,2021-01,1\nB,2021-01,\n": r"row 3",
    "unit,month,value\nA,2021-01,1\n,2021-01,1\n": r"row 3",
    "unit,month,value\nA,2021-01,1\nB,2021-01,many\n": r"row 3",
    "unit,month,value\nA,2021-01,1\nB,2021-02,-4\n": r"row 3",
    "unit,month,value\nA,2021-01,1\nA,2021-01,2\n": r"row 3: A has 2021-01 more than once",
}
FORECASTS = {
    "unit,month,value\nA,2021-01,1\n": "there are no draws; there are columns unit, month, value",
    "unit,month,0,1\nA,2021-01,1,2\nA,2021-02,1,\n": "row 3: the draw in column '1' is missing",
    "unit,month,0,1\nA,2021-01,1,2\nA,2021-02,1,nan\n": r"row 3: a draw is missing \(A in 2021-02\)",
    "unit,month,0,1\nA,2021-01,-1,2\n": "row 2: -1 is no count",
    "unit,month,0,1\nA,2021-01,1,inf\n": "row 2: inf is no count",
    "unit,month,0\nA,2021-01,1\nB,2021-01,1\nA,2021-01,3\n": "row 4: 1 cells stand twice",
    'unit,month,draws\nA,2021-01,"[1, 2]"\nA,2021-02,"[1]"\n': "row 3: 1 draws where the first row has 2",
    'unit,month,draws\nA,2021-01,"[1, 2]"\nA,2021-02,"[1, null]"\n': "row 3: a draw is missing",
    'unit,month,draws\nA,2021-01,"[1, 2"\n': r"row 2: '\[1, 2' is no list of numbers",
    "unit,month,draws\nA,2021-01,\n": "row 2: the list of draws is missing",
    "unit,month,draws\nA,2021-01,[]\n": "there is no forecast in it",
    "unit,month,draw,outcome\n": "there is no forecast in it",
    "unit,month,draw\nA,2021-01,0\n": "no column for the value",
    "unit,month,draw,outcome\nA,2021-01,0,1\nA,2021-01,1,2\nB,2021-01,0,1\nA,2021-02,0,1\nA,2021-02,1,1\n": (
        "B in 2021-01 has 1 draws where most cells have 2"
    ),
    "unit,month,draw,outcome\nA,2021-01,0,1\nA,2021-01,0,2\n": "A in 2021-01 has a draw twice",
    "unit,month,draw,outcome\nA,2021-01,0,1\nB,2021-01,1,2\n": "B in 2021-01 has a draw twice, or not the numbers",
}


@pytest.mark.parametrize("text", PANELS)
def test_a_panel_that_is_refused(tmp_path, text):
    (tmp_path / "p.csv").write_text(text, "utf-8")
    with pytest.raises(ForecastError, match=PANELS[text]) as caught:
        read_panel(tmp_path / "p.csv")
    assert caught.value.to_do and "p.csv" in (caught.value.where or "")


@pytest.mark.parametrize("text", FORECASTS)
def test_a_forecast_that_is_refused(tmp_path, text):
    (tmp_path / "f.csv").write_text(text, "utf-8")
    with pytest.raises(ForecastError, match=FORECASTS[text]) as caught:
        read_forecasts(tmp_path / "f.csv")
    assert caught.value.to_do and "f.csv" in (caught.value.where or "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_called_so(tmp_path, encoding):
    (tmp_path / "f.csv").write_text("unit,month,0\nA,2021-01,1\n", encoding)
    (tmp_path / "ids.csv").write_text("country_id,iso3\n133,AFG\n", encoding)
    for read, name in ((read_forecasts, "f.csv"), (read_country_ids, "ids.csv")):
        with pytest.raises(ForecastError) as caught:
            read(tmp_path / name)
        assert str(caught.value) == f"{name}: the file is in UTF-16. Save it again as CSV in UTF-8"


def test_missing_draws_in_parquet_are_refused_with_their_row(tmp_path):
    for draws, said in (
        ([[1.0, 2.0], [None, 1.0]], "row 2: the draw is missing"), ([[1.0], None], "row 2: the list of draws"),
        ([[1.0], [float("nan")]], "row 2: a draw is missing"), ([["a"], ["b"]], "row 1: 'a' is no draw"),
        ([["1", "2"], ["3", "b"]], "row 2: 'b' is no draw"),
    ):  # fmt: skip
        pq.write_table(pa.table({"unit": ["A", "B"], "month": ["2021-01"] * 2, "draws": draws}), tmp_path / "f.parquet")
        with pytest.raises(ForecastError, match=said):
            read_forecasts(tmp_path / "f.parquet")


MANY = 9000


def many(draws: list[list[float | None]], form: str) -> pl.DataFrame:
    """Cells in more rows than are read at a time, two draws each, as lists or columns."""
    cells = pl.DataFrame({"unit": [f"u{i}" for i in range(MANY)], "month": ["2021-01"] * MANY})
    if form == "lists":
        return cells.with_columns(pl.Series("draws", draws))
    if form == "text":
        return cells.with_columns(pl.Series("draws", [json.dumps(row) for row in draws]))
    return cells.hstack(pl.DataFrame(draws, ["0", "1"], orient="row"))


@pytest.mark.parametrize(
    ("form", "draws", "said"),
    [(form, draws, said) for form in ("lists", "text", "columns") for draws, said in (
        ([1, None], "missing"), ([1, -3], "-3 is no count"),
    )] + [(form, [1], "1 draws where the first row has 2") for form in ("lists", "text")],
)  # fmt: skip
def test_a_fault_far_down_is_refused_with_its_row(tmp_path, form, draws, said):
    table = many([[1, 2]] * (MANY - 10) + [draws] + [[1, 2]] * 9, form)
    with pytest.raises(ForecastError, match=rf"f\.parquet, row 8,991: .*{said}"):
        read_forecasts(saved(table, tmp_path / "f.parquet"))


@pytest.mark.parametrize("form", ["lists", "columns"])
def test_a_large_number_far_down_keeps_every_digit(tmp_path, form):
    draws = [[i, 2] for i in range(MANY - 1)] + [[1, (1 << 40) + 1]]
    assert read_forecasts(saved(many(draws, form), tmp_path / "f.parquet")).draws.tolist() == draws


def test_two_columns_of_one_name_are_refused(tmp_path):
    columns = [pa.array(["A"]), pa.array(["2021-01"]), pa.array([1]), pa.array([2])]
    pq.write_table(pa.Table.from_arrays(columns, names=["unit", "month", "0", "0"]), tmp_path / "f.parquet")
    with pytest.raises(ForecastError, match=r"cannot be read as Parquet or CSV \(several columns are called 0\)"):
        read_forecasts(tmp_path / "f.parquet")


def test_draws_that_are_torn_are_refused(tmp_path):
    path = tmp_path / "f.parquet"
    write_forecasts(Draws(["A"] * 9, range(JAN, JAN + 9), np.arange(900).reshape(9, 100)), path)
    draws = pq.read_metadata(path).row_group(0).column(2)
    torn = bytearray(path.read_bytes())
    first = draws.dictionary_page_offset or draws.data_page_offset
    torn[first : first + draws.total_compressed_size] = b"U" * draws.total_compressed_size
    path.write_bytes(torn)
    with pytest.raises(ForecastError, match="cannot be read as Parquet or CSV"):
        read_forecasts(path)


def test_a_file_that_is_not_there_or_not_whole(tmp_path):
    with pytest.raises(ForecastError, match="there is no such file"):
        read_forecasts(tmp_path / "none.parquet")
    with pytest.raises(ForecastError, match="cannot be read"):
        read_panel(tmp_path)
    path = saved(lists(), tmp_path / "f.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ForecastError, match="cannot be read as Parquet or CSV"):
        read_forecasts(path)
    (tmp_path / "b.csv").write_bytes(b"unit,month,value\n\xff\xfe,2021-01,1\n")
    with pytest.raises(ForecastError, match="not a table in CSV"):
        read_panel(tmp_path / "b.csv")
    with pytest.raises(ForecastError, match="cannot be read as Parquet or CSV"):
        read_forecasts(tmp_path / "b.csv")


# -- round trips ------------------------------------------------------------------------------------------------------


@given(forecast=forecasts())
def test_what_is_written_is_read_again(tmp_path_factory, forecast):
    path = tmp_path_factory.mktemp("trip") / "f.parquet"
    write_forecasts(forecast, path)
    made = read_forecasts(path)
    assert made.draws.dtype == np.float32
    assert as_dict(made) == as_dict(Draws(forecast.unit, forecast.month, forecast.draws.astype(np.float32)))
    assert list(zip(made.unit, made.month, strict=True)) == sorted(zip(made.unit, made.month, strict=True))


def test_the_same_forecast_gives_the_same_bytes(tmp_path):
    one, other = tmp_path / "one.parquet", tmp_path / "other" / "two.parquet"
    write_forecasts(small(), one)
    write_forecasts(small().take(np.array([2, 0, 3, 1])), other)
    assert one.read_bytes() == other.read_bytes()
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["two.parquet"]


def test_the_columns_are_those_that_others_expect(tmp_path):
    write_forecasts(small(), tmp_path / "f.parquet")
    schema = pq.read_schema(tmp_path / "f.parquet")
    assert [(f.name, str(f.type)) for f in schema] == [
        ("unit", "string"), ("month", "string"), ("draws", "list<element: float>"),
    ]  # fmt: skip
    rows = pl.read_parquet(tmp_path / "f.parquet").rows()
    assert rows[0] == ("AFG", "2021-01", [0, 1, 2]) and len(rows) == 4


def test_many_cells_in_several_parts(tmp_path):
    n = 9000
    forecast = Draws([f"u{i:05d}" for i in range(n)], [JAN] * n, np.arange(n * 2, dtype=np.float32).reshape(n, 2))
    write_forecasts(forecast, tmp_path / "f.parquet")
    made = read_forecasts(tmp_path / "f.parquet")
    assert np.array_equal(made.draws, forecast.draws) and np.array_equal(made.unit, forecast.unit)


@pytest.mark.parametrize("form", ["lists", "columns"])
def test_draws_are_not_in_memory_twice(tmp_path, form):
    draws = np.random.default_rng(1).random((40_000, 100), dtype=np.float32)
    path = tmp_path / "f.parquet"
    cells = pl.DataFrame({"unit": [f"u{i}" for i in range(len(draws))], "month": "2021-01"})
    if form == "lists":
        saved(cells.with_columns(pl.Series("draws", draws).arr.to_list()), path)
    else:
        saved(cells.hstack(pl.DataFrame(draws, [f"draw_{k}" for k in range(100)])), path)
    before = pa.default_memory_pool()
    # a pool of its own counts what Arrow holds beside the array that is made
    counted = pa.proxy_memory_pool(before)
    pa.set_memory_pool(counted)
    try:
        made = read_forecasts(path)
    finally:
        pa.set_memory_pool(before)
    assert np.array_equal(made.draws, draws)
    assert 0 < counted.max_memory() < draws.nbytes


def test_what_could_not_be_read_back_is_not_written(tmp_path):
    path = tmp_path / "f.parquet"
    path.write_bytes(b"before")
    for bad, said in (
        (Draws([], [], np.empty((0, 3))), "no forecast"), (Draws(["A", "A"], [JAN, JAN], [[1], [2]]), "stand twice"),
        (Draws(["A"], [JAN], [[np.nan]]), "missing"), (Draws(["A"], [JAN], [[1e39]]), "too large"),
    ):  # fmt: skip
        with pytest.raises(ForecastError, match=said):
            write_forecasts(bad, path)
    assert path.read_bytes() == b"before" and [p.name for p in tmp_path.iterdir()] == ["f.parquet"]
    with pytest.raises(CaseError, match="where a folder should be"):
        write_forecasts(small(), path / "g.parquet")


# -- cells ------------------------------------------------------------------------------------------------------------


def test_shapes_must_fit():
    with pytest.raises(ValueError, match="do not fit"):
        Draws(["A"], [JAN], [1.0])
    with pytest.raises(ValueError, match="do not fit"):
        Observed(["A"], [JAN, JAN], [1.0])


def test_a_part_of_the_cells():
    assert set(as_dict(small().select(units=["AFG"]))) == {("AFG", "2021-01"), ("AFG", "2021-02")}
    assert set(as_dict(small().select(window=(JAN + 1, JAN + 1)))) == {("AFG", "2021-02"), ("NA", "2021-02")}
    assert len(small().select(units=[])) == 0
    assert small().renamed({"NA": "NAM"}).units == ("AFG", "NAM")
    assert (small().units, small().size, small().window) == (("AFG", "NA"), 3, (JAN, JAN + 1))


def test_alignment_gives_the_cells_that_all_have():
    came = Observed(["NA", "ZZ", "AFG"], [JAN + 1, JAN, JAN], [9, 1, 2])
    rows, others = align(small(), came)
    assert small().unit[rows].tolist() == came.unit[others].tolist() == ["AFG", "NA"]
    assert small().month[rows].tolist() == came.month[others].tolist() == [JAN, JAN + 1]
    with pytest.raises(ForecastError, match="stand twice"):
        align(small(), Observed(["A", "A"], [JAN, JAN], [1, 2]))
    assert [len(found) for found in align(small(), Observed([], [], []))] == [0, 0]


def test_the_past_of_each_unit_ends_with_the_origin():
    came = Observed(["B", "A", "A", "C"], [JAN, JAN, JAN + 2, JAN + 3], [1, 2, 3, 4])
    units, values = came.until(JAN + 2)
    assert units == ("A", "B") and values.tolist() == [[2, 0, 3], [1, 0, 0]]
    with pytest.raises(ForecastError, match=r"no month 2021-05\. It runs from 2021-01 to 2021-04"):
        came.until(JAN + 4)


# -- VIEWS ------------------------------------------------------------------------------------------------------------


def test_a_forecast_in_the_layout_of_views_there_and_back(tmp_path):
    import pandas

    path = tmp_path / "v.parquet"
    whole = Draws(["AFG", "NA"], [JAN, JAN], np.array([[0, 1], [5, 5]], np.float32))
    assert write_views(whole, path, ids={"AFG": 133, "NA": 7, "ZZ": 1}) == ()
    table = pandas.read_parquet(path)
    assert table.index.names == ["month_id", "country_id", "draw"] and list(table.columns) == ["outcome"]
    assert table["outcome"].dtype == np.int32
    assert table.index.tolist() == [(493, 7, 0), (493, 7, 1), (493, 133, 0), (493, 133, 1)]
    assert as_dict(read_forecasts(path).renamed({"133": "AFG", "7": "NA"})) == as_dict(whole)
    before = path.read_bytes()
    write_views(whole.take(np.array([1, 0])), path, ids={"AFG": 133, "NA": 7})
    assert path.read_bytes() == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fractions_and_grid_cells(tmp_path, dtype):
    import pandas

    grid = Draws(["114918", "9"], [JAN, JAN], np.array([[0, 0.1], [5, 5]], dtype))
    write_views(grid, tmp_path / "v.parquet", level="priogrid")
    table = pandas.read_parquet(tmp_path / "v.parquet")
    assert table.index.names[1] == "priogrid_gid" and table["outcome"].dtype == dtype
    assert as_dict(read_forecasts(tmp_path / "v.parquet")) == as_dict(grid)


def test_units_without_a_number_are_refused_or_told(tmp_path):
    with pytest.raises(ForecastError, match=r"1 of 2 units have no country_id: NA\. Give"):
        write_views(small(), tmp_path / "v.parquet", ids={"AFG": 133})
    assert write_views(small(), tmp_path / "v.parquet", ids={"AFG": 133}, leave_out=True) == ("NA",)
    assert read_forecasts(tmp_path / "v.parquet").units == ("133",)
    with pytest.raises(ForecastError, match="2 of 2 units have no priogrid_gid"):
        write_views(small(), tmp_path / "v.parquet", level="priogrid", leave_out=True)


def test_the_numbers_of_countries(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text(
        'country_id,name,iso3\n133,Afghanistan,\n167,"Congo, DRC",\n1,Atlantis,\n2,Anywhere,XXX\n3,,pak\n'
        "50,Sudan,\n51,SUDAN,\n5,Côte d'Ivoire,\n",
        "utf-8-sig",
    )
    ids = read_country_ids(path)
    assert dict(ids.iso3) == {"133": "AFG", "167": "COD", "3": "PAK", "5": "CIV"}
    assert ids.ids["AFG"] == 133
    assert ids.unresolved == (
        ("1", "Atlantis", "no country is known by this name"), ("2", "Anywhere", "'XXX' is no ISO3 code"),
        ("50", "Sudan", "several ids are SDN"), ("51", "SUDAN", "several ids are SDN"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        'country_id;name;iso3\n133;Afghanistan;\n167;"Congo, DRC";\n',
        "country_id\tname\n133\tAfghanistan\n167\tCongo, DRC\n",
        "country_id,iso3\n133.0,AFG\n167.0,COD\n",
    ],
)
def test_a_table_of_countries_as_other_programs_write_it(tmp_path, text):
    (tmp_path / "ids.csv").write_text(text, "utf-8")
    assert read_country_ids(tmp_path / "ids.csv").iso3 == {"133": "AFG", "167": "COD"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no columns country_id and iso3"), ("", "there are no rows"),
        ("id,iso3\n1,AFG\n1,PAK\n", "row 2: the id '1' stands twice"),
        ("id,iso3\none,AFG\n", "row 1: the id 'one' is no whole number"),
    ],
)  # fmt: skip
def test_a_table_of_countries_that_is_refused(tmp_path, text, said):
    (tmp_path / "ids.csv").write_text(text, "utf-8")
    with pytest.raises(ForecastError, match=said):
        read_country_ids(tmp_path / "ids.csv")
    with pytest.raises(ForecastError, match="cannot be read"):
        read_country_ids(tmp_path / "none.csv")


@pytest.mark.shared
def test_the_files_of_the_challenge(shared, tmp_path):
    data = shared / "data"
    if not (data / "views_cm_actuals_2018_2021.parquet").is_file():
        pytest.skip("no VIEWS files in the shared folder")
    bench = read_forecasts(data / "views_bm_last_poisson_2018.parquet")
    assert (len(bench), bench.size, months.name(bench.window[0])) == (191 * 12, 1000, "2018-01")
    entry = read_forecasts(data / "views_pred_15draws_2018.parquet")
    came = read_panel(data / "views_cm_actuals_2018_2021.parquet")
    assert (entry.size, len(came)) == (15, 191 * 48)
    assert all(len(rows) == 191 * 12 for rows in align(bench, entry, came))
    ids = read_country_ids(data / "views_country_list.csv")
    assert not ids.unresolved and len(ids.iso3) == 191
    write_views(bench.renamed(ids.iso3), tmp_path / "v.parquet", ids=ids.ids)
    assert as_dict(read_forecasts(tmp_path / "v.parquet")) == as_dict(bench)
    mine, theirs = pq.read_table(tmp_path / "v.parquet"), pq.read_table(data / "views_bm_last_poisson_2018.parquet")
    assert mine.column_names == theirs.column_names
    assert all(mine[c].to_numpy().tolist() == theirs[c].to_numpy().tolist() for c in mine.column_names)
