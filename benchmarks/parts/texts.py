"""Texts to measure on: made from the project's own articles, or those of a folder."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS_A_TEXT = 450
_SENTENCE = re.compile(r"(?<=[.!?”])\s+(?=[A-Z“])")
_NUMBER = re.compile(r"\b\d{2,4}\b")
# names in the project's articles that others take the place of, so that no two sentences are quite alike
_GROUPS = ("ISWAP", "JAS", "Boko Haram", "IS-K", "Tehreek-e-Taliban", "Ansaru")
_PLACES = ("Maiduguri", "Bannu", "Miranshah", "Chibok", "Damasak", "Kabul", "Dapchi")


def own_texts(count: int, seed: int) -> list[str]:
    """``count`` texts of about ``WORDS_A_TEXT`` words, the same for the same seed.

    Sentences of the bundled example and of the tests' article, drawn at random, with groups, places and numbers
    exchanged for others of the lexicon and the gazetteer: no cache may live on the same few sentences.
    """
    from spillover.lexicon import load_lexicon, read_csv

    chance = random.Random(seed)
    groups = [a.name for a in load_lexicon() if a.kind == "group" and "(" not in a.name]
    towns = [row["name"] for row in read_csv("places/towns.csv") if row["name"].isalpha()]
    sentences = _sentences()
    out = []
    for _ in range(count):
        paragraphs: list[str] = []
        while sum(len(p.split()) for p in paragraphs) < WORDS_A_TEXT:
            drawn = chance.sample(sentences, chance.randint(3, 7))
            names = dict(zip(_GROUPS, chance.sample(groups, len(_GROUPS)), strict=True))
            names |= zip(_PLACES, chance.sample(towns, len(_PLACES)), strict=True)
            paragraph = re.sub("|".join(map(re.escape, names)), lambda m, n=names: n[m[0]], " ".join(drawn))
            paragraphs.append(_NUMBER.sub(lambda m: _other(m[0], chance), paragraph))
        out.append("\n\n".join(paragraphs))
    return out


def texts_of(folder: Path) -> list[str]:
    """All ``*.txt`` under a folder, by name."""
    found = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.txt"))]
    if not found:
        raise SystemExit(f"{folder}: there is no *.txt here")
    return found


def words(texts: list[str]) -> int:
    """Words by white space: what both sides are given."""
    return sum(len(text.split()) for text in texts)


def _sentences() -> list[str]:
    sys.path.insert(0, str(ROOT / "tests"))
    import bundled
    import same_article

    paragraphs = [*bundled.article().paragraphs[1:-1], *same_article.PARAGRAPHS]
    return [s for p in paragraphs for s in _SENTENCE.split(p) if len(s.split()) > 4]


def _other(number: str, chance: random.Random) -> str:
    """Another number of that many digits; a year of these decades stays one."""
    if number.startswith(("19", "20")) and len(number) == 4:
        return str(chance.randint(1998, 2021))
    return str(chance.randint(10 ** (len(number) - 1), 10 ** len(number) - 1))
