"""docs/checking.md: verdicts, caveats and fields are those of the program, and its commands give what it shows."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from running import ROOT, Ran, cells, run, section, words

import spillover
from spillover.checking import VERDICTS, Finding
from spillover.checking.caveats import sentences

PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")


def codes(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def test_every_verdict_has_its_row_and_no_other_has() -> None:
    listed = [code for row in cells(section(PAGE, "Verdicts")) for code in codes(row[0])]
    assert sorted(listed) == sorted(VERDICTS)


def test_every_verdict_can_come_of_some_claim() -> None:
    table = section(PAGE, "What is computed")
    assert set(VERDICTS) <= set(codes(table))


def test_the_caveats_are_those_of_the_program() -> None:
    """To mend the page, copy the rows that the failure shows."""
    shown = [line for line in section(PAGE, "Coverage and caveats").splitlines() if line.startswith("| `")]
    assert "\n".join(shown) == "\n".join(f"| `{code}` | {text} |" for code, text in sentences().items())


def test_the_fields_of_a_finding_are_those_of_the_program() -> None:
    assert {c for row in cells(section(PAGE, "A finding")) for c in codes(row[0])} == {f.name for f in fields(Finding)}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Ran]]:
    """The folder in which the page's commands were run, and what came of them, by their first two words."""
    folder = tmp_path_factory.mktemp("checking")
    return folder, {" ".join(block.commands.split()[1:3]): block for block in run(PAGE, folder)}


def number(of: dict[str, str] | dict[str, int]) -> dict[str, int]:
    return {name: int(of[name]) for name in ("low", "best", "high")}


def test_the_commands_give_what_the_page_shows(ran: tuple[Path, dict[str, Ran]]) -> None:
    _, blocks = ran
    check, query = blocks["check --case"], blocks["events sql"]
    found, shown = json.loads(check.came), json.loads(check.shown or "")
    assert set(found) == set(shown) and shown["tempo"] == shown["sql"] == "…"
    for name in ("verdict", "reason", "claimed", "record", "period", "coverage", "caveats", "events", "score", "kind"):
        assert found[name] == shown[name], name
    assert words(query.came) == words(query.shown or "")
    (row,) = csv.DictReader(query.came.splitlines())
    assert number(row) == number(found["record"])
    assert json.loads(blocks["outlook --case"].came)["entries"]


def test_the_query_of_the_finding_gives_its_number(ran: tuple[Path, dict[str, Ran]]) -> None:
    folder, blocks = ran
    found = json.loads(blocks["check --case"].came)
    with spillover.open_case(folder / "lake-chad", readonly=True) as case, case.events() as session:
        (row,) = session.query(found["sql"]).dicts()
    assert number(row) == number(found["record"])
