"""A case: a folder that keeps what was read, reads nothing twice, and says what changed."""

from __future__ import annotations

import hashlib
from functools import partial

import pytest

import quick
from spillover.case import open_case
from spillover.errors import DocumentError, ModelMissing


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch):
    quick.install(partial(monkeypatch.setattr, raising=False))


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("Alpha attacked Beta.\nGamma may attack Beta.")
    return path


@pytest.fixture
def case(tmp_path):
    with open_case(tmp_path / "case") as case:
        yield case


def test_a_case_is_a_folder_with_its_parts(case, article):
    result = case.add(article)
    assert {p.name for p in case.path.iterdir()} >= {"kb.sqlite", "documents", "events", "runs"}
    kept = case.path / "documents" / result.document.sha256
    assert kept.read_bytes() == article.read_bytes()
    assert case.reading(result.document.sha256) == result.reading
    assert [s.evidence.quote for s in case.statements(actor="gamma")] == ["Gamma may attack Beta."]
    assert [a.id for a in case.actors()] == ["beta", "alpha", "gamma"]


def test_the_same_bytes_are_not_read_twice(case, article, monkeypatch):
    first = case.add(article)
    monkeypatch.setattr(quick.Reader, "read", lambda self, document: pytest.fail("read again"))
    for source in (article, str(article), article.read_bytes()):
        again = case.add(source)
        assert (again.new, again.changes, again.reading) == (False, None, first.reading)
    assert len(case.documents()) == 1


def test_newer_rules_read_again_and_say_what_changed(tmp_path, article, monkeypatch):
    with open_case(tmp_path / "case") as case:
        assert case.add(article).changes is None
    monkeypatch.setenv("QUICK_RULESET", "quick-2")
    with open_case(tmp_path / "case") as case:
        result = case.add(article)
    assert result.new and [c.fields for c in result.changes.changed] == [("status",)]
    assert (result.changes.before, result.changes.after) == ("rules quick-1", "rules quick-2")


def test_a_case_s_own_lexicon_names_its_actors(tmp_path, article):
    (tmp_path / "case").mkdir()
    (tmp_path / "case/lexicon.toml").write_text(
        '[[actor]]\nid = "gamma"\nname = "Gamma Brigades"\nkind = "group"\naliases = ["Sons of Gamma"]\n'
    )
    with open_case(tmp_path / "case") as case:
        case.add(article)
        assert next(a for a in case.actors() if a.id == "gamma").info["aliases"] == ["Sons of Gamma"]
        assert [h.statement.subject.surface for h in case.search('"sons of gamma"')] == ["Gamma"]


def test_many_are_added_in_order_and_failures_stop_nothing(case, tmp_path):
    paths = [tmp_path / f"{n}.txt" for n in range(6)]
    for n, path in enumerate(paths):
        path.write_text("" if n == 2 else f"Alpha attacked B{n}.")
    for new in (True, False):
        results = list(case.add_many(paths))
        assert [path for path, _ in results] == paths
        assert isinstance(results[2][1], DocumentError)
        assert [r.new for _, r in results if not isinstance(r, Exception)] == [new] * 5
    assert [d.name for d in case.documents()] == [p.name for p in paths if p.name != "2.txt"]


def test_a_document_that_changes_while_it_is_read_is_an_error_of_its_own(case, article, tmp_path, monkeypatch):
    other = tmp_path / "b.txt"
    other.write_text("Delta attacked Beta.")
    read = quick.Reader.read

    def change(self, document):
        article.write_text("Nothing happened.")
        return read(self, document)

    monkeypatch.setattr(quick.Reader, "read", change)
    (_, first), (_, second) = case.add_many([article, other])
    assert isinstance(first, DocumentError) and "changed while" in str(first) and second.new


def test_a_missing_model_stops_the_run(case, article, monkeypatch):
    def missing(self, document):
        raise ModelMissing("no model")

    monkeypatch.setattr(quick.Reader, "read", missing)
    with pytest.raises(ModelMissing):
        list(case.add_many([article]))


def test_two_cases_with_the_same_documents_know_the_same(tmp_path, article):
    def statements(name, sources):
        with open_case(tmp_path / name) as case:
            for source in sources:
                case.add(source)
            return {s.id: s for s in case.statements()}

    other = b"Delta attacked Beta."
    assert statements("one", [article, other]) == statements("two", [other, article])


def test_the_hash_is_of_the_bytes(case):
    data = b"Alpha attacked Beta."
    assert case.add(data, name="x.txt").document.id == f"sha256:{hashlib.sha256(data).hexdigest()}"
