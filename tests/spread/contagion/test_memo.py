"""Long work in parts: kept, stopped, taken up, and nobody's file overwritten."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.errors import SpilloverError, SpreadError, Stopped
from spillover.spread.contagion.memo import Parts

NAMES = ["fit", "round 1", "shuffled"]


def run(parts: Parts, wanted, computed=None):
    def compute(key):
        def work(rng):
            if computed is not None:
                computed.append(key)
            return [float(rng.random()), {"n": int(rng.integers(9))}]

        return work

    return [parts(name, n, compute((name, n))) for name, n in wanted]


ALL = [(name, n) for name in NAMES for n in range(4)]


@given(st.permutations(ALL), st.integers(0, 2**31))
def test_a_part_depends_on_seed_name_and_number_alone(order, seed):
    once = dict(zip(ALL, map(json.dumps, run(Parts(seed, 12, b"x"), ALL)), strict=True))
    again = dict(zip(order, map(json.dumps, run(Parts(seed, 12, b"y"), order)), strict=True))
    assert once == again
    assert len(set(once.values())) == len(ALL)
    other = dict(zip(ALL, map(json.dumps, run(Parts(seed + 1, 12, b"x"), ALL)), strict=True))
    assert not set(other.values()) & set(once.values())


@settings(max_examples=30)
@given(stop=st.integers(0, 11), cut=st.integers(0, 40))
def test_stopped_and_taken_up_is_the_same_and_nothing_is_done_twice(tmp_path_factory, stop, cut):
    path = tmp_path_factory.mktemp("memo") / "checkpoint.jsonl"
    whole = run(Parts(1, 12, b"x"), ALL)
    computed: list = []
    with (
        pytest.raises(Stopped, match=f"{stop} of 12 parts done"),
        Parts(1, 12, b"x", progress=lambda done, *_: done < stop, checkpoint=path) as parts,
    ):
        run(parts, ALL, computed)
    assert len(computed) == stop
    # a crash cuts the last line short, or leaves it out
    text = path.read_text()
    lines = text.splitlines(keepends=True)
    path.write_text("".join(lines[:-1]) + lines[-1][: max(len(lines[-1]) - 1 - cut, 0)])
    lost = 1 if stop and cut else 0
    for expected in (12 - stop + lost, 0):
        computed.clear()
        with Parts(1, 12, b"x", checkpoint=path) as parts:
            assert run(parts, ALL, computed) == whole
        assert len(computed) == expected
    assert len(path.read_text().splitlines()) == 13


def test_a_line_cut_in_the_middle_costs_that_part_alone(tmp_path):
    path = tmp_path / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        whole = run(parts, ALL)
    lines = path.read_text().splitlines()
    lines[5] = lines[5][:20]
    path.write_text("\n".join(lines) + "\n")
    computed: list = []
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        assert run(parts, ALL, computed) == whole
    assert computed == [ALL[4]]


def test_progress_is_told_of_each_part():
    told = []
    run(Parts(1, 12, b"x", progress=lambda *a: told.append(a)), ALL)
    assert told == [(k, 12, name) for k, (name, _) in enumerate(ALL)]


def test_a_checkpoint_of_something_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        run(parts, ALL[:3])
    before = path.read_text()
    with pytest.raises(SpreadError, match=r"c\.jsonl: this checkpoint belongs to other events.*Name another file"):
        Parts(1, 12, b"other", checkpoint=path)
    assert path.read_text() == before


@pytest.mark.parametrize(
    "content",
    [b"# Notes\nnot a checkpoint\n", b"id,date\n1,2020-01-01\n", b"[1, 2]\n", b'{"a": 1}\n',
     b"\x89PNG\r\n\x1a\n\xff\xfe", b'{"key": "fit/0", "value": 1}\n', b"\xc3\x28 text\n", b"{}\n{}\n"],
)  # fmt: skip
def test_a_file_that_is_no_checkpoint_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "report.md"
    path.write_bytes(content)
    with pytest.raises(SpreadError, match=r"checkpoint"):
        Parts(1, 12, b"x", checkpoint=path)
    assert path.read_bytes() == content


def test_an_empty_file_and_one_cut_in_its_first_line_are_begun_anew(tmp_path):
    path = tmp_path / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path):
        pass
    head = path.read_text()
    for content in ("", head[:30], head[:-1]):
        path.write_text(content)
        with Parts(1, 12, b"x", checkpoint=path) as parts:
            run(parts, ALL[:2])
        assert path.read_text().startswith(head)
        assert len(path.read_text().splitlines()) == 3


def test_lines_that_say_something_else_are_left_out(tmp_path):
    path = tmp_path / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        whole = run(parts, ALL)
    path.write_text(path.read_text() + '{}\n17\nnull\n{"key": 3}\n')
    computed: list = []
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        assert run(parts, ALL, computed) == whole
    assert not computed


def test_what_is_kept_survives_a_kill_at_any_moment_of_the_next_run(tmp_path, monkeypatch):
    """Opening a checkpoint never leaves a shorter one behind."""
    path = tmp_path / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        run(parts, ALL)
    whole = path.read_text()
    for torn in (whole, whole[:-7]):
        path.write_text(torn)
        kept = {line for line in torn.splitlines() if line in whole.splitlines()}
        sizes = []
        real = Parts._write

        def watched(self, part, sizes=sizes, real=real, kept=kept):
            sizes.append(len(kept & set(path.read_text().splitlines())))
            real(self, part)

        monkeypatch.setattr(Parts, "_write", watched)
        with Parts(1, 12, b"x", checkpoint=path) as again:
            run(again, ALL)
        monkeypatch.undo()
        assert all(size == len(kept) for size in sizes)


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "c.jsonl"):
        with pytest.raises(SpilloverError) as caught:
            Parts(1, 12, b"x", checkpoint=path)
        assert caught.value.to_do


def test_missing_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "c.jsonl"
    with Parts(1, 12, b"x", checkpoint=path) as parts:
        run(parts, ALL[:1])
    assert path.exists()
