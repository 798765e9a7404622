"""Words with their offsets, folded for look-up: no case, no diacritics, no dots in abbreviations."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")


class Word(NamedTuple):
    """A word of the text. ``folded`` is its look-up form, ``raw`` the word as written."""

    start: int
    end: int
    folded: str
    raw: str


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Case, diacritics and dots removed: ``Kunaṟ`` → ``kunar``, ``U.S.`` → ``us``."""
    if word.isascii():
        return word.casefold().replace(".", "")
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().replace(".", "")


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]``; offsets count in ``text``."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(m.start(), m.end(), fold(m.group()), m.group()) for m in found]


def key(name: str) -> tuple[str, ...]:
    """The look-up key of a name: its folded words without a leading article."""
    parts = tuple(w.folded for w in words(name))
    return parts[1:] if len(parts) > 1 and parts[0] == "the" else parts
