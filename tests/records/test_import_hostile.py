"""Files that are not what they should be: what is kept, what is left out and why, and what is said."""

from __future__ import annotations

import io
import json
import os
import random
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from event_files import GED, ged, rejected, rows_of, said, table, workbook

from spillover.errors import RecordsError, UnknownTable

ROWS = [ged(n) for n in range(30)]
WHOLE = table(ROWS)


@pytest.fixture
def plain(imports):
    """The rows that the file gives when nothing is wrong with it."""
    return rows_of(imports.add(WHOLE, "as-it-should-be_v25_1.csv").entry)


def refused(imports, content, name="ged251.csv", kind=RecordsError, **options):
    """The message of the error; the catalog is empty after it."""
    with pytest.raises(kind) as error:
        imports.add(content, name, **options)
    assert imports.left() == []
    assert error.value.to_do
    return str(error.value)


# -- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(imports, encoding):
    rows = [ged(n, side_b="Jaʿish al-Islām") for n in range(5)]
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    added = imports.add(marks.get(encoding, b"") + table(rows).encode(encoding))
    assert (added.entry.rows, added.entry.kept) == (5, 5)
    assert {r[0] for r in rows_of(added.entry, "actor_b")} == {"Jaʿish al-Islām"}
    assert added.entry.notes.count("the encoding is UTF-16") == (encoding != "utf-8-sig")


def test_windows_1252_names_are_read_and_said(imports):
    rows = [ged(n, adm_1="Región de Ñandú" if n % 2 else "Plain", where_coordinates="“Çüö” – town") for n in range(20)]
    added = imports.add(table(rows).encode("cp1252"))
    assert added.entry.kept == 20
    assert set(rows_of(added.entry, "admin1, place")) == {
        ("Región de Ñandú", "“Çüö” – town"), ("Plain", "“Çüö” – town")
    }  # fmt: skip
    assert said(added).count("the encoding is not UTF-8: 20 lines were read as Windows-1252") == 1


def test_a_few_lines_of_another_encoding_cost_the_others_nothing(imports):
    lines = table([ged(n, adm_1="Bhāndāria") for n in range(20)]).encode().splitlines(keepends=True)
    lines[7] = lines[7].replace("Bhāndāria".encode(), b"Bh\xe4ndaria")
    added = imports.add(b"".join(lines))
    names = [r[0] for r in rows_of(added.entry, "admin1")]
    assert names == ["Bhāndāria"] * 6 + ["Bhändaria"] + ["Bhāndāria"] * 13
    assert "1 lines were read as Windows-1252" in said(added)


def test_another_encoding_far_into_the_file_is_said_once_with_its_whole_count(imports):
    rows = [ged(n, source_article="x" * 2000, adm_1="Córdoba" if n > 900 or n == 3 else "Sindh") for n in range(1000)]
    added = imports.add(table(rows).encode("cp1252"))
    assert added.entry.kept == 1000
    assert re.findall(r"(\d+) lines were read as Windows-1252", said(added)) == ["100"]


# -- shape -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delimiter", "word"), [(";", "';'"), ("\t", "tabs"), ("|", "'|'")], ids=["semicolon", "tab", "bar"]
)
def test_another_delimiter(imports, delimiter, word):
    added = imports.add(table(ROWS, delimiter=delimiter))
    assert f"parted by {word}" in said(added)
    again = imports.add(WHOLE)
    assert (again.new, again.entry.id) == (False, added.entry.id)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_ends(imports, end):
    text = table([ged(n, source_headline="One\r\ntwo\nthree") for n in range(9)], end=end)
    added = imports.add(text if end != "\r" else text.replace("One\r\ntwo\nthree", "One two"))
    assert (added.entry.rows, added.entry.kept) == (9, 9)


def test_mixed_line_ends(imports, plain):
    lines = WHOLE.split("\r\n")
    text = "".join(line + ("\n", "\r\n")[n % 2] for n, line in enumerate(lines[:-1]))
    assert rows_of(imports.add(text, "ged_v25_1.csv").entry)[0][0] == plain[0][0]


def test_empty_lines_are_counted_and_rows_keep_their_numbers(imports):
    lines = WHOLE.splitlines(keepends=True)
    lines.insert(10, "\r\n")
    lines[20] = lines[20].replace("Clear", "Clear").replace("2019-01-19 00", "2019-02-31 00", 1)
    lines += ["\r\n", "\r\n"]
    added = imports.add("".join(lines))
    assert rejected(added) == {
        11: "an empty line",
        21: "date_start '2019-02-31 00:00:00.000' is not a date",
    }
    assert added.entry.kept == 29


def test_empty_lines_within_a_cell_are_no_empty_lines(imports):
    added = imports.add(table([ged(n, source_original="one\n\ntwo\r\n\r\nthree") for n in range(9)]))
    assert (added.entry.rows, added.entry.kept, added.entry.skipped) == (9, 9, {})


def test_a_header_alone_is_an_error(imports):
    assert "none of 0 rows" in refused(imports, table(ROWS).splitlines()[0] + "\n")


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\0" * 50])
def test_an_empty_file_is_an_error(imports, content):
    assert "ged251.csv" in refused(imports, content)


def test_a_folder_is_an_error(imports, tmp_path):
    assert "this is a folder" in refused(imports, tmp_path)


def test_a_file_that_is_not_there_is_an_error(imports, tmp_path):
    assert "No such file" in refused(imports, tmp_path / "none.csv")


def test_what_is_no_file_is_an_error(imports, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no plain file" in refused(imports, tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html><body>404, not found</body></html>", "a web page or XML"),
        (b"\n <html>id,date_start</html>", "a web page or XML"),
        (b"%PDF-1.7\n1 0 obj\n", "one column only"),
        (b"\x7fELF\0\0\0\0,,,", "not a table"),
        (b"just some words\nand more\n", "one column only"),
        ("a,b\n1,2\n".encode("utf-32"), "not a table"),
        (b'"' + b"x" * 300_000 + b",y\n", ""),
        (b'"a,b\n1,2\n3,4\n', ""),
    ],
    ids=["page", "page after space", "pdf", "binary", "prose", "utf-32", "huge header", "open header"],
)
def test_what_is_no_table_is_an_error(imports, content, words):
    assert words in refused(imports, content)


def test_a_table_of_something_else_is_an_error_that_says_what_is_near(imports):
    message = refused(imports, "name,value\na,1\n", kind=UnknownTable)
    assert "no data set has these columns: name, value" in message
    assert "--as" in message
    assert "--map" in message
    missing = [name for name in GED if name != "where_prec"]
    assert "where_prec" in refused(imports, table(ROWS, missing), kind=UnknownTable)


# -- damaged containers ----------------------------------------------------------------------------------------------


def a_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("ged251.csv", WHOLE)
    return out.getvalue()


def a_parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[name] for row in ROWS] for name in GED}), out)
    return out.getvalue()


def a_workbook():
    return workbook([GED, *([row[name] for name in GED] for row in ROWS)])


def a_collection(**more):
    features = [
        {
            "type": "Feature", "properties": {k: v for k, v in row.items() if k not in ("latitude", "longitude")},
            "geometry": {"type": "Point", "coordinates": [float(row["longitude"]), float(row["latitude"])]},
        }
        for row in ROWS
    ]  # fmt: skip
    return {"type": "FeatureCollection", "name": "GEDEvent_v25_1", "features": features, **more}


def test_every_format_gives_the_same_events(imports, plain):
    names = ["id", "date_start", "lat", "lon", "deaths_best", "actor_b", "headline"]
    expected = rows_of(imports.add(WHOLE).entry, ", ".join(names))
    for name, data in (
        ("a.xlsx", a_workbook()), ("b.parquet", a_parquet()), ("c.geojson", json.dumps(a_collection()))
    ):  # fmt: skip
        added = imports.add(data, name)
        assert rows_of(added.entry, ", ".join(names)) == expected, name
        assert added.entry.rows == 30
    assert added.entry.release == "25.1"


def test_a_zip_is_an_error_that_says_what_to_do(imports):
    message = refused(imports, a_zip(), "ged251-csv.zip")
    assert "zip" in message
    assert "npack" in message


@pytest.mark.parametrize("make", [a_parquet, a_workbook], ids=["parquet", "xlsx"])
def test_a_damaged_container_is_an_error(imports, make):
    whole = make()
    source = random.Random(5)
    cuts = [whole[: len(whole) * n // 7] for n in range(1, 7)]
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(source.randint(1, 12)):
            data[source.randrange(4, len(data))] = source.randrange(256)
        cuts.append(bytes(data))
    kept = 0
    for n, data in enumerate(cuts):
        try:
            kept += imports.add(data, f"damaged{n}").entry.kept > 0
        except RecordsError as error:
            assert error.to_do
    assert kept < len(cuts)


def test_a_parquet_damaged_within_its_rows_is_an_error_and_nothing_is_added(imports):
    data = bytearray(a_parquet())
    data[4 : len(data) // 3] = bytes(len(data) // 3 - 4)
    assert "x.parquet" in refused(imports, bytes(data), "x.parquet")


@pytest.mark.parametrize(
    "text",
    [
        "{", '{"type": "FeatureCollection"}', '{"features": 5}', '{"features": []}', '{"features": [1, 2]}',
        '{"features": [null]}', '{"features": [{"properties": null}]}', '{"features": [{"properties": [1]}]}',
        '{"features": ' + "[" * 100_000, '{"features": [{"properties": {"id": ' + "9" * 5000 + "}}]}",
        '{"a": NaN}', '{"features": [{"properties": {"id": "\\ud800"}}]}',
    ],
)  # fmt: skip
def test_a_damaged_geojson_is_an_error(imports, text):
    assert "x.geojson" in refused(imports, text, "x.geojson")


def test_one_bad_feature_costs_no_other(imports):
    whole = a_collection()
    whole["features"][3] = None
    whole["features"][4] = {"type": "Feature", "properties": ["no", "names"], "geometry": None}
    whole["features"][5]["geometry"] = None
    whole["features"][6]["geometry"] = {"type": "Point", "coordinates": ["x", None]}
    whole["features"][7]["geometry"] = {"type": "Polygon", "coordinates": [[[1, 2]]]}
    whole["features"][8]["properties"]["source_headline"] = "half a pair \ud800"
    added = imports.add(json.dumps(whole), "x.geojson")
    assert added.entry.kept == 27
    assert rejected(added) == {
        5: "an empty row", 6: "an empty row", 8: "latitude 'None' is not a number"
    } or set(rejected(added)) == {5, 6, 8}  # fmt: skip
    assert "2 rows have no point" in said(added)


def test_a_workbook_that_begins_further_down_keeps_its_row_numbers(imports):
    cells = [[row[name] for name in GED] for row in ROWS]
    cells[4][GED.index("best")] = "many"
    added = imports.add(workbook([GED, *cells], first=3), "x.xlsx")
    assert added.entry.kept == 29
    assert rejected(added) == {8: "best 'many' is not a whole number"}


def test_a_workbook_with_several_sheets_says_which_was_read(imports):
    added = imports.add(workbook([GED, [ROWS[0][name] for name in GED]], sheets=3), "x.xlsx")
    assert "first sheet, 'Sheet 1', was read; the others not" in said(added)


@pytest.mark.parametrize("rows", [[], [[]], [[None, None]]])
def test_an_empty_workbook_is_an_error(imports, rows):
    assert "x.xlsx" in refused(imports, workbook(rows), "x.xlsx")


def test_a_workbook_that_unpacks_to_far_more_than_it_should_is_an_error(imports):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([GED]))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(40):
                sheet.write(b" " * (1 << 20))
    assert "unpack" in refused(imports, out.getvalue(), "bomb.xlsx")


# -- garbage among good rows -----------------------------------------------------------------------------------------


def test_one_percent_of_garbage_costs_no_good_row(imports):
    good = [ged(n, source_original="two\nlines" if n % 50 == 0 else "") for n in range(3000)]
    lines = [table([row]).partition("\r\n")[2].encode() for row in good]
    cells = lambda **more: table([ged(9_000, **more)]).partition("\r\n")[2].encode()  # noqa: E731
    garbage = {
        "too few cells": b"1,2,3\r\n",
        "too many cells": lines[5].rstrip() + b",1,2,3\r\n",
        "random bytes": bytes(random.Random(1).randrange(256) for _ in range(90)).translate(None, b'\r\n"') + b"\r\n",
        "an open quote": cells().replace(b'"Source', b'""Source'),
        "a quote that does not end": b'500100,"' + b"word " * 30 + b"\r\n",
        "NULs": b"\0" * 40 + b"\r\n",
        "text in a number": cells(id=1, best="several"),
        "half a death": cells(id=2, best="2.5"),
        "negative deaths": cells(id=3, low="-1"),
        "a day that is not": cells(id=4, date_start="2021-02-30", date_end="2021-03-01"),
        "no day": cells(id=5, date_start=""),
        "ends before it begins": cells(id=6, date_end="1989-01-01"),
        "an unknown type": cells(id=7, type_of_violence="9"),
        "a point in words": cells(id=8, latitude="north"),
        "an endless point": cells(id=9, latitude="inf"),
        "no id": cells(id=""),
        "an id once more": lines[17],
        "the header once more": ",".join(GED).encode() + b"\r\n",
        "an empty line": b"\r\n",
        "blanks": b"   \r\n",
        "empty cells": b"," * (len(GED) - 1) + b"\r\n",
        "a page": b"<html><body>Gateway timeout</body></html>\r\n",
        "JSON": b'{"error": "too many requests"}\r\n',
        "tags": b"" + b",#x" * (len(GED) - 1) + b"\r\n",
        "a number beyond all": cells(id=10, best="99999999999999999999"),
        "a precision beyond all": cells(id=11, date_prec="700"),
        "a not-a-number": cells(id=12, best="nan"),
    }  # fmt: skip
    source = random.Random(7)
    for _ in range(3):
        places = sorted(source.sample(range(100, 2990), len(garbage)))
        kinds = list(garbage)
        source.shuffle(kinds)
        bad, whole, number = {}, [",".join(GED).encode() + b"\r\n"], 1
        for n, line in enumerate(lines):
            if n in places:
                number += 1
                bad[number] = kinds[places.index(n)]
                whole.append(garbage[bad[number]])
            number += 1
            whole.append(line)
        added = imports.add(b"".join(whole))
        reasons = rejected(added)
        assert {bad.get(row, "good"): reasons[row] for row in reasons.keys() - bad.keys()} == {}
        assert [kind for row, kind in bad.items() if row not in reasons] == []
        assert added.entry.kept == 3000
        assert added.entry.rows == 3000 + len(garbage)
        of = {kind: reasons[row] for row, kind in bad.items()}
        assert of["too few cells"] == "3 cells where the header has 49"
        assert of["text in a number"] == "best 'several' is not a whole number"
        assert of["half a death"] == "best '2.5' is not a whole number"
        assert of["negative deaths"] == "a number of deaths below zero"
        assert of["no day"] == "date_start is empty"
        assert of["ends before it begins"] == "date_end is before date_start"
        assert of["an unknown type"] == "type_of_violence '9' is none of 1, 2, 3"
        assert of["no id"] == "id is empty"
        assert of["an id once more"].startswith("id 500017 stands already in row ")
        assert of["an empty line"] == of["blanks"] == "an empty line"
        assert of["empty cells"] == "an empty row"
        assert of["tags"] == "HXL tags, no event"
        skipped = (imports.catalog.folder / f"{added.entry.id}.skipped.csv").read_text("utf-8")
        assert len(skipped.splitlines()) >= len(garbage)
        imports.catalog.remove(added.entry)
        assert imports.left() == []


def test_reasons_are_counted_by_kind_whatever_stands_in_the_cells(imports):
    rows = [ged(n) for n in range(20)]
    for n, nasty in enumerate(["a\nb", "it's", "x" * 100, "''", "1\r\n2", "ten"]):
        rows[n]["best"] = nasty
    rows += [ged(n, id=name) for n in range(3) for name in ("a b", "c\nd")]
    added = imports.add(table(rows))
    assert added.entry.skipped == {"best … is not a whole number": 6, "an id stands twice": 4} or (
        added.entry.skipped == {"best …": 6, "an id stands twice": 4}
    )


def test_a_truncated_last_line_is_left_out(imports):
    data = WHOLE.encode()
    added = imports.add(data[: len(data) - 60])
    assert added.entry.kept == 29
    assert set(rejected(added)) == {31}


def test_a_cell_that_is_cut_within_a_quote_costs_the_last_row_alone(imports):
    data = WHOLE.encode()
    added = imports.add(data[: data.rindex(b"a paper") + 3])
    assert added.entry.kept == 29
    assert set(rejected(added)) == {31}


def test_a_huge_cell(imports):
    rows = [ged(n) for n in range(5)]
    rows[1]["source_original"] = "x" * 900_000
    rows[2]["source_headline"] = "y" * 900_000
    added = imports.add(table(rows))
    assert (added.entry.kept, added.entry.skipped) == (5, {})
    rows[3]["source_original"] = "x" * 5_000_000
    added = imports.add(table(rows))
    assert added.entry.kept in (4, 5)


def test_a_row_of_ten_thousand_cells_is_left_out(imports):
    lines = WHOLE.splitlines(keepends=True)
    lines.insert(4, ",".join("7" * 10_000) + "\r\n")
    added = imports.add("".join(lines))
    assert rejected(added) == {5: "10000 cells where the header has 49"}
    assert added.entry.kept == 30


def test_ten_thousand_columns(imports):
    more = {f"more{n}": "1" for n in range(10_000)}
    added = imports.add(table([{**ged(n), **more} for n in range(3)]))
    assert added.entry.kept == 3


def test_a_quote_that_never_ends_costs_its_row_alone(imports):
    lines = table([ged(n) for n in range(2000)]).splitlines(keepends=True)
    lines[700] = lines[700].replace('"Source', '"""Source').replace("paper'\"", "paper'")
    added = imports.add("".join(lines))
    assert set(rejected(added)) == {701}
    assert added.entry.kept == 1999


# -- columns ---------------------------------------------------------------------------------------------------------


def test_columns_in_another_order_and_others_besides(imports, plain):
    names = [*reversed(GED), "remark"]
    added = imports.add(table([{**row, "remark": "ours"} for row in ROWS], names), "y_ged251.csv")
    assert [r[0] for r in rows_of(added.entry, "id")] == [r[0] for r in plain]


@pytest.mark.parametrize("change", [str.upper, str.title, lambda name: f" {name} "])
def test_columns_in_another_case_or_with_blanks(imports, change):
    text = table(ROWS)
    head, _, rest = text.partition("\r\n")
    added = imports.add(",".join(change(name) for name in head.split(",")) + "\r\n" + rest)
    assert added.entry.kept == 30
    assert rows_of(added.entry, "country, lat") == rows_of(imports.add(text, "ged_v25_1.csv").entry, "country, lat")


def test_a_column_that_stands_twice_the_first_counts(imports):
    head, _, rest = WHOLE.partition("\r\n")
    lines = rest.splitlines()
    text = "\r\n".join([head + ",best,BEST", *(line + ",777,888" for line in lines)])
    added = imports.add(text)
    assert max(r[0] for r in rows_of(added.entry, "deaths_best")) == 7


def test_a_column_named_as_the_row_number_does_no_harm(imports):
    added = imports.add(table([{**row, "_row": "5", "rowid": "6", "_fault": "x", "raw": "y"} for row in ROWS]))
    assert added.entry.kept == 30


def test_columns_without_a_name(imports):
    head, _, rest = WHOLE.partition("\r\n")
    text = "\r\n".join([head + ",,", *(line + ",1,2" for line in rest.splitlines())])
    assert imports.add(text).entry.kept == 30


def test_missing_columns_that_are_not_needed_are_said(imports):
    names = [name for name in GED if name not in ("adm_2", "event_clarity", "latitude")]
    added = imports.add(table(ROWS, names))
    assert added.entry.kept == 30
    assert set(rows_of(added.entry, "admin2, clarity, lat")) == {(None, None, None)}
    assert "30 rows have no point" in said(added)


@pytest.mark.parametrize(
    "dataset", ["gtd", "acled", "ucdp-aec", "ucdp-country-year", "ucdp-country-month", "ucdp-actor"]
)
def test_a_file_that_is_said_to_be_what_it_is_not_is_an_error(imports, dataset):
    assert "ged251.csv" in refused(imports, WHOLE, dataset=dataset)


@pytest.mark.parametrize("column", ["id", "date_start"])
def test_a_file_said_to_be_ged_without_what_an_event_needs_is_an_error(imports, column):
    names = [name for name in GED if name != column]
    assert f"no column {column!r}" in refused(imports, table(ROWS, names), dataset="ucdp-ged")


def test_an_unknown_data_set_is_an_error(imports):
    assert "there is no data set 'gdelt'" in refused(imports, WHOLE, dataset="gdelt")


# -- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["1,234", "1 234", "1'234", "1.234", "1\u00a0234", "1\u202f234", "1’234", "1234", "1234.0", " 1234 ", "+1234"],
)
def test_thousands_separators(imports, written):
    added = imports.add(table([*ROWS, ged(99, best=written, high=written, low=written)]))
    assert added.entry.skipped == {}
    assert rows_of(added.entry, "deaths_best, deaths_high, deaths_low")[-1] == (1234, 1234, 1234)


def test_points_read_as_thousands_are_said(imports):
    added = imports.add(table([*ROWS, ged(99, high="12.345", best="1.234")]))
    assert "point before three digits" in said(added)
    assert "point before three digits" not in said(imports.add(WHOLE, "z.csv"))


@pytest.mark.parametrize("written", ["1,23", "12,34,567", "1.5", "1,2345", "one", "1-2", ">10", "10+", "1/2"])
def test_what_is_no_whole_number_is_left_out(imports, written):
    added = imports.add(table([*ROWS, ged(99, best=written)]))
    assert rejected(added) == {32: f"best '{written}' is not a whole number"}


def test_blanks_around_values_are_no_part_of_them(imports):
    row = {name: f"  {value} " for name, value in ged(3).items()}
    added = imports.add(table([*ROWS[:3], row]))
    assert added.entry.skipped == {}
    assert (
        rows_of(added.entry, "id, date_start, actor_a, deaths_best, country")[-1]
        == (rows_of(imports.add(WHOLE, "z.csv").entry, "id, date_start, actor_a, deaths_best, country")[3])
    )


def dated(form):
    rows = []
    for n in range(40):
        row = ged(n)
        year, month, day = row["date_start"][:10].split("-")
        row["date_start"] = row["date_end"] = form.format(d=day, m=month, y=year, D=int(day), M=int(month))
        rows.append(row)
    return rows


@pytest.mark.parametrize(
    ("form", "order"),
    [
        ("{d}/{m}/{y}", "day/month/year"), ("{d}.{m}.{y}", "day/month/year"), ("{D}/{M}/{y}", "day/month/year"),
        ("{d}-{m}-{y} 00:00:00", "day/month/year"), ("{m}/{d}/{y}", "month/day/year"),
        ("{M}/{D}/{y} 0:00", "month/day/year"), ("{y}/{m}/{d}", "year/month/day"), ("{y}{m}{d}", "year/month/day"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_date_are_settled_by_the_rows(imports, form, order):
    added = imports.add(table(dated(form)))
    assert added.entry.skipped == {}
    expected = rows_of(imports.add(table([ged(n) for n in range(40)]), "z.csv").entry, "date_start, date_end")
    assert rows_of(added.entry, "date_start, date_end") == expected
    assert f"date_start: 40 dates are written {order}, not as ISO 8601" in said(added)


def test_dates_that_could_be_either_are_an_error_until_it_is_said(imports):
    rows = [ged(n, date_start="03/04/2021", date_end="05/04/2021") for n in range(5)]
    message = refused(imports, table(rows))
    assert "'03/04/2021' can be day/month or month/day" in message
    assert "--dates dmy or --dates mdy" in message
    assert str(rows_of(imports.add(table(rows), dates="dmy").entry, "date_start, date_end")[0][0]) == "2021-04-03"
    assert str(rows_of(imports.add(table(rows), dates="mdy").entry, "date_start, date_end")[0][0]) == "2021-03-04"
    assert len(imports.catalog.sets()) == 2


def test_dates_that_read_the_same_either_way_need_no_word(imports):
    rows = [ged(n, date_start="03/03/2021", date_end="03/03/2021") for n in range(5)]
    assert imports.add(table(rows)).entry.kept == 5


def test_one_column_settles_the_other(imports):
    rows = [ged(n, date_start="03/04/2021", date_end="25/04/2021") for n in range(5)]
    assert str(rows_of(imports.add(table(rows)).entry, "date_start")[0][0]) == "2021-04-03"


def test_columns_that_settle_it_differently_are_an_error(imports):
    rows = [ged(n, date_start="03/14/2021", date_end="03/15/2021") for n in range(5)]
    rows += [ged(n, date_start="14/03/2021", date_end="15/03/2021") for n in range(5, 10)]
    assert "--dates" in refused(imports, table(rows))


def test_a_few_dates_of_another_kind_are_left_out_or_read(imports):
    rows = [ged(n) for n in range(30)]
    rows[5] |= {"date_start": "25/12/2020", "date_end": "25/12/2020"}
    rows[6] |= {"date_start": "soon", "date_end": "soon"}
    added = imports.add(table(rows))
    assert rejected(added) == {8: "date_start 'soon' is not a date"}
    assert "date_start: 1 dates are written day/month/year" in said(added)


def test_days_to_come_are_said_and_do_not_stretch_what_is_covered(imports):
    added = imports.add(table([*ROWS, ged(99, date_start="2921-05-05", date_end="2921-05-05")]))
    assert added.entry.kept == 31
    assert "1 rows are dated after today" in said(added)
    assert added.entry.coverage.end < "2900"


def test_swapped_coordinates_are_noticed_said_and_exchanged_when_asked(imports):
    rows = [ged(n) for n in range(30)]
    for row in rows[:6]:
        row["latitude"], row["longitude"] = row["longitude"], row["latitude"]
    added = imports.add(table(rows))
    assert added.entry.kept == 30
    assert "6 of 30 points lie far from their country, and near it with latitude and longitude exchanged" in said(added)
    assert "--swap-coordinates" in said(added)
    for row in rows:
        row["latitude"], row["longitude"] = "70", "33"
    swapped = imports.add(table(rows), swap=True)
    assert set(rows_of(swapped.entry, "lat, lon")) == {(33.0, 70.0)}
    assert "far from their country" not in said(swapped)
    assert "exchanged, as asked" in said(swapped)


def test_points_off_the_globe_are_said(imports):
    added = imports.add(table([*ROWS, ged(99, latitude="133")]))
    assert added.entry.kept == 31
    assert "1 rows have a point off the globe" in said(added)


def test_a_country_that_is_not_known_is_said(imports):
    added = imports.add(table([*ROWS, ged(99, country="Atlantis", country_id="9999")]))
    assert rows_of(added.entry, "country")[-1] == (None,)
    assert "1 rows have a country that is not in the list" in said(added)


# -- the same again --------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_one_set(imports):
    first = imports.add(WHOLE)
    again = imports.add(WHOLE, "another-name-ged251.csv")
    assert (first.new, again.new, again.entry.id) == (True, False, first.entry.id)
    assert len(imports.catalog.sets()) == 1


def test_the_same_rows_in_another_form_are_one_set(imports):
    first = imports.add(table(ROWS))
    again = imports.add("\ufeff" + table(ROWS, end="\n"))
    assert (again.new, again.entry.id) == (False, first.entry.id)


def test_formulas_do_not_run_in_the_list_of_rows_left_out(imports):
    added = imports.add(WHOLE + "=cmd|' /C calc'!A0\r\n")
    text = (imports.catalog.folder / f"{added.entry.id}.skipped.csv").read_text("utf-8")
    assert ",'=cmd" in text or ",\"'=cmd" in text


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ900000"])
def test_a_cell_far_off_the_table_is_an_error_and_not_the_end_of_all_memory(imports, cell):
    out, far = io.BytesIO(), f'<row r="{cell.lstrip("XFDZ")}"><c r="{cell}"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(io.BytesIO(a_workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", far.encode()))
    assert "reaches to row" in refused(imports, out.getvalue(), "far.xlsx")
