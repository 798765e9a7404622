"""What all tests of the records use."""

from __future__ import annotations

import pytest
from event_files import Imports

from spillover.lexicon import load_lexicon
from spillover.records import Crosswalk, open_session


@pytest.fixture
def imports(tmp_path):
    return Imports(tmp_path)


@pytest.fixture(scope="session")
def crosswalk():
    return Crosswalk(load_lexicon())


@pytest.fixture
def ask(imports, crosswalk):
    """The rows of a query over all that was added."""

    def query(sql):
        with open_session(imports.catalog, crosswalk) as session:
            return session.query(sql).rows

    return query
