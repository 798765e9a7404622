"""Scenario files: TOML, read strictly. A key that is not known is an error and not a wish.

title = "IS at full strength"
horizon_months = 12

[[edit]]
kind = "scale_background"
group = "IS"
from = 1_500
to = 10_000
link = 0.5
because = "the number of fighters may rise to 10,000"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from spillover.errors import SpreadError
from spillover.forecasting.scenarios.edits import (
    HORIZON,
    AddTie,
    Border,
    CutTie,
    Edit,
    Joins,
    NewCountry,
    ScaleBackground,
    Scenario,
)

OPEN = "?"
"""What a draft has where the text does not say: to be filled in before the scenario can run."""
LONGEST = 120  # months
_TOP = ("title", "horizon_months", "note", "edit")
_LARGEST, _HUGE = 1000.0, 1e12


def load(path: str | Path) -> Scenario:
    """The scenario in a file; :class:`~spillover.errors.SpreadError` where it is none."""
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SpreadError(
            f"it cannot be read ({error.strerror})", where=str(path), to_do="Name a scenario file"
        ) from None
    except UnicodeDecodeError:
        raise SpreadError("this is no UTF-8 text", where=str(path), to_do="Save the file as UTF-8") from None
    return parse(text, where=str(path))


def parse(text: str, *, where: str = "scenario") -> Scenario:
    """The scenario in a text. ``where``: the file's name, for messages."""
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SpreadError(f"this is no TOML: {error}", where=where, to_do="Mend the line that is named") from None
    top = _Table(found, where)
    top.only(_TOP, "of a scenario")
    title = top.text("title")
    months = top.whole("horizon_months", HORIZON, 1, LONGEST)
    note = top.text("note", None)
    edits = found.get("edit", [])
    if not isinstance(edits, list) or not all(isinstance(e, dict) for e in edits):
        raise top.wrong("edit", "edits are a list of tables", "Write [[edit]] above each, with two brackets")
    made = tuple(_edit(_Table(e, where, n)) for n, e in enumerate(edits, 1))
    return Scenario(title, made, months, note, where)


_REQUIRED: Any = object()


@dataclass(slots=True)
class _Table:
    """A table of the file: reads its keys, and says which one is wrong."""

    found: dict[str, Any]
    where: str
    number: int | None = None
    kind: str = field(default="")

    def wrong(self, key: str, what: str, to_do: str) -> SpreadError:
        place = key if self.number is None else f"edit {self.number}{f' ({self.kind})' if self.kind else ''}, {key}"
        return SpreadError(what, where=f"{self.where}, {place}", to_do=to_do)

    def only(self, known: tuple[str, ...], of: str) -> None:
        for key in self.found:
            if key not in known:
                near = get_close_matches(key, known, 1)
                raise self.wrong(
                    key, f"there is no such key {of}",
                    f"Did you mean {near[0]!r}?" if near else f"Use {', '.join(known)}",
                )  # fmt: skip

    def _value(self, key: str, default: Any) -> Any:
        if key not in self.found:
            if default is _REQUIRED:
                raise self.wrong(key, "it is missing", "Give it")
            return default
        value = self.found[key]
        if value == OPEN:
            raise self.wrong(key, "it is still to be filled in", f"Replace {OPEN!r} by what you assume")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self._value(key, default)
        if value is default:
            return value
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, f"{value!r} is no text", "Give a text in quotation marks")
        return value.strip()

    def number_of(self, key: str, default: Any = _REQUIRED, low: float = 0.0, high: float = math.inf) -> Any:
        value = self._value(key, default)
        if value is default:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _HUGE:
            raise self.wrong(key, f"{str(value)[:40]!r} is no number", "Give a number, without quotation marks")
        if not low <= value <= high:
            limits = f"from {low:g} to {high:g}" if high < math.inf else f"{low:g} or more"
            raise self.wrong(key, f"{value!r} is out of range", f"Give a number {limits}")
        return float(value)

    def whole(self, key: str, default: Any, low: int, high: int) -> int:
        value = self.number_of(key, default, low, high)
        if value != int(value):
            raise self.wrong(key, f"{value!r} is no whole number", f"Give a whole number from {low} to {high}")
        return int(value)

    def one_of(self, keys: tuple[str, ...]) -> str:
        given = [key for key in keys if key in self.found]
        if len(given) != 1:
            both = " and ".join(given) + " cannot both be given" if given else "it is missing"
            raise self.wrong(" or ".join(keys), both, f"Give one of {', '.join(keys)}")
        return given[0]


def _edit(table: _Table) -> Edit:
    kind = table.text("kind")
    if kind not in _KINDS:
        near = get_close_matches(kind, _KINDS, 1)
        raise table.wrong(
            "kind", f"there is no kind of edit {kind!r}",
            f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(_KINDS)}",
        )  # fmt: skip
    table.kind = kind
    keys, build = _KINDS[kind]
    table.only(("kind", *keys, "link", "because"), f"of {kind}")
    highest = 1.0 if kind in ("cut_tie", "joins") else 10.0
    return build(table, {"link": table.number_of("link", 1.0, 0, highest), "because": table.text("because", None)})


def _scale(table: _Table, common: dict[str, Any]) -> Edit:
    group = table.text("group")
    if "from" in table.found or "to" in table.found:
        if "factor" in table.found:
            raise table.wrong("factor", "it cannot be given beside from and to", "Give a factor, or from and to")
        before = table.number_of("from", low=1e-9)
        after = table.number_of("to")
        if after / before > _LARGEST:
            raise table.wrong("to", f"that is more than {_LARGEST:,g} times as much", "Give a smaller change")
        return ScaleBackground(group=group, factor=after / before, before=before, after=after, **common)
    return ScaleBackground(group=group, factor=table.number_of("factor", high=_LARGEST), **common)


def _cut(table: _Table, common: dict[str, Any]) -> Edit:
    return CutTie(source=table.text("from"), target=table.text("to"), **common)


def _add(table: _Table, common: dict[str, Any]) -> Edit:
    source, target = table.text("from"), table.text("to")
    if table.one_of(("like", "factor")) == "like":
        return AddTie(source=source, target=target, like=table.text("like"), **common)
    return AddTie(source=source, target=target, factor=table.number_of("factor", high=_LARGEST), **common)


def _joins(table: _Table, common: dict[str, Any]) -> Edit:
    group, into = table.text("group"), table.text("into")
    if group == into:
        raise table.wrong("into", f"{group} cannot join itself", "Name another group")
    return Joins(group=group, into=into, **common)


def _border(table: _Table, common: dict[str, Any]) -> Edit:
    return Border(factor=table.number_of("factor", high=_LARGEST), **common)


def _country(table: _Table, common: dict[str, Any]) -> Edit:
    how = table.one_of(("share", "per_year"))
    share = table.number_of("share", high=1) if how == "share" else None
    if share is not None and share * common["link"] > 1:
        raise table.wrong("link", "a share times this link is more than the whole", "Give a smaller link")
    per_year = table.number_of("per_year", high=100_000) if how == "per_year" else None
    lat, lon = table.number_of("lat", None, -90, 90), table.number_of("lon", None, -180, 180)
    where = table.text("where", None)
    if (lat is None) != (lon is None):
        raise table.wrong("lat, lon", "one of the two is missing", "Give both, or neither")
    if where is not None and lat is not None:
        raise table.wrong("where", "it cannot be given beside lat and lon", "Give the name of a place, or its point")
    return NewCountry(
        group=table.text("group"), country=table.text("country"), share=share, per_year=per_year, where=where,
        lat=lat, lon=lon, **common,
    )  # fmt: skip


_Build = Callable[[_Table, dict[str, Any]], Edit]
_KINDS: dict[str, tuple[tuple[str, ...], _Build]] = {
    "scale_background": (("group", "factor", "from", "to"), _scale),
    "cut_tie": (("from", "to"), _cut),
    "add_tie": (("from", "to", "like", "factor"), _add),
    "joins": (("group", "into"), _joins),
    "border": (("factor",), _border),
    "new_country": (("group", "country", "share", "per_year", "where", "lat", "lon"), _country),
}
