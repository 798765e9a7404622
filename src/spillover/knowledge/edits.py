"""The analyst's decisions: an append-only log, in which a later entry on the same thing answers an earlier one."""

from __future__ import annotations

import getpass
import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry. ``target`` and ``key``: what it is about; ``old`` and ``new``: JSON values, ``None`` for nothing."""

    id: int
    at: str
    author: str
    action: str
    target: str
    key: str
    old: Any
    new: Any
    note: str | None


def append(
    connection: sqlite3.Connection, action: str, target: str, key: str, new: Any, note: str | None = None
) -> Edit:
    """Write an entry at the end of the log; the value that stood there before is kept beside the new one."""
    old = current(connection, target).get(key)
    values = (
        datetime.now(UTC).isoformat(timespec="seconds"), _author(), action, target, key,
        None if old is None else json.dumps(old.new, ensure_ascii=False), json.dumps(new, ensure_ascii=False), note,
    )  # fmt: skip
    cursor = connection.execute(
        "INSERT INTO edit (at, author, action, target, key, old, new, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
    )
    return Edit(int(cursor.lastrowid or 0), *values[:5], old.new if old else None, new, note)


def current(connection: sqlite3.Connection, target: str) -> dict[str, Edit]:
    """The last entry on each key of a target."""
    rows = connection.execute("SELECT * FROM edit WHERE target = ? ORDER BY id", (target,)).fetchall()
    return {row["key"]: _edit(row) for row in rows}


def _edit(row: sqlite3.Row) -> Edit:
    values = dict(row)
    for name in ("old", "new"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return Edit(**values)


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
