"""Reading the data files that ship in this folder."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def data_file(name: str) -> Path:
    """The path of a file of the lexicon, such as ``frames.toml`` or ``actors``."""
    return _HERE / name


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the lexicon."""
    with data_file(name).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@cache
def read_toml(name: str) -> dict[str, Any]:
    """A TOML file of the lexicon."""
    with data_file(name).open("rb") as f:
        return tomllib.load(f)


@cache
def read_lines(name: str) -> frozenset[str]:
    """The lines of a word list, without comments."""
    lines = data_file(name).read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def word_list(table: str, name: str) -> frozenset[str]:
    """A closed word list of the grammar (``grammar.toml``)."""
    return frozenset(read_toml("grammar.toml")[table][name].split())
