"""The actor tables of Asia, the Americas and Europe keep the promises that the reader and the exports rely on."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pycountry
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "src" / "spillover" / "lexicon" / "actors"
COLUMNS = "id,name,kind,aliases,acronyms,former_names,parent,founded,ended,region,countries,ucdp_id,ucdp_name,source"
REGIONS = {
    "asia.csv": {"south-asia", "central-asia", "south-east-asia", "east-asia"},
    "americas.csv": {"americas"},
    "europe.csv": {"europe"},
}
Row = dict[str, str]


def read(file: str) -> tuple[list[str], list[Row]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        return list(rows.fieldnames or []), list(rows)


def folded(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    return re.sub(r"^the ", "", re.sub(r"[\s-]+", " ", plain.replace("'", "")).strip())


@pytest.fixture(scope="module", params=sorted(REGIONS))
def table(request: pytest.FixtureRequest) -> tuple[str, list[str], list[Row]]:
    columns, rows = read(request.param)
    return request.param, columns, rows


def test_rows_are_complete_and_well_formed(table: tuple[str, list[str], list[Row]]) -> None:
    file, columns, rows = table
    assert ",".join(columns) == COLUMNS
    assert rows
    for row in rows:
        assert None not in row and None not in row.values(), row["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]
        assert row["name"] and row["source"], row["id"]
        assert row["kind"] in {"group", "organisation"}, row["id"]
        assert row["region"] in REGIONS[file], row["id"]
        assert bool(row["ucdp_id"]) == bool(row["ucdp_name"]), row["id"]


def test_countries_are_iso3(table: tuple[str, list[str], list[Row]]) -> None:
    known = {country.alpha_3 for country in pycountry.countries} | {"XKX"}  # Kosovo, user-assigned
    for row in table[2]:
        assert set(row["countries"].split("|")) <= known, row["id"]


def test_years_are_in_order(table: tuple[str, list[str], list[Row]]) -> None:
    for row in table[2]:
        years = [int(row[column]) for column in ("founded", "ended") if row[column]]
        assert years == sorted(years), row["id"]
        assert all(1800 <= year <= 2100 for year in years), row["id"]


def test_no_name_stands_twice_in_a_row(table: tuple[str, list[str], list[Row]]) -> None:
    for row in table[2]:
        names = [row["name"], *row["aliases"].split("|"), *row["former_names"].split("|")]
        counts = Counter(folded(name) for name in names if name)
        assert max(counts.values()) == 1, (row["id"], counts.most_common(1))
        assert "" not in row["aliases"].split("|")[1:], row["id"]


def test_ids_are_unique_and_parents_exist_over_all_actor_files() -> None:
    rows = [row for file in sorted(FOLDER.glob("*.csv")) for row in read(file.name)[1]]
    ids = Counter(row["id"] for row in rows)
    assert [actor for actor, count in ids.items() if count > 1] == []
    mine = [row for file in REGIONS for row in read(file)[1]]
    assert [row["id"] for row in mine if row["parent"] and row["parent"] not in ids] == []
    assert [row["id"] for row in mine if row["parent"] == row["id"]] == []


def test_no_alias_is_a_bare_date_or_a_verb_phrase() -> None:
    # "17 November" and "IS in Khorasan" name groups, but folded they also match a date and "is in Khorasan".
    month = "(january|february|march|april|may|june|july|august|september|october|november|december)"
    date = re.compile(rf"\d{{1,2}} {month}|{month} \d{{1,2}}")
    for file in REGIONS:
        for row in read(file)[1]:
            for name in (folded(n) for n in [row["name"], *row["aliases"].split("|")]):
                assert not date.fullmatch(name), row["id"]
                assert not name.startswith("is "), row["id"]


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Pakistani Taliban", "tehrik-i-taliban-pakistan"),
        ("Tehreek-e-Taliban Pakistan", "tehrik-i-taliban-pakistan"),
        ("East Turkestan Islamic Movement", "turkistan-islamic-party"),
        ("Islamic State in Khorasan Province", "islamic-state-khorasan"),
        ("Sendero Luminoso", "shining-path"),
        ("Fuerzas Armadas Revolucionarias de Colombia", "farc"),
        ("Rote Armee Fraktion", "red-army-faction"),
    ],
)
def test_usual_names_lead_to_one_actor(name: str, actor: str) -> None:
    found = [
        row["id"]
        for file in REGIONS
        for row in read(file)[1]
        if folded(name)
        in {folded(n) for n in [row["name"], *row["aliases"].split("|"), *row["former_names"].split("|")]}
    ]
    assert found == [actor]


def test_ucdp_pairs_stand_in_the_actor_dataset(shared: Path) -> None:
    with (shared / "data" / "ucdp_actor_22_1.csv").open(encoding="utf-8-sig", newline="") as handle:
        ucdp = {row["ActorId"]: row["NameData"].strip() for row in csv.DictReader(handle)}
    rows = [row for file in REGIONS for row in read(file)[1] if row["ucdp_id"]]
    assert rows
    assert [(row["id"], row["ucdp_id"]) for row in rows if ucdp.get(row["ucdp_id"]) != row["ucdp_name"]] == []
