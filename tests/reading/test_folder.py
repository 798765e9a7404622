"""A folder of documents to a folder of JSON Lines: names, going on, and what changes make a document be read again."""

from __future__ import annotations

import json
from functools import partial
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quick
from spillover.reading.folder import LinesWork, Summary, output_names, read_folder, worth
from spillover.reading.lines import Selection, to_line
from spillover.reading.manifest import NAME


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch):
    quick.install(partial(monkeypatch.setattr, raising=False))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.txt", "a.md", "b.txt", "sub/a.txt"):
        (folder / name).write_text(f"Alpha attacked {name[0]} side.\nBeta attacked Gamma.")
    (folder / "bad.txt").write_bytes(b"\0")
    return folder


def run(folder, out, selection=None, **more):
    selection = selection or Selection()
    return read_folder(folder, quick.find(folder)[0], out, LinesWork(selection), selection, **more)


def tree(out):
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_one_file_a_document_named_as_it_is(folder, tmp_path):
    summary = run(folder, tmp_path / "out")
    assert set(tree(tmp_path / "out")) == {"a.md.jsonl", "a.txt.jsonl", "b.jsonl", "sub/a.jsonl", NAME}
    assert (summary.total, summary.read, summary.before, summary.statements) == (5, 4, 0, 8)
    assert [(p.name, "not text" in reason) for p, reason in summary.failed] == [("bad.txt", True)]
    lines = (tmp_path / "out/b.jsonl").read_text().splitlines()
    assert [json.loads(line)["evidence"]["quote"] for line in lines] == [
        "Alpha attacked b side.",
        "Beta attacked Gamma.",
    ]


def test_the_second_run_reads_only_what_is_new_or_changed_or_lost(folder, tmp_path):
    out = tmp_path / "out"
    run(folder, out)
    before = tree(out)
    assert (run(folder, out).before, tree(out)) == (4, before)
    (folder / "b.txt").write_text("Beta attacked Alpha.")
    (folder / "new.txt").write_text("Beta attacked Alpha.")
    (out / "sub/a.jsonl").unlink()
    (out / "a.md.jsonl").write_text("{")
    summary = run(folder, out)
    assert (summary.read, summary.before) == (4, 1)
    assert tree(out).keys() == before.keys() | {"new.jsonl"}
    assert tree(out)["a.md.jsonl"] == before["a.md.jsonl"]


def test_another_selection_or_rule_set_is_read_again(folder, tmp_path, monkeypatch):
    run(folder, tmp_path / "out")
    summary = run(folder, tmp_path / "out", Selection(kinds=("tie",)))
    assert summary.read == 4 and (tmp_path / "out/b.jsonl").read_bytes() == b""
    assert run(folder, tmp_path / "out", Selection(kinds=("tie",))).before == 4
    monkeypatch.setenv("QUICK_RULESET", "quick-2")
    assert run(folder, tmp_path / "out", Selection(kinds=("tie",))).read == 4


def test_half_a_line_at_the_manifest_s_end_costs_that_document_alone(folder, tmp_path):
    run(folder, tmp_path / "out")
    manifest = tmp_path / "out" / NAME
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:-20])
    summary = run(folder, tmp_path / "out")
    assert (summary.read, summary.before) == (1, 3)
    assert manifest.read_bytes() == whole


def test_a_stopped_run_goes_on_where_it_was(folder, tmp_path):
    def stop(summary):
        if summary.done == 2:
            raise KeyboardInterrupt

    summary = Summary()
    with pytest.raises(KeyboardInterrupt):
        run(folder, tmp_path / "out", progress=stop, summary=summary)
    assert (summary.done, summary.total) == (2, 5)
    again = run(folder, tmp_path / "out")
    assert (again.before, again.read) == (2, 2)
    run(folder, tmp_path / "other")
    assert tree(tmp_path / "out") == tree(tmp_path / "other")


names = st.from_regex(r"[ab]{1,2}(\.(txt|md|a)){0,3}", fullmatch=True).map(PurePosixPath)


@given(st.lists(names, unique=True), st.randoms())
def test_no_two_documents_share_a_name_and_order_does_not_matter(sources, random):
    found = output_names(sources)
    assert len(set(found.values())) == len(sources)
    assert all(output.name.startswith(source.stem) and output.suffix == ".jsonl" for source, output in found.items())
    mixed = list(sources)
    random.shuffle(mixed)
    assert output_names(mixed) == found


def test_few_documents_are_not_worth_a_process():
    assert [worth(1, None), worth(7, 4), worth(8, 1), worth(100, 3)] == [1, 1, 1, 3]


@given(st.text(st.characters()))
def test_a_line_is_one_line_for_every_program(text):
    line = to_line({"t": text})
    assert line.splitlines() == [line] and json.loads(line) == {"t": text}
    line.encode("utf-8")
