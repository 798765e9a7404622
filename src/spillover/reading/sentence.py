"""A parsed sentence as the rules see it: words with offsets, lemmas, dependencies, and the mentions on each word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spillover.reading.actors import ActorMention
from spillover.reading.places import PlaceMention
from spillover.reading.quantities import QuantityMention
from spillover.reading.times import TimeMention


@dataclass(slots=True)
class Mentions:
    """What was found in a sentence before it is parsed."""

    actors: list[ActorMention]
    places: list[PlaceMention]
    times: list[TimeMention]
    quantities: list[QuantityMention]
    persons: list[tuple[int, int]]


class Sentence:
    """One parsed sentence. Token ``i`` has ``starts[i]``, ``ends[i]`` (offsets in the document), ``lemmas[i]``, ..."""

    __slots__ = (
        "actor_at",
        "block",
        "children",
        "definitions",
        "demonym_at",
        "deps",
        "end",
        "ends",
        "entities",
        "heading",
        "heads",
        "index",
        "lemmas",
        "lowers",
        "mentions",
        "place_at",
        "quantity_at",
        "quoted",
        "start",
        "starts",
        "tags",
        "text",
        "words",
    )  # fmt: skip

    def __init__(
        self, text: str, start: int, end: int, index: int, block: int, heading: bool, mentions: Mentions
    ) -> None:
        self.text, self.start, self.end, self.index, self.block = text, start, end, index, block
        self.heading, self.mentions = heading, mentions
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.lowers: list[str] = []
        self.lemmas: list[str] = []
        self.tags: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.children: list[list[int]] = []
        self.actor_at: dict[int, ActorMention] = {}
        self.place_at: dict[int, PlaceMention] = {}
        self.quantity_at: dict[int, QuantityMention] = {}
        self.demonym_at: dict[int, tuple[str, str]] = {}
        self.entities: dict[int, tuple[str, int, int]] = {}
        self.quoted: list[bool] = []

    def __len__(self) -> int:
        return len(self.words)

    @property
    def quote(self) -> str:
        """The sentence's words."""
        return self.text[self.start : self.end]

    def surface(self, tokens: Iterable[int]) -> tuple[int, int]:
        """Offsets of the stretch from the first to the last of ``tokens``."""
        ts = list(tokens)
        return self.starts[min(ts)], self.ends[max(ts)]

    def root(self, i: int) -> int:
        """The root of the tree that token ``i`` is in."""
        while self.heads[i] != i:
            i = self.heads[i]
        return i

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads of token ``i``, nearest first."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    @property
    def known_places(self) -> frozenset[str]:
        """Words of the places found in the sentence."""
        return frozenset(w for p in self.mentions.places for w in p.surface.casefold().split())

    def subtree(self, i: int) -> list[int]:
        """Token ``i`` and all below it, in order."""
        out, stack = [], [i]
        while stack:
            j = stack.pop()
            out.append(j)
            stack += self.children[j]
        return sorted(out)

    def kids(self, i: int, *deps: str) -> list[int]:
        """Children of ``i`` with one of these dependencies."""
        return [c for c in self.children[i] if self.deps[c] in deps]

    def token_at(self, offset: int) -> int | None:
        """The token that covers this offset."""
        for i, (a, b) in enumerate(zip(self.starts, self.ends, strict=True)):
            if a <= offset < b:
                return i
        return None

    def is_verb(self, i: int) -> bool:
        """Is the token tagged as a verb?"""
        return self.tags[i].startswith("VB") or (self.tags[i] == "MD")

    def is_noun(self, i: int) -> bool:
        """Is the token tagged as a noun or a name?"""
        return self.tags[i].startswith("NN")
