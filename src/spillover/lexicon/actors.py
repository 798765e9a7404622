"""The actor lexicon: armed groups, states, forces, bodies and media, with all the names they go by."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from spillover.errors import LexiconError
from spillover.lexicon.case_places import PlaceInfo, place_from
from spillover.lexicon.files import data_file
from spillover.words import key

_LISTS = ("aliases", "acronyms", "former_names", "countries")


@dataclass(frozen=True, slots=True)
class ActorInfo:
    """One actor. ``countries``: ISO 3166-1 alpha-3; ``founded``/``ended``: years; ``ucdp_id``: UCDP Actor Dataset."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    parent: str | None = None
    founded: int | None = None
    ended: int | None = None
    region: str | None = None
    countries: tuple[str, ...] = ()
    ucdp_id: int | None = None
    ucdp_name: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name an actor. ``how``: ``lexicon`` or ``renamed`` (a former name); ``acronym`` keeps its capitals."""

    actor: str
    text: str
    acronym: bool
    former: bool


class Lexicon:
    """Actors by id, and names by their folded words. ``places``: a case's own, beside the gazetteer's."""

    def __init__(self, actors: Iterable[ActorInfo], places: Iterable[PlaceInfo] = ()) -> None:
        self.places = tuple(places)
        self._actors: dict[str, ActorInfo] = {}
        self._names: dict[tuple[str, ...], list[Name]] = {}
        self._firsts: dict[str, int] = {}
        for actor in actors:
            if actor.id in self._actors:
                continue
            self._actors[actor.id] = actor
            for name in _names(actor):
                self._add(name)

    def _add(self, name: Name) -> None:
        parts = key(name.text)
        if not parts:
            return
        names = self._names.setdefault(parts, [])
        if all(n.actor != name.actor for n in names):
            names.append(name)
        self._firsts[parts[0]] = max(self._firsts.get(parts[0], 0), len(parts))

    def __iter__(self) -> Iterator[ActorInfo]:
        return iter(self._actors.values())

    def __len__(self) -> int:
        return len(self._actors)

    def actor(self, id: str) -> ActorInfo | None:
        """The actor of that id, or ``None``."""
        return self._actors.get(id)

    def names(self, parts: tuple[str, ...]) -> list[Name]:
        """Names whose folded words are ``parts``."""
        return self._names.get(parts, [])

    def longest(self, first: str) -> int:
        """Number of words of the longest name that starts with this folded word; 0 where none does."""
        return self._firsts.get(first, 0)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when any actor, or place of the case's own, does."""
        h = hashlib.sha256()
        for actor in self._actors.values():
            h.update(repr(actor).encode())
        for place in self.places:
            h.update(repr(place).encode())
        return h.hexdigest()[:12]


_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ‘`](?=\w)")


def _names(actor: ActorInfo) -> Iterator[Name]:
    for text in (actor.name, *actor.aliases):
        yield Name(actor.id, text, False, False)
        if _APOSTROPHE.search(text):  # «Kataib Hezbollah» beside «Kata'ib Hezbollah»
            yield Name(actor.id, _APOSTROPHE.sub("", text), False, False)
    for text in actor.acronyms:
        yield Name(actor.id, text, True, False)
    for text in actor.former_names:
        yield Name(actor.id, text, text.isupper() and " " not in text, True)


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The built-in lexicon, with a case's own actors in front of it, and its own places.

    Raises :class:`LexiconError` with file and row where a file is malformed.
    """
    actors, places = _read_case(extra) if extra is not None and extra.exists() else ([], [])
    return Lexicon([*actors, *_built_in()], places)


@cache
def _built_in() -> tuple[ActorInfo, ...]:
    files = sorted(data_file("actors").glob("*.csv"))
    return tuple(actor for path in files for actor in _read_csv(path))


def _read_csv(path: Path) -> Iterator[ActorInfo]:
    with path.open(encoding="utf-8", newline="") as f:
        for number, row in enumerate(csv.DictReader(f), start=2):
            yield _actor(row, f"{path.name}, row {number}")


def _read_case(path: Path) -> tuple[list[ActorInfo], list[PlaceInfo]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise LexiconError(str(e), where=path.name, to_do="See docs/lexicon.md for the format") from e
    if unknown := sorted(set(data) - {"actor", "place"}):
        what = f"unknown table {unknown[0]!r}"
        raise LexiconError(what, where=path.name, to_do="Write [[actor]] or [[place]]")
    for name, tables in data.items():
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            what = f"'{name}' is not a list of [[{name}]] tables"
            raise LexiconError(what, where=path.name, to_do=f"Write [[{name}]]")
    return (
        [_actor(table, f"{path.name}, actor {n}") for n, table in enumerate(data.get("actor", []), start=1)],
        [place_from(table, f"{path.name}, place {n}") for n, table in enumerate(data.get("place", []), start=1)],
    )


def _actor(row: dict[str, Any], where: str) -> ActorInfo:
    known = {f.name for f in fields(ActorInfo)}
    if unknown := sorted(set(row) - known, key=str):
        raise LexiconError(f"unknown column {unknown[0]!r}", where=where, to_do=f"Known are {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in _LISTS:
            parts = value.split("|") if isinstance(value, str) else list(value)
            values[name] = tuple(str(p).strip() for p in parts if str(p).strip())
        elif name in ("founded", "ended", "ucdp_id"):
            values[name] = _integer(value, name, where)
        else:
            values[name] = str(value).strip() or None
    missing = [n for n in ("id", "name", "kind") if not values.get(n)]
    if missing:
        raise LexiconError(f"{missing[0]} is missing", where=where, to_do="Each actor needs id, name and kind")
    return ActorInfo(**values)


def _integer(value: Any, name: str, where: str) -> int | None:
    if value in ("", None):
        return None
    try:
        return int(value)
    except ValueError as e:
        what = f"{name} {value!r} is not a whole number"
        raise LexiconError(what, where=where, to_do="Leave it empty or mend it") from e
