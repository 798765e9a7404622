"""The data sets that are known by their columns, and tables of one's own by a mapping."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from event_files import ACLED, GED, GTD, acled, ged, gtd, old_ged, rejected, rows_of, said, table, workbook, write

from spillover.errors import RecordsError

# -- UCDP GED and Candidate -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dataset", "release"),
    [
        ("GEDEvent_v25_1.csv", "ucdp-ged", "25.1"), ("ged251.csv", "ucdp-ged", "25.1"),
        ("ged171.csv", "ucdp-ged", "17.1"), ("ged191-csv.csv", "ucdp-ged", "19.1"),
        ("GEDEvent_v26_1.csv", "ucdp-ged", "26.1"),
        ("GEDEvent_v23_0_10.csv", "ucdp-candidate", "23.0.10"), ("GEDEvent_v24_0_1.csv", "ucdp-candidate", "24.0.1"),
        ("events.csv", "ucdp-ged", None),
    ],
)  # fmt: skip
def test_official_names_tell_data_set_and_release(imports, name, dataset, release):
    entry = imports.add(table([ged(n) for n in range(5)]), name).entry
    assert (entry.dataset, entry.release, entry.provisional) == (dataset, release, dataset == "ucdp-candidate")
    assert set(rows_of(entry, "dataset, release, provisional")) == {(dataset, release, dataset == "ucdp-candidate")}


def test_the_analyst_knows_better_than_a_name(imports):
    entry = imports.add(table([ged(1)]), "GEDEvent_v25_1.csv", release="24.1").entry
    assert entry.release == "24.1"


def test_coders_remarks_make_a_candidate_file_and_one_stray_cell_does_not(imports):
    rows = [ged(n, code_status="Check deaths" if n % 10 == 0 else "Clear") for n in range(200)]
    candidate = imports.add(table(rows), "a.csv").entry
    assert (candidate.dataset, candidate.provisional) == ("ucdp-candidate", True)
    assert rows_of(candidate, "status")[:2] == [("Check deaths",), (None,)]
    rows = [ged(n, code_status="Check deaths" if n == 5 else "Clear") for n in range(200)]
    assert imports.add(table(rows), "b.csv").entry.dataset == "ucdp-ged"


def test_the_schema_of_older_releases_gives_the_same_events(imports):
    columns = (
        "id, date_start, date_end, type, actor_a, actor_b_code, country, gw, lat, where_prec, deaths_low, deaths_best"
    )
    new = imports.add(table([ged(n) for n in range(30)]), "GEDEvent_v25_1.csv").entry
    old = imports.add(table([old_ged(n) for n in range(30)]), "ged181.csv").entry
    assert old.release == "18.1"
    assert rows_of(old, columns) == rows_of(new, columns)


def test_ids_and_codes_that_another_program_made_fractions_of(imports):
    rows = [ged(n, id=f"{500000 + n}.0", side_b_new_id="299.0", country_id="770.0", best="3.0") for n in range(5)]
    entry = imports.add(table(rows)).entry
    assert rows_of(entry, "id, actor_b_code, country, gw, deaths_best")[0] == ("500000", "299", "PAK", 770, 3)


def test_numbers_of_a_parquet_file_are_no_text(imports):
    rows = [ged(n) for n in range(4)]
    columns = {name: pa.array([row[name] for row in rows]) for name in GED}
    columns["id"] = pa.array([1.0, 2.0, 3.0, None])
    columns["best"] = pa.array([Decimal(n) for n in (12, 5, 1, 1)], pa.decimal128(10, 3))
    columns["high"] = pa.array([12.0, 5.0, 1.234, 1.0])
    columns["date_start"] = pa.array([0, 86_400_000, 86_400_000 * 365, 0], pa.timestamp("ms"))
    columns["date_end"] = pa.array([0, 1, 365, 0], pa.date32())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    added = imports.add(out.getvalue(), "x.parquet")
    assert rejected(added) == {4: "high '1.2340' is not a whole number", 5: "id is empty"}
    assert rows_of(added.entry, "id, deaths_best, deaths_high, CAST(date_end AS VARCHAR)") == [
        ("1", 12, 12, "1970-01-01"), ("2", 5, 5, "1970-01-02"),
    ]  # fmt: skip


# -- ACLED and GTD: synthetic rows in their form ----------------------------------------------------------------------


def as_workbook(rows, columns, numbers=()):
    cells = [[float(row[c]) if c in numbers and row[c] else row[c] or None for c in columns] for row in rows]
    return workbook([columns, *cells])


@pytest.mark.parametrize("form", ["csv", "semicolon", "xlsx"])
def test_acled(imports, form):
    rows = [acled(n) for n in range(40)] + [
        acled(40, time_precision="2", geo_precision="3", actor2="", fatalities="0"),
        acled(41, time_precision="3", geo_precision="1"),
    ]
    numbers = ("fatalities", "latitude", "longitude", "iso", "time_precision", "geo_precision", "year")
    data = {
        "csv": table(rows), "semicolon": table(rows, delimiter=";"), "xlsx": as_workbook(rows, ACLED, numbers)
    }[form]  # fmt: skip
    added = imports.add(data, "2021-01-01-2021-12-31-Pakistan." + form)
    entry = added.entry
    assert (entry.dataset, entry.kept, entry.fatal_only, entry.private) == ("acled", 42, False, True)
    assert (entry.coverage.countries, entry.coverage.start, entry.coverage.end) == (
        ("PAK",),
        "2021-01-01",
        "2021-02-11",
    )
    picked = "id, CAST(date_start AS VARCHAR), date_prec, type, actor_a, actor_b, country, where_prec, deaths_best"
    found = rows_of(entry, picked)
    assert found[0] == ("ZZZ0", "2021-01-01", 1, "Battles", "Made-up Front", "Made-up Army", "PAK", 3, 0)
    assert found[40][2:3] + found[40][5:] == (3, None, "PAK", 4, 0)
    assert found[41][2:3] + found[41][7:8] == (4, 1)
    assert "event_date: 42 dates are written day/month/year" in said(added)
    # notes are theirs and are not kept
    assert {r[0] for r in rows_of(entry, "headline")} == {None}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_gtd(imports, form):
    rows = [
        gtd(1), gtd(2, iday="0"), gtd(3, imonth="0", iday="0"), gtd(4, imonth="0", iday="5"),
        gtd(5, nkill="", nwound=""), gtd(6, nkill="2.5"), gtd(7, nkill="1.333"), gtd(8, imonth="13"),
        gtd(9, iday="31", imonth="2"), gtd(10, nkill="x"), gtd(11, specificity="5", latitude="", longitude=""),
        gtd(12, imonth="2", iday="0", iyear="2020"), gtd(13, iyear=""),
    ]  # fmt: skip
    numbers = ("iyear", "imonth", "iday", "specificity", "latitude", "longitude", "nwound")
    data = table(rows) if form == "csv" else as_workbook(rows, GTD, numbers)
    added = imports.add(data, f"globalterrorismdb_0522dist.{form}")
    assert (added.entry.dataset, added.entry.release, added.entry.private) == ("gtd", "05.22", True)
    assert rejected(added) == {
        9: "date_start '2018-13-9' cannot be understood",
        10: "date_start '2018-2-31' cannot be understood",
        11: "nkill 'x' is not a whole number",
        14: "date_start '-3-14' cannot be understood",
    }
    picked = (
        "right(id, 2), CAST(date_start AS VARCHAR), CAST(date_end AS VARCHAR), date_prec, deaths_low, deaths_best, "
        "deaths_high, wounded, where_prec"
    )
    assert rows_of(added.entry, picked) == [
        ("01", "2018-03-02", "2018-03-02", 1, 1, 1, 1, 2, 1),
        ("02", "2018-03-01", "2018-03-31", 4, 2, 2, 2, 2, 1),
        ("03", "2018-01-01", "2018-12-31", 5, 3, 3, 3, 2, 1),
        ("04", "2018-01-01", "2018-12-31", 5, 4, 4, 4, 2, 1),
        ("05", "2018-03-06", "2018-03-06", 1, None, None, None, None, 1),
        ("06", "2018-03-07", "2018-03-07", 1, 2, 3, 3, 2, 1),
        ("07", "2018-03-08", "2018-03-08", 1, 1, 1, 2, 2, 1),
        ("11", "2018-03-12", "2018-03-12", 1, 11, 11, 11, 2, 6),
        ("12", "2020-02-01", "2020-02-29", 4, 12, 12, 12, 2, 1),
    ]


# -- a table of one's own ---------------------------------------------------------------------------------------------

OWN = """
[dataset]
id = "own"
name = "Own notes"
licence = "mine"

[columns]
id = "ref"
date_start = { column = "when", format = "%d.%m.%Y" }
date_prec = { constant = 1 }
type = { column = "what", values = { raid = "one-sided", ambush = "state-based" } }
actor_a = "by"
actor_b = { column = "against", values = { villagers = "Civilians" }, others = "keep" }
place = "village"
country = { iso3 = "land" }
where_prec = { sql = "CASE WHEN village = '' THEN 4 ELSE 2 END", uses = ["village"] }
deaths_best = "killed"
"""
HEAD = ["Ref", "when", "what", "by", "against", "village", "land", "killed"]
LINES = [
    ["a", "11.04.2021", "raid", "ISWAP", "villagers", "Damasak", "NGA", "1,200"],
    ["b", "12.04.2021", "ambush", "ISWAP", "army", "", "ner", "3"],
    ["c", "13.04.2021", "feud", "x", "y", "z", "NGA", "1"],
    ["d", "soon", "raid", "x", "y", "z", "NGA", "1"],
    ["", "15.04.2021", "raid", "x", "y", "z", "NGA", "1"],
]


def own(text=OWN, **columns):
    """The mapping with other lines for some columns."""
    for name, value in columns.items():
        text = (
            "\n".join(line for line in text.splitlines() if not line.startswith(f"{name} = ")) + f"\n{name} = {value}"
        )
    return text


def lines(delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEAD, *LINES])
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "semicolon", "xlsx", "parquet", "geojson", "careful"])
def test_an_own_table_in_every_format(imports, tmp_path, form):
    out = io.BytesIO()
    pq.write_table(pa.table({name: [line[n] for line in LINES] for n, name in enumerate(HEAD)}), out)
    data = {
        "csv": lines(), "semicolon": lines(";"), "xlsx": workbook([HEAD, *LINES]), "parquet": out.getvalue(),
        "geojson": json.dumps({"features": [{"properties": dict(zip(HEAD, line, strict=True))} for line in LINES]}),
        "careful": lines() + "odd row\r\n",
    }[form]  # fmt: skip
    added = imports.add(data, "notes." + form, mapping=write(tmp_path / "own.toml", OWN))
    entry = added.entry
    assert (entry.dataset, entry.family, entry.licence, entry.kept) == ("own", "own", "mine", 2)
    reasons = rejected(added)
    reasons.pop(7, None)
    assert reasons == {
        4: "what 'feud' is none of raid, ambush", 5: "when 'soon' is not a date", 6: "Ref is empty"
    } or reasons[6] == "ref is empty"  # fmt: skip
    columns = "id, CAST(date_start AS VARCHAR), date_prec, type, actor_b, place, country, where_prec, deaths_best"
    assert rows_of(entry, columns) == [
        ("a", "2021-04-11", 1, "one-sided", "Civilians", "Damasak", "NGA", 2, 1200),
        ("b", "2021-04-12", 1, "state-based", "army", None, "NER", 4, 3),
    ]


def test_rows_without_ids_keep_apart_and_are_known_again(imports, tmp_path, ask):
    mapping = write(
        tmp_path / "own.toml", "\n".join(line for line in OWN.splitlines() if not line.startswith('id = "ref'))
    )
    head, *rows = lines().splitlines()[:3]
    rows = [row.replace("NGA", "NGA").partition(",")[2] for row in rows]
    head = head.partition(",")[2]
    first = [rows[0], rows[1], rows[1]]
    second = [rows[1].replace("12.04", "13.04"), rows[0]]
    one = imports.add("\n".join([head, *first]), "one.csv", mapping=mapping)
    two = imports.add("\n".join([head, *second]), "two.csv", mapping=mapping)
    assert (one.entry.kept, two.entry.kept) == (3, 2)
    # of five rows one is the same event in both files; two that are alike in one file are two events
    assert ask("select count(*), count(distinct id) from events") == [(4, 4)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[dataset", "the mapping cannot be read"),
        ("\xff\xfe".encode("latin-1"), "the mapping cannot be read"),
        ("", "needs id, name and licence"),
        ("[dataset]\nid = 'x'\nname = 'x'", "needs id, name and licence"),
        ("dataset = 5", "dataset is no table"),
        ("[[dataset]]\nid = 'x'", "dataset is no table"),
        (OWN + "\n[more]\nx = 1", "unknown table [more]"),
        (OWN + "\n[rows]\nsql = 'x'", "unknown table [rows]"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nlicense = "x"'), "unknown key 'license'"),
        (OWN.replace('licence = "mine"', "licence = 3"), "licence has to be a text"),
        (OWN.replace('id = "own"', 'id = ""'), "id has to be a text"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nrank = "high"'), "rank has to be a whole number"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nprivate = "yes"'), "private has to be true or false"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nrelease = ["(x"]'), "is no regular expression"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nrelease = 5'), "release has to be"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nwhat = "wars"'), "'what' is one of"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nwhat = "totals"'), "is for events, not for totals"),
        (OWN.replace('licence = "mine"', 'licence = "mine"\nspan = "weeks"'), "'span' one of"),
        (own(wounds='"killed"'), "'wounds', which is no column of the normal form"),
        (own(place="5"), "place is neither a column's name nor a table"),
        (own(place="{}"), "place is neither a column's name nor a table"),
        (own(place='{ columm = "x" }'), "unknown key 'columm'"),
        (own(place='{ column = "x", constant = 1 }'), "needs one of column, sql and constant"),
        (own(place='{ values = { a = "b" } }'), "needs one of column, sql and constant"),
        (own(place='{ column = ["x"] }'), "column has to be a text"),
        (own(country='{ iso4 = "x" }'), "unknown key 'iso4'"),
        (own(country="{ iso3 = 5 }"), "iso3 has to be a text"),
        (own(place='{ sql = "upper(village" }'), "the SQL is wrong"),
        (own(place='{ sql = "1); COPY (SELECT 1) TO \'/tmp/never\'; SELECT (1" }'), "one expression"),
        (own(place='{ sql = "(SELECT content FROM read_text(\'/etc/passwd\'))" }'), "one expression"),
        (own(date_start='{ column = "when", format = "%Q" }'), "is no format of a date"),
        ("\n".join(line for line in OWN.splitlines() if "date_start" not in line), "needs date_start"),
    ],
)  # fmt: skip
def test_a_malformed_mapping_is_an_error(imports, tmp_path, text, words):
    mapping = write(tmp_path / "own.toml", text)
    with pytest.raises(RecordsError) as error:
        imports.add(lines(), "notes.csv", mapping=mapping)
    assert words in str(error.value)
    assert "own.toml" in str(error.value)
    assert imports.left() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (own(date_start='"day"'), "no column 'day'"),
        (OWN.replace('id = "ref"', 'id = "number"'), "no column 'number'"),
        (own(place='{ sql = "hamlet", uses = ["village"] }'), "does not fit the file"),
        (own(place='{ sql = "upper(village, 3)", uses = ["village"] }'), "does not fit the file"),
        (own(deaths_best='{ constant = "many" }'), ""),
    ],
)
def test_a_mapping_that_does_not_fit_is_an_error(imports, tmp_path, text, words):
    with pytest.raises(RecordsError) as error:
        imports.add(lines(), "notes.csv", mapping=write(tmp_path / "own.toml", text))
    assert words in str(error.value)
    assert "notes.csv" in str(error.value)
    assert imports.left() == []


def test_a_mapping_without_one_column_of_the_file_is_an_error(imports, tmp_path):
    text = '[dataset]\nid = "x"\nname = "x"\nlicence = "x"\n[columns]\ndate_start = "day"\n'
    with pytest.raises(RecordsError, match="no column 'day'"):
        imports.add(lines(), "notes.csv", mapping=write(tmp_path / "own.toml", text))


def test_a_mapping_that_is_not_there_is_an_error(imports, tmp_path):
    with pytest.raises(RecordsError, match="No such file"):
        imports.add(lines(), "notes.csv", mapping=tmp_path / "none.toml")


def test_a_column_that_the_file_lacks_is_said(imports, tmp_path):
    text = own(headline='"remark"')
    added = imports.add(lines(), "notes.csv", mapping=write(tmp_path / "own.toml", text))
    assert added.entry.kept == 2
