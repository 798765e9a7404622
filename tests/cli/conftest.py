"""All commands run with the quick reader, but in tests that say otherwise."""

from __future__ import annotations

from functools import partial

import pytest

import quick


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch):
    quick.install(partial(monkeypatch.setattr, raising=False))
