"""The frame table (``lexicon/frames.toml``), indexed by trigger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from spillover.lexicon import read_toml


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the frame table; see the head of ``frames.toml`` for the fields."""

    kind: str
    type: str
    verbs: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    object: tuple[str, ...] = ("obj",)
    needs: frozenset[str] = frozenset()
    subject: str | None = None
    reciprocal: bool = False
    actors: bool = False
    swap: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames by verb, by noun, and the nouns that describe an actor."""

    by_verb: dict[str, tuple[Frame, ...]]
    by_noun: dict[str, tuple[Frame, ...]]
    holders: dict[str, str]

    @property
    def event_nouns(self) -> frozenset[str]:
        """Nouns that name an event."""
        return frozenset(n for n, fs in self.by_noun.items() if any(f.kind == "event" for f in fs))


def _frame(kind: str, row: dict[str, Any]) -> Frame:
    values: dict[str, Any] = {**row, "kind": kind, "object": tuple(row.get("object", ("obj",)))}
    for name in ("verbs", "nouns", "needs"):
        values[name] = frozenset(row.get(name, "").split())
    return Frame(**values)


@cache
def load_frames() -> Frames:
    """The frame table, read once."""
    data = read_toml("frames.toml")
    by_verb: dict[str, list[Frame]] = {}
    by_noun: dict[str, list[Frame]] = {}
    for kind in ("event", "tie"):
        for row in data[kind]:
            frame = _frame(kind, row)
            for verb in frame.verbs:
                by_verb.setdefault(verb, []).append(frame)
            for noun in frame.nouns:
                by_noun.setdefault(noun, []).append(frame)
    holders = {n: row["type"] for row in data["holder"] for n in row["nouns"].split()}
    freeze = {k: tuple(v) for k, v in by_verb.items()}
    return Frames(freeze, {k: tuple(v) for k, v in by_noun.items()}, holders)
