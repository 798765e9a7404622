"""Numbers in English text, as digits and as words: the pattern that finds them and their value."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spillover.lexicon.files import read_toml


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first; a blank in them stands for any run of blanks."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(set(words), key=lambda w: (-len(w), w)))


_DATA = read_toml("numerals.toml")
UNITS: dict[str, int] = _DATA["units"]
TENS: dict[str, int] = _DATA["tens"]
SCALES: dict[str, int] = _DATA["scales"]
SUFFIXES: dict[str, int] = _DATA["suffixes"]
PLURALS: dict[str, int] = _DATA["plurals"]

_small = (
    rf"(?:(?:{any_of(TENS)})(?:[-\s]\s?(?:{any_of(w for w in UNITS if 0 < UNITS[w] < 10)})\b)?|(?:{any_of(UNITS)}))\b"
)
# After a comma only hundreds go on the number: "two thousand, five of them" is two numbers.
_and = r"(?:\s+and\s+|\s+|,\s+(?=\w+\s+hundred\b))"
_hundred = rf"(?:(?:a|{_small})[\s-]+hundred\b(?:{_and}{_small})?|{_small})"
_thousand = rf"(?:(?:a|{_hundred})\s+thousand\b(?:{_and}{_hundred})?|{_hundred})"
_million = rf"(?:(?:a|half\s+a|{_thousand})\s+[mb]illion\b(?:{_and}{_thousand})?|{_thousand})"
_dozen = rf"(?:(?:(?:half\s+)?an?\s+|{_small}\s+|half\s+)?dozen\b|(?:a|{_small})\s+score\b)"
# "1 500" needs a blank of one column and three digits after it; "1,5" is left alone: Europe's comma is not English.
_digits = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d,.]?\d)|\d+(?:\.\d+)?|\.\d+)"
_scaled = rf"{_digits}(?:(?:k|bn)\b|[\s-]?(?:{any_of(SCALES)})\b)?"

WORDS = rf"(?:{_dozen}|{_million})"
#: A number in folded text (see :func:`spillover.reading.spelling.folded`).
NUMBER = re.compile(rf"(?:{_scaled}|{WORDS})")
_TOKEN = re.compile(r"[\d.,]*\d|[a-z]+")


MOST = 1e15
"""A longer row of digits is no amount of anything that is counted here."""


def value(surface: str) -> float | None:
    """What a surface that :data:`NUMBER` matches is worth; ``None`` for anything else.

    ``value("two hundred and fifty") == 250``, ``value("1.5 million") == 1_500_000``, ``value("half a dozen") == 6``.
    """
    if NUMBER.fullmatch(surface) is None:
        return None
    total, group = 0.0, 0.0
    seen = half = False
    for token in _TOKEN.findall(re.sub(r"(?<=\d) (?=\d)", "", surface)):
        if token[-1].isdigit():
            group, seen = group + float(token.replace(",", "")), True
        elif token == "half":
            half = True
        elif token in UNITS or token in TENS:
            group, seen = group + UNITS.get(token, TENS.get(token, 0)), True
        elif token in SCALES or token in SUFFIXES:
            scale = SCALES.get(token, SUFFIXES.get(token, 1))
            group = (group if seen else 1) * scale * (0.5 if half else 1)
            half, seen = False, True
            if scale >= 1000:
                total, group, seen = total + group, 0.0, False
    amount = total + group
    return amount if amount < MOST else None
