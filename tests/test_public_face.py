"""The public names: all there, nothing else, and the version is the package's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import spillover


@pytest.mark.parametrize("name", spillover.__all__)
def test_every_public_name_is_there(name):
    assert getattr(spillover, name) is getattr(spillover, name)


def test_every_public_error_is_exported():
    from spillover import errors

    own = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.SpilloverError)}
    assert own == {n for n in spillover.__all__ if n in vars(errors)}


def test_other_names_are_refused():
    with pytest.raises(AttributeError, match="nonsense"):
        spillover.nonsense  # noqa: B018


def test_the_names_are_sorted_and_listed():
    assert list(spillover.__all__) == sorted(spillover.__all__)
    assert set(spillover.__all__) <= set(dir(spillover))


def test_the_version_is_the_project_s():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == spillover.__version__
