"""Reading: from a document to sourced statements.

``read_document`` reads one document; :class:`Reader` does the same for many, with the model loaded once.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.lexicon import Lexicon, load_lexicon
from spillover.reading.document import Document
from spillover.reading.invisible import read_past_marks
from spillover.reading.reading import Mention, Reading

if TYPE_CHECKING:
    from spillover.reading.engines.rules import RulesEngine

__all__ = ["Document", "Mention", "Reader", "Reading", "read", "read_document"]


def read(source: Path | str | bytes, *, name: str | None = None) -> Reading:
    """Read a file (txt, md, html, pdf, docx) or its bytes with the default engine.

    Raises :class:`spillover.errors.DocumentError` where it cannot be read, :class:`spillover.errors.ModelMissing` where
    no language model is installed.
    """
    from spillover.reading.documents import load

    return read_document(load(source, name=name))


class Reader:
    """Reads documents with one engine and one lexicon. Heavy to build (the model is loaded), light to use."""

    def __init__(self, case_lexicon: Path | None = None, engine: str = "rules") -> None:
        if engine != "rules":
            raise ValueError(f"unknown engine {engine!r}; there is 'rules'")
        self.engine = engine
        self._engine = _rules(load_lexicon(case_lexicon))

    @property
    def ruleset(self) -> str:
        """A short hash over rules, lexicon and model."""
        return self._engine.ruleset

    def read(self, document: Document) -> Reading:
        """Everything that the document states, sourced."""
        return read_past_marks(self._engine.read, document)


def read_document(document: Document, *, lexicon: Lexicon | None = None) -> Reading:
    """Everything that the document states, sourced, by the default engine."""
    return read_past_marks((_default() if lexicon is None else _rules(lexicon)).read, document)


def _rules(lexicon: Lexicon) -> RulesEngine:
    from spillover.reading.engines.rules import RulesEngine

    return RulesEngine(lexicon)


@lru_cache(maxsize=1)
def _default() -> RulesEngine:
    return _rules(load_lexicon())
