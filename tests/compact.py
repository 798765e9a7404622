"""One reader for all tests, and short views of what it reads: ``("pledged_to", "boko-haram", "islamic-state")``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from spillover.reading import Reader, Reading
from spillover.reading.documents import load
from spillover.reading.statement import Kind, Role, Statement


@cache
def reader() -> Reader:
    return Reader()


def read(text: str, day: date | None = None) -> Reading:
    """What the real reader reads in a plain text, as if published on ``day``."""
    document = load(text.encode(), name="x.txt")
    if day is not None:
        document = replace(document, metadata=replace(document.metadata, date=day, date_source="metadata"))
    return reader().read(document)


def who(role: Role | None) -> str | None:
    """The actor's id, else the words."""
    return None if role is None else role.actor or role.surface


def triple(s: Statement) -> tuple[str, str | None, str | None]:
    return s.type, who(s.subject), who(s.object)


def triples(reading: Reading, kind: Kind) -> set[tuple[str, str | None, str | None]]:
    """Type, subject and object of the statements of a kind."""
    return {triple(s) for s in reading.statements if s.kind == kind}


def numbers(reading: Reading, kind: Kind = "count") -> set[tuple[str, float | None, float | None]]:
    """Type and bounds of the statements of a kind that have a number."""
    return {(s.type, s.quantity.low, s.quantity.high) for s in reading.statements if s.kind == kind and s.quantity}


def the(reading: Reading, kind: Kind, type: str) -> Statement:
    """The statement of that kind and type; there has to be one, and no more."""
    found = [s for s in reading.statements if (s.kind, s.type) == (kind, type)]
    assert len(found) == 1, [(s.kind, *triple(s)) for s in reading.statements]
    return found[0]


def codes(s: Statement) -> list[str | None]:
    return [p.place for p in s.place]


def faults(reading: Reading) -> list[str]:
    """What in a reading its own text does not carry: the contract's evidence rules, written again from the contract."""
    text, out = reading.document.text, []
    ids = [s.id for s in reading.statements]
    if len(set(ids)) < len(ids):
        out.append("an id is used twice")
    for s in reading.statements:
        out += [f"{s.id}: {fault}" for fault in _spans(s, text)]
        quotes = [e.quote for e in (s.evidence, *s.also)]
        for name in ("text", "effect", "condition", "instrument"):
            words = getattr(s, name)
            if words is not None and not any(words in q for q in quotes):
                out.append(f"{s.id}: {name} is not in the quote")
        if s.quantity is not None and not any(s.quantity.surface in q for q in quotes):
            out.append(f"{s.id}: the number is not in the quote")
    return out


def _spans(s: Statement, text: str) -> list[str]:
    out = []
    for e in (s.evidence, *s.also):
        if not e.quote or text[e.start : e.end] != e.quote:
            out.append("a quote is not where it is said to be")
    for part in (s.subject, s.object, *s.place):
        if part is not None and text[part.start : part.end] != part.surface:
            out.append(f"{part.surface!r} is not where it is said to be")
    for role in (s.subject, s.object):
        if role is None:
            continue
        if (role.how == "coreference") != (role.antecedent is not None):
            out.append(f"{role.surface!r}: coreference and antecedent belong together")
        if role.antecedent and text[role.antecedent.start : role.antecedent.end] != role.antecedent.surface:
            out.append(f"the antecedent of {role.surface!r} is not where it is said to be")
        if role.how != "coreference" and not (s.evidence.start <= role.start and role.end <= s.evidence.end):
            out.append(f"{role.surface!r} lies outside the evidence")
    return out
