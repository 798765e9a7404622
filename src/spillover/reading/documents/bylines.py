"""Author lines: "By Sana Whitfield and Omar al-Masri"."""

from __future__ import annotations

import re

from spillover.reading.documents.draft import squeeze

LONGEST = 120
"""Code points of the longest line that is asked."""

_NAME = r"(?:[A-Z][\w.’'-]*|al-\w+|bin|de|van|von|ul|el)"
_BYLINE = re.compile(rf"(?i:by|author:|written by)\s+([A-Z][\w.’'-]*(?:(?:,| and| &)?\s+{_NAME}){{1,8}})\W*")


def byline(line: str) -> str | None:
    """The author whom a line names, if the line does nothing else; ``None`` otherwise."""
    match = _BYLINE.fullmatch(line.strip()) if len(line) < LONGEST else None
    return squeeze(match.group(1)).rstrip(".,") if match else None
