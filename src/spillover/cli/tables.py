"""Statements as a table for people."""

from __future__ import annotations

import textwrap
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from typing import Any

from spillover.cli.console import printable, table
from spillover.reading.statement import KINDS, Place, Quantity, Rejected, Role, Statement, Time

_COLUMNS = ("kind", "type", "subject", "object", "place", "time", "number", "status", "source")
# columns whose cells are short and hard to read when they are broken
_ID_WIDTH = 24
_WHOLE = ("kind", "type", "number")


def statement_table(statements: Sequence[Statement], title: str | None = None) -> Any:
    """One row a statement: what is said, how, and who says it."""
    return table(title, _COLUMNS, (_cells(s) for s in statements), whole=_WHOLE)


def rejected_table(rejected: Sequence[Rejected], title: str | None = None) -> Any:
    """One row a candidate that the evidence gate refused, and why."""
    rows = (
        (r.reason, r.statement.kind, r.statement.type, r.statement.rule, r.statement.evidence.quote) for r in rejected
    )
    return table(title, ("reason", "kind", "type", "rule", "quote"), rows)


def counts(statements: Sequence[Statement]) -> str:
    """``12 statements: 5 tie, 4 event, 3 count``."""
    by_kind = Counter(s.kind for s in statements)
    parts = ", ".join(f"{by_kind[kind]} {kind}" for kind in KINDS if by_kind[kind])
    return f"{len(statements)} statement{'' if len(statements) == 1 else 's'}" + (f": {parts}" if parts else "")


def _cells(s: Statement) -> tuple[str, ...]:
    said = s.status if s.phase == "occurred" else f"{s.status}, {s.phase}"
    if s.likelihood is not None:
        said += f" ({s.likelihood.cue})"
    return (
        s.kind,
        s.type if s.polarity == "affirmed" else f"not {s.type}",
        _role_cell(s.subject),
        _role_cell(s.object) or (s.text or ""),
        ", ".join(place(p) for p in s.place),
        time(s.time),
        quantity(s.quantity),
        said,
        " ← ".join(a.name for a in s.attribution),
    )


def role(value: Role | None) -> str:
    """The words, and the actor behind them where the words do not show it."""
    if value is None:
        return ""
    plain = "-".join(value.surface.casefold().removeprefix("the ").split())
    return value.surface if value.actor in (None, plain) else f"{value.surface} [{value.actor}]"


def _role_cell(value: Role | None) -> str:
    words, _, actor = role(value).partition(" [")
    # an id breaks at its hyphens, where the table would break it anywhere
    return "\n".join([words, *textwrap.wrap(f"[{actor}", _ID_WIDTH)]) if actor else words


def place(value: Place) -> str:
    """The name and its code."""
    return f"{value.surface} [{value.place}]" if value.place else value.surface


def time(value: Time | None) -> str:
    """The interval, as short as it can be said; the words where they give none."""
    if value is None:
        return ""
    start, end = value.start, value.end
    if start is None and end is None:
        return value.surface
    if start is None or end is None:
        return f"{start or '…'} – {end or '…'}"
    if start[:4] == end[:4] and (start[4:], end[4:]) == ("-01-01", "-12-31"):
        return start[:4]
    if start[:7] == end[:7] and start.endswith("-01") and int(end[8:]) == monthrange(int(end[:4]), int(end[5:7]))[1]:
        return start[:7]
    return start if start == end else f"{start} – {end}"


def quantity(value: Quantity | None) -> str:
    """The number with its bound and unit."""
    if value is None:
        return ""
    low, high = (None if n is None else f"{n:,.10g}" for n in (value.low, value.high))
    match value.bound:
        case "at_least":
            number = f"≥ {low}"
        case "at_most":
            number = f"≤ {high or low}"
        case "about":
            number = f"~ {low or high}"
        case "range":
            number = f"{low or '…'} – {high or '…'}"
        case _:
            number = low or high or value.surface
    return f"{number} {value.unit or ''}".strip()


def one_line(text: str) -> str:
    """``text`` with its line ends and runs of space folded, safe to print."""
    return printable(" ".join(text.split()))
