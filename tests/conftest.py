"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from spillover.errors import ForecastError

# no deadline: a slow machine is no fault
settings.register_profile("spillover", deadline=None)
settings.load_profile("spillover")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data and gold statements; tests that need it are skipped, visibly, where it is absent."""
    folder = Path(os.environ.get("SPILLOVER_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold").is_dir():
        pytest.skip(f"no shared data at {folder.name!r} (set SPILLOVER_SHARED)")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """LightGBM needs OpenMP, a system library that no package brings: without it, what needs it is skipped, visibly."""
    try:
        return (yield)
    except ForecastError as error:
        if "LightGBM cannot be loaded" in str(error) and "libgomp" in str(error):
            pytest.skip(f"this machine has no OpenMP library, which LightGBM needs: {error}")
        raise
