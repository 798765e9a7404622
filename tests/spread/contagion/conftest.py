"""Compiled code on one core: of so few events two have nothing to gain, and with several tests at once much to lose."""

from __future__ import annotations

from collections.abc import Iterator

import numba
import pytest


@pytest.fixture(scope="package", autouse=True)
def one_core() -> Iterator[None]:
    """One thread, for all tests of this folder."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)
