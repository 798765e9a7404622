"""The lexicon's states, forces, bodies, media and word lists: what the reader and the checker rely on in them."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pycountry
import pytest

from spillover.words import fold, key

LEXICON = Path(__file__).resolve().parents[2] / "src" / "spillover" / "lexicon"
ACTORS = LEXICON / "actors"

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MINIMUM = {"states": 400, "forces": 220, "international": 80, "media": 100}
KINDS = {
    "states": {"state"},
    "forces": {"state_force"},
    "international": {"organisation", "state_force"},
    "media": {"media"},
}

# ISO 3166-1 has no code for Kosovo; XKX is the user-assigned one that event data carry.
ISO3 = {country.alpha_3 for country in pycountry.countries} | {"XKX"}

# Two states go by the same adjective; the first row is the one that conflict reporting means by it.
SHARED_DEMONYMS = {"Congolese": ["COD", "COG"], "Dominican": ["DOM", "DMA"]}


def table(name: str) -> list[dict[str, str]]:
    with (LEXICON / name).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, strict=True))


def header(name: str) -> str:
    return (LEXICON / name).read_text("utf-8").splitlines()[0]


def actors(name: str) -> list[dict[str, str]]:
    return table(f"actors/{name}.csv")


def spelt_out(row: dict[str, str]) -> list[str]:
    listed = [*row["aliases"].split("|"), *row["former_names"].split("|")]
    return [row["name"], *(name for name in listed if name)]


@pytest.fixture(scope="module")
def everyone() -> list[dict[str, str]]:
    return [row for name in MINIMUM for row in actors(name)]


@pytest.fixture(scope="module")
def states() -> dict[str, dict[str, str]]:
    """The countries themselves, by id: neither their governments nor a department of one."""
    return {row["id"]: row for row in actors("states") if not row["parent"]}


@pytest.mark.parametrize("name", MINIMUM)
def test_actor_file_has_rows_enough_and_only_its_kinds(name: str) -> None:
    rows = actors(name)
    assert len(rows) >= MINIMUM[name]
    assert {row["kind"] for row in rows} == KINDS[name]


def test_no_id_stands_twice_and_each_is_a_slug(everyone: list[dict[str, str]]) -> None:
    assert [i for i, n in Counter(row["id"] for row in everyone).items() if n > 1] == []
    assert [row["id"] for row in everyone if not SLUG.fullmatch(row["id"])] == []


def test_a_spelt_out_name_means_one_actor(everyone: list[dict[str, str]]) -> None:
    owners: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in everyone:
        for name in spelt_out(row):
            if not name.isupper():
                owners[key(name)].add(row["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_parent_is_an_actor(everyone: list[dict[str, str]]) -> None:
    known = {row["id"] for path in ACTORS.glob("*.csv") for row in table(f"actors/{path.name}")}
    assert [(row["id"], row["parent"]) for row in everyone if row["parent"] and row["parent"] not in known] == []


def test_countries_are_iso_codes(everyone: list[dict[str, str]]) -> None:
    given = {code for row in everyone for code in row["countries"].split("|") if code}
    assert given - ISO3 == set()


def test_ended_is_never_before_founded(everyone: list[dict[str, str]]) -> None:
    dated = [row for row in everyone if row["founded"] and row["ended"]]
    assert dated
    assert [row["id"] for row in dated if int(row["founded"]) > int(row["ended"])] == []


def test_all_states_are_there_with_a_government_each(states: dict[str, dict[str, str]]) -> None:
    present = {i: row for i, row in states.items() if not row["ended"]}
    # 193 members of the United Nations, the Holy See, Palestine, Taiwan, Kosovo, Western Sahara
    assert len(present) == 198
    assert len({row["countries"] for row in present.values()}) == 198
    governments = {row["id"] for row in actors("states") if row["id"].startswith("government-of-")}
    assert governments == {f"government-of-{i}" for i in states}


def test_every_force_of_a_state_says_in_which_country_it_is(states: dict[str, dict[str, str]]) -> None:
    rows = [row for row in actors("forces") if row["parent"] in states]
    assert len(rows) > 400
    assert [row["id"] for row in rows if not row["countries"]] == []


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("the Pentagon", "united-states-department-of-defense"),
        ("White House", "government-of-united-states"),
        ("Kremlin", "government-of-russia"),
        ("Côte d’Ivoire", "ivory-coast"),
        ("Burma", "myanmar"),
        ("Colombian government", "government-of-colombia"),
        ("Iraqi forces", "iraqi-security-forces"),
        ("Revolutionary Guards", "islamic-revolutionary-guard-corps"),
        ("US-led coalition", "global-coalition"),
        ("UN Security Council", "united-nations-security-council"),
        ("Sandinist People's Army", "sandinista-peoples-army"),
    ],
)
def test_names_of_the_press_lead_to_their_actor(everyone: list[dict[str, str]], name: str, actor: str) -> None:
    assert [row["id"] for row in everyone if key(name) in map(key, spelt_out(row))] == [actor]


def test_ucdp_ids_and_names_are_those_of_the_actor_dataset(shared: Path, everyone: list[dict[str, str]]) -> None:
    with (shared / "data" / "ucdp_actor_22_1.csv").open(encoding="utf-8-sig", newline="") as f:
        dataset = {row["ActorId"]: row["NameData"].strip() for row in csv.DictReader(f)}
    claimed = {row["ucdp_id"]: row["ucdp_name"] for row in everyone if row["ucdp_id"]}
    assert {i: name for i, name in claimed.items() if dataset.get(i) != name} == {}
    governments = {i for i, name in dataset.items() if name.startswith("Government of ")}
    assert governments - set(claimed) == set()


def test_a_ucdp_id_belongs_to_one_actor_and_names_its_source(everyone: list[dict[str, str]]) -> None:
    with_id = [row for row in everyone if row["ucdp_id"]]
    assert [i for i, n in Counter(row["ucdp_id"] for row in with_id).items() if n > 1] == []
    assert [row["id"] for row in with_id if "UCDP Actor 22.1" not in row["source"]] == []
    assert [row["id"] for row in everyone if not row["source"]] == []


def test_demonyms_cover_every_state(states: dict[str, dict[str, str]]) -> None:
    assert header("demonyms.csv") == "demonym,noun_plural,iso3,state_id"
    rows = table("demonyms.csv")
    assert [row for row in rows if not all(row.values())] == []
    assert {row["iso3"] for row in rows} <= ISO3
    assert {row["state_id"] for row in rows} <= set(states)
    # Nobody is a Vatican by nationality; the two ended states are spoken of by their longer names.
    assert set(states) - {row["state_id"] for row in rows} == {
        "vatican-city",
        "hyderabad-state",
        "serbia-and-montenegro",
    }


def test_a_demonym_means_one_state_but_for_the_known_two() -> None:
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for row in table("demonyms.csv"):
        codes[row["demonym"]].append(row["iso3"])
    assert {word: found for word, found in codes.items() if len(found) > 1} == SHARED_DEMONYMS


def test_no_demonym_folds_to_a_pronoun() -> None:
    forms = {fold(row[column]) for row in table("demonyms.csv") for column in ("demonym", "noun_plural")}
    assert forms & {"us", "it", "we", "he", "me"} == set()


def test_ideologies() -> None:
    assert header("ideologies.csv") == "term,label"
    rows = table("ideologies.csv")
    assert len(rows) >= 100
    assert [term for term, n in Counter(row["term"].casefold() for row in rows).items() if n > 1] == []
    assert [row for row in rows if not SLUG.fullmatch(row["label"])] == []
    label = {row["term"]: row["label"] for row in rows}
    assert label["Salafi-jihadist"] == "jihadist"
    assert label["Marxist-Leninist"] == "communist"
    assert label["Deobandi"] == "deobandi"


def test_titles() -> None:
    assert header("titles.csv") == "title,kind,kind_of_person"
    rows = table("titles.csv")
    assert len(rows) >= 200
    assert [title for title, n in Counter(row["title"].casefold() for row in rows).items() if n > 1] == []
    assert {row["kind"] for row in rows} == {"honorific", "military", "political", "religious", "group_role"}
    assert [row for row in rows if not row["kind_of_person"]] == []


def test_first_names() -> None:
    names = (LEXICON / "first_names.txt").read_text("utf-8").splitlines()
    assert len(names) >= 1500
    assert names == sorted(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]{2,}", name)] == []


def test_first_names_are_no_words_titles_or_countries() -> None:
    names = set((LEXICON / "first_names.txt").read_text("utf-8").split())
    words = "may will mark grace hope art bill bob rose dawn faith frank guy dean sue major general army said two abu"
    titles = {row["title"].casefold().rstrip(".") for row in table("titles.csv") if row["kind"] != "religious"}
    places = {fold(row["name"]) for row in actors("states")} | {"sofia", "milan", "santiago", "salvador"}
    peoples = {fold(row["demonym"]) for row in table("demonyms.csv")}
    assert names & {*words.split(), *places, *peoples} == set()
    assert names & titles <= {"malik", "pasha", "shahid"}
