"""Mappings: how a table's columns become those of the normal form.

A mapping is a TOML file (``docs/events.md``); the data sets that Spillover knows are mappings too (``mappings/``).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from spillover.errors import RecordsError, UnknownTable
from spillover.records.normal import WHATS, What, columns, names

_SPANS = ("years", "months", "days", "release")
_COUNTRY = ("gw", "iso3", "iso_number", "name")


@dataclass(frozen=True, slots=True)
class Field:
    """Where a column of the normal form comes from: columns of the file, and what is done with them.

    ``fractions``: the numbers may have them (deaths that were shared out among several events).

    ``country``: kind of key (``gw``, ``iso3``, ``iso_number``, ``name``) → column, in the order in which they are
    tried.
    """

    name: str
    column: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    keep_others: bool = False
    fractions: bool = False
    format: str | None = None
    sql: str | None = None
    uses: tuple[str, ...] = ()
    constant: str | None = None
    country: tuple[tuple[str, str], ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The file's columns that it reads."""
        one = (self.column,) if self.column is not None else ()
        return (*one, *self.uses, *(column for _, column in self.country))


@dataclass(frozen=True, slots=True)
class DataMapping:
    """A data set and how its files are read. ``digest`` changes with any of it.

    ``family``: sets of one family share ids. ``rank``: which of a family wins for the same event. ``span``: how the
    period that a file covers follows from its rows. ``complete``: false for
    a sample, which covers nothing: what it lacks may have been. ``private``: rows may not be passed on.
    """

    id: str
    name: str
    what: What
    family: str
    licence: str
    attribution: str
    fatal_only: bool
    fields: tuple[Field, ...]
    digest: str
    rank: int = 1
    span: str = "days"
    starts: str | None = None
    provisional: bool = False
    worldwide: bool = False
    complete: bool = True
    widen: bool = False
    private: bool = False
    release: str | None = None
    release_patterns: tuple[str, ...] = ()
    release_column: str | None = None
    detect: tuple[str, ...] = ()
    detect_some: tuple[str, tuple[str, ...]] | None = None
    detect_file: tuple[str, ...] = ()
    rows_sql: str | None = None
    where: str = field(default="", compare=False)

    def fits(self, header: Iterable[str]) -> bool:
        """Whether a table with these columns can be of this data set; letter case does not count."""
        return bool(self.detect) and {c.lower() for c in self.detect} <= {c.lower() for c in header}

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of a file that the mapping names."""
        own = (self.release_column, self.detect_some[0] if self.detect_some else None)
        return (*self.detect, *(c for f in self.fields for c in f.sources), *(c for c in own if c))

    def release_of(self, *names: str) -> str | None:
        """The release that the name of a file, or of a layer in it, tells."""
        for name in names:
            for pattern in self.release_patterns:
                if found := re.search(pattern, name, re.IGNORECASE):
                    return ".".join(found.groups())
        return self.release


@cache
def built_in() -> dict[str, DataMapping]:
    """The data sets that Spillover knows, by id."""
    home = files(__package__).joinpath("mappings")
    found = {}
    for entry in sorted(home.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            text = entry.read_text("utf-8")
            raw = tomllib.loads(text)
            sql = home.joinpath(raw["rows"]["sql"]).read_text("utf-8") if "rows" in raw else None
            made = _build(raw, entry.name, text, sql)
            found[made.id] = made
    return found


def known(id: str) -> DataMapping:
    """The built-in mapping of that id; :class:`RecordsError` where there is none."""
    try:
        return built_in()[id]
    except KeyError:
        raise RecordsError(
            f"there is no data set {id!r}", to_do=f"Known are {', '.join(built_in())}; or give your own with --map"
        ) from None


def load_mapping(path: Path) -> DataMapping:
    """The mapping in a TOML file of the analyst's; :class:`RecordsError` where it is malformed."""
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RecordsError(f"the mapping cannot be read: {reason}", where=str(path), to_do=_SEE) from error
    return _build(raw, path.name, text, None)


def fitting(header: Iterable[str], name: str) -> list[DataMapping]:
    """The built-in mappings that a table with these columns can be of; :class:`UnknownTable` where there is none."""
    header = list(header)
    if found := [m for m in built_in().values() if m.fits(header)]:
        # the one that asks for more is tried first
        return sorted(found, key=lambda m: (not (m.detect_some or m.detect_file), -len(m.detect)))
    nearest = max(built_in().values(), key=lambda m: len(set(m.detect) & set(header)) / max(len(m.detect), 1))
    lacking = [c for c in nearest.detect if c not in header]
    near = (
        f"; nearest is {nearest.id}, which also has {', '.join(lacking)}" if len(lacking) < len(nearest.detect) else ""
    )
    raise UnknownTable(
        f"no data set has these columns: {', '.join(header[:12])}{' …' if len(header) > 12 else ''}{near}",
        where=name,
        to_do="Say which it is with --as, or describe the table with --map (docs/events.md has an example)",
    )


def spelled(header: Iterable[str], mappings: Iterable[DataMapping]) -> tuple[str, ...]:
    """The columns of a table, those that a mapping names written as it writes them."""
    known = {column.lower(): column for mapping in mappings for column in mapping.columns}
    return tuple(known.get(column.lower(), column) for column in header)


def choose(found: list[DataMapping], name: str, some: Callable[[str, tuple[str, ...]], bool]) -> DataMapping:
    """Which of the fitting mappings it is; ``some(column, besides)``: the column has values besides those."""
    for mapping in found if len(found) > 1 else ():
        by_name = any(re.search(pattern, name, re.IGNORECASE) for pattern in mapping.detect_file)
        if by_name or not (mapping.detect_some or mapping.detect_file):
            return mapping
        if mapping.detect_some is not None and some(*mapping.detect_some):
            return mapping
    return found[-1]


_SEE = "docs/events.md describes mappings and has an example"


_DATASET: Dict[str, tuple[type, ...]] = {
    "id": (str,), "name": (str,), "what": (str,), "family": (str,), "licence": (str,), "attribution": (str,),
    "fatal_only": (bool,), "rank": (int,), "span": (str,), "starts": (str,), "provisional": (bool,),
    "worldwide": (bool,), "complete": (bool,), "widen": (bool,), "private": (bool,),
    "release": (str, list), "release_column": (str,),
}  # fmt: skip
_DETECT: Dict[str, tuple[type, ...]] = {"columns": (list,), "some": (dict,), "file": (list,)}
_KINDS = {str: "a text", bool: "true or false", int: "a whole number", list: "a list of texts", dict: "a table"}


def _build(raw: dict[str, Any], where: str, text: str, rows_sql: str | None) -> DataMapping:
    tables = {"dataset", "detect", "columns", *(("rows",) if rows_sql is not None else ())}
    if unknown := sorted(set(raw) - tables):
        raise RecordsError(f"unknown table [{unknown[0]}]", where=where, to_do=_SEE)
    if odd := [name for name in raw if not isinstance(raw[name], dict)]:
        raise RecordsError(f"{odd[0]} is no table [{odd[0]}]", where=where, to_do=_SEE)
    about: dict[str, Any] = raw.get("dataset", {})
    if not {"id", "name", "licence"} <= set(about):
        raise RecordsError("[dataset] needs id, name and licence", where=where, to_do=_SEE)
    detect: dict[str, Any] = raw.get("detect", {})
    _check_kinds("dataset", about, _DATASET, where)
    _check_kinds("detect", detect, _DETECT, where)
    what = about.get("what", "events")
    span = about.get("span", "days")
    if what not in WHATS or span not in _SPANS:
        raise RecordsError(f"'what' is one of {WHATS}, 'span' one of {_SPANS}", where=where, to_do=_SEE)
    some = detect.get("some")
    made = tuple(_field(name, spec, where) for name, spec in raw.get("columns", {}).items())
    if rows_sql is None:
        _check(made, what, where)
    release = about.get("release", [])
    for pattern in (*([] if isinstance(release, str) else release), *detect.get("file", ())):
        try:
            re.compile(pattern)
        except re.error as error:
            raise RecordsError(f"{pattern!r} is no regular expression ({error})", where=where, to_do=_SEE) from error
    return DataMapping(
        id=about["id"], name=about["name"], what=what, family=about.get("family") or about["id"],
        licence=about["licence"], attribution=about.get("attribution") or about["name"],
        fatal_only=about.get("fatal_only", False), fields=made,
        digest=hashlib.sha256((text + (rows_sql or "")).encode()).hexdigest()[:12],
        rank=about.get("rank", 1), span=span, starts=about.get("starts"),
        provisional=about.get("provisional", False), worldwide=about.get("worldwide", False),
        complete=about.get("complete", True), widen=about.get("widen", False), private=about.get("private", False),
        release=release if isinstance(release, str) else None,
        release_patterns=() if isinstance(release, str) else tuple(release),
        release_column=about.get("release_column"), detect=tuple(detect.get("columns", ())),
        detect_some=(some["column"], tuple(some["besides"])) if some else None,
        detect_file=tuple(detect.get("file", ())), rows_sql=rows_sql, where=where,
    )  # fmt: skip


def _check_kinds(of: str, table: dict[str, Any], kinds: Dict[str, tuple[type, ...]], where: str) -> None:
    """Each key of a table is known and its value of the right kind."""
    for key, value in table.items():
        if key not in kinds:
            to_do = f"Known are {', '.join(kinds)}"
            raise RecordsError(f"{of}: unknown key {key!r}", where=where, to_do=to_do)
        fits = type(value) in kinds[key] and (not isinstance(value, list) or all(isinstance(v, str) for v in value))
        if not fits or value == "":
            said = " or ".join(_KINDS[kind] for kind in kinds[key])
            raise RecordsError(f"{of}: {key} has to be {said}", where=where, to_do=_SEE)


def _check(made: tuple[Field, ...], what: What, where: str) -> None:
    if what != "events":
        raise RecordsError(f"a mapping of columns is for events, not for {what}", where=where, to_do=_SEE)
    given = {f.name for f in made}
    if unknown := sorted(given - set(names(what))):
        to_do = f"The normal form has {', '.join(c.name for c in columns(what))}"
        raise RecordsError(
            f"[columns] has {unknown[0]!r}, which is no column of the normal form", where=where, to_do=to_do
        )
    if "date_start" not in given:
        raise RecordsError("[columns] needs date_start", where=where, to_do=_SEE)


_FIELD: Dict[str, tuple[type, ...]] = {
    "column": (str,), "values": (dict,), "others": (str,), "format": (str,), "sql": (str,), "uses": (list,),
    "constant": (str, int, float, bool), "fractions": (bool,),
}  # fmt: skip
_KINDS[float] = "a number"


def _field(name: str, spec: Any, where: str) -> Field:
    if isinstance(spec, str) and spec:
        return Field(name, country=(("name", spec),)) if name == "country" else Field(name, column=spec)
    if not isinstance(spec, dict) or not spec:
        raise RecordsError(f"{name} is neither a column's name nor a table", where=where, to_do=_SEE)
    if name == "country":
        _check_kinds(name, spec, dict.fromkeys(_COUNTRY, (str,)), where)
        return Field(name, country=tuple(spec.items()))
    _check_kinds(name, spec, _FIELD, where)
    if sum(key in spec for key in ("column", "sql", "constant")) != 1:
        raise RecordsError(f"{name} needs one of column, sql and constant", where=where, to_do=_SEE)
    if "sql" in spec:
        _check_sql(name, spec["sql"], where)
    if "format" in spec:
        _check_format(name, spec["format"], where)
    values: Dict[str, Any] = spec.get("values", {})
    constant = spec.get("constant")
    return Field(
        name, column=spec.get("column"), values=tuple((k, str(v)) for k, v in values.items()),
        keep_others=spec.get("others") == "keep", fractions=spec.get("fractions", False), format=spec.get("format"),
        sql=spec.get("sql"), uses=tuple(spec.get("uses", ())), constant=None if constant is None else str(constant),
    )  # fmt: skip


def _check_sql(name: str, sql: str, where: str) -> None:
    """One expression of a row's own cells: a mapping may come from anybody, and reads no other table or file."""
    import duckdb

    with duckdb.connect() as db:
        try:
            statements = db.extract_statements(f"SELECT ({sql})")
            tree = db.execute("SELECT json_serialize_sql(?)", [f"SELECT ({sql})"]).fetchone() if statements else None
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise RecordsError(f"{name}: the SQL is wrong ({reason})", where=where, to_do=_SEE) from error
    found = json.loads(tree[0]) if tree else {}
    if len(statements) != 1 or found.get("error") or '"SUBQUERY"' in json.dumps(found):
        raise RecordsError(
            f"{name}: the SQL has to be one expression of the row's columns, without a query in it", where=where,
            to_do=_SEE,
        )  # fmt: skip


def _check_format(name: str, format: str, where: str) -> None:
    import duckdb

    with duckdb.connect() as db:
        try:
            db.execute("SELECT try_strptime('2000', ?)", [format])
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            what = f"{name}: {format!r} is no format of a date ({reason})"
            raise RecordsError(what, where=where, to_do=_SEE) from error
