"""docs/accuracy.md is a page of its command: every kind and attribute is on it, and figures are shares."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spillover.reading.statement import TYPES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
SCRIPT = ROOT / "benchmarks" / "accuracy.py"
# the attributes that a statement has to have right in the strict sense, and the canonical id
ATTRIBUTES = ("status", "polarity", "likelihood", "attribution", "time", "place", "quantity", "condition", "actor")


def rows(title: str) -> list[list[str]]:
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [[c.strip() for c in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| ")]


def test_every_kind_and_every_attribute_has_its_row() -> None:
    assert [r[0].strip("`") for r in rows("By kind")[2:]] == list(TYPES)
    assert [r[0] for r in rows("By attribute")[2:]] == list(ATTRIBUTES)


def test_every_article_of_the_repository_has_its_row() -> None:
    named = {r[1] for r in rows("Articles")}
    own = {p.parent.name for p in (ROOT / "tests" / "gold" / "articles").glob("*/gold.jsonl")}
    assert own | {p.name.removesuffix(".gold.jsonl") for p in (ROOT / "examples").glob("*.gold.jsonl")} <= named


def test_figures_are_shares() -> None:
    figures = [float(n) for r in rows("Articles") for n in r[5:] if re.fullmatch(r"\d\.\d\d", n)]
    assert figures and all(0 <= n <= 1 for n in figures)


def test_nothing_of_the_template_is_left() -> None:
    assert "{{" not in PAGE and re.search(r"^Rule set `[0-9a-f]{12}`", PAGE, re.MULTILINE)


def quick(shared: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SPILLOVER_SHARED": str(shared)}
    command = [sys.executable, str(SCRIPT), "--quick"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def test_without_the_scorer_it_says_so_and_ends_well(tmp_path: Path) -> None:
    done = quick(tmp_path)
    assert done.returncode == 0 and not done.stdout
    assert "nothing measured" in done.stderr and "SPILLOVER_SHARED" in done.stderr


@pytest.mark.shared
def test_quick_prints_the_tables_of_the_bundled_example(shared: Path) -> None:
    if not (shared / "eval" / "score_statements.py").is_file():
        pytest.skip("no scorer in the shared folder")
    done = quick(shared)
    assert done.returncode == 0, done.stderr
    assert "lake-chad-after-shekau" in done.stdout and all(f"`{kind}`" in done.stdout for kind in TYPES)
