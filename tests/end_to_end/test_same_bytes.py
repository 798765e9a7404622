"""The same document gives the same bytes: in every run, with every hash seed, in any company."""

from __future__ import annotations

import json
import shutil

import pytest

import bundled
import same_article

EXAMPLE = bundled.PATH


@pytest.fixture(scope="module")
def documents():
    """Eight texts, so that two jobs are two processes: the articles, and halves of them."""
    own, bundled = same_article.as_text(), EXAMPLE.read_bytes()
    cut = [d[: len(d) // 2].rpartition(b"\n\n")[0] for d in (own, bundled)]
    rest = [d[len(d) // 2 :].partition(b"\n\n")[2] for d in (own, bundled)]
    return [own, bundled, *cut, *rest, own.replace(b"IS-K", b"ISKP"), bundled.replace(b"ISWAP", b"Ansaru")]


def write(folder, documents, names):
    folder.mkdir()
    for name, data in zip(names, documents, strict=True):
        (folder / name).write_bytes(data)
    return folder


def test_two_runs_and_another_hash_seed(command):
    first = command("read", EXAMPLE, "--json", PYTHONHASHSEED="0")
    again = command("read", EXAMPLE, "--json", PYTHONHASHSEED="4242")
    assert first[0] == again[0] == 0
    assert first[1] == again[1]
    assert first[1].count(b"\n") >= 40


def test_standard_input_gives_the_same_statements(command):
    by_name, by_input = command("read", EXAMPLE, "--json"), command("read", "-", "--json", stdin=EXAMPLE.read_bytes())
    assert by_name[:2] == by_input[:2]


def test_a_folder_in_another_order_on_two_processes(command, tmp_path, documents):
    ways = {
        "one": (write(tmp_path / "in-one", documents, [f"{n}.txt" for n in range(8)]), 1, "0"),
        "two": (write(tmp_path / "in-two", documents[::-1], [f"x{n}.txt" for n in range(8)]), 2, "77"),
    }
    outputs = {}
    for way, (folder, jobs, seed) in ways.items():
        out = tmp_path / way
        code, _, errors = command("read", folder, "--out", out, "--jobs", jobs, PYTHONHASHSEED=seed)
        assert code == 0, errors
        lines = [path.read_bytes() for path in sorted(out.glob("[!.]*.jsonl"))]
        outputs[way] = {json.loads(data.partition(b"\n")[0])["document"]: data for data in lines}
        shutil.rmtree(out)
    assert outputs["one"] == outputs["two"]
    assert len(outputs["one"]) == 8
