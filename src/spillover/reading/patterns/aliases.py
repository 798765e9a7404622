"""Other names: acronyms and renamings that the text itself gives («Name (ACR)», «now known as X», «born X»)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spillover.lexicon import read_toml
from spillover.reading.actors import ActorMention, Definition
from spillover.reading.scene import Draft, Scene
from spillover.reading.sentence import Sentence
from spillover.reading.stance import Stance
from spillover.reading.statement import Role


def _any_of(phrases: list[str]) -> str:
    return "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in sorted(phrases, key=len, reverse=True))


_WORDS = read_toml("aliases.toml")
_KNOWN_AS = re.compile(
    rf"[\s,(]*(?:\([^()]*\)\s*,?\s*)?(?:(?:{_any_of(_WORDS['before'])})\s+|a\s+(?:\w+\s+){{1,3}})*"
    rf"(?P<cue>{_any_of(_WORDS['cues'])})(?: of| by)?(?: the)?(?: acronyms?| names?| initials)?(?: of)?\s+[“\"'‘(]?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|or|and)\s+(?:the\s+)?")


def find(scene: Scene, s: Sentence, definitions: list[Definition]) -> Iterator[Draft]:
    """Drafts of alias ties in the sentence."""
    for d in definitions:
        # a short form matters where the text goes on to use it
        if s.start <= d.short[0] and d.short[1] <= s.end and _is_used(scene.text, d.short):
            yield _draft(scene, s, d.short, d.long, "acronym")
    yield from _known_as(scene, s)


def _is_used(text: str, short: tuple[int, int]) -> bool:
    word = re.compile(rf"(?<!\w){re.escape(text[slice(*short)])}(?!\w)")
    return any(m.start() != short[0] for m in word.finditer(text))


def _draft(scene: Scene, s: Sentence, short: tuple[int, int], long: tuple[int, int], rule: str) -> Draft:
    inside = [m for m in s.mentions.actors if m.start == long[0]]
    m = inside[0] if inside else None
    how = "acronym" if rule == "acronym" else "renamed"
    kind = m.kind if m is not None else "unknown"
    actor = m.actor if m is not None else None
    subject = Role(s.text[short[0] : short[1]], short[0], short[1], actor, kind, how)  # type: ignore[arg-type]
    obj = Role(s.text[long[0] : long[1]], long[0], long[1], actor, kind, m.how if m is not None else None)
    pred = next((i for i in range(len(s)) if s.starts[i] <= long[0] < s.ends[i]), 0)
    draft = Draft(s, pred, "tie", "alias_of", f"tie.alias_of.{rule}", subject, obj)
    draft.no_time = True
    draft.stance = Stance()  # a definition holds whatever the sentence around it hedges
    return draft


def _known_as(scene: Scene, s: Sentence) -> Iterator[Draft]:
    names = _names(s)
    for n, (a, b) in enumerate(names):
        m = _KNOWN_AS.match(s.text, b, s.end)
        if m is None:
            rest = re.compile(r"['’]s\b").match(s.text, b, s.end)
            m = _KNOWN_AS.match(s.text, rest.end(), s.end) if rest else None
        if m is None:
            continue
        at = m.end()
        for c, d in names[n + 1 :]:
            if c != at:
                if c > at:
                    break
                continue
            if m["cue"].casefold() == "born":
                yield _draft(scene, s, (a, b), (c, d), "renamed")
            else:
                yield _draft(scene, s, (c, d), (a, b), "renamed")
            joined = _AND.match(s.text, d, s.end)
            if joined is None:
                break
            at = joined.end()
            if (s.text[c:d]).casefold() == s.text[at : at + d - c].casefold():
                break


def _names(s: Sentence) -> list[tuple[int, int]]:
    """Spans of names in the sentence: actor mentions, else named entities; in order, without overlaps."""
    spans = [(m.start, m.end) for m in s.mentions.actors]
    for _, first, last in s.entities.values():
        a, b = s.starts[first], s.ends[last - 1]
        if s.lowers[first] == "the" and last - first > 1:
            a = s.starts[first + 1]
        if all(b <= x or y <= a for x, y in spans):
            spans.append((a, b))
    return sorted(spans)


def mentions_named(s: Sentence) -> list[ActorMention]:
    """Actor mentions of the sentence."""
    return s.mentions.actors
