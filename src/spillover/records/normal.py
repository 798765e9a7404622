"""The normal form that every data set is brought to; the columns and what they mean are in ``normal.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

What = Literal["events", "totals", "actor_ties"]
# SQL for the least, the best and the most deaths of an event: the bounds stand the wrong way round in some releases
TOLL = ("least(deaths_low, deaths_best, deaths_high)", "deaths_best", "greatest(deaths_low, deaths_best, deaths_high)")
WHATS: tuple[What, ...] = get_args(What)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the normal form. ``type`` is DuckDB's name of it."""

    name: str
    type: str
    about: str


@cache
def columns(what: What) -> tuple[Column, ...]:
    """The columns of a table of the normal form, in order."""
    return tuple(Column(name, **spec) for name, spec in _tables()[what]["columns"].items())


def names(what: What) -> tuple[str, ...]:
    """The names of :func:`columns`."""
    return tuple(column.name for column in columns(what))


def about(what: What) -> str:
    """What a row of the table is."""
    return str(_tables()[what]["about"])


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("normal.toml").read_text("utf-8"))
