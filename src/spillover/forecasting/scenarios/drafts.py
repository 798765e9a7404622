"""Scenario drafts from what a text forecasts or makes conditional, each with the words that it is from.

A draft is a scenario file to be finished: what the text does not say stands as "?", which no scenario runs with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from spillover.forecasting.scenarios.edits import HORIZON
from spillover.forecasting.scenarios.offers import AHEAD, Offers, Table
from spillover.forecasting.scenarios.toml import OPEN
from spillover.lexicon import Lexicon, load_lexicon
from spillover.reading.statement import Statement

_QUOTE = 240  # characters of a quotation that stand as the reason of an edit; the comment has it whole


@dataclass(frozen=True, slots=True)
class Draft:
    """``toml``: the file's text; ``statements``: the ids it is from; ``open``: how many values are to be filled in."""

    title: str
    toml: str
    statements: tuple[str, ...]
    open: int

    @property
    def name(self) -> str:
        """A file's name for it."""
        slug = "-".join(re.findall(r"[a-z0-9]+", self.title.lower()))[:60].strip("-")
        return f"{slug or 'scenario'}-{self.statements[0].removeprefix('st_')[:6]}.toml"


def drafts(statements: Iterable[Statement], *, lexicon: Lexicon | None = None) -> list[Draft]:
    """A draft for each forecast or conditional statement that offers one; those that offer the same are one draft.

    Joining and pledging become ``joins``, alliances ``add_tie``, breaks ``cut_tie``, more fighters, recruits or attacks
    ``scale_background``, a spread into a country ``new_country``. Statements of the present give the numbers that a
    forecast starts from. Denied ones, aims and causes offer none. ``lexicon``: the case's, for names.
    """
    said = list(statements)
    offers = Offers(said, lexicon or load_lexicon())
    found: dict[object, tuple[str, list[Table], list[Statement]]] = {}
    for s in said:
        if s.status not in AHEAD or s.polarity != "affirmed":
            continue
        if (offer := offers.of(s)) is not None:
            title, tables = offer
            key = (*(table.same for table in tables), s.condition)
            found.setdefault(key, (title, tables, []))[2].append(s)
    return [_draft(*parts) for parts in found.values()]


def _draft(title: str, tables: list[Table], statements: list[Statement]) -> Draft:
    empty = sum(v.value is None for table in tables for v in table.values)
    when = next((s.time for s in statements if s.time is not None), None)
    horizon = f"the text says: {when.surface}" if when else "the text does not say by when"
    parts = [
        "\n".join(f"# {_plain(line)}".rstrip() for line in _head(statements, empty)),
        f"title = {_text(title)}\nhorizon_months = {HORIZON}{_remark(horizon)}",
        *(_written(table, _shortened(statements[0].evidence.quote)) for table in tables),
    ]
    return Draft(title, "\n\n".join(parts) + "\n", tuple(s.id for s in statements), empty)


def _head(statements: list[Statement], empty: int) -> list[str]:
    """The comment above a draft: what it is, and what it is from."""
    number = "the value" if empty == 1 else f"the {empty} values"
    head = [
        "A draft, from what a text says of what may come. It is no forecast and not yet a scenario:",
        f'fill in {number} marked "{OPEN}", and judge the links.' if empty
        else "judge the numbers and the links, which are assumptions.",
    ]  # fmt: skip
    for s in statements:
        who = ", ".join(a.name or a.surface for a in s.attribution) or "the author"
        head += ["", f"{s.status}, {s.id}, said by {who}:", f"“{s.evidence.quote}”"]
        if s.condition:
            head.append(f"on the condition: {s.condition}")
        if s.likelihood:
            low, high = s.likelihood.low, s.likelihood.high
            odds = f" ({low:.0%} to {high:.0%})" if low is not None and high is not None else ""
            head.append(f"how likely: “{s.likelihood.cue}”{odds}; a scenario does not use it")
    return head


def _written(table: Table, because: str) -> str:
    lines = [f"{v.key} = {_value(v.value)}{_remark(v.remark)}" for v in table.values]
    return "\n".join(["[[edit]]", f"kind = {_text(table.kind)}", *lines, f"because = {_text(because)}"])


def _remark(text: str) -> str:
    return f"  # {_plain(text)}" if text else ""


def _value(value: str | float | None) -> str:
    if isinstance(value, float | int):
        return f"{value:.10g}"
    return _text(OPEN if value is None else value)


def _text(value: str) -> str:
    """A TOML string: JSON's, whose escapes TOML has too."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(text: str) -> str:
    """Text in one line, without what a comment or a string of TOML cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _QUOTE else quote[:_QUOTE].rsplit(" ", 1)[0] + " …"
