"""The rule set's name: a hash over the rules, the lexicon and the model, so that a reading says what made it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from spillover.lexicon import Lexicon
from spillover.reading.language import model_name

# in the lexicon, but of no use to the reader: they tie its actors and places to event data
_OF_THE_RECORDS = frozenset({"crosswalk.csv", "region_countries.csv", "territories.toml"})


@cache
def _code_digest() -> str:
    root = Path(__file__).resolve().parents[1]
    h = hashlib.sha256()
    files = [path for folder in ("reading", "lexicon") for path in (root / folder).rglob("*")]
    for path in sorted(
        p for p in files if p.suffix in (".py", ".toml", ".csv", ".txt") and p.name not in _OF_THE_RECORDS
    ):
        h.update(path.relative_to(root).as_posix().encode())
        h.update(path.read_bytes())
    return h.hexdigest()


def ruleset(lexicon: Lexicon) -> str:
    """Twelve hexadecimal digits that change with any rule, word list, actor of the lexicon, or model."""
    parts = f"{_code_digest()} {lexicon.digest} {model_name()}"
    return hashlib.sha256(parts.encode()).hexdigest()[:12]
