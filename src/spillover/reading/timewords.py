"""The words and patterns of time, built from ``lexicon/times.toml``, and the tests that tell "may" from May."""

from __future__ import annotations

import re

from spillover.lexicon.files import read_toml
from spillover.reading.numerals import NUMBER, any_of, value

_T = read_toml("times.toml")
MONTHS: dict[str, int] = {**_T["months"], **_T["short_months"]}
WEEKDAYS: dict[str, int] = _T["weekdays"]
SEASONS: dict[str, int] = _T["seasons"]
ORDINALS: dict[str, int] = _T["ordinals"]
UNITS: dict[str, int] = _T["units"]
FEW = frozenset(_T["few"]["words"])
TODAY: dict[str, int] = {
    **dict.fromkeys(_T["today"]["zero"], 0), **dict.fromkeys(_T["today"]["minus_one"], -1),
    **dict.fromkeys(_T["today"]["minus_two"], -2), **dict.fromkeys(_T["today"]["plus_one"], 1),
    **dict.fromkeys(_T["today"]["plus_two"], 2),
}  # fmt: skip
AFTER_COUNT = frozenset(_T["frequency"]["after_count"])
_GUARDED = frozenset(_T["guarded"]["months"])
_GUARDED_SEASONS = frozenset(_T["guarded"]["seasons"])
_NOT_BEFORE = frozenset(_T["guarded"]["not_before"])
_MONTH_CUES = frozenset(_T["month_cues"]["words"])
_STRONG, _WEAK = frozenset(_T["year_cues"]["strong"]), frozenset(_T["year_cues"]["weak"])
_DETERMINERS = frozenset(_T["year_cues"]["determiners"])
COUNTED = frozenset(_T["counted"]["words"])
_NOT_PLURAL = frozenset(_T["counted"]["not_plural"])

_full = any_of(_T["months"])
_short = any_of(_T["short_months"])
_mon = rf"(?:{_full}|(?:{_short})\b\.?)"
_y = r"(?:19\d\d|20\d\d|2100)(?![\d%]|,\d{3}|\.\d|-\w*[a-z])"
_d = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|d)?(?!\d)"
_weekday = rf"(?:(?:{any_of(WEEKDAYS)})|(?:{any_of(_T['short_weekdays']['words'])})\b\.?)"
_dash = r"\s*(?:-|–|—|\bto\b|\band\b|\bor\b)\s*"
_part = r"(?:early|mid|middle|late)"
UNIT_WORDS = any_of(UNITS)
_count = rf"(?:(?:{NUMBER.pattern})|{any_of(FEW)}|{any_of(f'{w} of' for w in ('couple', 'number'))})"
_season = any_of(SEASONS)
_ahead = r"(?:last|past|next|coming|this|current|previous|following)"
_daytime = r"(?:\s+(?:early\s+)?(?:morning|afternoon|evening|night))?"

#: Every expression of time that stands alone, in folded text; the name of the alternative tells how to read it.
ATOM = re.compile(
    rf"(?<![\w$€£])(?:"
    rf"(?P<iso>\d{{4}}-\d\d-\d\d(?![\d-]))"
    rf"|(?P<slashed>\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d)(?![\d/])|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\d))"
    rf"|(?P<day_first>(?:{_weekday},?\s+)?(?:the\s+)?{_d}(?:{_dash}{_d})?\s*(?:of\s+|-)?{_mon}\b(?:(?:,|\s+of|-)?\s*{_y})?)"
    rf"|(?P<month_first>(?:{_weekday},?\s+)?{_mon}\.?\s*(?:the\s+)?{_d}(?:{_dash}{_d})?(?:,?\s*{_y})?)(?![\d,]*\d|[:%])"
    rf"|(?P<month_year>{_mon}(?:,|\s+of|-)?\s*{_y})"
    rf"|(?P<season_year>(?:the\s+)?(?:{_season})(?:,|\s+of)?\s+{_y})"
    rf"|(?P<decade>(?:the\s+)?(?:{_part}[\s-]+)?(?:19|20)\d0'?s\b)"
    rf"|(?P<years>{_y}\s?[-–—/]\s?(?:{_y}|\d\d(?!\d)))(?![\d/-])"
    rf"|(?P<year>{_y})"
    rf"|(?P<today>{any_of(TODAY)})\b"
    rf"|(?P<ago>(?:{_count}|an?|just\s+{_count})[\s-]+(?:{UNIT_WORDS})s?\s+(?:ago|earlier|later|before|afterwards?|from\s+now|hence)\b)"
    rf"|(?P<ago_bare>(?:{UNIT_WORDS})s\s+(?:ago|earlier|later)\b)"
    rf"|(?P<frequency>{any_of(_T['frequency']['phrases'])}|(?:on\s+)?(?:{any_of(WEEKDAYS)})s|every\s+(?:{any_of(WEEKDAYS)}))\b(?!-)"
    rf"|(?P<relative>{any_of(_T['relative']['phrases'])})\b(?!-)"
    rf"|(?P<weekday>(?:(?:{_ahead}|early|late)\s+)?(?:{any_of(WEEKDAYS)}){_daytime})\b"
    rf"|(?P<window>(?:the\s+)?{_ahead}\s+(?:{_count}\s+)?(?:{UNIT_WORDS})s?\b)(?!\s*-|\s+of\b)"
    rf"|(?P<recent>(?:the\s+|these\s+)?(?:(?:most\s+)?recent|coming|these|those|last|past|next)\s+(?:few\s+)?(?:{UNIT_WORDS})s\b)"
    rf"|(?P<season_relative>(?:the\s+)?{_ahead}\s+(?:{_season}))\b"
    rf"|(?P<season_cued>(?:in|since|until|by|during)\s+(?:the\s+)?(?:{_part}\s+)?(?:{_season}))\b(?!,?\s+(?:of\s+)?{_y})"
    rf"|(?P<month_relative>(?:last|next|this|past|coming)\s+(?:{_full}))\b"
    rf"|(?P<month>{_mon})(?!\w)"
    rf"|(?P<year_of>(?:the\s+)(?=year\b)year)\b(?!-|\s+of\b)"
    rf"|(?P<duration>(?:{_count}|an?|half\s+an?)[\s-]+(?:{UNIT_WORDS})s?(?:-long)?\b)(?!-old|\s+olds?\b|-\w|\s+of\s+(?:the\s+year|this\s+year|last\s+year|next\s+year|{_mon}\b|{_y}))"
    rf"|(?P<duration_bare>(?<=for\s)(?:(?:many|several)\s+)?(?:{UNIT_WORDS})s\b)"
    rf"|(?P<once>once(?=\s+(?:{any_of(_T['relative']['once_before'])})\b)|(?:(?<=was\s)|(?<=were\s)|(?<=had\s))once(?!\s+(?:again|more|in|a|per|every|they|he|it|the|said)\b))\b"
    rf")"
)

_first = rf"(?P<position>{any_of(ORDINALS)})"
_slices = rf"{UNIT_WORDS}|half|third|semester|trimester|part"
#: What may stand before an expression and take a part of it: "the first four months of", "early", "the end of".
PARTS = re.compile(
    rf"(?<![\w-])(?:(?:the\s+)?(?:"
    rf"{_first}[\s-]+(?:(?P<count>{NUMBER.pattern}|few|several|couple\s+of)\s+)?(?P<unit>{_slices})s?\s+(?:of|in)"
    rf"|(?P<part>early|beginning|start|opening|mid|middle|late|end|close|summer|winter|spring|autumn|fall)"
    rf"(?:\s+(?:part|days|weeks|months|years|half))?(?:\s+of|\s+in)?)(?:\s+the|\s+(?:the\s+)?(?:year|month)(?:\s+of)?)?"
    rf"|(?P<bound>early|mid|late)-|(?P<next>later|earlier|late|early))[\s-]*$"
)

_words = {w.split()[-1].rstrip("s") for w in _T["relative"]["phrases"]}
#: The cheap test that lets most sentences go without the long pattern.
TRIGGER = re.compile(
    rf"\d|\b(?:{_full}|(?:{_short})\b|{any_of(WEEKDAYS)}|{_season}|{any_of(UNITS)}|ye?sterday|today|tonight|tomorrow|this|{any_of(_words)}|once|daily"
    rf"|weekly|monthly|yearly|annually|nightly|hourly|recently|lately|now)"
)
AHEAD = re.compile(r"\b(?:will|shall|would|later|plans?|planned|starting|going|expected|scheduled|set|due|intends?)\b")
_NEXT = re.compile(r"[\s,]*([a-z0-9'.-]+)")
_LAST = re.compile(r"([a-z'.]+)[\s-]*$")


def count_of(words: str) -> float | None:
    """The number that "four", "24" or "a" stands for; ``None`` for "a few"."""
    words = words.strip()
    return 1.0 if words in ("a", "an", "") else value(words)


def is_counted_noun(low: str, at: int) -> bool:
    """Whether what follows ``at`` is a noun in the plural, so that the number before it counts: "2000 fighters"."""
    match = re.compile(r"\s+([a-z][a-z'.-]*)").match(low, at)
    if match is None:
        return low.startswith("%", at) or low.startswith(" %", at)
    word = match[1].rstrip(".")
    return word in COUNTED or (
        len(word) > 3 and word.endswith("s") and word not in _NOT_PLURAL and not word.endswith(("ss", "us", "is", "'s"))
    )


def month_stands_alone(text: str, low: str, start: int, end: int) -> bool:
    """Whether a month without day and year is one: "in may", "the March raid", but not "may rise", "the march on"."""
    name = low[start:end].rstrip(".")
    last, following = _LAST.search(low, max(0, start - 16), start), _NEXT.match(low, end)
    before = last[1] if last else ""
    after = following[1] if following else ""
    if after == "movement":
        return False
    if name in _T["short_months"]:
        return low[start:end].endswith(".") and text[start].isupper() and before in _MONTH_CUES
    if name not in _GUARDED:
        return name != "august" or text[start].isupper() or before in _MONTH_CUES
    if before in ("to", "through", "and", "or"):
        # "from january to march": only with another month on the other side
        other = re.search(rf"\b(?:{_full})\s+(?:to|through|and|or)\s+$", low[max(0, start - 24) : start])
        return other is not None
    if before in ("last", "next", "early", "mid", "late", "until", "since", "till"):
        return after not in ("on", "toward", "towards") and (
            name != "march" or text[start].isupper() or before != "last" or after != "by"
        )
    if before in ("in", "by", "of", "from", "during", "between", "throughout"):
        is_range = re.match(rf"\s+(?:to|and|through|until)\s+(?:{_full})\b", low[end : end + 24]) is not None
        if before in ("of", "from", "between", "during") and not (is_range or text[start].isupper()):
            return (
                re.search(
                    r"\b(?:end|month|beginning|middle|start|days|week|weeks|half)\s+of\s+$",
                    low[max(0, start - 20) : start],
                )
                is not None
            )
        return is_range or after not in _NOT_BEFORE
    # "the May attacks" in the middle of a sentence that has lower-case words
    return (
        text[start].isupper()
        and text[start + 1 : end].islower()
        and before in ("the", "a", "this", "'s", "each")
        and after not in _NOT_BEFORE
    )


def season_stands(low: str, start: int, end: int) -> bool:
    """Whether "fall" or "spring" is a season there: "the fall of 2015", "in fall 2015", not "the fall of Kabul"."""
    return not any(low[start:end].endswith(w) for w in _GUARDED_SEASONS) or not low[end : end + 12].lstrip().startswith(
        ("of", "into", "to", "on", "from", "back", "short", "in", "under", "a ", "up", "water", "apart", "out")
    )


def year_stands(text: str, low: str, start: int, end: int) -> bool:
    """Whether four digits are a year: after "in", in brackets, as in "a 2008 raid", but not "2000 fighters"."""
    number = low[start:end]
    counted, rounded = is_counted_noun(low, end), number.endswith("00")
    last = _LAST.search(low, max(0, start - 14), start)
    before = last[1] if last else ""
    if before in _STRONG:
        return not (counted and rounded)
    if before in _WEAK:
        return not counted
    if before in _DETERMINERS or before.endswith("'s"):
        if low[end : end + 1] in ",.;:)" or end >= len(low):
            return not rounded
        return not (counted and (rounded or before in ("a", "an", "its", "their")))
    if low[max(0, start - 1) : start] in ("(", "[") or re.search(r"[(\[][a-z., -]*$", low[max(0, start - 24) : start]):
        return not counted and (low[start - 1 : start] != "[")
    return before.rstrip(".") in MONTHS
