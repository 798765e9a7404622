"""Words parted at a line's end: whether their hyphen is the printer's (it goes) or the word's own (it stays)."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

SOFT = "\u00ad"
# pdfium gives U+0002 or U+FFFE for a hyphen that it takes for the printer's.
_ENDS = ("-", "\u2010", SOFT, "\u0002", "\ufffe")
_TAIL = re.compile(r"[\w’'-]+$")
_FRONT = re.compile(r"[\w’'-]+")


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("hyphens.toml").read_text("utf-8"))
    return {key: frozenset(values) for key, values in data.items()}


def hyphenated(line: str) -> bool:
    """Whether a line ends in a hyphen that joins it to the next one (a dash of its own, " -", does not)."""
    return len(line) > 1 and line.endswith(_ENDS) and (line[-2].isalnum() or line[-2] in "’'.")


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """Words of the document as they stand inside lines: what tells "cease-fire" from "ceasefire"."""
    words: Counter[str] = Counter()
    for line in lines:
        found = _FRONT.findall(line.lower())
        # The word at a hyphenated end is a half; it would vouch for itself.
        words.update(found[:-1] if hyphenated(line) else found)
    return words


def join(line: str, following: str, words: Counter[str]) -> str:
    """``line`` and ``following`` as one text, ``line`` ending in a hyphen.

    The form that stands elsewhere in the document wins; else names, figures, compounds of compounds and the listed
    parts keep the hyphen, and what goes on in lower case loses it.
    """
    mark, stem = line[-1], line[:-1]
    before, after = _TAIL.search(stem), _FRONT.match(following)
    if before is None or after is None:
        return f"{stem}-{following}"
    return stem + ("-" if _kept(before.group(), after.group(), mark, words) else "") + following


def _kept(left: str, right: str, mark: str, words: Counter[str]) -> bool:
    if mark == SOFT:
        return False
    table = _table()
    low, high = left.lower(), right.lower()
    whole, parted = words[low + high], words[f"{low}-{high}"]
    if whole != parted:
        return parted > whole
    if not right[0].islower() or left[-1].isdigit() or "-" in left:
        return True
    if high.split("-")[0] in table["second_parts"] or left.isupper():
        return True
    return low in table["first_parts"] or (low in table["before_words"] and words[high] > 0)
