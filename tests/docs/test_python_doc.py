"""The Python blocks of the documentation run, in order, and what they assert holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import spillover

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def blocks(page: str) -> list[tuple[int, str]]:
    """Python blocks with the line that they begin on."""
    found = re.finditer(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return [(page.count("\n", 0, m.start(1)) + 1, m[1]) for m in found]


def run(page: str, name: str) -> None:
    scope: dict[str, Any] = {}
    for line, code in blocks(page):
        exec(compile("\n" * (line - 1) + code, name, "exec"), scope)


def test_the_blocks_of_the_python_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(PAGE, "docs/python.md")
    printed = capsys.readouterr().out
    assert "event attack" in printed  # the loop over the statements
    assert "empty.txt" in printed and "de.txt" in printed  # both errors were raised, and name the file


def test_the_block_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "article.txt").write_text("Boko Haram attacked a market in Maiduguri.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run((ROOT / "README.md").read_text(encoding="utf-8"), "README.md")


def test_every_public_name_on_the_page_exists() -> None:
    named = set(re.findall(r"`?spillover\.([A-Za-z_]+)", PAGE))
    assert named <= set(spillover.__all__), named - set(spillover.__all__)


def test_every_error_is_on_the_page() -> None:
    errors = {
        name
        for name in spillover.__all__
        if isinstance(value := getattr(spillover, name), type) and issubclass(value, Exception)
    }
    assert {name for name in errors if name in PAGE} == errors
