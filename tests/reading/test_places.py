"""Places: what is one, its code, and which of several places of a name is meant."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.lexicon.files import read_csv
from spillover.reading import gazetteer_data
from spillover.reading.gazetteer_data import Row, Tables, name_key
from spillover.reading.places import Gazetteer, PlaceMention, countries_of


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def read(gazetteer: Gazetteer, text: str) -> list[tuple[str, str]]:
    return [(p.surface, p.code) for p in gazetteer.resolve(gazetteer.find(text), gazetteer.demonyms_in(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the United States (US) withdrawal", [("United States", "USA"), ("US", "USA")]),
        ("a u.s. citizen told us", [("u.s.", "USA")]),
        (
            "areas of Pakistan, Iran, and Central Asia",
            [("Pakistan", "PAK"), ("Iran", "IRN"), ("Central Asia", "central-asia")],
        ),
        (
            "areas of East Nangarhar Province, close to the Pakistan border and Kunar",
            [("East Nangarhar Province", "AF-NAN"), ("Pakistan border", "PAK"), ("Kunar", "AF-KNR")],
        ),
        ("in Konar and in Kunaṟ", [("Konar", "AF-KNR"), ("Kunaṟ", "AF-KNR")]),
        ("the province of Konar", [("province of Konar", "AF-KNR")]),
        ("closed in 16 northern Afghan provinces", [("16 northern Afghan provinces", "AFG")]),
        ("across the Syria-Iraq border", [("Syria", "SYR"), ("Iraq border", "IRQ")]),
        ("inside Syrian territory", [("Syrian territory", "SYR")]),
        ("on the Syrian side of the Iraqi border", [("Syrian side of the Iraqi border", "SYR")]),
        ("in Anbar province, Iraq", [("Anbar province", "IQ-AN"), ("Iraq", "IRQ")]),
        ("northwestern Syria’s Idlib province", [("northwestern Syria", "SYR"), ("Idlib province", "SY-ID")]),
        ("allies around the world", [("around the world", "global")]),
        ("Burma, Holland and Ivory Coast", [("Burma", "MMR"), ("Holland", "NLD"), ("Ivory Coast", "CIV")]),
        ("in usulutan and morazan departments", [("usulutan", "SV-US"), ("morazan departments", "SV-MO")]),
        ("FIGHTING IN SOUTHERN HELMAND", [("SOUTHERN HELMAND", "AF-HEL")]),
    ],
)
def test_countries_provinces_and_regions(gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(gazetteer, text) == expected


@pytest.mark.parametrize(
    ("text", "surface", "town", "country"),
    [
        ("attacks outside Kabul Airport", "Kabul Airport", "Kabul", "AFG"),
        ("the Somali border town of Dhobley", "Dhobley", "Dhobley", "SOM"),
        ("the Iraqi city of Mosul", "Mosul", "Mosul", "IRQ"),
        ("the port town of Kismayo", "Kismayo", "Kismayo", "SOM"),
        ("on the way to Raqqah", "Raqqah", "Ar Raqqah", "SYR"),
        ("fighting in Hodeidah", "Hodeidah", "Al Ḩudaydah", "YEM"),
        ("in Mazar-e-Sharif", "Mazar-e-Sharif", "Mazār-e Sharīf", "AFG"),
        ("southwest of bogota", "bogota", "Bogotá", "COL"),
        ("the Somali capital", "Somali capital", "Mogadishu", "SOM"),
        ("near Sarmada", "Sarmada", "Sarmada", "SYR"),
    ],
)
def test_towns(gazetteer: Gazetteer, text: str, surface: str, town: str, country: str) -> None:
    (found,) = gazetteer.find(text)
    row = gazetteer.row(found.code)
    assert row is not None
    assert (found.surface, row.name, found.country, found.level) == (surface, town, country, "town")
    assert found.lat is not None and found.lon is not None


@pytest.mark.parametrize(
    "text",
    [
        "Hafiz Saeed Khan and Abu Bakr al-Baghdadi",
        "members like Michael Jordan met Chad Smith",
        "reading of the most nice bar",
        "he told us to man the same car",
        "the Afghan army",
        "the Somali forces",
        "the northern city",
        "santiago met rodriguez",
        "they live on san luis de la reina street",
        "Ali Hassan said",
        "an Iraqi city",
        "the march to victory",
    ],
)
def test_persons_words_and_demonyms_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


def test_modifier_and_demonym_are_kept(gazetteer: Gazetteer) -> None:
    (found,) = gazetteer.find("mosques in 16 northern Afghan provinces")
    assert (found.modifier, found.demonym, found.level) == ("northern", True, "country")
    (found,) = gazetteer.find("in eastern Nangarhar")
    assert (found.modifier, found.demonym, found.level) == ("eastern", False, "admin1")


def test_an_ambiguous_name_goes_with_the_country_named(gazetteer: Gazetteer) -> None:
    def country(text: str) -> str | None:
        return gazetteer.resolve(gazetteer.find(text))[0].country

    assert country("killed in santa ana, el salvador") == "SLV"
    assert country("killed in Santa Ana, and the United States said so; the United States and Canada") == "USA"
    assert country("Tripoli and Beirut in Lebanon, Lebanon") == "LBN"
    assert country("Tripoli and Benghazi in Libya") == "LBY"


def test_demonyms_help_to_resolve(gazetteer: Gazetteer) -> None:
    text = "clashes in Santa Ana between the Salvadoran army and Salvadoran rebels"
    found = gazetteer.find(text)
    assert gazetteer.resolve(found, gazetteer.demonyms_in(text))[0].country == "SLV"
    assert set(gazetteer.resolve(found)[0].candidates) == set(found[0].candidates)


def test_a_lower_case_name_in_a_country_nobody_speaks_of_is_left_out(gazetteer: Gazetteer) -> None:
    text = "in el salvador, in san salvador, in honduras and in guatemala they met near soria"
    assert [p.surface for p in gazetteer.resolve(gazetteer.find(text))] == [
        "el salvador",
        "san salvador",
        "honduras",
        "guatemala",
    ]


def test_an_unknown_town_of_a_known_province_is_placed_in_the_province(gazetteer: Gazetteer) -> None:
    first, second = gazetteer.resolve(gazetteer.find("a farm in san carlos, morazan department"))
    assert (first.code, second.code) == ("SV-MO", "SV-MO")


def test_skipped_spans_hold_no_place(gazetteer: Gazetteer) -> None:
    text = "Islamic State of Iraq and the Levant in Syria"
    assert [p.surface for p in gazetteer.find(text, [(0, 36)])] == ["Syria"]


def test_countries_are_counted(gazetteer: Gazetteer) -> None:
    assert countries_of(gazetteer.find("Kabul and Kunar in Afghanistan, near Pakistan")) == {"AFG": 3, "PAK": 1}


def test_every_code_is_one_of_the_contracts(gazetteer: Gazetteer) -> None:
    countries = {c.alpha_3 for c in pycountry.countries} | {"XKX"}
    divisions = {d.code for d in pycountry.subdivisions}
    assert {r["iso3"] for r in read_csv("places/countries.csv")} <= countries
    assert {r["code"] for r in read_csv("places/admin1.csv")} <= divisions
    assert {r["iso3"] for r in read_csv("places/towns.csv")} <= countries
    for row in gazetteer_data.tables().rows:
        assert row.lat is None or (-90 <= row.lat <= 90 and row.lon is not None and -180 <= row.lon <= 180)
        assert row.country is None or row.country in countries


def test_every_curated_name_leads_to_its_row() -> None:
    made = gazetteer_data.tables()
    for r in read_csv("places/admin1.csv"):
        for name in r["names"].split("|"):
            codes = {made.rows[i].code for i in made.names[name_key(name).removeprefix("the ")]}
            assert r["code"] in codes, (r["code"], name)
    for r in read_csv("places/town_names.csv"):
        for name in r["names"].split("|"):
            assert {made.rows[i].country for i in made.names[name_key(name)]} >= {r["iso3"]}, (r["town"], name)


def test_points_of_curated_divisions_lie_near_their_country() -> None:
    """A wrong GeoNames division code would put a province far from its country's middle."""
    rows = {r.code: r for r in gazetteer_data.tables().rows}
    for r in read_csv("places/admin1.csv"):
        row = rows[r["code"]]
        home = rows[row.country or ""]
        if row.lat is not None and row.lon is not None and home.lat is not None and home.lon is not None:
            assert abs(row.lat - home.lat) < 14, row


def test_a_damaged_or_unwritable_cache_is_no_error(tmp_path, monkeypatch) -> None:
    row = Row("AFG", "country", "Afghanistan", 33.8, 66.0, "AFG", None, 1, True)
    made = Tables([row], {"afghanistan": (0,)}, {})
    monkeypatch.setattr(gazetteer_data, "build", lambda: made)
    monkeypatch.setattr(gazetteer_data, "_cache_path", lambda: tmp_path / "places.json")
    (tmp_path / "places.json").write_text('{"rows": [', encoding="utf-8")
    assert gazetteer_data.tables() == made
    kept = json.loads((tmp_path / "places.json").read_text("utf-8"))
    assert kept["names"] == {"afghanistan": [0]}
    monkeypatch.setattr(gazetteer_data, "build", lambda: pytest.fail("the cache was not used"))
    assert gazetteer_data.tables() == made
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(gazetteer_data, "build", lambda: made)
    monkeypatch.setattr(gazetteer_data, "_cache_path", lambda: tmp_path / "file" / "places.json")
    assert gazetteer_data.tables() == made
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "places.json"]


def test_what_is_kept_is_what_was_built() -> None:
    assert gazetteer_data.build() == gazetteer_data.tables()


_WORDS = """
in near of the and , . ( ) - ’s ' Kabul kabul SYRIA Syria-Iraq Iraqi border Afghan northern 16
provinces province department city San san Miguel Santa Ana El Salvador u.s. US U.S. Khan Ali
Islamic State Gulf Congo New York north west of Kunaṟ Sana'a globally world around ı İ ﬁ
"""
_words = st.sampled_from([*_WORDS.split(), "\n", ""])


@given(st.one_of(st.text(max_size=80), st.lists(_words, max_size=20).map(" ".join)))
def test_any_text_gives_exact_ordered_spans(text: str) -> None:
    gazetteer = Gazetteer.load()
    found = gazetteer.find(text)
    for mentions in (found, gazetteer.resolve(found)):
        for p in mentions:
            assert text[p.start : p.end] == p.surface != ""
            assert p.code in p.candidates or p.level == "admin1"
        assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_offsets_may_be_moved_to_the_documents_before_resolving(gazetteer: Gazetteer) -> None:
    moved: list[PlaceMention] = [
        replace(p, start=p.start + 100, end=p.end + 100) for p in gazetteer.find("in Santa Ana, El Salvador")
    ]
    assert [p.country for p in gazetteer.resolve(moved)] == ["SLV", "SLV"]


def test_part_of_an_organisations_name_is_no_place(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Hay'at Tahrir al-Sham and Jaysh al-Sham fought") == []
    assert [p.code for p in gazetteer.find("fighters went to al-Sham")] == ["levant"]
