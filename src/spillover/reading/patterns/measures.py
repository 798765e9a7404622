"""The word lists of ``lexicon/measures.toml`` as sets and reverse tables."""

from __future__ import annotations

from functools import cache

from spillover.lexicon import read_toml


@cache
def word_set(section: str, name: str) -> frozenset[str]:
    """One list as a set."""
    value = read_toml("measures.toml")[section][name]
    return frozenset(value.split() if isinstance(value, str) else value)


@cache
def types_by_word(section: str, *names: str) -> dict[str, str]:
    """Word → the type whose list it is in; the first list wins."""
    table = read_toml("measures.toml")[section]
    out: dict[str, str] = {}
    for name in names or table:
        for word in table[name].split():
            out.setdefault(word, name)
    return out
