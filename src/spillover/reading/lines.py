"""Statements as JSON Lines: one object a line, keys in the contract's order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spillover.reading.statement import Rejected, Statement

if TYPE_CHECKING:
    from spillover.reading.reading import Reading

# some programs end a line at these, so they are written as escapes
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def to_line(value: Any) -> str:
    """``value`` as JSON in one line, without the line's end; text stays readable, a lone surrogate is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        return json.dumps(value)
    return text.translate(_LINE_ENDS)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which lines of a reading are wanted: those of these kinds and statuses (all, where empty), or the rejected."""

    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    rejected: bool = False

    def statements(self, reading: Reading) -> list[Statement]:
        """The reading's statements that are wanted."""
        return [s for s in reading.statements if self._wants(s)]

    def rejects(self, reading: Reading) -> list[Rejected]:
        """The candidates that the gate refused, of the wanted kinds and statuses."""
        return [r for r in reading.rejected if self._wants(r.statement)]

    def lines(self, reading: Reading) -> str:
        """JSON Lines: statements, or ``{"reason", "statement"}`` of the rejected."""
        if self.rejected:
            return _join({"reason": r.reason, "statement": r.statement.to_dict()} for r in self.rejects(reading))
        return _join(s.to_dict() for s in self.statements(reading))

    def _wants(self, statement: Statement) -> bool:
        return (not self.kinds or statement.kind in self.kinds) and (
            not self.statuses or statement.status in self.statuses
        )

    @property
    def key(self) -> str:
        """The same for two selections that want the same lines."""
        return json.dumps([sorted(set(self.kinds)), sorted(set(self.statuses)), self.rejected])


def _join(values: Iterable[dict[str, Any]]) -> str:
    return "".join(to_line(value) + "\n" for value in values)
