"""What tests of forecasts share."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def script(shared: Path) -> ModuleType:
    """The shared scorer, whose numbers ours must equal."""
    path = shared / "eval" / "score_forecasts.py"
    if not path.is_file():
        pytest.skip("the shared folder has no eval/score_forecasts.py: nothing to compare with")
    spec = importlib.util.spec_from_file_location("score_forecasts", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
