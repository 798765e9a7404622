"""docs/events.md: its tables are those of the program, and its commands give what it shows."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest
from running import ROOT, cells, run, section, words

from spillover.cli.events_sql import sql
from spillover.records import open_session
from spillover.records.actors import Crosswalk
from spillover.records.catalog import Catalog
from spillover.records.mapping import built_in
from spillover.records.normal import WHATS, columns
from spillover.records.session import MEMORY
from spillover.records.tables import duplicates

PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
TITLES = {"events": "Events", "totals": "Totals", "actor_ties": "Ties of actors"}


@pytest.mark.parametrize("what", WHATS)
def test_the_tables_of_the_normal_form_are_those_of_the_program(what: str) -> None:
    """To mend the page, copy the rows that the failure shows."""
    text = re.search(rf"^### {TITLES[what]}\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert text
    shown = "\n".join(line for line in text[1].splitlines() if line.startswith("| `"))
    assert shown == "\n".join(f"| `{c.name}` | {c.type} | {c.about} |" for c in columns(what))  # type: ignore[arg-type]


def test_every_data_set_is_in_the_table() -> None:
    listed = set(re.findall(r"^\| [^|`]+ \| `([\w-]+)` \|", section(PAGE, "What can be added"), re.MULTILINE))
    # a set that was written out in the normal form is of the data set that it was made from
    assert listed == set(built_in()) - {"spillover-events"}


def test_the_tables_that_a_query_can_ask_have_these_columns(tmp_path: Path, lexicon: object) -> None:
    rows = {
        row[0].strip("`"): row[1] for row in cells(PAGE) if row[0].strip("`") in ("dyad_years", "duplicates", "sets")
    }
    with open_session(Catalog(tmp_path), Crosswalk(lexicon)) as session:  # type: ignore[arg-type]
        asked = "select table_name, column_name from duckdb_columns() where not internal order by column_index"
        there: dict[str, list[str]] = {}
        for table, column in session.query(asked).rows:
            there.setdefault(table, []).append(column)
    for table, text in rows.items():
        # `totals` stands in the text of a row
        assert [c for c in re.findall(r"`(\w+)`", text) if c not in there] == there[table]
    beside = re.search(r"^Beside the normal form (.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert beside and len(rows) == 3
    more = [c for c in there["events_all"] if c not in {c.name for c in columns("events")}]
    assert set(more) <= set(re.findall(r"`(\w+)`", beside[1]))


def test_the_figures_of_the_match_score() -> None:
    weights = duplicates._WEIGHTS
    formula = " + ".join(
        f"{weights[part]:.2f}".lstrip("0") + f" × {part}" for part in ("time", "place", "actors", "deaths")
    )
    assert formula in PAGE and f"From {duplicates.THRESHOLD:g}".replace("0.", ".") in PAGE


def test_the_limits_of_a_query_are_those_of_the_program() -> None:
    seconds = inspect.signature(sql).parameters["seconds"].default
    assert f"after {seconds:g} s" in PAGE and MEMORY.replace("GB", " GB") in PAGE


def test_the_keys_of_a_mapping_are_known() -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    example = tomllib.loads(found[1])
    listed = {k for row in cells(section(PAGE, "Any table: a mapping")) for k in re.findall(r"`(\w+)`", row[0])}
    mappings = (ROOT / "src" / "spillover" / "records" / "mappings").glob("*.toml")
    given = {key for m in mappings for key in tomllib.loads(m.read_text("utf-8"))["dataset"]}
    assert set(example["dataset"]) <= listed and given - {"starts"} <= listed


def test_the_commands_give_what_the_page_shows(tmp_path: Path) -> None:
    blocks = list(run(PAGE, tmp_path))
    assert len(blocks) >= 7
    for block in blocks:
        if block.shown is not None:
            assert words(block.came) == words(block.shown), block.commands
