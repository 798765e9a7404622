"""docs/scenarios.md: the kinds of edits are those of the program, and its commands give what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import ROOT, Ran, cells, run, section

from spillover.errors import SpreadError
from spillover.forecasting.scenarios import Outcome, load
from spillover.forecasting.scenarios.run import _FEWEST, _TIMES
from spillover.forecasting.scenarios.toml import _KINDS

PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Ran]]:
    folder = tmp_path_factory.mktemp("scenarios")
    return folder, list(run(PAGE, folder))


def test_every_kind_of_edit_has_its_row_with_its_keys() -> None:
    rows = {re.findall(r"\w+", row[0])[0]: set(re.findall(r"`(\w+)`", row[1])) for row in cells(section(PAGE, "Edits"))}
    assert rows == {kind: set(keys) for kind, (keys, _) in _KINDS.items()}


def test_the_tables_are_those_of_an_outcome() -> None:
    named = [row[0].strip("`").split("(")[0] for row in cells(section(PAGE, "What comes out"))]
    assert named and all(hasattr(Outcome, name) for name in named)


def test_the_bounds_are_those_of_the_program() -> None:
    assert f"{_TIMES} times the events of the recent past, at least {_FEWEST:,}" in " ".join(PAGE.split())


def blurred(text: str) -> str:
    """Without hashes and without the numbers that move with the fit, but not those of the scenario."""
    text = re.sub(r"\bst_[0-9a-f]+\b", "", text)
    return " ".join(re.sub(r"(?<![\w-])[+−]?\d+(\.\d+)?%?(?= (events|\()|[);]| to | of them|%)", "#", text).split())


def test_the_commands_give_what_the_page_shows(ran: tuple[Path, list[Ran]]) -> None:
    folder, blocks = ran
    shown = [block for block in blocks if block.shown is not None]
    assert len(shown) == 3
    for block in shown:
        came = blurred(block.came)
        for part in (block.shown or "").split("…\n"):
            assert blurred(part) in came, block.commands
    assert (folder / "twice.png").stat().st_size > 10_000 and load(folder / "twice.toml").edits


def test_the_drafts_of_the_page_are_not_run_before_they_are_filled_in(ran: tuple[Path, list[Ran]]) -> None:
    folder, _ = ran
    paths = sorted((folder / "drafts").glob("*.toml"))
    assert paths
    for path in paths:
        with pytest.raises(SpreadError, match="still to be filled in"):
            load(path)
