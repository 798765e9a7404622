"""What joins the lexicon to event data: the crosswalk of actors, the countries of regions and the state codes."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pycountry
import pytest

import spillover
from spillover import load_lexicon
from spillover.lexicon import read_csv

COLUMNS = {
    "crosswalk": ["actor", "dataset", "code", "name", "countries", "since", "until", "note"],
    "regions": ["slug", "countries", "exact", "note"],
    "countries": ["gw", "iso3", "name", "ucdp_name"],
}
ISO3 = {country.alpha_3 for country in pycountry.countries} | {"XKX"}  # Kosovo, user-assigned
DIVISIONS = {division.code for division in pycountry.subdivisions}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def crosswalk() -> Rows:
    return read_csv("crosswalk.csv")


@pytest.fixture(scope="module")
def regions() -> Rows:
    return read_csv("places/region_countries.csv")


@pytest.fixture(scope="module")
def countries() -> Rows:
    path = Path(spillover.__file__).parent / "records" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("table", COLUMNS)
def test_rows_have_the_columns_and_no_stray_blanks(table, request):
    rows = request.getfixturevalue(table)
    assert rows
    for row in rows:
        assert list(row) == COLUMNS[table] and None not in row.values(), row
        assert [value.strip() for value in row.values()] == list(row.values()), row
    assert not [row for row, n in Counter(tuple(row.values()) for row in rows).items() if n > 1]


def test_every_actor_is_in_the_lexicon(crosswalk):
    lexicon = load_lexicon()
    assert not sorted({row["actor"] for row in crosswalk if lexicon.actor(row["actor"]) is None})


def test_data_sets_codes_and_names(crosswalk):
    for row in crosswalk:
        assert row["dataset"] in {"ucdp", "acled", "gtd"}, row
        assert row["name"], row
        assert row["code"].isdecimal() if row["dataset"] == "ucdp" else not row["code"], row


def test_a_code_has_one_name(crosswalk):
    names: dict[str, set[str]] = {}
    for row in crosswalk:
        if row["code"]:
            names.setdefault(row["code"], set()).add(row["name"])
    assert not {code: found for code, found in names.items() if len(found) > 1}


def test_scopes_are_known_countries_and_dates_in_order(crosswalk):
    for row in crosswalk:
        assert set(filter(None, row["countries"].split("|"))) <= ISO3, row
        since, until = (date.fromisoformat(row[c]) if row[c] else None for c in ("since", "until"))
        assert since is None or until is None or since <= until, row


def test_rows_are_sorted(crosswalk):
    order = [(row["dataset"], row["actor"]) for row in crosswalk]
    assert order == sorted(order)


def test_an_actor_of_a_code_is_not_lost_where_the_code_is_scoped(crosswalk):
    """A program may let the rows of a code replace the ``ucdp_id`` of the lexicon; governments give way to states."""
    actors: dict[str, set[str]] = {}
    for row in crosswalk:
        if row["code"]:
            actors.setdefault(row["code"], set()).add(row["actor"])
    for actor in load_lexicon():
        code = str(actor.ucdp_id or "")
        if code in actors and not actor.id.startswith("government-of-"):
            assert actor.id in actors[code], actor.id


@pytest.mark.parametrize(
    ("code", "country", "day", "expected"),
    [
        ("234", "AFG", "2019-06-01", {"islamic-state-khorasan"}),
        ("234", "RUS", "2017-06-01", {"islamic-state-caucasus"}),
        ("234", "SYR", "2015-06-01", {"islamic-state"}),
        ("234", "IRQ", "2005-06-01", {"al-qaeda-in-iraq"}),
        ("234", "NER", "2018-06-01", {"islamic-state-greater-sahara", "islamic-state-west-africa"}),
        ("130", "AFG", "2022-06-01", {"afghanistan", "taliban"}),
        ("130", "AFG", "2015-06-01", {"afghanistan"}),
    ],
)
def test_one_name_stands_for_other_actors_by_country_and_day(crosswalk, code, country, day, expected):
    found = {
        row["actor"]
        for row in crosswalk
        if row["code"] == code
        and (not row["countries"] or country in row["countries"].split("|"))
        and (row["since"] or "0000") <= day <= (row["until"] or "9999")
    }
    assert found == expected


def test_every_region_has_its_countries(regions):
    slugs = [row["slug"] for row in regions]
    assert sorted(slugs) == sorted(row["slug"] for row in read_csv("places/regions.csv"))
    for row in regions:
        codes = row["countries"].split("|")
        assert set(codes) <= ISO3 | DIVISIONS and len(set(codes)) == len(codes), row["slug"]
        assert row["exact"] in {"0", "1"}, row["slug"]


def test_state_codes_are_unique_and_their_countries_known(countries):
    codes = [int(row["gw"]) for row in countries]
    assert codes == sorted(set(codes))
    assert {row["iso3"] for row in countries} <= ISO3
    names = [row["ucdp_name"] for row in countries if row["ucdp_name"]]
    assert len(names) == len(set(names))
