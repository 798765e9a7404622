"""What a user types into the search box, made into a query that SQLite's FTS5 always understands.

The language: words, ``"phrases"``, ``prefix*``, ``AND``, ``OR``, ``NOT`` in capitals, and parentheses; words beside
each other must all be there. NOT binds before AND, AND before OR. Everything else is taken as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spillover.errors import SpilloverError

MAX_TERMS = 64
_TOKEN = re.compile(r'\s+|(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"(?P<pstar>\*)?|(?P<word>[^\s()"]+)|(?P<odd>")')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\0": " "})
_HELP = 'Use words, "phrases", prefix*, AND, OR, NOT and parentheses'


class QueryError(SpilloverError):
    """A search query is not well formed."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "term", "AND", "OR", "NOT", "(", ")"
    text: str = ""


def to_fts5(query: str) -> str:
    """The FTS5 expression for ``query``; :class:`QueryError` says what is wrong with it."""
    tokens = _tokens(query)
    terms = sum(token.kind == "term" for token in tokens)
    if not terms:
        raise QueryError("there is no word to search for", where=f"search {query!r}", to_do=_HELP)
    if terms > MAX_TERMS or len(tokens) > 4 * MAX_TERMS:
        raise QueryError(f"too long ({terms} words, at most {MAX_TERMS})", where="search", to_do="Use fewer words")
    return _Parser(tokens, query).parse()


def _tokens(query: str) -> list[_Token]:
    # a lone surrogate cannot be stored, so it cannot be found either
    text = query.encode("utf-8", "replace").decode("utf-8").translate(_QUOTES)
    tokens = []
    for match in _TOKEN.finditer(text):
        if match["odd"]:
            raise QueryError(
                "a quotation mark is not closed", where=f"search {query!r}", to_do="Close it, or leave it out"
            )
        if match["open"] or match["close"]:
            tokens.append(_Token(match[0]))
        elif match["word"] in ("AND", "OR", "NOT"):
            tokens.append(_Token(match["word"]))
        elif (term := match["phrase"] if match["phrase"] is not None else match["word"]) is not None:
            star = bool(match["pstar"]) or (match["phrase"] is None and term.endswith("*"))
            # FTS5 sees no word in bare punctuation, and an empty phrase would match nothing
            if any(c.isalnum() for c in term):
                words = term.strip("*") if match["phrase"] is None else term
                tokens.append(_Token("term", f'"{words}"' + ("*" if star else "")))
    return tokens


class _Parser:
    """Recursive descent: either := both ("OR" both)* ; both := one (("AND")? one)* ("NOT" one)*."""

    def __init__(self, tokens: list[_Token], query: str) -> None:
        self.tokens, self.query, self.at = tokens, query, 0

    def parse(self) -> str:
        try:
            expression = self.either()
        except RecursionError:
            raise self.wrong("too many parentheses") from None
        if self.at < len(self.tokens):
            raise self.wrong("a closing parenthesis has no opening one")
        return expression

    def peek(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def take(self, kind: str) -> bool:
        if self.peek() == kind:
            self.at += 1
            return True
        return False

    def either(self) -> str:
        parts = [self.both()]
        while self.take("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"

    def both(self) -> str:
        wanted, unwanted = [self.one()], []
        while self.peek() in ("AND", "NOT", "term", "("):
            joined = self.take("AND")
            if self.take("NOT"):
                unwanted.append(self.one())
            else:
                if self.peek() in (None, "OR", ")") and joined:
                    raise self.wrong("AND has no word after it")
                wanted.append(self.one())
        expression = wanted[0] if len(wanted) == 1 else "(" + " AND ".join(wanted) + ")"
        for part in unwanted:
            expression = f"({expression} NOT {part})"
        return expression

    def one(self) -> str:
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise self.wrong("a parenthesis is not closed")
            return inner
        if self.peek() == "term":
            self.at += 1
            return self.tokens[self.at - 1].text
        match self.peek():
            case "NOT":
                raise self.wrong("NOT needs a word before it: 'attack NOT claimed'")
            case None:
                last = self.tokens[-1].kind
                raise self.wrong(f"{last} has no word after it" if last != "(" else "a parenthesis is not closed")
            case ")":
                raise self.wrong("there is nothing between the parentheses, or no word before ')'")
            case kind:
                raise self.wrong(f"{kind} stands where a word should be")

    def wrong(self, what: str) -> QueryError:
        return QueryError(what, where=f"search {self.query!r}", to_do=_HELP)
