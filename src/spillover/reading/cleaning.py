"""Marks what is not the author's text (page furniture) and what is said twice (pull-quotes). Nothing is cut out.

A block is furniture by its cue and its place, never by its place alone: menus and credits above the first paragraph,
comment forms, biographies and notices below the last one. A long block between two paragraphs is always content.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spillover.reading.document import Block

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_FINAL = re.compile(r"[.!?…][\"”’')\]]*$")
# A full stop inside, behind a word that is no abbreviation: two sentences, no heading.
_STOP_INSIDE = re.compile(r"[a-z]{4,}[.!?][\"”’')\]]*\s+\S")
_NAME = re.compile(
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof|Gen|Col|Lt|Maj|Sir)\.?\s+)?[A-Z][\w.’'-]*(?:\s+(?:[A-Z][\w.’'-]*|al-\w+|bin|de|van|von|ul|el)){1,4}$"
)
_FOLD = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-",
    "\u00ad": None, "\u200b": None, "\u200e": None, "\u200f": None,
})  # fmt: skip
_MENU_WORDS = 8
_LABEL_WORDS = 3
# Few words may still be very many characters; cues are for lines that somebody could read.
_LONGEST_CUE = 600


@dataclass(frozen=True, slots=True)
class _Cues:
    """The patterns of furniture.toml, compiled once a process."""

    anywhere: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    bio_start: re.Pattern[str]
    bio: re.Pattern[str]
    legal: re.Pattern[str]
    sections: frozenset[str]
    joiners: frozenset[str]
    verbs: frozenset[str]
    content: int
    heading: int
    repeat: int


@functools.cache
def _cues() -> _Cues:
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("furniture.toml").read_text("utf-8"))

    def any_of(part: str, key: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in data[part][key]), flags | re.DOTALL)

    return _Cues(
        any_of("anywhere", "line"),
        any_of("head", "line"),
        any_of("tail", "start"),
        any_of("bio", "start"),
        any_of("bio", "anywhere"),
        any_of("legal", "anywhere"),
        frozenset(data["sections"]["words"]),
        frozenset(data["sections"]["joiners"]),
        frozenset(data["verbs"]["words"]),
        **data["words"],
    )


@dataclass(slots=True)
class _View:
    """A block with what the rules ask about it."""

    body: str
    words: int
    ends: bool
    alone: bool
    kind: str
    verb: bool = False
    anchor: bool = False


def mark(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Gives each block its kind and, where it repeats another, ``repeat_of``. Bounds and order do not change.

    Kinds that a loader has set (heading, list item, quote, table, caption) stay, unless the block is furniture.
    """
    if not blocks:
        return ()
    views = [_view(text, block, index, blocks) for index, block in enumerate(blocks)]
    furniture = _furniture(views)
    first = next((index for index in range(len(views)) if index not in furniture), 0)
    longest = _longest_after(views, furniture)
    marked = [
        replace(block, kind="furniture" if index in furniture else _kind(views[index], index == first, longest[index]))
        for index, block in enumerate(blocks)
    ]
    repeats = _repeats(text, marked)
    return tuple(replace(block, repeat_of=repeats.get(index)) for index, block in enumerate(marked))


def _view(text: str, block: Block, index: int, blocks: Sequence[Block]) -> _View:
    body = text[block.start : block.end]
    # A long block is long whatever its exact count; a page of one line need not be counted in full.
    words = len(_WORD.findall(body[:2000]))
    before = text[blocks[index - 1].end : block.start] if index else "\n\n"
    after = text[block.end : blocks[index + 1].start] if index + 1 < len(blocks) else "\n\n"
    alone = before.count("\n") > 1 and after.count("\n") > 1
    view = _View(body, words, _FINAL.search(body[-8:]) is not None, alone, block.kind)
    if words < 2 * _cues().content:
        view.verb = has_verb(body)
    return view


def has_verb(body: str) -> bool:
    """Whether a short text has a word that is a finite verb by its form (a list, and the regular past)."""
    verbs = _cues().verbs
    return any(
        word in verbs or (word.endswith("ed") and len(word) > 4) or "n't" in word or "n’t" in word
        for word in (match.group().lower() for match in _WORD.finditer(body))
    )


def _furniture(views: list[_View]) -> set[int]:
    cues = _cues()
    found = {
        i
        for i, view in enumerate(views)
        if view.words < cues.content and len(view.body) < _LONGEST_CUE and cues.anywhere.fullmatch(view.body)
    }
    for i, view in enumerate(views):
        view.anchor = view.words >= cues.content and i not in found
    anchors = [i for i, view in enumerate(views) if view.anchor]
    if not anchors:
        return found
    first, last = anchors[0], _last_anchor(views, anchors, found)
    _mark_head(views, first, found)
    _mark_tail(views, last, found)
    _mark_neighbours(views, first, last, found)
    return found


def _last_anchor(views: list[_View], anchors: list[int], found: set[int]) -> int:
    """The last paragraph of the article: long notices and biographies that close the page are passed over."""
    cues = _cues()
    for at in range(len(anchors) - 1, 0, -1):
        body = views[anchors[at]].body
        if len(body) > 1500 or not (_is_bio(views, anchors[at]) or cues.legal.search(body)):
            return anchors[at]
        found.add(anchors[at])
    return anchors[0]


def _is_bio(views: list[_View], index: int) -> bool:
    """Whether a block at the foot of the page is about its author: a cue, and a name before it or at its start."""
    body = views[index].body
    if _cues().bio_start.match(body):
        return True
    match = _cues().bio.search(body, 0, 220)
    if match is None or body[:1] in "\"“‘'":
        return False
    named_before = index > 0 and views[index - 1].words <= 6 and _NAME.match(views[index - 1].body) is not None
    first_words = body[: match.start()].strip().rstrip(",")
    named_first = first_words == "" or _NAME.match(first_words.split(",")[0].strip()) is not None
    return named_before or named_first


def _mark_head(views: list[_View], first: int, found: set[int]) -> None:
    cues = _cues()
    for i in range(first):
        view = views[i]
        if i in found or view.words >= cues.content or len(view.body) >= _LONGEST_CUE:
            continue
        if cues.head.fullmatch(view.body) or (not view.ends and _is_menu(view) and _title_follows(views, i, first)):
            found.add(i)


def _is_menu(view: _View) -> bool:
    """A line of section names, a breadcrumb, a menu."""
    cues = _cues()
    words = [word.strip(".,:;()").lower() or word for word in view.body.split()]
    names = [word for word in words if word not in cues.joiners]
    return 0 < len(names) <= 3 * _MENU_WORDS and all(word in cues.sections for word in names)


def _title_follows(views: list[_View], index: int, first: int) -> bool:
    """A title of section names alone ("Security in Africa") is a title if no other line could be it."""
    return index > 0 or any(not _is_menu(views[i]) and views[i].words > 1 for i in range(1, first))


def _mark_tail(views: list[_View], last: int, found: set[int]) -> None:
    cues = _cues()
    opened = False
    for i in range(last + 1, len(views)):
        view = views[i]
        short = view.words < cues.content and len(view.body) < _LONGEST_CUE
        if i in found:
            opened = True
        elif _is_bio(views, i) or cues.legal.search(view.body[:600]) or _opens_tail(view, opened=opened):
            found.add(i)
            opened = True
        elif short and opened and (not view.ends or view.words <= _MENU_WORDS):
            found.add(i)
    for i in range(last + 1, len(views) - 1):
        # The author's name on a line of its own, above the biography.
        if i not in found and i + 1 in found and _is_bio(views, i + 1) and _NAME.fullmatch(views[i].body):
            found.add(i)


def _opens_tail(view: _View, *, opened: bool) -> bool:
    if view.words >= _cues().content or view.ends:
        return False
    return _cues().tail.match(view.body) is not None or (opened and _is_menu(view))


def _mark_neighbours(views: list[_View], first: int, last: int, found: set[int]) -> None:
    """A label right below a line of furniture (no blank line between) belongs to it: a tag under an image credit."""
    for i in range(1, len(views)):
        view = views[i]
        outside = i < first or i > last
        label = view.words <= _LABEL_WORDS and not view.ends and not view.verb and view.kind == "paragraph"
        if outside and label and not view.alone and i - 1 in found and i not in found:
            found.add(i)


def _longest_after(views: list[_View], furniture: set[int]) -> list[int]:
    """For each block the words of the longest content block after it."""
    longest = [0] * len(views)
    for i in range(len(views) - 2, -1, -1):
        longest[i] = max(longest[i + 1], 0 if i + 1 in furniture else views[i + 1].words)
    return longest


def _kind(view: _View, top: bool, longest_after: int) -> Any:
    """The kind of a content block: short lines at the top, or standing alone before longer text, are headings."""
    if view.kind != "paragraph":
        return view.kind
    body = view.body
    short = 0 < view.words <= _cues().heading and not view.ends and len(body) < _LONGEST_CUE
    if not short or "\n" in body or body[-1:] in ",;:" or body[:1].islower() or longest_after <= view.words:
        return "paragraph"
    if _STOP_INSIDE.search(body) or not any(ch.isalpha() for ch in body):
        return "paragraph"
    if top or (view.alone and (not view.verb or body.istitle()) and body[:1] not in "\"“‘'"):
        return "heading"
    return "paragraph"


def _fold(body: str) -> list[str]:
    return _WORD.findall(body.translate(_FOLD).lower())


def _repeats(text: str, blocks: Sequence[Block]) -> dict[int, int]:
    """Block → the block that says the same words and more, or the same words earlier.

    Linear in the length of the text: blocks are looked up by their first words, then compared word for word.
    """
    least = _cues().repeat
    words: dict[int, list[str]] = {}
    for index, block in enumerate(blocks):
        if block.kind not in ("furniture", "table"):
            folded = _fold(text[block.start : block.end])
            if len(folded) >= least or (block.kind == "heading" and folded):
                words[index] = folded
    starts: dict[tuple[str, ...], list[int]] = {}
    for index, folded in words.items():
        if len(folded) >= least:
            starts.setdefault(tuple(folded[:least]), []).append(index)
    found: dict[int, int] = {}
    # One block at the head of very many that begin alike (a table of stock phrases) is compared with a few only.
    for host, folded in words.items():
        for at in range(len(folded) - least + 1):
            for index in starts.get(tuple(folded[at : at + least]), ())[:16]:
                same = index != host and index not in found and folded[at : at + len(words[index])] == words[index]
                if same and (len(folded) > len(words[index]) or host < index):
                    found[index] = host
    titles: dict[tuple[str, ...], int] = {}
    for index, folded in words.items():
        if blocks[index].kind == "heading" and len(folded) > 2:
            first = titles.setdefault(tuple(folded), index)
            if first != index:
                found.setdefault(index, first)
    return {index: _origin(found, index) for index in found}


def _origin(found: dict[int, int], index: int) -> int:
    """The block at the end of a chain of repeats (a pull-quote of a pull-quote)."""
    seen = {index}
    at = found[index]
    while at in found and found[at] not in seen:
        seen.add(at)
        at = found[at]
    return at
