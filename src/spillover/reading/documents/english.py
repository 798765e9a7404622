"""Only English is read: a document in another language is refused, naming the language."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spillover.errors import DamagedDocument, UnsupportedLanguage
from spillover.reading.document import Block

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 12_000
_SPEAKS = "Spillover reads English only: read an English translation of it."


@functools.cache
def _table() -> dict[str, Any]:
    table = tomllib.loads(Path(__file__).with_name("english.toml").read_text("utf-8"))
    table["function_words"] = frozenset(table["function_words"])
    return table


@functools.cache
def _identifier() -> Any:
    # About half a second and 60 MB: loaded once a process, and only for a text that does not look English.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def require_english(text: str, blocks: Sequence[Block], *, where: str) -> str:
    """Returns ``"en"``; raises ``UnsupportedLanguage`` for a text that is surely in another language.

    Asked of the content blocks only. Short texts and doubtful ones pass: a list of Arabic names is no Arabic text.
    """
    table = _table()
    sample = _sample(text, blocks)
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters < table["least_letters"]:
        return "en"
    share = sum(word in table["function_words"] for word in words) / len(words)
    if share >= table["surely"]:
        return "en"
    foreign = sum(1 for word in words for ch in word if ord(ch) > 0x24F and not _latin(ch)) / letters
    if foreign < 0.5 and share >= table["perhaps"]:
        return "en"
    ranking = _identifier().rank(sample)
    english = sum(p for code, p in ranking if code in table["close"])
    sure = sum(p for code, p in ranking[:3] if code not in table["close"])
    if foreign < 0.5 and (sure < table["refuse_above"] or english > table["english_below"]):
        return "en"
    code = _commonest(ranking, table["close"])
    if code in table["no_language"]:
        what = "the letters of this text make no words: its text layer or its encoding is damaged"
        raise DamagedDocument(what, where=where, to_do="Save it anew as text, or run it through OCR.")
    raise UnsupportedLanguage(f"this text is in {language_name(code)}, not in English", where=where, to_do=_SPEAKS)


def _sample(text: str, blocks: Sequence[Block]) -> str:
    """Content from the beginning and from the middle, so that an English abstract does not speak for the whole."""
    content = [block for block in blocks if block.kind != "furniture"]
    if not content:
        return text[:_SAMPLE]
    parts: list[str] = []
    for begin in (0, len(content) // 2):
        size = 0
        for block in content[begin:]:
            part = text[block.start : min(block.end, block.start + _SAMPLE)]
            parts.append(part)
            size += len(part)
            if size > _SAMPLE:
                break
        if size <= _SAMPLE:
            break
    return "\n".join(parts)


@functools.lru_cache(maxsize=4096)
def _latin(ch: str) -> bool:
    return unicodedata.name(ch, "").startswith("LATIN") or unicodedata.category(ch).startswith("M")


def _commonest(ranking: list[tuple[str, float]], close: list[str]) -> str:
    """The most widely written of the likely languages: the model splits Arabic and Spanish into their relatives."""
    likely = [code for code, p in ranking if p >= 0.1 and code not in close] or [
        code for code, _ in ranking if code not in close
    ]
    return next((code for code in likely if len(code) == 2), likely[0])


def language_name(code: str) -> str:
    """A language's English name by its ISO 639 code; the code itself if it is in no list."""
    import pycountry

    found = pycountry.languages.get(alpha_2=code) if len(code) == 2 else pycountry.languages.get(alpha_3=code)
    # ISO 639-3 adds notes to names: "Modern Greek (1453-)", "Swahili (macrolanguage)".
    return re.sub(r"\s*\(.*?\)|^Modern ", "", found.name) if found else f"the language with the code {code!r}"
