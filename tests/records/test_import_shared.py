"""The real event files: every row accounted for, by a count that does not share a line with the importer."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter

import pytest
from event_files import Imports, rejected, rows_of, said

from spillover.records import importing, open_session

pytestmark = pytest.mark.shared

FILES = {
    "ged_pakistan.csv": ("ucdp-ged", None, 6417, 6416, {"HXL tags, no event": 1}),
    "ged_myanmar.csv": ("ucdp-ged", None, 7374, 7374, {}),
    "ged_bangladesh_19_1.csv": ("ucdp-ged", None, 602, 601, {"HXL tags, no event": 1}),
    "ged_candidate_2023_10.csv": ("ucdp-candidate", None, 2391, 2391, {}),
    "ged_car.geojson": ("ucdp-ged", "23.1", 1848, 1848, {}),
    "country_year_25_1.csv": ("ucdp-country-year", "25.1", 6544, 6544, {}),
    "country_month_25_1_to_2022.csv": (
        "ucdp-country-month", "25.1", 56088, 50184, {"before 1989-01-01, where the data set has no information": 5904}
    ),
    "ucdp_actor_22_1.csv": ("ucdp-actor", "22.1", 1725, 1725, {}),
    "aec_train.csv": ("ucdp-aec", None, 10715, 10715, {}),
}  # fmt: skip
GED_FILES = [name for name in FILES if name.startswith("ged")]
# rows with bounds out of order, with best 0 and high above, at places that mean "somewhere in", of several days
NOTED = {
    "ged_pakistan.csv": (200, 527, 9, 348), "ged_myanmar.csv": (10, 1939, 355, 1088),
    "ged_car.geojson": (20, None, 29, 481),
    "ged_bangladesh_19_1.csv": (1, None, 18, 25), "ged_candidate_2023_10.csv": (15, None, 48, 594),
}  # fmt: skip


@pytest.fixture(scope="module")
def added(shared, tmp_path_factory):
    """All files, each in a catalog of its own."""
    found = {}
    for name in FILES:
        found[name] = Imports(tmp_path_factory.mktemp("imports")).add(shared / "data" / name)
    return found


def plain_rows(path):
    """The rows of a file as Python reads them, without a row of HXL tags."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text("utf-8"))["features"]
        return [
            {k: "" if v is None else str(v) for k, v in f["properties"].items()}
            | dict(zip(("longitude", "latitude"), map(str, f["geometry"]["coordinates"]), strict=True))
            for f in features
        ]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if not next(iter(row.values()), "").startswith("#")]


def number(text):
    return None if text.strip() == "" else int(float(text))


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_kept_or_left_out_with_its_reason(added, name):
    entry = added[name].entry
    assert (entry.dataset, entry.release, entry.rows, entry.kept, entry.skipped) == FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_no_row_is_lost_by_another_count(added, shared, name):
    entry = added[name].entry
    # a row of tags has an empty id, and tags in its other cells
    assert entry.rows == len(plain_rows(shared / "data" / name))


@pytest.mark.parametrize("name", ["ged_pakistan.csv", "ged_bangladesh_19_1.csv"])
def test_the_row_of_tags_is_the_one_left_out(added, name):
    assert rejected(added[name]) == {2: "HXL tags, no event"}


@pytest.mark.parametrize("name", GED_FILES)
def test_each_event_is_as_python_reads_it(added, shared, name):
    expected = [
        (
            row["id"], row["date_start"][:10], row["date_end"][:10], number(row["best"]), number(row["low"]),
            number(row["high"]), number(row["deaths_civilians"]), float(row["latitude"]), float(row["longitude"]),
            number(row["where_prec"]), row["side_a"], row["side_b"], row["side_b_new_id"],
            row["source_headline"] or None,
            row["source_article"] or None, number(row["country_id"]),
            {"1": "state-based", "2": "non-state", "3": "one-sided"}[row["type_of_violence"]],
        )
        for row in plain_rows(shared / "data" / name) if row["id"] and not row["id"].startswith("#")
    ]  # fmt: skip
    found = rows_of(
        added[name].entry,
        "id, CAST(date_start AS VARCHAR), CAST(date_end AS VARCHAR), deaths_best, deaths_low, deaths_high, "
        "deaths_civilians, lat, lon, where_prec, actor_a, actor_b, actor_b_code, headline, sources, gw, type",
    )
    assert found == expected


@pytest.mark.parametrize("name", NOTED)
def test_what_is_odd_is_kept_and_said(added, shared, name):
    rows = [row for row in plain_rows(shared / "data" / name) if row["id"]]
    triples = [(number(row["low"]), number(row["best"]), number(row["high"])) for row in rows]
    counts = (
        sum(best > high or low > best for low, best, high in triples),
        sum(best == 0 and high > 0 for low, best, high in triples),
        sum(row["where_prec"] in ("6", "7") for row in rows),
        sum(row["date_start"][:10] != row["date_end"][:10] for row in rows),
    )
    assert all(known in (None, count) for known, count in zip(NOTED[name], counts, strict=True))
    words = ("have bounds of deaths out of order: kept", "have a best estimate of 0 deaths", "are known to the country",
             "last more than a day")  # fmt: skip
    for count, said_so in zip(counts, words, strict=True):
        assert f"{count:,} rows {said_so}" in said(added[name])


def test_pakistan_has_the_figures_of_the_record(added):
    entry = added["ged_pakistan.csv"].entry
    found = rows_of(entry, "year(date_start), actor_a, actor_b, deaths_best, CAST(date_start AS VARCHAR)")
    events, deaths = Counter(), Counter()
    for year, a, b, best, _ in found:
        if "IS" in (a, b):
            events[year] += 1
            deaths[year] += best
    assert [events[year] for year in range(2015, 2022)] == [4, 4, 10, 13, 9, 4, 13]
    assert [deaths[year] for year in range(2015, 2022)] == [112, 120, 173, 249, 29, 24, 40]
    spring = [best for *_, best, day in found if "2021-01-01" <= day <= "2021-04-30"]
    assert (len(spring), sum(spring)) == (56, 134)
    assert entry.coverage.countries == ("PAK",)
    assert (entry.coverage.start, entry.coverage.end) == ("1989-01-01", "2021-12-31")


def test_pakistan_has_the_same_figures_by_query(shared, tmp_path, crosswalk):
    imports = Imports(tmp_path)
    imports.add(shared / "data" / "ged_pakistan.csv")
    with open_session(imports.catalog, crosswalk) as session:
        found = session.query(
            "SELECT year(date_start) AS y, count(*), sum(deaths_best) FROM events WHERE 'IS' IN (actor_a, actor_b) "
            "AND y BETWEEN 2015 AND 2021 GROUP BY y ORDER BY y"
        ).rows
        spring = session.query(
            "SELECT count(*), sum(deaths_best) FROM events WHERE date_start BETWEEN '2021-01-01' AND '2021-04-30'"
        ).rows
    assert [(n, d) for _, n, d in found] == [
        (4, 112), (4, 120), (10, 173), (13, 249), (9, 29), (4, 24), (13, 40)
    ]  # fmt: skip
    assert spring == [(56, 134)]


@pytest.mark.parametrize(
    ("name", "year", "deaths"),
    [
        ("country_year_25_1.csv", "year_cy", [f"{kind}_total_deaths_best_cy" for kind in ("sb", "ns", "os")]),
        ("country_month_25_1_to_2022.csv", "year_month", ["ucdp_fatalities_best"]),
    ],
)
def test_totals_add_up_to_those_of_the_file(added, shared, name, year, deaths):
    expected, found = Counter(), Counter()
    for row in plain_rows(shared / "data" / name):
        if row[year] >= "1989":
            expected[row[year][:4]] += sum(number(row[column]) for column in deaths)
    for of, best in rows_of(added[name].entry, "CAST(year(period_start) AS VARCHAR), deaths_best"):
        found[of] += best
    assert found == expected


def test_actors_keep_all_their_names_and_ties(added, shared):
    rows = plain_rows(shared / "data" / "ucdp_actor_22_1.csv")
    found = rows_of(added["ucdp_actor_22_1.csv"].entry, "actor_code, relation, other_code")
    assert {r[0] for r in found} == {row["ActorId"] for row in rows}
    flags = {"Splinter": "splinter_of", "Alliance": "allied_with", "JoinGroup": "joined", "NameChange": "renamed"}
    for flag, relation in flags.items():
        assert {r[0] for r in found if r[1] == relation} == {row["ActorId"] for row in rows if row[flag] == "1"}


def test_the_same_file_is_one_set_and_the_same_in_any_process_with_any_number_of_threads(
    shared, added, tmp_path, monkeypatch
):
    path = shared / "data" / "ged_pakistan.csv"
    first = added["ged_pakistan.csv"].entry
    imports = Imports(tmp_path)
    assert imports.add(path).entry.id == first.id
    assert not imports.add(path).new
    connect = importing.connect
    for threads in (1, 2, 7):

        def fewer(*args, count=threads, **more):
            db = connect(*args, **more)
            db.execute(f"SET threads = {count}")
            return db

        monkeypatch.setattr(importing, "connect", fewer)
        assert Imports(tmp_path / str(threads)).add(path).entry.id == first.id
    code = (
        "import sys; from pathlib import Path; from spillover.records import Catalog, add\n"
        "print(add(Catalog(Path(sys.argv[1])), Path(sys.argv[2])).entry.id)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "other"), str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == first.id


@pytest.fixture(scope="module")
def together(shared, tmp_path_factory, crosswalk):
    """A session over all event files."""
    imports = Imports(tmp_path_factory.mktemp("together"))
    for name in (*GED_FILES, "aec_train.csv"):
        imports.add(shared / "data" / name)
    with open_session(imports.catalog, crosswalk) as session:
        yield session


def test_an_event_that_is_in_several_sets_counts_once(together):
    """AEC and the candidate release share events with GED."""
    ((events, different),) = together.query("SELECT count(*), count(DISTINCT id) FROM events").rows
    assert events == different
    assert together.query("SELECT count(*) FROM events_all").rows == [
        (sum(FILES[name][3] for name in (*GED_FILES, "aec_train.csv")),)
    ]


def test_no_event_is_missing_but_what_the_yearly_release_dropped_of_the_candidates(together):
    lost = together.query(
        "SELECT dataset, count(DISTINCT id) FROM events_all WHERE id NOT IN (SELECT id FROM events) GROUP BY dataset"
    ).rows
    assert lost == [("ucdp-candidate", 2)]
