"""Fixtures of the tests of the documentation."""

from __future__ import annotations

import pytest

from spillover import load_lexicon


@pytest.fixture(scope="session")
def lexicon():
    """The built-in lexicon."""
    return load_lexicon()
