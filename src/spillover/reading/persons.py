"""Names of persons that can be told before the parse: a run of capitalised words that starts with a given name or
«Abu».

They go into the parser as one word, so that «Abu Musab al-Zarqawi» does not come apart at its hyphen.
"""

from __future__ import annotations

import re

from spacy.lang.en.stop_words import STOP_WORDS

from spillover.lexicon import read_lines
from spillover.reading.nouns import noun_kinds, titles
from spillover.words import fold

_NAME = r"(?:(?:[Aa]l|[Ee]l|[Uu]l|[Uu]d|[Uu]r|as|ash|an|ar|at)[-‑ ])?[A-Z][\w’'`]+(?:-[A-Z][\w’'`]+)?"
_PARTICLE = r"(?:bin|ibn|bint|de|del|de la|dos|da|van|von|ould|Abu|abu|Ould|y)"
_RUN = re.compile(rf"(?<![\w-]){_NAME}(?:[ ](?:{_PARTICLE} )?{_NAME}){{1,4}}(?![\w])")


def _is_title(word: str) -> bool:
    folded = fold(word)
    return folded in titles() or folded in noun_kinds() or folded in STOP_WORDS


_FATHERS = frozenset({"abu", "umm", "ibn", "abou", "abdul", "abd"})


def find_persons(text: str, start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of persons' names in ``text[start:end]``, clear of ``taken`` spans (actors, places, dates)."""
    given = read_lines("first_names.txt")
    found = []
    for m in _RUN.finditer(text, start, end):
        a, b = m.span()
        words = re.split(r"[ ]", m.group())
        # titles, common nouns and names of bodies in front of the given name are no part of it
        while len(words) > 1 and (_is_title(words[0]) or any(x < a + len(words[0]) and a < y for x, y in taken)):
            a += len(words[0]) + 1
            words.pop(0)
        starts = {fold(w) for w in words[:2]} & (given | _FATHERS)
        if len(words) < 2 or not starts or any(x < b and a < y for x, y in taken):
            continue
        found.append((a, b))
    return found
