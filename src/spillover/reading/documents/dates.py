"""The day a document was published, where it says so itself: in a dateline or a line of its own. Never guessed."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from spillover.reading.document import Block

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d|Z|$)")
_NUMERIC = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
# Reports on armed groups are not older than this; a year out of it is a misread number.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# How many blocks from the top a dateline may stand.
_HEAD_BLOCKS = 10
_LONGEST_LINE = 120
_LONGEST_DATELINE = 200


@functools.cache
def _months() -> dict[str, int]:
    return dict(tomllib.loads(Path(__file__).with_name("months.toml").read_text("utf-8"))["months"])


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    months = "|".join(sorted(_months(), key=len, reverse=True))
    day_first = rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{months})\.?,?\s+(?P<y1>\d{{4}})"
    month_first = rf"(?P<m2>{months})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})"
    worded = rf"(?:{day_first}|{month_first})(?!\d)"
    weekday = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    clock = (
        r"(?:[\s,|·–—-]*(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}|[+-]\d{2}:?\d{2})?)?"
    )
    iso = r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    flags = re.IGNORECASE
    stamp = rf"(?:{worded}|{iso})"
    # "Published: 12 September 2021", "Posted on Sept. 12, 2021", "Date: 2021-09-12"
    published = re.compile(
        rf"\s*(?:first\s+)?(?:published|posted|issued|released|date|filed|dated)(?:\s+on)?\s*:?\s+{weekday}{stamp}",
        flags,
    )
    # "12 September 2021" alone on its line, perhaps behind a byline
    alone = re.compile(rf"\s*(?:by\s+[^\n|·–—]{{3,60}}[|·–—,-]\s*)?{weekday}{stamp}{clock}\s*[.|]?\s*$", flags)
    # "KABUL, Afghanistan (Reuters), Sept. 12, 2021 –": a place, then the date, then a dash
    dateline = re.compile(
        r"(?!\s*(?:in|on|at|by|from|since|until|after|before|the|when|as|during)\b)"
        rf"\s*[\[(]?[^\W\d_][\w .'’/-]{{1,40}}(?:,\s*[\w .'’-]{{2,40}})?(?:\s*\([^)\n]{{2,40}}\))?"
        rf"\s*[,:–—-]+\s*{weekday}{worded}"
        rf"\s*(?:\([^)\n]{{2,40}}\)\s*)?[\])]?\s*(?:[–—:]|--?)",
        flags,
    )
    return re.compile(worded, flags), published, alone, dateline


def _from_match(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    if groups.get("iso"):
        return parse_date(groups["iso"])
    day, month, year = (groups["d1"], groups["m1"], groups["y1"]) if groups["d1"] else (
        groups["d2"], groups["m2"], groups["y2"]
    )  # fmt: skip
    return _valid(int(year), _months()[month.lower()], int(day))


def _valid(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """The one date that ``text`` (a metadata field) states, or ``None``. "03/04/2021" has two readings, so none."""
    text = text.strip()
    if match := _ISO.match(text) or _COMPACT.match(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _patterns()[0].search(text):
        return _from_match(match)
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first == second or second > 12:
            return _valid(year, first, second)
        if first > 12:
            return _valid(year, second, first)
    return None


def line_date(line: str) -> date | None:
    """The date that one line of the head states: "Published: …", a date alone, or a dateline with its dash."""
    _, published, alone, place = _patterns()
    for pattern in (published, alone, place):
        if pattern is alone and len(line) > _LONGEST_LINE:
            continue
        if (match := pattern.match(line[:_LONGEST_DATELINE])) and (day := _from_match(match)):
            return day
    return None


def dateline(text: str, blocks: Sequence[Block]) -> date | None:
    """The date in a dateline, or in a line of its own, among the first blocks; ``None`` if there is none."""
    bodies = (text[block.start : min(block.end, block.start + _LONGEST_DATELINE)] for block in blocks[:_HEAD_BLOCKS])
    return next((day for body in bodies if (day := line_date(body))), None)
