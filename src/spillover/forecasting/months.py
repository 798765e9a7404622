"""Months as whole numbers: year × 12 + month − 1, so that 2020-01 is 24240 and months can be added and compared."""

from __future__ import annotations

import re

from spillover.errors import ForecastError

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2}.*)?")
_HORIZON = re.compile(r"(\d+)(?:-(\d+))?")
_VIEWS_ZERO = 1980 * 12 - 1
LONGEST = 120
"""The longest horizon that is accepted, months: a longer one is a slip of the pen."""


def parse(text: str) -> int:
    """The index of ``YYYY-MM`` (a day after it is allowed and left off).

    :class:`~spillover.errors.ForecastError` where the text is no month.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        raise ForecastError(f"{text!r} is not a month", to_do="Write it as YYYY-MM, such as 2020-10")
    return int(found[1]) * 12 + int(found[2]) - 1


def name(index: int) -> str:
    """``YYYY-MM`` of an index."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def from_views(month_id: int) -> int:
    """The index of a VIEWS ``month_id`` (1 is January 1980)."""
    return int(month_id) + _VIEWS_ZERO


def to_views(index: int) -> int:
    """The VIEWS ``month_id`` of an index."""
    return int(index) - _VIEWS_ZERO


def parse_window(text: str) -> tuple[int, int]:
    """First and last month of ``2021-01:2021-12``, or of one month alone."""
    first, _, last = text.partition(":")
    window = parse(first), parse(last or first)
    if window[0] > window[1]:
        raise ForecastError(
            f"the window {text!r} ends before it begins", to_do="Write the earlier month first: 2021-01:2021-12"
        )
    return window


def parse_horizons(text: str) -> tuple[int, ...]:
    """Horizons, months after the origin: ``3-14``, ``3`` or ``1,3,6``, in rising order, each once.

    :class:`~spillover.errors.ForecastError` where one is no number, below 1 or above :data:`LONGEST`.
    """
    found: set[int] = set()
    for part in text.split(","):
        bounds = _HORIZON.fullmatch(part.strip())
        first, last = (int(bounds[1]), int(bounds[2] or bounds[1])) if bounds else (0, 0)
        if not 1 <= first <= last <= LONGEST:
            raise ForecastError(
                f"{text!r} gives no horizons from 1 to {LONGEST} months",
                to_do="Write a range, a number or a list: 3-14, 3 or 1,3,6",
            )
        found.update(range(first, last + 1))
    return tuple(sorted(found))
