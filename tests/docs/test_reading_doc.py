"""docs/reading.md says of its sentences what the reader reads, and names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spillover import Reader, load_lexicon
from spillover.reading.documents import load
from spillover.reading.patterns.frames import load_frames
from spillover.reading.statement import Statement

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
READING, LEXICON = ROOT / "src" / "spillover" / "reading", ROOT / "src" / "spillover" / "lexicon"
ROWS = re.findall(r"^\| ([A-Z][^|]+\.) \| (.+) \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def read(reader: Reader, sentence: str) -> list[Statement]:
    return list(reader.read(load(sentence.encode(), name="x.txt")).statements)


def said(statement: Statement) -> set[str]:
    """The words of the contract that a cell may put in code."""
    return {
        f"{statement.kind}/{statement.type}",
        statement.status,
        statement.polarity,
        statement.phase,
    }


@pytest.mark.parametrize(("sentence", "cell"), ROWS, ids=[r[0][:30] for r in ROWS])
def test_the_sentence_is_read_as_the_page_says(reader: Reader, sentence: str, cell: str) -> None:
    statements = read(reader, sentence)
    there, _, absent = cell.partition("; no ")
    words = re.findall(r"`([a-z_/]+)`", there)
    types = {w for w in words if "/" in w}
    assert types <= {f"{s.kind}/{s.type}" for s in statements}
    assert any(set(words) - types <= said(s) for s in statements)
    assert not {w for s in statements for w in said(s)} & set(re.findall(r"`([a-z_]+/[a-z_]+)`", absent))


def test_there_are_sentences_of_every_kind() -> None:
    assert {w.split("/")[0] for _, cell in ROWS for w in re.findall(r"`([a-z]+)/", cell)} == {
        "tie", "event", "count", "strength", "presence", "aim", "cause",
    }  # fmt: skip


def test_the_details_of_the_cells(reader: Reader) -> None:
    cells = dict(ROWS)
    (three,) = [s for s, cell in cells.items() if "three times" in cell]
    assert [s.type for s in read(reader, three)].count("pledged_to") == 3
    (nested,) = [s for s, cell in cells.items() if "then to the governor" in cell]
    assert [a.name for a in read(reader, nested)[0].attribution] == ["Reuters", "the governor"]
    (sure,) = [s for s, cell in cells.items() if ".95 to .99" in cell]
    assert [(s.likelihood.low, s.likelihood.high) for s in read(reader, sure) if s.likelihood] == [(0.95, 0.99)]


def test_the_files_it_names_are_there() -> None:
    for name in re.findall(r"`((?:engines/|patterns/)?\w+\.(?:py|toml))`", PAGE):
        homes = [READING, READING / "patterns", LEXICON]
        # a case has its own lexicon.toml
        assert any((home / name).is_file() for home in homes), name


def test_the_frame_it_shows_is_in_the_table() -> None:
    frames = load_frames()
    for word in ("assassinate", "murder"):
        assert any(f.type == "assassination" and "of" in f.object for f in frames.by_verb[word])
    assert "killing" in frames.by_noun
    assert load_lexicon().actor("boko-haram") is not None
