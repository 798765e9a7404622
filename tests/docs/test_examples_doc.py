"""examples/README.md says what comes of the bundled article and the synthetic events, which a script writes."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT

import spillover
from spillover.records import Options

EXAMPLES = ROOT / "examples"
README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
EVENTS = EXAMPLES / "lake-chad-events.synthetic.csv"
LABEL = "synthetic, made up for the example"
ROWS = re.findall(r"^\| “(.+?)” \| `(\w+)/(\w+)` \| `(\w+)` \| .+? \| (yes|no) \|$", README, re.MULTILINE)

Verdicts = dict[tuple[str, str, str], set[str]]


def verdicts(folder: Path, options: Options, *, places: bool) -> Verdicts:
    """(kind, type, quotation) → the verdicts on it."""
    found: Verdicts = {}
    with spillover.open_case(folder) as case:
        if places:
            shutil.copy(EXAMPLES / "lake-chad.lexicon.toml", folder / "lexicon.toml")
    with spillover.open_case(folder) as case:
        case.add_events(EVENTS, options)
        case.add(EXAMPLES / "lake-chad-after-shekau.txt")
        statements = {s.id: s for s in case.statements()}
        for finding in case.check().findings:
            s = statements[finding.statement]
            found.setdefault((s.kind, s.type, s.evidence.quote), set()).add(finding.verdict)
    return found


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    mapping = EXAMPLES / "lake-chad-events.synthetic.toml"
    return verdicts(tmp_path_factory.mktemp("named"), Options(mapping=mapping), places=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    return verdicts(tmp_path_factory.mktemp("plain"), Options(), places=False)


def on(found: Verdicts, words: str, kind: str, type: str) -> set[str]:
    return {v for (k, t, quote), said in found.items() if (k, t) == (kind, type) and words in quote for v in said}


@pytest.mark.parametrize(("words", "kind", "type", "verdict", "without"), ROWS, ids=[r[0][:30] for r in ROWS])
def test_the_table_of_verdicts(
    named: Verdicts, plain: Verdicts, words: str, kind: str, type: str, verdict: str, without: str
) -> None:
    assert verdict in on(named, words, kind, type)
    assert on(plain, words, kind, type) == ({verdict} if without == "yes" else {"untestable"})


def test_the_example_gives_a_variety_of_verdicts(named: Verdicts) -> None:
    assert len(ROWS) >= 15
    assert {v for said in named.values() for v in said} >= {
        "matches", "partly", "above_record", "no_record", "did_not", "alone", "untestable",
    }  # fmt: skip


def test_the_file_is_what_its_script_writes() -> None:
    script = [sys.executable, "-B", str(EXAMPLES / "make_events.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_row_says_that_it_is_synthetic_and_its_numbers_add_up() -> None:
    with EVENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows)} **invented** events" in README
    for row in rows:
        assert row["source_article"] == row["source_headline"] == LABEL and LABEL in row["conflict_name"]
        deaths = [int(row[f"deaths_{who}"]) for who in ("a", "b", "civilians", "unknown")]
        assert sum(deaths) == int(row["best"]) and int(row["low"]) <= int(row["best"]) <= int(row["high"])
        assert row["date_start"] <= row["date_end"] and row["year"] == row["date_start"][:4] == row["date_end"][:4]


@pytest.mark.shared
def test_the_columns_are_those_of_ged(shared: Path) -> None:
    with (shared / "data" / "ged_myanmar.csv").open(encoding="utf-8", newline="") as file:
        real = next(csv.reader(file))
    with EVENTS.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == real
