"""Runs the commands of a page: the blocks ``sh``, one after the other, in a folder that has the examples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```sh\n(?P<sh>.*?)^```\n(?:\n```(?:text|json)\n(?P<out>.*?)^```)?", re.MULTILINE | re.DOTALL)
# what a run gives anew: the times of imports, and hashes, which change with rules and versions
_PASSING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00|\b(?:(?:st|fi)_)?[0-9a-f]{10,64}\b|─+")


@dataclass(frozen=True)
class Ran:
    """A block of commands, what the page shows beneath it (``None``: nothing), and what came out."""

    commands: str
    shown: str | None
    came: str


def section(page: str, title: str) -> str:
    """The text under a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,2}} |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[2]


def cells(text: str) -> Iterator[list[str]]:
    """The rows of the tables in it, without their heads."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def folder_for(page: str, folder: Path) -> None:
    """What the commands find: the examples, and the files that the page shows, by the names before them."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name, content in re.findall(r"`([\w-]+\.(?:csv|toml))`[^`]*\n```(?:csv|toml)\n(.*?)^```", page, re.M | re.S):
        (folder / name).write_text(content, encoding="utf-8")


def run(page: str, folder: Path) -> Iterator[Ran]:
    """Run them all; one that fails is an assertion."""
    folder_for(page, folder)
    head = f'set -e\nspillover() {{ "{sys.executable}" -m spillover "$@"; }}\n'
    for block in _BLOCK.finditer(page):
        done = subprocess.run(
            ["bash", "-c", head + block["sh"]],
            cwd=folder, capture_output=True, text=True, timeout=200, env={**os.environ, "COLUMNS": "160"},
        )  # fmt: skip
        assert done.returncode == 0, f"{block['sh']}\n{done.stderr}"
        yield Ran(block["sh"], block["out"], done.stdout)


def words(text: str) -> list[str]:
    """The words of an output, without what differs from run to run and without how it is laid out."""
    return _PASSING.sub("", text).split()
