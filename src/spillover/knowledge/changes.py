"""What a new reading of a document says differently from the one before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from spillover.reading.statement import Statement

from .rows import dump

# which rule found a statement, and the hash over it, are not what it says
_NOT_SAID = frozenset({"id", "rule", "engine", "document"})


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that both readings have, with the names of the fields that differ."""

    before: Statement
    after: Statement
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two readings of one document; false where they say the same.

    ``before``/``after``: engine and rule set of either reading, such as ``rules 3f2a``.
    """

    document: str
    before: str
    after: str
    added: tuple[Statement, ...]
    removed: tuple[Statement, ...]
    changed: tuple[Change, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "document": self.document,
            "before": self.before,
            "after": self.after,
            "added": [s.to_dict() for s in self.added],
            "removed": [s.to_dict() for s in self.removed],
            "changed": [
                {"fields": list(c.fields), "before": c.before.to_dict(), "after": c.after.to_dict()}
                for c in self.changed
            ],
            "unchanged": self.unchanged,
        }


def compare(document: str, before: str, old: Iterable[Statement], after: str, new: Iterable[Statement]) -> Changes:
    """The difference from ``old`` to ``new``.

    Offsets are left out of the comparison: they move when a loader cleans a text better, though nothing else is said.
    What is left after the equal statements is paired by its quote and roles, then by its quote and kind alone.
    """
    gone, come = list(old), list(new)
    total = len(come)
    _pair(gone, come, lambda s: dump(_said(s)))
    unchanged = total - len(come)
    pairs = _pair(gone, come, lambda s: (s.kind, s.type, s.evidence.quote, _surface(s.subject), _surface(s.object)))
    pairs += _pair(gone, come, lambda s: (s.kind, s.evidence.quote, _surface(s.subject), _surface(s.object)))
    pairs += _pair(gone, come, lambda s: (s.kind, s.type, s.evidence.quote))
    changed = tuple(Change(a, b, _differing(a, b)) for a, b in pairs)
    order = {id(s): n for n, s in enumerate(come)}
    return Changes(
        document, before, after, tuple(sorted(come, key=lambda s: order[id(s)])), tuple(gone), changed, unchanged
    )


def _pair(
    gone: list[Statement], come: list[Statement], key: Callable[[Statement], Hashable]
) -> list[tuple[Statement, Statement]]:
    """Take out of both lists, first come first served, what has the same key; the pairs taken out."""
    waiting: dict[Hashable, list[Statement]] = defaultdict(list)
    for statement in gone:
        waiting[key(statement)].append(statement)
    pairs, rest = [], []
    for statement in come:
        same = waiting.get(key(statement))
        if same:
            pairs.append((same.pop(0), statement))
        else:
            rest.append(statement)
    taken = {id(before) for before, _ in pairs}
    gone[:] = [s for s in gone if id(s) not in taken]
    come[:] = rest
    return pairs


def _surface(role: Any) -> str | None:
    return None if role is None else role.surface


def _said(statement: Statement) -> dict[str, Any]:
    return {name: _without_offsets(v) for name, v in statement.to_dict().items() if name not in _NOT_SAID}


def _without_offsets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_offsets(v) for v in value]
    if isinstance(value, dict):
        # a time's start and end are dates (text), an offset is a number
        return {k: _without_offsets(v) for k, v in value.items() if not (k in ("start", "end") and isinstance(v, int))}
    return value


def _differing(before: Statement, after: Statement) -> tuple[str, ...]:
    a, b = _said(before), _said(after)
    return tuple(name for name in a if a[name] != b[name])
