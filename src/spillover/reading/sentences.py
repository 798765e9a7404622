"""Sentences of a block, by rules: fast enough to run before the parser, and able to split lower-case news."""

from __future__ import annotations

import re

from spillover.lexicon import word_list

LONGEST = 880
"""A quote must stay within two sentences' length (900 characters); longer runs are cut at a clause."""

_END = re.compile(r"[.!?…]+(?:[\"”’'»)\]]|''|\[\d+\])*(?=\s|$|[A-Z“\"])")
_ABBREVIATIONS = word_list("sentences", "abbreviations")
_STARTERS = word_list("sentences", "starters")


_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’\- ]{2,40})(?:,\s*[A-Z][\w.]+(?: [A-Z][\w.]+)?){0,2}"  # BAMAKO, Mali
    r"(?:,?\s*\(?[\w.]{0,12}\s?\d{1,2}(?:\s\w+)?(?:,?\s*\d{4})?\)?)?"  # , June 3, 2025
    r"(?:\s*\([A-Za-z ]+\))?\s+[-–—]+\s+(?=[A-Z“\"])"  # (Agency) —
)


def split(text: str, start: int, end: int, lower: bool = False) -> list[tuple[int, int]]:
    """Spans of the sentences of ``text[start:end]``, without white space around them.

    ``lower``: the text has no capitals, so a stop before a small letter may end a sentence too.
    """
    if not lower and (dateline := _DATELINE.match(text, start, end)) is not None:
        start = dateline.end()  # «BAMAKO, June 3, 2025 - » is no part of the first sentence
    cuts = [m.end() for m in _END.finditer(text, start, end) if _ends(text, m, end, lower)]
    spans = []
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        a, b = _trim(text, a, b)
        if a < b:
            spans += _cut(text, a, b)
    return spans


def _ends(text: str, m: re.Match[str], end: int, lower: bool) -> bool:
    after = text[m.end() : m.end() + 40].lstrip(" \n\t\"“‘'([")
    if not after or m.end() >= end:
        return True
    stop = m.group()
    if m.end() < len(text) and not text[m.end()].isspace():
        return len(stop) > 1 and after[0].isupper()  # «headquarters."The» and the like
    word = re.search(r"[\w.]*$", text[max(0, m.start() - 20) : m.start()])
    before = (word.group() if word else "").casefold()
    following = (re.match(r"\w*", after) or [""])[0]
    if stop.startswith(".") and len(stop) == 1:
        if before.strip(".") in _ABBREVIATIONS:
            return False
        if re.fullmatch(r"(?:\w\.)*\w", before) and not before.isdigit():  # an initial or U.S.
            return following.casefold() in _STARTERS and (lower or following[:1].isupper()) and len(before) > 1
        if before.isdigit() and len(before) < 3 and after[0].isdigit():
            return False
    return bool(lower or after[0].isupper() or after[0].isdigit() or not after[0].isalpha())


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


def _cut(text: str, a: int, b: int) -> list[tuple[int, int]]:
    """Pieces of at most ``LONGEST`` characters, cut at a semicolon, a comma, a space, or anywhere."""
    pieces = []
    while b - a > LONGEST:
        window = text[a : a + LONGEST]
        at = next(
            (p for p in (window.rfind(c) for c in ("; ", ": ", ", ", " ", "\n")) if p > LONGEST // 3), LONGEST - 1
        )
        pieces.append(_trim(text, a, a + at + 1))
        a, _ = _trim(text, a + at + 1, b)
    pieces.append((a, b))
    return [(x, y) for x, y in pieces if x < y]
