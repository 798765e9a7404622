"""A case's own lexicon: its actors and places come first, and what is malformed is named."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from spillover import load_lexicon
from spillover.errors import LexiconError
from spillover.lexicon.case_places import LEVELS, PlaceInfo
from spillover.reading.places import Gazetteer
from spillover.reading.statement import Level

FOREST = """
[[place]]
id = "alagarno-forest"
name = "Alagarno Forest"
aliases = ["Alagarno", "the Timbuktu Forest"]
level = "region"
country = "NGA"
lat = 11.3
lon = 12.6
"""


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "lexicon.toml"
        path.write_text(text, encoding="utf-8")
        return load_lexicon(path)

    return load


def read(gazetteer, text):
    return [(p.surface, p.code, p.level) for p in gazetteer.resolve(gazetteer.find(text))]


def test_a_place_of_ones_own_is_found_by_all_its_names(load):
    gazetteer = Gazetteer.load(load(FOREST).places)
    for name in ("Alagarno Forest", "Alagarno", "Timbuktu Forest"):
        assert read(gazetteer, f"It keeps bases in the {name}.") == [(name, "alagarno-forest", "region")]
    [place] = gazetteer.find("It keeps bases in the Alagarno Forest.")
    assert (place.lat, place.lon, place.country) == (11.3, 12.6, "NGA")


def test_it_is_not_there_for_others(load):
    Gazetteer.load(load(FOREST).places)
    assert read(Gazetteer.load(), "It keeps bases in the Alagarno Forest.") == []


def test_where_two_share_a_name_the_own_one_is_meant(load):
    text = "Rebels attacked Paris, a hamlet in Iraq."
    own = load("[[place]]\nid = 'paris-of-anbar'\nname = 'Paris'\nlevel = 'town'\ncountry = 'IRQ'\n")
    assert read(Gazetteer.load(), text)[0][1].startswith("geonames:")
    assert read(Gazetteer.load(own.places), text)[0] == ("Paris", "paris-of-anbar", "town")


def test_a_code_that_is_there_is_replaced_whole(load):
    old = Gazetteer.load()
    [maiduguri] = old.find("in Maiduguri")
    own = load(f"[[place]]\nid = '{maiduguri.code}'\nname = 'Yerwa'\nlevel = 'town'\nlat = 1.5\nlon = 2\n")
    new = Gazetteer.load(own.places)
    assert read(new, "in Maiduguri") == []
    [yerwa] = new.find("in Yerwa")
    assert (yerwa.code, yerwa.lat, yerwa.lon) == (maiduguri.code, 1.5, 2.0)
    assert new.row(maiduguri.code).name == "Yerwa"


def test_the_rest_of_the_gazetteer_is_as_it_was(load):
    text = "from Kunar and Kabul to the Syria-Iraq border and Central Asia"
    assert read(Gazetteer.load(load(FOREST).places), text) == read(Gazetteer.load(), text) != []


def test_the_rule_sets_name_changes_with_the_places(load):
    assert load(FOREST).digest != load(FOREST.replace("11.3", "11.4")).digest != load("").digest
    assert load("").digest == load_lexicon().digest


def test_actors_and_places_stand_beside_each_other(load):
    lexicon = load(FOREST + "[[actor]]\nid = 'lake-guards'\nname = 'Lake Guards'\nkind = 'group'\n")
    assert lexicon.actor("lake-guards").name == "Lake Guards"
    assert lexicon.actor("boko-haram")
    assert lexicon.places == (
        PlaceInfo(
            "alagarno-forest", "Alagarno Forest", "region", ("Alagarno", "the Timbuktu Forest"), "NGA", 11.3, 12.6
        ),
    )


def test_the_levels_are_the_contracts():
    assert {*LEVELS, "global"} == set(get_args(Level))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FOREST.replace("level =", "levels ="), "place 1: unknown key 'levels'"),
        (FOREST.replace('name = "Alagarno Forest"', ""), "place 1: name is missing"),
        (FOREST + FOREST.replace("region", "forest"), "place 2: level 'forest' is none"),
        (FOREST.replace('"NGA"', '"Nigeria"'), "country 'Nigeria' is no ISO 3166-1 alpha-3 code"),
        (FOREST.replace("lat = 11.3", ""), "lat and lon are no point"),
        (FOREST.replace("11.3", "113"), "lat and lon are no point"),
        (FOREST.replace("11.3", "'eleven'"), "lat and lon are no point"),
        (FOREST.replace('["Alagarno", "the Timbuktu Forest"]', '"Alagarno"'), "aliases is no list of names"),
        (FOREST.replace("[[place]]", "[[places]]"), "unknown table 'places'"),
        (FOREST.replace("[[place]]", "[place]"), "'place' is not a list of [[place]] tables"),
        ("place = ['Alagarno']", "'place' is not a list of [[place]] tables"),
        ("[[actor]]\nid = 'x'\nname = 'X'\n", "actor 1: kind is missing"),
        ("[[actor]]\nid = 'x'\nname = 'X'\nkind = 'group'\nalias = 'Y'\n", "actor 1: unknown column 'alias'"),
        ("[[place]\n", "lexicon.toml"),
    ],
)
def test_what_is_malformed_is_named(load, text, says):
    with pytest.raises(LexiconError, match=re.escape(says)) as caught:
        load(text)
    assert "lexicon.toml" in str(caught.value)
