"""Errors that Spillover raises on purpose.

    SpilloverError                  root: catch this to catch them all
    ├── DocumentError               a document cannot be read at all
    │   ├── UnsupportedFormat       no loader for this kind of file
    │   ├── DamagedDocument         truncated, encrypted, not what its name says
    │   ├── DocumentLimit           over the limits on time, memory, size or output
    │   ├── EmptyDocument           nothing to read in it
    │   └── UnsupportedLanguage     not English; the message names the language
    ├── LexiconError                a lexicon file or a case's own lexicon is malformed
    ├── RecordsError                event data cannot be read, fetched or queried
    │   ├── UnknownTable            no mapping fits the columns of a file
    │   └── QueryFault              a query is wrong, not allowed, or over its limits
    ├── SpreadError                 events cannot be measured or a model cannot be fitted to them
    │   └── Stopped                 long work was stopped by its caller
    ├── ForecastError               a panel or a forecast cannot be read, made or scored
    ├── ModelMissing                no language model is installed; the message names the command to run
    └── CaseError                   a case folder cannot be opened, written or understood

Each message says what is wrong, where (file, page, row, offset) and what to do about it.
"""

from __future__ import annotations


class SpilloverError(Exception):
    """Root of all errors raised on purpose. ``what`` happened, ``where``, and what ``to_do`` about it."""

    def __init__(self, what: str, *, where: str | None = None, to_do: str | None = None) -> None:
        self.what, self.where, self.to_do = what, where, to_do
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head}. {to_do}" if to_do else head)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.to_do)


def _rebuild(cls: type[SpilloverError], what: str, where: str | None, to_do: str | None) -> SpilloverError:
    return cls(what, where=where, to_do=to_do)


class DocumentError(SpilloverError):
    """A document cannot be read."""


class UnsupportedFormat(DocumentError):
    """There is no loader for this kind of file."""


class DamagedDocument(DocumentError):
    """The file is truncated, encrypted, or not what its name says."""


class DocumentLimit(DocumentError):
    """The document goes over the limits on time, memory, size or output."""


class EmptyDocument(DocumentError):
    """There is no text in the document."""


class UnsupportedLanguage(DocumentError):
    """The document is not in English."""


class LexiconError(SpilloverError):
    """A lexicon file is malformed."""


class SpreadError(SpilloverError):
    """Events cannot be measured, or a model cannot be fitted to them."""


class Stopped(SpreadError):
    """Long work was stopped by its caller; what was done is kept where a checkpoint was named."""


class ForecastError(SpilloverError):
    """A panel or a forecast cannot be read, made or scored."""


class RecordsError(SpilloverError):
    """Event data cannot be read, fetched or queried."""


class UnknownTable(RecordsError):
    """No mapping fits the columns of a file."""


class QueryFault(RecordsError):
    """A query is wrong, not allowed, or over its limits."""


class ModelMissing(SpilloverError):
    """No language model is installed."""


class CaseError(SpilloverError):
    """A case folder cannot be opened, written or understood."""
