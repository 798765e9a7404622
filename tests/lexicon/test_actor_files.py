"""Every actor file of the lexicon holds the columns, ids, codes and names that the reader relies on.

The files are data that people add to by hand, so each check lists all offending rows, by file and id, at once.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple, get_args

import pycountry
import pytest

from spillover.reading.statement import ActorKind

FOLDER = Path(__file__).resolve().parents[2] / "src" / "spillover" / "lexicon" / "actors"
FILES = sorted(FOLDER.glob("*.csv"))
HEADER = (
    "id", "name", "kind", "aliases", "acronyms", "former_names", "parent", "founded", "ended", "region", "countries",
    "ucdp_id", "ucdp_name", "source",
)  # fmt: skip
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
YEAR = re.compile(r"\d{4}")

# Kosovo has no ISO 3166-1 code; XKX is the user-assigned one that event data carry.
USER_ASSIGNED = {"XKX"}

# Head nouns of armed groups: standing alone they name no group, and the grammar handles "the front", "the army".
COMMON_NOUNS = frozenset(
    re.findall(
        r"\w+",
        """
        alliance army awakening balance base battalion bloc brigade brigades cell cells coalition cobras command
        committee congress corps council division eagles faction falcons fighters force forces front gang government
        group guard guards guerrillas hawks hunters insurgents jihad justice league legion liberation lions martyrs
        militants militia militias movement network ninjas opposition order organisation organization outlaws party
        patriots peace police rally rebels regiment republic resistance revolution separatists soldiers sons state
        students supporters terrorists tigers troops union unity vanguard victory volunteers warriors youth
        """,
    )
)

# Names that two organisations of one file really bear; which of them is meant is settled by place and date.
SHARED_NAMES: dict[str, frozenset[str]] = {
    "americas.csv": frozenset(
        {
            "ejercito revolucionario del pueblo",
            "ejercito secreto anticomunista",
            "peoples revolutionary army",
            "revolutionary army of the people",
            "secret anti communist army",
            "secret anticommunist army",
        }
    ),
    "africa.csv": frozenset({"ansar al sharia", "ansar al shariah", "ansar al charia"}),
    "middle_east.csv": frozenset(
        {
            "army of islam",
            "jamaat ansar al islam",
            "mujahideen army",
            "mujahedeen army",
            "jaysh al mujahideen",
            "jaysh al mujahedeen",
            "jaysh al mujahidin",
            "jaish al mujahideen",
        }
    ),
}


class Row(NamedTuple):
    """One actor with the place it stands at, for messages."""

    file: str
    line: int
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.cells['id']}"

    def many(self, column: str) -> list[str]:
        """The values of a '|'-separated cell; an empty cell has none."""
        return self.cells[column].split("|") if self.cells[column] else []

    def names(self) -> list[str]:
        """All spelt-out names (acronyms may be shared freely and are left out)."""
        return [self.cells["name"], *self.many("aliases"), *self.many("former_names")]


def fold(name: str) -> str:
    """Case, diacritics, apostrophes and hyphens folded away, as the reader does when it matches names."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[\W_]+", " ", re.sub(r"['’‘ʼʻ`´]", "", plain)).strip()


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, restkey="extra", strict=True)
        return [Row(path.name, reader.line_num, cells) for cells in reader]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """The rows of all actor files."""
    return [row for path in FILES for row in read(path)]


def test_there_are_actor_files() -> None:
    assert {"africa.csv", "middle_east.csv"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_header_and_shape(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle, strict=True))
    assert tuple(lines[0]) == HEADER
    assert [(n, len(line)) for n, line in enumerate(lines, 1) if len(line) != len(HEADER)] == []
    assert b"\r" not in path.read_bytes()


def test_cells_are_trimmed_and_lists_have_no_empty_or_double_item(rows: list[Row]) -> None:
    untrimmed = [
        f"{row}: {column}" for row in rows for column in HEADER if row.cells[column].strip() != row.cells[column]
    ]
    lists = ("aliases", "acronyms", "former_names", "countries")
    broken = [
        f"{row}: {column}"
        for row in rows
        for column in lists
        if any(not item.strip() or item != item.strip() for item in row.many(column))
        or len(set(row.many(column))) != len(row.many(column))
    ]
    assert untrimmed + broken == []


def test_ids_are_slugs_and_unique_over_all_files(rows: list[Row]) -> None:
    at: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        at[row.cells["id"]].append(str(row))
    assert [str(row) for row in rows if not SLUG.fullmatch(row.cells["id"])] == []
    # The article belongs to the title of some newspapers, never to the name of an armed group.
    assert [str(row) for row in rows if row.cells["kind"] != "media" and row.cells["id"].startswith("the-")] == []
    assert [places for places in at.values() if len(places) > 1] == []


def test_every_row_has_name_kind_and_source(rows: list[Row]) -> None:
    required = ("name", "kind", "source")
    assert [f"{row}: {column}" for row in rows for column in required if not row.cells[column]] == []
    assert [f"{row}: {row.cells['kind']}" for row in rows if row.cells["kind"] not in get_args(ActorKind)] == []


def test_parents_exist_and_do_not_loop(rows: list[Row]) -> None:
    parent = {row.cells["id"]: row.cells["parent"] for row in rows}
    assert [
        f"{row}: {row.cells['parent']}" for row in rows if row.cells["parent"] and row.cells["parent"] not in parent
    ] == []
    for start in parent:
        seen, here = {start}, parent[start]
        while here:
            assert here not in seen, f"the parents of {start!r} lead back to {here!r}"
            seen.add(here)
            here = parent[here]


def test_countries_are_iso3(rows: list[Row]) -> None:
    known = {country.alpha_3 for country in pycountry.countries} | USER_ASSIGNED
    assert [f"{row}: {code}" for row in rows for code in row.many("countries") if code not in known] == []


def test_years_are_years_and_in_order(rows: list[Row]) -> None:
    odd = [
        f"{row}: {column}={row.cells[column]}"
        for row in rows
        for column in ("founded", "ended")
        if row.cells[column] and not YEAR.fullmatch(row.cells[column])
    ]
    assert odd == []
    both = [row for row in rows if row.cells["founded"] and row.cells["ended"]]
    assert [str(row) for row in both if row.cells["founded"] > row.cells["ended"]] == []


def test_no_alias_is_a_common_noun(rows: list[Row]) -> None:
    assert [f"{row}: {name}" for row in rows for name in row.names() if fold(name) in COMMON_NOUNS] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_names_shared_by_two_rows_of_a_file_are_the_listed_ones(path: Path) -> None:
    bearers: dict[str, set[str]] = defaultdict(set)
    for row in read(path):
        for name in row.names():
            bearers[fold(name)].add(row.cells["id"])
    shared = {name: sorted(ids) for name, ids in bearers.items() if len(ids) > 1}
    listed = SHARED_NAMES.get(path.name, frozenset())
    assert {name: ids for name, ids in shared.items() if name not in listed} == {}
    # A name that only one row bears by now must leave the list, or the next clash would slip through.
    assert listed - shared.keys() == frozenset()


def test_acronyms_have_a_capital_or_a_digit(rows: list[Row]) -> None:
    assert [f"{row}: {a}" for row in rows for a in row.many("acronyms") if not re.search(r"[A-Z0-9]", a)] == []


def test_ucdp_ids_and_names_agree_with_the_actor_dataset(rows: list[Row], shared: Path) -> None:
    path = shared / "data" / "ucdp_actor_22_1.csv"
    if not path.is_file():
        pytest.skip("no UCDP actor dataset in the shared folder")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        names = {actor["ActorId"]: actor["NameData"].strip() for actor in csv.DictReader(handle)}
    half = [str(row) for row in rows if bool(row.cells["ucdp_id"]) != bool(row.cells["ucdp_name"])]
    assert half == []
    wrong = [
        f"{row}: {row.cells['ucdp_id']} is {names.get(row.cells['ucdp_id'])!r}, not {row.cells['ucdp_name']!r}"
        for row in rows
        if row.cells["ucdp_id"] and names.get(row.cells["ucdp_id"]) != row.cells["ucdp_name"]
    ]
    assert wrong == []
