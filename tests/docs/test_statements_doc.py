"""docs/statements.md is a contract: what it lists is what the code knows, and its example is a true statement."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from spillover.reading import statement as s

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "statements.md").read_text(encoding="utf-8")
ARTICLE = (ROOT / "examples" / "lake-chad-after-shekau.txt").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def codes(text: str) -> list[str]:
    return re.findall(r"`([a-z0-9_]+)`", text)


def test_kinds_and_types_are_the_codes_own() -> None:
    rows = [line.split("|") for line in section("Kinds and types").splitlines() if line.startswith("| `")]
    listed = {codes(row[1])[0]: tuple(codes(row[2])) for row in rows}
    assert listed == dict(s.TYPES)


def test_symmetric_ties_are_marked() -> None:
    marked = set(re.findall(r"`([a-z_]+)`↔", section("Kinds and types")))
    # an alias is compared in either order, but written in one: from the shorter or newer name
    assert marked | {"alias_of"} == s.SYMMETRIC & set(s.TYPES["tie"])


@pytest.mark.parametrize(
    ("title", "vocabulary"),
    [
        ("Roles", s.ActorKind),
        ("Roles", s.How),
        ("Places", s.Level),
        ("Time", s.Precision),
        ("Quantity", s.Bound),
        ("How it is said", s.Status),
        ("How it is said", s.Phase),
        ("How it is said", s.Polarity),
    ],
)
def test_every_word_of_the_vocabulary_is_on_the_page(title: str, vocabulary: object) -> None:
    assert set(get_args(vocabulary)) <= set(codes(section(title)))


@pytest.mark.parametrize(
    ("title", "cls"), [("Roles", s.Role), ("Places", s.Place), ("Time", s.Time), ("Quantity", s.Quantity)]
)
def test_fields_are_on_the_page(title: str, cls: type) -> None:
    shape = re.search(r"`\{([^}]*)\}`", section(title))
    assert shape
    assert set(re.findall(r'"(\w+)"', shape[1])) == set(cls.__dataclass_fields__)  # type: ignore[attr-defined]


def test_the_table_of_fields_is_complete() -> None:
    listed = [
        c for line in section("The JSON form").splitlines() if line.startswith("| `") for c in codes(line.split("|")[1])
    ]
    assert sorted(listed) == sorted(s.Statement.__slots__)


def test_the_example_is_a_statement_of_the_bundled_article() -> None:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found
    data = json.loads(found[1])
    statement = s.Statement.from_dict(data)
    assert statement.to_dict() == data
    assert list(data) == list(s.Statement.__slots__)
    assert statement.type in s.TYPES[statement.kind]
    assert statement.subject
    for span, words in ((statement.subject, statement.subject.surface), (statement.evidence, statement.evidence.quote)):
        assert ARTICLE[span.start : span.end] == words
    assert statement.quantity and statement.quantity.surface in statement.evidence.quote
