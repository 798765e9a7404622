"""Tells a title or an author that somebody wrote from what programs fill in."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

from spillover.reading.documents.draft import squeeze

_LONGEST = 300


@functools.cache
def _table() -> tuple[frozenset[str], re.Pattern[str]]:
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("placeholders.toml").read_text("utf-8"))
    return frozenset(data["names"]), re.compile("|".join(data["patterns"]), re.IGNORECASE)


def stated(value: object) -> str | None:
    """``value`` trimmed, or ``None`` if it is no text or a program's placeholder."""
    if not isinstance(value, str):
        return None
    text = squeeze(value.replace("\0", ""))[:_LONGEST]
    names, patterns = _table()
    return None if text.lower() in names or patterns.search(text) else text
