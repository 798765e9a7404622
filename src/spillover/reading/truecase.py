"""Capitals that the parser expects, for text that has none (wire copy in lower case) or has them everywhere
(headlines).

Only the form that the parser sees changes; offsets and surfaces stay those of the text. A word that no English word
list
knows, a given name, a demonym, a weekday or month takes a capital; in headlines, known words lose theirs.
"""

from __future__ import annotations

from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS

from spillover.lexicon import read_lines, word_list
from spillover.reading.actors import demonym_table
from spillover.reading.language import Lemmas
from spillover.words import fold

_DAYS = word_list("truecase", "days")
_CONTRACTIONS = word_list("truecase", "contractions")


def has_no_capitals(text: str) -> bool:
    """Is the text all lower case (fewer than one letter in two hundred is a capital)?"""
    letters = sum(c.isalpha() for c in text)
    return letters > 20 and sum(c.isupper() for c in text) < letters / 200


class Truecaser:
    """Mends capitals word by word."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._names = read_lines("first_names.txt")
        self.lower = lru_cache(maxsize=65536)(self._lower)

    def _lower(self, word: str, where: str) -> str:
        """The form of a word of lower-case text."""
        if where == "start" and word.isalpha():
            return word.capitalize()
        if word == "i":
            return "I"
        folded = fold(word)
        if not word.isalpha() or len(word) < 3 or word in STOP_WORDS or word in _CONTRACTIONS:
            return word
        if folded in self._names or folded in _DAYS or folded in demonym_table():
            return word.capitalize()
        if where == "name" and not self._lemmas.is_verb(folded):  # a surname after a given name: «luis carlos galan»
            return word.capitalize()
        return word if self._lemmas.is_word(folded) else word.capitalize()

    def headline(self, word: str, where: str) -> str:
        """The form of a word of a headline in title case or capitals."""
        low = word.casefold()
        if where == "start":
            return word
        if low in STOP_WORDS or (
            self._lemmas.is_word(low) and fold(low) not in demonym_table() and low not in self._names
        ):
            return low
        return word.capitalize() if word.isupper() and len(word) > 5 else word
