"""Words of a PDF page with their boxes, as pdfium finds them."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " ",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its extent and baseline in points (1/72 inch, origin at the bottom left) and its font size."""

    text: str
    x0: float
    x1: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    left: float
    right: float
    base: float


def plain(text: str) -> str:
    """Typographic ligatures as letters, no-break spaces as spaces."""
    return text.translate(_LIGATURES)


def page_words(page: Any) -> tuple[list[Word], int]:
    """The words of a pypdfium2 page in the file's own order, and how many characters had no Unicode value."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    try:
        handle = textpage.raw
        # Ink boxes would put "a" and "b" on different lines: the font's own box and the baseline do not.
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        words: list[Word] = []
        run: list[_Glyph] = []
        size = 0.0
        unmapped = 0
        for index in range(raw.FPDFText_CountChars(handle)):
            code = raw.FPDFText_GetUnicode(handle, index)
            char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
            if not char or char.isspace():
                unmapped += code == 0
                _close(words, run, size)
                continue
            found = raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box))
            if not found or not raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y)):
                continue
            glyph = _Glyph(char, box.left, box.right, y.value)
            if run and not _same_word(run[-1], glyph, size):
                _close(words, run, size)
            if not run:
                size = raw.FPDFText_GetFontSize(handle, index)
                # Some files scale a font of size 1: the box tells how large it is.
                size = size if size > 2 else max(1.0, 0.8 * (box.top - box.bottom))
            run.append(glyph)
        _close(words, run, size)
        return words, unmapped
    finally:
        textpage.close()


def _same_word(last: _Glyph, glyph: _Glyph, size: float) -> bool:
    """Whether a glyph goes on from the last: on its line, and not further off than a space would be."""
    return abs(glyph.base - last.base) < 0.5 * size and -0.5 * size < glyph.left - last.right < 0.2 * size


def _close(words: list[Word], run: list[_Glyph], size: float) -> None:
    if run:
        text = plain("".join(glyph.text for glyph in run))
        left, right = min(glyph.left for glyph in run), max(glyph.right for glyph in run)
        words.append(Word(text, left, right, run[0].base, size))
        run.clear()
