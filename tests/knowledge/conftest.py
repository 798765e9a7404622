"""The quick reader's types, where the real ones are not asked for."""

from __future__ import annotations

from functools import partial

import pytest

import quick


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch):
    quick.install(partial(monkeypatch.setattr, raising=False))
