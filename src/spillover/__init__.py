"""Spillover puts what is written about armed groups to the test.

The public names; each loads its part when it is first asked for, so that ``import spillover`` is quick::

    import spillover

    reading = spillover.read("article.txt")
    for statement in reading.statements:
        print(statement.kind, statement.type, statement.evidence.quote)

    with spillover.open_case("my-case") as case:
        case.add("article.txt")
        case.search("pledged allegiance")
        case.add_events("ged251.csv")
        for finding in case.check().findings:
            print(finding.verdict, finding.reason)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spillover.case import AddResult, Case, open_case
    from spillover.errors import (
        CaseError,
        DamagedDocument,
        DocumentError,
        DocumentLimit,
        EmptyDocument,
        ForecastError,
        LexiconError,
        ModelMissing,
        QueryFault,
        RecordsError,
        SpilloverError,
        SpreadError,
        Stopped,
        UnknownTable,
        UnsupportedFormat,
        UnsupportedLanguage,
    )
    from spillover.lexicon import load_lexicon
    from spillover.reading import Reader, Reading, read, read_document
    from spillover.reading.document import Document
    from spillover.reading.statement import Rejected, Statement

__version__ = "0.1.0"

__all__ = [
    "AddResult",
    "Case",
    "CaseError",
    "DamagedDocument",
    "Document",
    "DocumentError",
    "DocumentLimit",
    "EmptyDocument",
    "ForecastError",
    "LexiconError",
    "ModelMissing",
    "QueryFault",
    "Reader",
    "Reading",
    "RecordsError",
    "Rejected",
    "SpilloverError",
    "SpreadError",
    "Statement",
    "Stopped",
    "UnknownTable",
    "UnsupportedFormat",
    "UnsupportedLanguage",
    "__version__",
    "load_lexicon",
    "open_case",
    "read",
    "read_document",
]

_HOME = {
    "AddResult": "case",
    "Case": "case",
    "open_case": "case",
    "load_lexicon": "lexicon",
    "Reader": "reading",
    "Reading": "reading",
    "read": "reading",
    "read_document": "reading",
    "Document": "reading.document",
    "Rejected": "reading.statement",
    "Statement": "reading.statement",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'spillover' has no attribute {name!r}")
    # what is not listed under a part of its own is an error class
    value = getattr(import_module(f"spillover.{_HOME.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
