"""Actor mentions: names of the lexicon and acronyms that the text itself defines, with ambiguous names decided.

An acronym keeps its capitals (``IS`` is not ``is``); other names need one capital at least, except in text that has no
capitals at all. A name of several actors goes to the one that the text defined, else to the one whose countries the
text speaks of most, else to the one that still existed, else to the first of the lexicon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from spillover.lexicon import ActorInfo, Lexicon, read_csv, word_list
from spillover.lexicon.actors import Name
from spillover.reading.statement import ActorKind, How
from spillover.words import Word, key, words


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A name of an actor in the text. ``name``: its full name; ``actor``: canonical id, ``None`` for a local one."""

    start: int
    end: int
    surface: str
    actor: str | None
    kind: ActorKind
    how: How
    name: str
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """``short`` is introduced as another name of ``long``; both are spans of the text."""

    short: tuple[int, int]
    long: tuple[int, int]
    cue: str


@dataclass(slots=True)
class LocalNames:
    """Names that this text defines, by folded words: ``(actor id or None, kind, full name, how)``."""

    names: dict[tuple[str, ...], tuple[str | None, ActorKind, str, How]] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)


class ActorFinder:
    """Finds actor mentions in one document."""

    def __init__(self, lexicon: Lexicon, text: str, lower: bool, is_word: Callable[[str], bool]) -> None:
        self._lexicon, self._text, self._lower, self._is_word = lexicon, text, lower, is_word
        self._votes: Counter[str] = Counter()
        self._present: set[str] = set()
        self._local = LocalNames()

    @property
    def definitions(self) -> list[Definition]:
        """Acronyms and other names that the text defines, in order."""
        return self._local.definitions

    def learn(self, spans: Sequence[tuple[int, int]], countries: Counter[str]) -> None:
        """First pass over the content: unambiguous actors and demonyms, and names that the text defines.

        ``countries``: how often places of each country (ISO3) are named.
        """
        self._votes.update(countries)
        demonyms = demonym_table()
        for start, end in spans:
            for w in (found := words(self._text, start, end)):
                if (d := demonyms.get(w.folded)) and (self._lower or w.raw[:1].isupper()):
                    self._votes[d[0]] += 1
            for _, _, names in self._matches(found):
                if len({n.actor for n in names}) == 1:
                    self._present.add(names[0].actor)
                    info = self._lexicon.actor(names[0].actor)
                    if info is not None and len(info.countries) <= 3:  # what fights everywhere tells not of where
                        self._votes.update(info.countries)
        for start, end in spans:
            self._define(start, end)

    def find(self, start: int, end: int) -> list[ActorMention]:
        """Mentions in ``text[start:end]``, in order, longest first, without overlaps."""
        found = words(self._text, start, end)
        out = []
        for i, n, names in self._matches(found):
            a, b = found[i].start, found[i + n - 1].end
            local = self._local.names.get(tuple(w.folded for w in found[i : i + n]))
            surface = self._text[a:b]
            if local is not None and (self._lower or not names or surface[:1].isupper()):
                out.append(ActorMention(a, b, surface, local[0], local[1], local[3], local[2], surface.isupper()))
            elif names:
                name = self._choose(names)
                info = self._lexicon.actor(name.actor)
                assert info is not None
                how: How = "renamed" if name.former else "lexicon"
                out.append(ActorMention(a, b, surface, info.id, _kind(info), how, info.name, name.acronym))
        return out

    def _matches(self, found: list[Word]) -> list[tuple[int, int, list[Name]]]:
        out, i = [], 0
        while i < len(found):
            n, names = self._at(found, i)
            if n:
                out.append((i, n, names))
            i += n or 1
        return out

    def _at(self, found: list[Word], i: int) -> tuple[int, list[Name]]:
        longest = max(self._lexicon.longest(found[i].folded), 8 if self._local.names else 0)
        for n in range(min(longest, len(found) - i), 0, -1):
            part = found[i : i + n]
            parts = tuple(w.folded for w in part)
            names = [x for x in self._lexicon.names(parts) if self._fits(x, part)]
            if names or (parts in self._local.names and self._fits_local(parts, part)):
                return n, names
        return 0, []

    def _fits_local(self, parts: tuple[str, ...], part: list[Word]) -> bool:
        return self._lower or any(w.raw[0].isupper() for w in part)

    def _fits(self, name: Name, part: list[Word]) -> bool:
        """Does the way it is written allow this name?"""
        raws = [w.raw for w in part]
        if not self._gapless(part):
            return False
        if name.acronym:
            joined, wanted = "".join(raws).replace(".", ""), re.sub(r"\W", "", name.text)
            if self._lower:
                if " " in name.text.strip():
                    return False
                if any("." in r for r in raws) or any(c.isdigit() for c in joined):
                    return True
                return len(joined) >= 3 and (joined in _ALWAYS_NAMES or not self._is_word(joined))
            return joined == wanted or (joined.isupper() and len(joined) > 2 and joined == wanted.upper())
        if self._lower:
            return len(part) > 1 or part[0].folded in _ALWAYS_NAMES or not self._is_word(part[0].folded)
        return any(r[0].isupper() for r in raws)

    def _gapless(self, part: list[Word]) -> bool:
        """Nothing but blanks, hyphens, apostrophes and dots of abbreviations between the words."""
        return all(
            re.fullmatch(r"[\s\-‐‑–'’‘`´.&/]{0,3}", self._text[a.end : b.start]) is not None
            and not (self._text[a.end : b.start].startswith(".") and len(a.raw) > 3)
            for a, b in pairwise(part)
        )

    def _choose(self, names: list[Name]) -> Name:
        if len(names) == 1:
            return names[0]

        def rank(name: Name) -> tuple[bool, float, bool, int]:
            info = self._lexicon.actor(name.actor)
            assert info is not None
            votes = sum(self._votes[c] for c in info.countries) / (1 + 0.1 * len(info.countries))
            # where the text does not tell, the one with the more names is the better known
            return (info.id in self._present, votes, info.ended is None, len(info.aliases) + len(info.acronyms))

        return max(names, key=rank)

    def _define(self, start: int, end: int) -> None:
        for m in _PARENTHESIS.finditer(self._text, start, end):
            self._define_acronym(m.start(), m.start("inner"), m.end("inner"), start)

    def _define_acronym(self, before: int, a: int, b: int, start: int) -> None:
        """«Long Form (ACR)», after Schwartz & Hearst 2003: each letter of the acronym in order, the first at a word's
        start.
        """
        short = self._text[a:b].strip()
        if not _looks_like_acronym(short, self._lower):
            return
        head = self._text[start:before].rstrip()
        head = re.sub(r"['’]s?$", "", head)
        stop = start + len(head)
        found = [w for w in words(self._text, start, stop) if w.end <= stop][-12:]
        known = next((m for m in reversed(self.find(start, stop)) if m.end == stop), None) if found else None
        parts = key(short)
        if known is not None:
            if parts != key(known.surface):
                self._local.names.setdefault(parts, (known.actor, known.kind, known.name, "acronym"))
                self._local.definitions.append(Definition((a, b), (known.start, known.end), "acronym"))
            return
        span = _long_form(short, found, self._lower)
        if span is None:
            return
        long = self._text[span[0] : span[1]]
        names = [n for n in self._lexicon.names(parts) if n.acronym]
        info = self._lexicon.actor(self._choose(names).actor) if names else None
        same = info is not None and bool(set(key(long)) & {p for n in (info.name, *info.aliases) for p in key(n)})
        actor, kind = (info.id, _kind(info)) if info is not None and same else (None, _guess_kind(long))
        for parts_, how in ((key(long), "ner"), (parts, "acronym")):
            self._local.names.setdefault(parts_, (actor, kind, long, how))  # type: ignore[arg-type]
        self._local.definitions.append(Definition((a, b), span, "acronym"))


_PARENTHESIS = re.compile(r"[(\[](?P<inner>[^()\[\]]{2,14})[)\]]")


def _looks_like_acronym(short: str, lower: bool) -> bool:
    letters = [c for c in short if c.isalpha()]
    if short.split()[0].casefold() in ("and", "or", "the", "see", "now", "in"):
        return False
    if not re.fullmatch(r"[\w.\-–&’']+(?: [\w.\-]+)?", short) or len(letters) < 1 or not (letters[0].isalpha()):
        return False
    if lower:
        return " " not in short and 2 <= len(short) <= 8 and not short.isdigit()
    return sum(c.isupper() for c in letters) >= 2 or (any(c.isdigit() for c in short) and letters[0].isupper())


def _long_form(short: str, found: list[Word], lower: bool) -> tuple[int, int] | None:
    letters = [c.casefold() for c in short if c.isalnum()]
    for n in range(1, min(len(found), 2 * len(letters) + 2) + 1):
        part = found[-n:]
        if part[0].folded[:1] != letters[0] or part[0].folded in ("the", "of", "and", "a", "an"):
            continue
        if not lower and not (part[0].raw[0].isupper() or part[0].raw[0].isdigit()):
            continue
        joined, at = " ".join(w.folded for w in part), 0
        for letter in letters:
            at = joined.find(letter, at)
            if at < 0:
                break
            at += 1
        else:
            if n > 1 and len(joined) > len(short):
                return part[0].start, part[-1].end
    return None


_ALWAYS_NAMES = word_list("actors", "names")
_ORGANISATION = word_list("actors", "organisation")


def _guess_kind(name: str) -> ActorKind:
    return "organisation" if _ORGANISATION & set(key(name)) else "group"


def _kind(info: ActorInfo) -> ActorKind:
    return info.kind  # type: ignore[return-value]


_DEMONYMS: dict[str, tuple[str, str]] = {}


def demonym_table() -> dict[str, tuple[str, str]]:
    """Folded demonym or its plural → ``(ISO3, state id)``."""
    if not _DEMONYMS:
        for row in read_csv("demonyms.csv"):
            for form in (row["demonym"], row["noun_plural"]):
                parts = key(form)
                if len(parts) == 1:
                    _DEMONYMS.setdefault(parts[0], (row["iso3"], row["state_id"]))
    return _DEMONYMS
