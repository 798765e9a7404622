"""Head nouns by the kind of actor they name, nouns that take up an actor, and persons' titles."""

from __future__ import annotations

from functools import cache

from spillover.lexicon import read_csv, read_toml
from spillover.reading.statement import ActorKind


@cache
def noun_kinds() -> dict[str, ActorKind]:
    """Head noun (lemma) → kind of actor; the first list that has it wins."""
    out: dict[str, ActorKind] = {}
    data = read_toml("nouns.toml")
    for kind in ("state_force", "group", "state", "organisation", "media", "community", "person"):
        for noun in data[kind].split():
            out.setdefault(noun, kind)
    return out


@cache
def reference_nouns() -> dict[str, str]:
    """Noun form of a nominal repeat → the kind it takes up."""
    table = read_toml("nouns.toml")["reference"]
    return {noun: kind for kind in table for noun in table[kind].split()}


@cache
def titles() -> frozenset[str]:
    """One-word titles that stand before a person's name («general», «msgr»)."""
    return frozenset(row["title"].casefold().rstrip(".") for row in read_csv("titles.csv") if " " not in row["title"])
