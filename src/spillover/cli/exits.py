"""Exit codes, and what each error means for them."""

from __future__ import annotations

from spillover.errors import CaseError, LexiconError, ModelMissing, QueryFault, SpilloverError

OK, SOME_UNREAD, USAGE, NONE_READ, CASE, MODEL, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

MEANINGS = {
    OK: "all is well",
    SOME_UNREAD: "some documents could not be read, or what was asked for is not there",
    USAGE: "the command or one of its options is wrong",
    NONE_READ: "nothing could be read",
    CASE: "the case or output folder is damaged or cannot be written",
    MODEL: "no language model is installed (see: spillover doctor)",
    INTERRUPTED: "stopped by Ctrl-C; run the same command again to go on",
}


def code_of(error: SpilloverError) -> int:
    """The exit code for an error that ends a command."""
    from spillover.knowledge.query import QueryError

    for kind, code in (
        (CaseError, CASE),
        (ModelMissing, MODEL),
        (LexiconError, USAGE),
        (QueryError, USAGE),
        (QueryFault, USAGE),
    ):
        if isinstance(error, kind):
            return code
    return NONE_READ


def code_for(done: int, failed: int) -> int:
    """The exit code of a command that read several documents."""
    if not failed:
        return OK
    return SOME_UNREAD if done else NONE_READ
