"""What holds for any rows: out and in again is the same; parts are the whole; an event counts once."""

from __future__ import annotations

import csv
import io
import itertools
import shutil
import tempfile
import unicodedata
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from event_files import GED, Imports, ged, rows_of, table, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spillover.records import export, open_session
from spillover.records.csvrows import decoded, read_carefully
from spillover.records.normal import columns

few = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
# any text that UTF-8 can hold, and often what has a meaning in a CSV file
characters = st.characters(exclude_categories=["Cs"])
nasty = st.one_of(
    st.text(characters, max_size=30),
    st.text(st.sampled_from('",;\'\n\r\t |\\#=é"'), max_size=12),
    st.sampled_from(
        ["NULL", "null", "NaN", "n/a", "''", '""', "\\N", " x ", "\n", "1,234", "2021-01-01", "#date", "=1+1"]
    ),
)


def without_blanks(text):
    """As DuckDB trims: blanks of all widths, but no tabs and no line ends."""
    return text.strip("".join(c for c in set(text) if unicodedata.category(c) == "Zs"))


@contextmanager
def somewhere():
    """A catalog that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="imports-"))
    try:
        yield Imports(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@st.composite
def events(draw):
    """Rows of GED's form, among them some with nothing but what must be there."""
    rows = []
    for n in range(draw(st.integers(1, 6))):
        low, best, high = (draw(st.one_of(st.just(""), st.integers(0, 2**31 - 1).map(str))) for _ in range(3))
        start = draw(st.dates()).isoformat()
        rows.append(ged(
            n, source_headline=draw(nasty), source_article=draw(nasty), side_a=draw(nasty), side_b=draw(nasty),
            where_coordinates=draw(nasty), adm_1=draw(nasty), adm_2=draw(nasty), code_status=draw(nasty), best=best,
            low=low, high=high, date_start=start, date_end=start,
            type_of_violence=draw(st.sampled_from(["1", "2", "3", ""])),
            latitude=draw(st.one_of(st.just(""), st.floats(-90, 90).map(repr))),
            longitude=draw(st.one_of(st.just(""), st.floats(-180, 180).map(repr))),
            country_id=draw(st.sampled_from(["770", "700", "2", "", "9999"])), side_a_new_id=draw(nasty),
            date_prec=draw(st.sampled_from(["", "1", "5"])), event_clarity=draw(st.sampled_from(["", "2"])),
        ))  # fmt: skip
    return rows


@few
@given(rows=events(), ending=st.sampled_from([".csv", ".parquet"]))
def test_out_and_in_again_is_the_same(rows, ending):
    with somewhere() as imports:
        # as Parquet no text is lost on the way in
        out = io.BytesIO()
        pq.write_table(pa.table({name: [row[name] for row in rows] for name in GED}), out)
        first = imports.add(out.getvalue(), "GEDEvent_v25_1.parquet").entry
        out_file = export(first, imports.folder / f"out{ending}")
        again = Imports(imports.folder / "again")
        second = again.add(out_file).entry
        names = [column.name for column in columns("events")]
        one, two = (list(zip(*rows_of(entry, ", ".join(names)), strict=True)) for entry in (first, second))
        for n, name in enumerate(names):
            assert two[n] == one[n], name
        assert (second.skipped, second.kept, second.release) == ({}, first.kept, first.release)
        assert (second.dataset, second.family, second.rank) == (first.dataset, first.family, first.rank)
        assert second.id == first.id


@few
@given(rows=events())
def test_a_csv_file_gives_what_stands_in_it(rows):
    with somewhere() as imports:
        entry = imports.add(table(rows)).entry
        assert rows_of(entry, "headline, sources, actor_a") == [
            tuple(t or None for t in (row["source_headline"], row["source_article"], without_blanks(row["side_a"])))
            for row in ({k: v.replace("\0", "") for k, v in row.items()} for row in rows)
        ]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_set_of_an_own_table_keeps_its_name_and_ids_on_the_way_round(imports, crosswalk, ending):
    mapping = write(imports.folder / "own.toml", '[dataset]\nid = "own"\nname = "x"\nlicence = "x"\n[columns]\n'
                    'id = "a"\ndate_start = "b"\nactor_a = "c"\n')  # fmt: skip
    first = imports.add("a,b,c\n1,2020-01-01,x\n2,2020-01-02,y\n", "own.csv", mapping=mapping).entry
    second = imports.add(export(first, imports.folder / f"out{ending}")).entry
    assert (second.dataset, second.family) == ("own", "own")
    with open_session(imports.catalog, crosswalk) as session:
        assert session.query("SELECT count(*) FROM events").rows == [(2,)]


# -- parts and wholes -------------------------------------------------------------------------------------------------

SUMS = (
    "SELECT count(*), count(DISTINCT id), sum(deaths_best), sum(deaths_low), min(date_start), max(date_end), "
    "count(DISTINCT actor_b) FROM events",
    "SELECT year(date_start) AS y, type, count(*), sum(deaths_best) FROM events GROUP BY ALL ORDER BY ALL",
)
WHOLE = [ged(n) for n in range(120)]


def sums(imports, crosswalk):
    with open_session(imports.catalog, crosswalk) as session:
        return [session.query(sql).rows for sql in SUMS]


@pytest.fixture(scope="module")
def whole(crosswalk):
    with somewhere() as imports:
        imports.add(table(WHOLE), "part.csv")
        return sums(imports, crosswalk)


cuts = st.lists(st.integers(0, 3), min_size=len(WHOLE), max_size=len(WHOLE))


@settings(few, max_examples=6)
@given(parts=cuts, release=st.sampled_from([None, "25.1"]), overlap=st.sampled_from([0, 7]))
def test_the_parts_of_a_file_count_as_the_whole(crosswalk, whole, parts, release, overlap):
    with somewhere() as imports:
        for part in sorted(set(parts)):
            rows = [row for n, row in enumerate(WHOLE) if parts[n] == part or (overlap and n % overlap == part)]
            imports.add(table(rows), f"part{part}.csv", release=release)
        assert sums(imports, crosswalk) == whole


def test_a_part_that_does_not_say_its_release_takes_nothing_from_the_whole(imports, crosswalk, whole):
    imports.add(table(WHOLE), "GEDEvent_v20_1.csv")
    imports.add(table(WHOLE[:70]), "extract.csv")
    assert sums(imports, crosswalk) == whole


@settings(few, max_examples=8)
@given(parts=cuts, data=st.data())
def test_no_query_over_several_sets_counts_an_event_twice(crosswalk, parts, data):
    """A whole, parts of it, another release with other numbers, and candidates of it."""
    kinds = data.draw(st.lists(st.sampled_from(["whole", "parts", "older", "newer", "candidate", "sample"]), min_size=2,
                               unique=True))  # fmt: skip
    with somewhere() as imports:
        if "whole" in kinds:
            imports.add(table(WHOLE), "GEDEvent_v24_1.csv")
        if "parts" in kinds:
            for part in sorted(set(parts)):
                chosen = [row for row, p in zip(WHOLE, parts, strict=True) if p == part]
                imports.add(table(chosen), f"part{part}.csv", release="24.1")
        if "older" in kinds:
            imports.add(table([ged(n, best="9", high="9") for n in range(100)]), "GEDEvent_v23_1.csv")
        if "newer" in kinds:
            imports.add(table([ged(n, best="8", high="9") for n in range(5, 140)]), "GEDEvent_v25_1.csv")
        if "candidate" in kinds:
            imports.add(table([ged(n, best="7", high="9") for n in range(90, 130)]), "GEDEvent_v20_0_11.csv")
        if "sample" in kinds:
            imports.add(table([ged(n, best="6", high="9") for n in range(0, 120, 9)]), "sample.csv")
        with open_session(imports.catalog, crosswalk) as session:
            ((events, different),) = session.query("SELECT count(*), count(DISTINCT id) FROM events").rows
            assert events == different
            everything = sum(s.kept for s in imports.catalog.sets())
            assert session.query("SELECT count(*) FROM events_all").rows == [(everything,)]
            # each row that does not count names the set that does, and of an id that is in several one counts
            assert session.query(
                "SELECT count(*) FROM events_all WHERE superseded_by IS NOT NULL AND superseded_by NOT IN "
                "(SELECT set_id FROM sets)"
            ).rows == [(0,)]
            if "newer" in kinds:
                assert session.query(
                    "SELECT DISTINCT deaths_best FROM events WHERE CAST(id AS INTEGER) BETWEEN 500005 AND 500139"
                ).rows == [(8,)]


# -- reading row by row ----------------------------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from(["a", "1", ",", '"', '""', "\n", "\r\n", "\r", ";", " ", "\0", "é", "x,y,z\n", '"q\nr",'])
).map("".join)


@settings(max_examples=300)
@given(
    text=st.one_of(PIECES, st.text(characters, max_size=200)),
    width=st.integers(2, 4),
    delimiter=st.sampled_from(",;\t|"),
)
@example(text="", width=2, delimiter=",")
@example(text="a,b\n" + "\n" * 90 + "1,2\n\n\n", width=2, delimiter=",")
@example(text='a,b\n"' + "x\n" * 1000 + "1,2\n", width=2, delimiter=",")
@example(text="a,b\n" + "y" * (1 << 21) + ",z\n1,2\n", width=2, delimiter=",")
def test_reading_row_by_row_never_fails_and_accounts_for_every_line(text, width, delimiter):
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.csv", text)
        found = read_carefully(path, width, delimiter)
    assert all(len(row) == width for row in found.rows)
    assert len(found.rows) == len(found.numbers)
    numbers = sorted([*found.numbers, *(r.row for r in found.rejects)])
    # each number once, none left out but those of empty lines at the end
    assert numbers == list(range(2, len(numbers) + 2))
    assert found.numbers == sorted(found.numbers)
    assert all(r.reason for r in found.rejects)


@settings(max_examples=200)
@given(rows=st.lists(st.lists(nasty.filter(lambda text: "\0" not in text), min_size=3, max_size=3), max_size=8))
def test_what_python_writes_is_read_whole(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([["a", "b", "c"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        found = read_carefully(write(Path(folder) / "x.csv", out.getvalue()), 3, ",")
    assert found.rows == rows
    assert found.rejects == []


@settings(max_examples=300)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda t: t.encode("utf-16", "replace")),
                      st.text(characters, max_size=100).map(str.encode)))  # fmt: skip
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\xef\xbb\xbf")
@example(b"\xc3")
@example(b"a,\x81\x8d\n\xe2\x82")
def test_decoding_never_fails_and_loses_no_line(data):
    text, note = decoded(data)
    text.encode("utf-8")
    assert isinstance(note, str)
    if not note and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert data.removeprefix(b"\xef\xbb\xbf").startswith(text.encode())
    if "Windows-1252" in note:
        assert len(text.splitlines()) >= len(data.splitlines()) - 1


@few
@given(garbage=st.lists(st.binary(max_size=60).map(lambda b: b.translate(None, b'"\r\n')), max_size=6), data=st.data())
def test_lines_of_garbage_cost_no_good_row(garbage, data):
    good = [table([ged(n)]).partition("\r\n")[2].encode() for n in range(12)]
    lines = list(good)
    for line in garbage:
        lines.insert(data.draw(st.integers(0, len(lines))), line + b"\r\n")
    with somewhere() as imports:
        added = imports.add(",".join(GED).encode() + b"\r\n" + b"".join(lines))
        ids = [r[0] for r in rows_of(added.entry, "id")]
        assert ids == [str(500_000 + n) for n in range(12)]
        # an empty line at the end is none
        trailing = len(list(itertools.takewhile(lambda line: not line.strip(), reversed(lines))))
        assert len(garbage) - trailing <= sum(added.entry.skipped.values()) <= len(garbage)
