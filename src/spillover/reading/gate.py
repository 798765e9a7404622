"""The evidence gate: a statement that its own words do not carry is never written.

No fuzzy match anywhere. A quote has to stand in the clean text, character for character; numbers, surfaces and spans of
words have to lie in the quote; a role outside it has to be marked as coreference with the antecedent's own span.
"""

from __future__ import annotations

from spillover.reading.quantities import find_quantities
from spillover.reading.statement import TYPES, Quantity, Role, Span, Statement

LONGEST = 900
"""A quote is the sentence that says it, two at the most."""


def refusal(statement: Statement, text: str) -> str | None:
    """Why the statement fails the gate; ``None`` where it passes."""
    if statement.type not in TYPES[statement.kind]:
        return f"unknown type {statement.kind}/{statement.type}"
    proofs = [statement.evidence, *statement.also]
    for e in proofs:
        if text[e.start : e.end] != e.quote or not e.quote:
            return "the quote is not in the text"
        if len(e.quote) > LONGEST:
            return "the quote is longer than two sentences"
    for name, role in (("subject", statement.subject), ("object", statement.object)):
        if role is not None and (why := _role(role, statement, text)):
            return f"{name}: {why}"
    for place in statement.place:
        if text[place.start : place.end] != place.surface:
            return "a place does not stand where it is said to"
    quotes = [e.quote for e in proofs]
    if statement.quantity is not None and (why := _quantity(statement.quantity, quotes)):
        return why
    for name in ("text", "effect", "condition", "instrument"):
        words = getattr(statement, name)
        if words and not any(words in q for q in quotes):
            return f"the words of {name} are not in the quote"
    if statement.time is not None and statement.time.surface not in text:
        return "the time is not in the text"
    if any(a.surface not in text for a in statement.attribution):
        return "a source is not in the text"
    return None


def _role(role: Role, statement: Statement, text: str) -> str | None:
    if text[role.start : role.end] != role.surface:
        return "the surface does not stand where it is said to"
    inside = any(e.start <= role.start and role.end <= e.end for e in (statement.evidence, *statement.also))
    if role.how == "coreference":
        if role.antecedent is None or not _stands(role.antecedent, text):
            return "coreference without an antecedent in the text"
        return None
    return None if inside else "lies outside the evidence"


def _stands(span: Span, text: str) -> bool:
    return text[span.start : span.end] == span.surface


def _quantity(q: Quantity, quotes: list[str]) -> str | None:
    if not any(q.surface in quote for quote in quotes):
        return "the number is not in the quote"
    numbers = {v for m in find_quantities(q.surface) for v in (m.low, m.high)} | {None}
    if q.low not in numbers or q.high not in numbers:
        return "the number is not what its words say"
    return None
