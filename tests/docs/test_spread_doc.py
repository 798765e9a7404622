"""docs/spread.md: every measure has its row with the defaults of its function, and the page does what it shows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import ROOT, Ran, cells, run, section, words

from spillover.spread import (
    actor_graph,
    borders,
    diffusion,
    first_hits,
    footprint,
    front,
    lately,
    lethality,
    near_repeat,
    tempo,
)
from spillover.spread.kernelarea import BANDWIDTH
from spillover.spread.lately import FALSE
from spillover.spread.nearrepeat import DAYS, KM
from spillover.spread.overview import TITLES
from spillover.spread.powerlaw import FEWEST
from spillover.spread.tempo import HALF_LIFE

PAGE = (ROOT / "docs" / "spread.md").read_text(encoding="utf-8")
ROWS = {row[0].split("`")[1]: row for row in cells(section(PAGE, "The measures"))}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        actor_graph, borders, diffusion, first_hits, footprint, front, lately, lethality, near_repeat, tempo,
    )
}  # fmt: skip


def listed(numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{n:g}" for n in numbers)


def test_every_measure_has_its_row_and_no_other_has() -> None:
    assert {name: row[0].split("` ")[1] for name, row in ROWS.items()} == TITLES
    assert list(ROWS) == list(TITLES)  # in the order of reading


def test_every_measure_with_a_page_of_its_own_has_a_part() -> None:
    told = set(re.findall(r"^### (.+)$", section(PAGE, "How to read them"), re.MULTILINE))
    assert told == set(TITLES.values()) - {"First hits by country", "Contagion"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_defaults_in_a_row_are_those_of_the_function(name: str) -> None:
    given = inspect.signature(FUNCTIONS[name]).parameters
    said = re.findall(r"`(\w+)=([^`]+)`", " ".join(ROWS[name]))
    assert said
    for parameter, value in said:
        assert eval(value) == given[parameter].default, parameter


def test_other_figures_are_those_of_the_program() -> None:
    bands = f"up to {listed(KM)} km and {listed(DAYS)} days"
    assert bands in ROWS["near_repeat"][2]
    assert f"at most {FALSE:.0%}".replace("%", " %") in ROWS["lately"][2]
    assert f"half-life of {HALF_LIFE['month']:g} months or {HALF_LIFE['week']:g} weeks" in ROWS["tempo"][2]
    assert f"{FEWEST} events or more" in ROWS["lethality"][2]
    assert f"The bandwidth is {BANDWIDTH:g} km" in PAGE


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Ran]]:
    """The folder in which the page's commands were run, and what came of them."""
    folder = tmp_path_factory.mktemp("spread")
    return folder, list(run(PAGE, folder))


def test_the_commands_give_what_the_page_shows(ran: tuple[Path, list[Ran]]) -> None:
    """Lines of "…" stand for what is left out; the rest must come in that order."""
    _, blocks = ran
    shown = [(block, block.shown) for block in blocks if block.shown is not None]
    assert len(shown) == 3
    for block, text in shown:
        rest = " ".join(words(block.came))
        parts = [" ".join(words(part)) for part in re.split(r"^…$", text, flags=re.MULTILINE)]
        assert len(parts) > 1 or parts == [rest], block.commands
        for part in filter(None, parts):
            assert part in rest, f"{block.commands}{part}"
            rest = rest.partition(part)[2]


def test_the_python_blocks_run(
    ran: tuple[Path, list[Ran]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = ran
    monkeypatch.chdir(folder)
    scope: dict[str, Any] = {}
    for found in re.finditer(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        line = PAGE.count("\n", 0, found.start(1))
        exec(compile("\n" * line + found[1], "docs/spread.md", "exec"), scope)
    assert "Left out |" in capsys.readouterr().out


def test_tables_are_named_as_the_page_says(ran: tuple[Path, list[Ran]]) -> None:
    folder, _ = ran
    written = {path.name for path in (folder / "tables").iterdir()}
    named = set(re.findall(r"`(\w+\.csv)`", section(PAGE, "Tables, figures, JSON")))
    assert named and named <= written
