"""Lower-cased and folded copies of a text that keep its length, so that offsets found in them hold in the text."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not decompose, and the typographic marks that the grammars read as plain ones.
_PLAIN = {
    "ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "ħ": "h", "Ħ": "h", "ß": "s",
    "æ": "e", "Æ": "e", "œ": "e", "Œ": "e", "ə": "a", "Ə": "a", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʿ": "'",
    "ʾ": "'", "`": "'", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\n": " ", "\t": " ", "\r": " ",
}  # fmt: skip


class _Fold(dict[int, str]):
    """A translation table that works out each character once: one code point in, one out."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _PLAIN.get(char)
        if plain is None:
            base = unicodedata.normalize("NFKD", char)[:1].lower()
            plain = base if len(base) == 1 and not base.isspace() else char if not base else base[:1]
        self[code] = plain
        return plain


_FOLD = _Fold()


def folded(text: str) -> str:
    """``text`` without case and diacritics, typographic apostrophes and blanks made plain; the same length.

    ``folded("Kunaṟ’s") == "kunar's"``. Combining marks that stand alone stay: dropping them would move the offsets.
    """
    if text.isascii():
        return text.lower().translate(_ASCII)
    return text.translate(_FOLD)


_ASCII = str.maketrans("\n\t\r", "   ")
