"""Search finds words, phrases and prefixes, and no query breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import quick
from spillover.knowledge import QueryError, Store

TEXT = "Alpha attacked Beta in Kunaṟ.\nThe Red Front attacked Beta. al-Shabaab pledged allegiance to Gamma."


class Info(dict):
    """What stands for an entry of the lexicon."""

    name, kind, acronyms, aliases, former_names = "Alpha Brigade", "group", ("ALB",), ("Sons of Alpha",), ()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    quick.install(lambda owner, name, value: patch.setattr(owner, name, value, raising=False))
    with Store.open(tmp_path_factory.mktemp("search")) as store:
        store.add(
            quick.Reader().read(quick.load(TEXT.encode(), name="a.txt")), TEXT.encode(), {"alpha": Info(id="alpha")}
        )
        yield store
    patch.undo()


@pytest.mark.parametrize(
    ("query", "passages"),
    [
        ("alpha", 1),
        ("beta", 2),
        ("beta alpha", 1),
        ("beta AND alpha", 1),
        ("gamma OR alpha", 2),
        ("beta NOT alpha", 1),
        ("beta NOT (alpha OR gamma)", 0),
        ('"red front"', 1),
        ('"front red"', 0),
        ("alleg*", 1),
        ("alleg", 0),
        ('"pledged alleg"*', 1),
        ("kunar", 1),
        ("KUNAṞ", 1),
        ("al-shabaab", 1),
        ("“red front”", 1),
        ("and", 0),
        ("beta -- ;", 2),
    ],
)
def test_what_is_found(store, query, passages):
    assert sum(hit.what == "passage" for hit in store.search(query)) == passages


def test_statements_are_found_by_every_name_of_their_actors(store):
    for query in ("ALB", '"sons of alpha"', "brigade"):
        (hit,) = store.search(query)
        assert hit.statement is not None and hit.statement.subject.surface == "Alpha"


def test_the_marks_are_the_words_and_the_offsets_are_the_text_s(store):
    hit = next(h for h in store.search("kunar*") if h.what == "passage")
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["Kunaṟ"]
    assert TEXT[hit.start : hit.end] == TEXT.splitlines()[0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "no word"),
        ("***", "no word"),
        ('"open', "not closed"),
        ("(alpha", "not closed"),
        ("alpha)", "no opening one"),
        ("()", "no word"),
        ("NOT alpha", "needs a word before"),
        ("alpha AND", "no word after"),
        ("alpha OR", "no word after"),
        ("OR alpha", "where a word should be"),
        ("alpha AND OR beta", "no word after"),
        ("a " * 65, "too long"),
    ],
)
def test_what_is_wrong_is_said(store, query, message):
    with pytest.raises(QueryError, match=message):
        store.search(query)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*'"()*:^+-{},', "AND", "OR", "NOT", "NEAR", "alpha", "quote:", "'", " "])).map(
            " ".join
        ),
    )
)
@example("quote:alpha")
@example("NEAR(alpha beta, 2)")
@example("^alpha")
@example("alpha + beta")
@example("\0")
@example("\ud800 alpha")
@example("(" * 200 + "a" + ")" * 200)
@example(" NOT ".join("a" * 60))
@example("'; DROP TABLE statement; --")
def test_no_query_breaks_it(store, query):
    try:
        hits = store.search(query)
    except QueryError as error:
        assert error.to_do
    else:
        assert all(0 <= hit.start < hit.end <= len(TEXT) for hit in hits)


def test_page_furniture_and_old_readings_are_not_found(tmp_path):
    text = "Menu Login\nAlpha attacked Beta."
    reading = quick.Reader().read(quick.load(text.encode(), name="a.txt"))
    menu, said = reading.document.blocks
    reading = replace(reading, document=replace(reading.document, blocks=(replace(menu, kind="furniture"), said)))
    with Store.open(tmp_path) as store:
        store.add(reading, text.encode())
        assert store.search("login") == [] and len(store.search("alpha")) == 2
        store.add(replace(reading, statements=(), ruleset="quick-2"), text.encode())
        assert [hit.what for hit in store.search("alpha")] == ["passage"]
