"""docs/lexicon.md and docs/documents.md agree with the data and the limits that they describe."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from spillover import load_lexicon
from spillover.lexicon import read_csv
from spillover.lexicon.actors import ActorInfo
from spillover.reading.documents import limits

ROOT = Path(__file__).resolve().parents[2]
LEXICON = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
DOCUMENTS = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return LEXICON.split(f"\n## {title}\n")[1].split("\n## ")[0]


def described(title: str) -> set[str]:
    rows = [line.split(" | ")[0] for line in section(title).splitlines() if line.startswith("| `")]
    return {c for row in rows for c in re.findall(r"`(\w+)`", row)}


def test_every_column_is_described_and_no_other_is() -> None:
    assert described("Actors") == {f.name for f in fields(ActorInfo)}


@pytest.mark.parametrize(
    ("title", "file"),
    [("The crosswalk", "crosswalk.csv"), ("Regions and territories", "places/region_countries.csv")],
)
def test_the_columns_of_the_tables_beside_it(title: str, file: str) -> None:
    assert described(title) == set(read_csv(file)[0])


def test_the_example_of_the_crosswalk_is_a_row_of_it() -> None:
    rows = [[c.strip(" `") for c in line.split(" | ")] for line in section("The crosswalk").splitlines()]
    shown = {row[0].strip("| `"): row[-1].rstrip(" |`").replace("\\|", "|") for row in rows if len(row) == 3}
    assert any(
        all(row[name] == shown[name] for name in ("actor", "dataset", "code", "name", "countries"))
        and shown["since`, `until"].startswith(row["since"])
        for row in read_csv("crosswalk.csv")
    )


def test_the_example_of_a_lexicon_can_be_loaded(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", LEXICON, re.DOTALL)
    assert found
    path = tmp_path / "lexicon.toml"
    path.write_text(found[1], encoding="utf-8")
    lexicon = load_lexicon(path)
    for table in tomllib.loads(found[1])["actor"]:
        actor = lexicon.actor(table["id"])
        assert actor and (actor.name, actor.kind, list(actor.aliases)) == (
            table["name"],
            table["kind"],
            table["aliases"],
        )


def test_the_limits_are_those_of_the_program() -> None:
    table = DOCUMENTS[DOCUMENTS.index("## Limits") :]
    default = limits.DEFAULT
    for value in (
        f"{default.input_bytes // limits.MIB} MiB",
        f"{default.text_characters:,} characters",
        f"| {default.pages:,} |",
        f"{default.unpacked_bytes // limits.MIB} MiB",
        f"{default.output_bytes // limits.MIB} MiB",
        f"{default.seconds:g} s",
        f"{default.memory_bytes // limits.MIB // 1024} GiB",
    ):
        assert value in table


def test_the_suffixes_are_those_of_the_program() -> None:
    path = ROOT / "src" / "spillover" / "reading" / "documents" / "formats.toml"
    known = tomllib.loads(path.read_text(encoding="utf-8"))["suffixes"]
    table = DOCUMENTS[DOCUMENTS.index("## Formats") : DOCUMENTS.index("The content decides")]
    assert {f".{s}" for suffixes in known.values() for s in suffixes if s} == set(re.findall(r"`(\.\w+)`", table))
