"""Caveats by rule: the sentences are in ``caveats.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from spillover.checking.finding import Caveat


@cache
def sentences() -> dict[str, str]:
    """The sentence of every caveat by its code, with ``{…}`` to be filled in."""
    return tomllib.loads(files(__package__).joinpath("caveats.toml").read_text("utf-8"))


def caveat(code: str, **values: Any) -> Caveat:
    """The caveat of that code, filled in."""
    return Caveat(code, sentences()[code].format(**values))
