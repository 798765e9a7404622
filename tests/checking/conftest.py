"""The synthetic records of the truth tables: each set of files is imported once and kept while the tests run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from synthetic_events import File, imported

from spillover.lexicon import load_lexicon
from spillover.records import Crosswalk, Session, open_session

OpenRecord = Callable[[tuple[File, ...]], Session]


@pytest.fixture(scope="session")
def open_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRecord]:
    """A function that gives a session over synthetic files; the same files give the same session."""
    crosswalk = Crosswalk(load_lexicon())
    sessions: dict[tuple[File, ...], Session] = {}
    with ExitStack() as open_ones:

        def opened(files: tuple[File, ...]) -> Session:
            if files not in sessions:
                catalog = imported(files, tmp_path_factory.mktemp("record"))
                sessions[files] = open_ones.enter_context(open_session(catalog, crosswalk))
            return sessions[files]

        yield opened
