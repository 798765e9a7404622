"""What goes into the store comes out again, once, and whole."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import quick
import strategies
from spillover.errors import CaseError, DocumentError
from spillover.knowledge import Store

quietly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
TEXT = "Alpha attacked Beta.\nBeta may attack Gamma."


def read(text=TEXT, name="a.txt", ruleset="quick-1"):
    reader = quick.Reader()
    reader.ruleset = ruleset
    return reader.read(quick.load(text.encode(), name=name))


def dump(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "kb.sqlite") as connection:
        rows = list(connection.iterdump())
    connection.close()
    return rows


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "case") as store:
        yield store


@quietly
@given(st.data())
def test_any_reading_comes_back_identical(data):
    document = data.draw(strategies.documents())
    reading = data.draw(strategies.readings(document))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        store.add(reading, document.text.encode())
        assert store.reading(document.sha256) == reading
        assert store.statements() == list(reading.statements)
        assert (Path(folder) / "documents" / document.sha256).read_bytes() == document.text.encode()


@quietly
@given(st.data())
def test_a_filter_finds_what_it_would_find_by_hand(data):
    reading = data.draw(strategies.readings())
    kinds = {s.kind for s in reading.statements} | {"tie"}
    actors = {r.actor for s in reading.statements for r in (s.subject, s.object) if r and r.actor} | {"nobody"}
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        store.add(reading, reading.document.text.encode())
        for kind in kinds:
            assert store.statements(kind=kind) == [s for s in reading.statements if s.kind == kind]
        for actor in actors:
            wanted = [s for s in reading.statements if actor in {r.actor for r in (s.subject, s.object) if r}]
            assert store.statements(actor=actor) == wanted
        assert {a.id for a in store.actors()} == actors - {"nobody"}


def test_the_same_reading_twice_writes_nothing(store, tmp_path):
    assert store.add(read(), TEXT.encode()).new
    before = dump(tmp_path / "case")
    assert not store.add(read(), TEXT.encode()).new
    assert not store.add(read(name="copy.txt"), TEXT.encode()).new
    assert dump(tmp_path / "case") == before


def test_a_newer_rule_set_stands_beside_the_old_and_says_what_changed(store):
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    store.add(read(), TEXT.encode())
    assert store.changes(sha256) is None
    new = read(ruleset="quick-2")
    extra = replace(new.statements[0], id="st_new", type="raid", evidence=replace_quote(new, "Beta."))
    new = replace(new, statements=(*new.statements[1:], extra))
    store.add(new, TEXT.encode())
    assert [r.current for r in store.readings(sha256)] == [False, True]
    assert store.statements() == list(new.statements)
    changes = store.changes(sha256)
    assert changes and changes.unchanged == 0
    assert [(c.after.id, c.fields) for c in changes.changed] == [(new.statements[0].id, ("status",))]
    assert changes.added == (extra,)
    assert [s.evidence.quote for s in changes.removed] == ["Alpha attacked Beta."]
    # going back to the old rules brings back the old reading and adds none
    assert not store.add(read(), TEXT.encode()).new
    assert [r.current for r in store.readings(sha256)] == [True, False]


def replace_quote(reading, quote):
    start = reading.document.text.index(quote)
    return replace(reading.statements[0].evidence, start=start, end=start + len(quote), quote=quote)


def test_shifted_offsets_alone_are_no_change(store):
    reading = read()
    store.add(reading, TEXT.encode())
    # a better loader leaves out nothing but finds two blank lines at the start
    moved = quick.Reader().read(replace(reading.document, text="\n\n" + TEXT, blocks=()))
    store.add(replace(moved, ruleset="quick-1b"), TEXT.encode())
    changes = store.changes(reading.document.sha256)
    assert not changes and changes.unchanged == 2
    assert store.reading(reading.document.sha256).document.text == "\n\n" + TEXT
    old = store.readings(reading.document.sha256)[0]
    assert store.reading(reading.document.sha256, old.id) == reading


def test_a_quote_that_is_not_in_the_text_is_refused_and_nothing_stays(store):
    reading = read()
    wrong = replace(reading.statements[1], evidence=replace(reading.statements[1].evidence, quote="Beta will attack."))
    with pytest.raises(CaseError, match="is not in the text"):
        store.add(replace(reading, statements=(reading.statements[0], wrong)), TEXT.encode())
    assert store.documents() == [] and store.statements() == []


def test_bytes_that_are_not_the_document_are_refused(store):
    with pytest.raises(DocumentError, match="changed while"):
        store.add(read(), b"other bytes")
    assert store.documents() == []


def test_two_statements_with_one_id_are_refused_as_a_whole(store, tmp_path):
    reading = read()
    with pytest.raises(CaseError, match="UNIQUE"):
        store.add(replace(reading, statements=(*reading.statements, reading.statements[0])), TEXT.encode())
    assert store.documents() == []


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("DELETE FROM evidence WHERE ordinal = 0", "FOREIGN KEY"),
        ("UPDATE evidence SET quote = NULL", "NOT NULL"),
        ("UPDATE evidence SET document = NULL", "NOT NULL"),
        ("UPDATE evidence SET end = start", "CHECK"),
        ("UPDATE statement SET first_evidence = 1", "CHECK"),
        ("UPDATE reading SET current = 1", "UNIQUE"),
        ("UPDATE statement SET kind = NULL", "NOT NULL"),
        ("UPDATE mention SET type = 'mood'", "CHECK"),
        ("UPDATE document SET size = 'big'", "cannot store TEXT"),
    ],
)
def test_the_schema_itself_refuses_what_must_not_be(store, tmp_path, sql, message):
    store.add(read(), TEXT.encode())
    store.add(read(ruleset="quick-2"), TEXT.encode())
    other = sqlite3.connect(tmp_path / "case/kb.sqlite")
    other.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match=message):
        other.execute(sql)
        other.commit()
    other.close()


def test_the_edit_log_only_grows(store, tmp_path):
    other = sqlite3.connect(tmp_path / "case/kb.sqlite", isolation_level=None)
    other.execute(
        "INSERT INTO edit (at, author, action, target, key) VALUES ('2024-01-01', 'me', 'reject', 'statement', '1')"
    )
    for sql in ("UPDATE edit SET author = 'you'", "DELETE FROM edit"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(sql)
    assert other.execute("SELECT author FROM edit").fetchall() == [("me",)]
    other.close()


def test_numbers_too_big_for_the_file_s_integers_are_kept_exactly(store):
    from spillover.reading.statement import Quantity

    reading = read()
    big = replace(reading.statements[0], quantity=Quantity("a lot", 10**30, None, "attack", "about"))
    store.add(replace(reading, statements=(big,)), TEXT.encode())
    assert store.statements()[0].quantity.low == 10**30


def test_documents_are_found_by_name_and_by_the_start_of_their_hash(store):
    store.add(read(), TEXT.encode())
    store.add(read("Delta attacked Beta.", "b.txt"), b"Delta attacked Beta.")
    sha256 = store.documents()[1].sha256
    assert [d.name for d in store.find_documents("b.txt")] == ["b.txt"]
    assert [d.name for d in store.find_documents(sha256[:10])] == ["b.txt"]
    assert [d.name for d in store.find_documents(f"sha256:{sha256}")] == ["b.txt"]
    assert store.find_documents("nothing") == []


def test_names_that_no_lexicon_knows_are_listed_with_their_counts(store):
    reading = read("Alpha attacked Beta.\nAlpha attacked Gamma.")
    unknown = tuple(replace(s, subject=replace(s.subject, actor=None, how="ner")) for s in reading.statements)
    store.add(replace(reading, statements=unknown), reading.document.text.encode())
    assert [(a.surface, a.kind, a.statements) for a in store.unknown_actors()] == [("Alpha", "group", 2)]
