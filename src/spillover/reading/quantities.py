"""Quantities: how many of something a sentence says, with its bounds ("at least 170", "five to dozen", "dozens").

Numbers that are no amounts (ordinals, ages, clock times, "Route 5", "M-19") are left out; amounts of money, measures
and percentages are flagged, since they count no people and no events. ``docs/statements.md`` gives the bounds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spillover.lexicon.files import read_toml
from spillover.reading.numerals import NUMBER, PLURALS, SCALES, TENS, UNITS, any_of, value
from spillover.reading.spelling import folded
from spillover.reading.statement import Bound
from spillover.reading.timewords import MONTHS, is_counted_noun


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A number as said; ``text[start:end] == surface``, the bound's words included.

    ``low``/``high``: ``None`` where the words leave that side open. ``unit_start``: the offset where the counted noun
    phrase would begin, after any "of". ``percent``, ``money``, ``measure`` (lengths, weights) count no things.
    """

    start: int
    end: int
    surface: str
    low: float | None
    high: float | None
    bound: Bound
    percent: bool
    unit_start: int
    money: bool = False
    measure: bool = False


_Q = read_toml("quantities.toml")
_BEFORE: dict[str, Bound] = {
    **dict.fromkeys(_Q["before"]["about"], "about"),
    **dict.fromkeys(_Q["before"]["at_most"] + _Q["before"]["at_most_signs"], "at_most"),
    **dict.fromkeys(_Q["before"]["at_least"] + _Q["before"]["at_least_signs"], "at_least"),
}
_AFTER: dict[str, Bound] = {w: b for b in ("about", "at_most", "at_least") for w in _Q["after"][b]}
_SPATIAL = frozenset(_Q["before"]["spatial"])
_NOT_BEFORE, _NOT_AFTER = frozenset(_Q["one"]["not_before"]), frozenset(_Q["one"]["not_after"])
_MONEY_SIGNS = any_of(_Q["money"]["signs"])

_scale_words = any_of(SCALES)
_vague = any_of(_Q["vague"]["words"])
_starts = any_of([*UNITS, *TENS, *SCALES, "half", *(p.split()[0] for p in PLURALS), "twin", "pair", "couple", "trio"])
_vague_first = any_of(w.split()[-1] if w.split()[0] in ("a", "an") and len(w.split()) == 2 else w.split()[0]
                      for w in _Q["vague"]["words"] if w != "some")  # fmt: skip
# The cheap test that lets most sentences go: a digit or any word that a quantity can hang on.
_TRIGGER = re.compile(
    rf"\d|\b(?:{_starts}|{any_of(w.split()[-2] if w.endswith(' of') else w for w in _Q['vague']['words'])})\b"
)

_FIND = re.compile(
    rf"(?<![\w.])(?:(?P<few>{any_of(_Q['vague']['before_scale'])})\s+(?P<of>{_scale_words})s?\b"
    rf"|(?P<two>{any_of(_Q['two']['exact'])}|(?P<couple>{any_of(_Q['two']['about'])}))\b"
    rf"|(?P<plural>{any_of(PLURALS)})\b(?!-)"
    rf"|(?P<number>(?<![/:,]){NUMBER.pattern})"
    rf"|(?P<vague>{_vague})\b(?!-))"
)
_PREFIX = re.compile(
    rf"(?:(?<![\w-])(?P<word>{any_of(_BEFORE)})\s*|(?<![\w-])(?:{any_of(_Q['before']['filler'])})\s+)$"
)
_SUFFIX = re.compile(rf"\+|[\s-]+(?P<word>{any_of(_AFTER)})\b")
_PERCENT = re.compile(rf"\s?%|[\s-]?(?:{any_of(w for w in _Q['percent']['words'] if w != '%')})\b")
_MONEY_AFTER = re.compile(rf"\s+(?:{any_of(_Q['money']['words'])})\b")
_MONEY_BEFORE = re.compile(rf"(?:(?<![a-z])(?:{_MONEY_SIGNS}))\s?$")
_MEASURE = re.compile(rf"[\s-]?(?:{any_of(_Q['measure']['words'])})\b(?!-)")
_OF = re.compile(r"\s+of\b\s*|\s+|-|$")
_JOIN = re.compile(
    r"\s*(?:-|–|—|\bto\b|\bor\b|\band\b|\bto\s+as\s+many\s+as|\bto\s+perhaps|\bto\s+about|\bto\s+around)\s*"
)
_OPEN = re.compile(r"\b(?P<word>between|from|of|to)\s+$")
_LABEL = re.compile(rf"(?<![a-z])(?:{any_of(_Q['labels']['words'])})\s?(?:no\.?\s?)?$")
_HYPHENATED = re.compile(rf"-(?=(?:{any_of(_Q['hyphenated']['units'])})s?\b)")
_YEAR_BEFORE = re.compile(r"\b(?:in|since|until|year)\s+$")
_CLOCK_BEFORE = re.compile(r"\bat\s+(?:(?:approximately|about|around|exactly|some)\s+)?$")
_MONTH_AFTER = re.compile(rf"\s+(?:{any_of(MONTHS)})\b")
_CLOCK_AFTER = re.compile(r"\s+(?:local|gmt|hours\s+local)\b|\s*\(\d{4}\s+gmt")
_FRACTION = re.compile(
    r"[\s-](?:half|halves|thirds?|quarters?|fourths?|fifths?|tenths?)\b(?!\s+of\s+(?:the\s+)?(?:year|20|19))"
)
_AGE_AFTER = re.compile(r"[\s-]*(?:and\s+a\s+half)?[\s-]*(?:years?|months?)[\s-]+olds?\b|,?\s+years\s+of\s+age")
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages?)(?:\s+(?:of|between))?\s+$")
_AGE_COMMA = re.compile(r",(?!\s+(?:and\s+|or\s+)?\d)")
_APPOSED_AGE = re.compile(r"[a-z][\w'-]+,\s$")
_NOT_AMOUNT = re.compile(
    r"(?:st|nd|rd|th|d|[a-z])\b(?<!k)(?<!m)|[:/]\d|(?:\.\d+){2,}|\s?(?:a\.m\.|p\.m\.|am\b|pm\b|gmt\b|hours\s+gmt|o'clock|hrs\b)|\]"
)
_AS = re.compile(r"\b(?:as|how|so|that|too)\s+$")
_BROKEN = re.compile(r"\d[-–—]\d")
_WORD = re.compile(r"\s+([a-z']+)")
_LAST = re.compile(r"([a-z']+)[\s-]+$")
_AFTER_HYPHEN = (_HYPHENATED, _MEASURE, _PERCENT, re.compile(r"-(?:to|or)-"))


def find_quantities(text: str, skip: Sequence[tuple[int, int]] = ()) -> list[QuantityMention]:
    """The quantities of a sentence in order, without overlaps. ``skip``: spans (dates, names) that hold none."""
    low = folded(text)
    if _TRIGGER.search(low) is None:
        return []
    if skip:
        chars = list(low)
        for start, end in skip:
            chars[start:end] = "\x00" * (min(end, len(low)) - start)
        low = "".join(chars)
    found: list[QuantityMention] = []
    at = 0
    while match := _FIND.search(low, at):
        at = match.end()
        mention = _read(text, low, match)
        if mention is not None:
            found.append(mention)
            at = max(at, mention.end)
    return _settled(low, [_bounded(text, low, mention) for mention in _ranges(text, low, found)])


def _settled(low: str, found: list[QuantityMention]) -> list[QuantityMention]:
    """Without vague words that belong to the bound of the number after them, and without halves of "555-1234"."""
    out: list[QuantityMention] = []
    for n, mention in enumerate(found):
        following = found[n + 1].start if n + 1 < len(found) else len(low)
        if mention.end > following or (
            mention.bound == "vague" and _AS.search(low, max(0, mention.start - 8), mention.start)
        ):
            continue
        if (mention.start > 1 and _BROKEN.match(low, mention.start - 2)) or _BROKEN.match(low, mention.end - 1):
            continue
        out.append(mention)
    return out


def _read(text: str, low: str, match: re.Match[str]) -> QuantityMention | None:
    """The bare amount of a match, without its bounds; ``None`` where it is a name, an age or a clock time."""
    start, end = match.span()
    amount: float | None = None
    top: float | None = None
    bound: Bound = "exact"
    if match["number"]:
        amount = top = value(match["number"])
        if amount is None or _is_no_amount(text, low, start, end):
            return None
    elif match["few"]:
        amount, bound = 2.0 * SCALES[match["of"]], "vague"
    elif match["couple"]:
        amount = top = 2.0
        bound = "about"
    elif match["two"]:
        amount = top = 3.0 if "trio" in match["two"] else 2.0
    elif match["plural"]:
        amount, bound = float(PLURALS[" ".join(match["plural"].split())]), "vague"
    else:
        bound = "vague"
    if match["two"] or match["vague"]:
        # the "of" of "a pair of" is no part of the amount
        end = start + len(low[start:end].removesuffix(" of").rstrip())
    mention = QuantityMention(start, end, text[start:end], amount, top, bound, False, end)
    return _flagged(text, low, mention)


def _is_no_amount(text: str, low: str, start: int, end: int) -> bool:
    before, after = low[max(0, start - 24) : start], low[end : end + 24]
    surface = low[start:end]
    digit = surface[-1].isdigit()
    if surface.isdigit() and _is_clock_or_year(low, start, end, before):
        return True
    if surface[0].isdigit() or surface[0] == ".":
        if re.search(r"[a-z][-–.]?$|[\[(]\d*$(?<=\[)|\d[/.:]$", before):
            return True
        if digit and (_NOT_AMOUNT.match(after) and not _MEASURE.match(after)):
            return True
        if digit and _LABEL.search(before):
            return True
        if digit and len(surface) == 2 and _APPOSED_AGE.search(before) and _AGE_COMMA.match(after):
            return True
    elif before.endswith("-"):
        return True
    if surface == "one":
        following, preceding = _WORD.match(after), _LAST.search(before)
        alternative = re.match(r"\s+(?:or|to|and)\s+(?:two|three|more)\b", after)
        if (
            following is None
            or (following[1] in _NOT_BEFORE and not alternative)
            or (preceding and preceding[1] in _NOT_AFTER)
        ):
            return True
    if surface in ("score", "half") or _FRACTION.match(low, end):
        return True
    hyphen = after.startswith("-") and not (surface[0].isdigit() and after[1:2].isdigit())
    # "three-day", "two-thirds", "six-party": only what counts heads or things is an amount
    if hyphen and not (any(p.match(after) for p in _AFTER_HYPHEN) or NUMBER.match(after, 1)):
        return True
    return bool(_AGE_AFTER.match(low, end) or _AGE_BEFORE.search(before))


def _is_clock_or_year(low: str, start: int, end: int, before: str) -> bool:
    """ "0500", "at 2130", "in 1810", "1." at the head of a list; "2200 men" stays an amount."""
    surface = low[start:end]
    if len(surface) > 1 and surface[0] == "0":
        return True
    if len(surface) <= 2 and (
        _MONTH_AFTER.match(low, end) or (before.endswith((": ", ":  ")) and low[end : end + 1] in (".", ")"))
    ):
        return True
    if len(surface) <= 2 and not before.strip(" \"'(-") and start < 4 and low[end : end + 1] in (".", ")"):
        return True
    if len(surface) != 4 or is_counted_noun(low, end):
        return False
    if surface[0] == "1" and _YEAR_BEFORE.search(before):
        return True
    return (
        int(surface[:2]) < 24
        and int(surface[2:]) < 60
        and (_CLOCK_BEFORE.search(before) is not None or _CLOCK_AFTER.match(low, end) is not None)
    )


def _flagged(text: str, low: str, mention: QuantityMention) -> QuantityMention:
    start, end = mention.start, mention.end
    percent = money = measure = False
    if match := _PERCENT.match(low, end):
        percent, end = True, match.end()
    elif match := _MONEY_BEFORE.search(low, max(0, start - 6), start):
        money, start = True, match.start()
        if low[end : end + 1] == "m" and not low[end + 1 : end + 2].isalnum() and mention.low is not None:
            end, mention = end + 1, replace(mention, low=mention.low * 1e6, high=mention.low * 1e6)
    elif match := _MONEY_AFTER.match(low, end):
        money, end = True, match.end()
    elif match := _MEASURE.match(low, end):
        measure, end = True, match.end()
    of = _OF.match(low, end)
    return replace(mention, start=start, end=end, surface=text[start:end], percent=percent, money=money,
                   measure=measure,
                   unit_start=of.end() if of else end)  # fmt: skip


def _ranges(text: str, low: str, found: list[QuantityMention]) -> list[QuantityMention]:
    """Neighbours that make one range: "500 to 1500", "between 20 and 30", "two or three"."""
    out: list[QuantityMention] = []
    for mention in found:
        last = out[-1] if out else None
        if last is not None and (joined := _joined(text, low, last, mention)):
            out[-1] = joined
        else:
            out.append(mention)
    return out


def _joined(text: str, low: str, a: QuantityMention, b: QuantityMention) -> QuantityMention | None:
    join = _JOIN.fullmatch(low, a.end, b.start)
    if join is None or a.bound != "exact" or b.bound != "exact" or a.low is None or b.high is None:
        return None
    opening = _OPEN.search(low, max(0, a.start - 9), a.start)
    if "and" in join[0] and (opening is None or opening["word"] != "between"):
        return None
    bottom = a.low
    # "5 to 10 million": the scale word is said once
    scale = next((s for w, s in SCALES.items() if b.surface.lower().endswith(w)), 1)
    if scale > 1 and bottom < scale and bottom * scale < b.high and a.surface[-1:].isalnum() and scale != 12:
        bottom *= scale
    if bottom >= b.high:
        return None
    start = opening.start() if opening and opening["word"] in ("between", "from") else a.start
    return replace(b, start=start, surface=text[start : b.end], low=bottom, bound="range", money=a.money or b.money)


def _bounded(text: str, low: str, mention: QuantityMention) -> QuantityMention:
    """The mention with the words that bound it: "more than", "up to", "or more"."""
    start, end, bound = mention.start, mention.end, mention.bound
    said: Bound | None = None
    at = start
    while match := _PREFIX.search(low, max(0, at - 26), at):
        if match["word"] is None:
            at = match.start()
            continue
        phrase = " ".join(match["word"].split())
        if phrase in _SPATIAL and (mention.low or 0) < 10:
            break  # "a protest over two airstrikes", "under three commanders"
        word: Bound = _BEFORE[phrase]
        # "at least some 20" is at least 20: a bound outweighs "about"
        said = word if said is None or said == "about" else said
        start = at = match.start()
    if (after := _SUFFIX.match(low, end)) and bound != "vague":
        word = _AFTER[" ".join(after["word"].split())] if after["word"] else "at_least"
        said = word if said is None or said == "about" else said
        end = after.end()
    if said is None or (mention.low is None and mention.high is None):
        return mention
    mention = replace(mention, start=start, end=end, surface=text[start:end])
    if end > mention.unit_start or after:
        of = _OF.match(low, end)
        mention = replace(mention, unit_start=max(mention.unit_start, of.end() if of else end))
    if bound == "vague" or (bound == "range" and said == "about"):
        return mention
    if bound == "range":
        return mention
    if said == "at_least":
        return replace(mention, bound="at_least", high=None)
    if said == "at_most":
        return replace(mention, bound="at_most", low=None)
    return replace(mention, bound="about")
