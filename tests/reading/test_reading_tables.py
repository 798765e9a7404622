"""A reading as JSON Lines and as tables, its ids, and reading again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from compact import read
from spillover.reading.statement import KINDS, TYPES, Statement
from strategies import statements

TEXT = (
    "Al-Shabaab pledged allegiance to al-Qaeda in 2012. On 4 May 2021 it attacked a base in Kenya, killing at least 12 "
    "soldiers, police said. The group has up to 7,000 fighters and controls large parts of southern Somalia.\n\n"
    "JNIM and Ansaru may attack Bamako and Kano if French troops leave Mali. Poverty drives recruitment in the Sahel."
)


@pytest.fixture(scope="module")
def reading():
    return read(TEXT)


def test_the_text_is_read(reading):
    assert {s.kind for s in reading.statements} >= {"tie", "event", "count", "strength", "presence", "cause"}


def test_every_statement_is_of_the_contracts_vocabulary(reading):
    assert all(s.kind in KINDS and s.type in TYPES[s.kind] for s in reading.statements)


def test_statements_come_in_the_order_of_the_text(reading):
    starts = [s.evidence.start for s in reading.statements]
    assert starts == sorted(starts)


def test_json_lines_hold_the_statements(reading):
    lines = reading.to_json().splitlines()
    assert [Statement.from_dict(json.loads(line)) for line in lines] == list(reading.statements)
    assert [list(json.loads(line)) for line in lines] == [list(Statement.__slots__)] * len(lines)


@given(statements())
def test_to_dict_and_back_is_the_same_statement(statement):
    assert Statement.from_dict(statement.to_dict()) == statement
    assert Statement.from_dict(json.loads(json.dumps(statement.to_dict()))) == statement


def test_tables_have_a_row_a_statement(reading):
    frame = reading.to_polars()
    assert frame.height == len(reading.statements) == reading.to_arrow().num_rows
    assert frame["id"].to_list() == [s.id for s in reading.statements]
    assert frame.columns == reading.to_arrow().column_names
    assert frame["quote"].to_list() == [s.evidence.quote for s in reading.statements]


def test_pandas_has_the_same_columns_and_rows(reading):
    pytest.importorskip("pandas")
    frame = reading.to_pandas()
    assert list(frame.columns) == reading.to_polars().columns
    assert frame["id"].tolist() == [s.id for s in reading.statements]


def test_an_empty_reading_makes_an_empty_table_with_all_columns():
    empty = read("The weather was fine and nothing else of note took place here.")
    assert empty.statements == ()
    assert empty.to_json() == ""
    assert empty.to_polars().shape == (0, len(read(TEXT).to_polars().columns))


def test_reading_twice_gives_the_same_bytes(reading):
    assert read(TEXT).to_json() == reading.to_json()


def test_ids_are_unique_and_say_whose_reading_it_is(reading):
    ids = [s.id for s in reading.statements]
    assert len(set(ids)) == len(ids)
    assert all(s.id.startswith("st_") for s in reading.statements)
    assert {s.document for s in reading.statements} == {reading.document.id}
    assert {s.engine for s in reading.statements} == {reading.engine} == {"rules"}


def test_another_document_with_the_same_words_has_other_ids(reading):
    other = read(TEXT + "\n\nOne more line follows here.")
    assert not {s.id for s in other.statements} & {s.id for s in reading.statements}


def test_every_statement_names_its_rule(reading):
    assert all(s.rule.split(".")[0] == s.kind for s in reading.statements)
