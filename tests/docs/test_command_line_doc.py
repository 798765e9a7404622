"""docs/command-line.md names every command, every option and every exit code, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from spillover.cli import exits
from spillover.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`[^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
_GROUP = get_command(app)
COMMANDS = _GROUP.commands  # type: ignore[attr-defined]


def parts(command: Any) -> list[Any]:
    """The command, and those that it is made of (``events add``)."""
    return [command, *getattr(command, "commands", {}).values()]


def options_of(command: Any) -> set[str]:
    """Its long options, ``--no-…`` too."""
    given = [o for p in command.get_params(typer.Context(command)) for o in (*p.opts, *p.secondary_opts)]
    return {option for option in given if option.startswith("--")}


def test_every_command_has_its_section_and_no_other_has() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_described_and_no_other_is(name: str) -> None:
    options = {option for command in parts(COMMANDS[name]) for option in options_of(command)}
    described = set(re.findall(r"`(--[a-z0-9-]+)", SECTIONS[name]))
    assert options - {"--help"} == described - {"--help"}


def test_exit_codes_are_the_programs_own() -> None:
    table = PAGE[PAGE.index("## Exit codes") :]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == set(exits.MEANINGS)


def test_options_in_the_examples_exist() -> None:
    for line in re.findall(r"spillover (\w+ [^\n#`]*)", PAGE + (ROOT / "README.md").read_text(encoding="utf-8")):
        name, *words = line.split()
        if name in COMMANDS:
            known = {o for command in parts(COMMANDS[name]) for o in options_of(command)}
            assert {w for w in words if w.startswith("--")} <= known, line
