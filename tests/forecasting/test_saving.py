"""Records and folders of back-tests: what belongs to whom, what changes a digest, what is found by a name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spillover.errors import CaseError, ForecastError
from spillover.forecasting import saving
from spillover.forecasting.asked import Asked, panel_digest
from spillover.forecasting.panel import Panel
from spillover.runs import Run


def run(**more):
    given = {"inputs": {"p.csv": "a", "values": "b"}, "parameters": {"origins": ["2018-10"], "made_by": 1}, "seed": 1}
    return Run("backtest", **(given | more))


def panel():
    values = np.arange(12.0).reshape(3, 4)
    return Panel(
        "country", "deaths", ("AFG", "PAK", "IND"), 100, values, np.ones((3, 4), bool), ("A", "P", "I"),
        {"events": values / 2}, (np.array([1]), np.array([0, 2]), np.array([1])), ("note",),
    )  # fmt: skip


# -- digests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"start": 101},
        {"kind": "other"},
        {"target": "events"},
        {"units": ("AFG", "PAK", "NPL")},
        {"values": np.arange(12.0).reshape(3, 4) + 1},
        {"exists": np.zeros((3, 4), bool)},
        {"parts": {"events": np.zeros((3, 4))}},
        {"parts": {"civilians": np.arange(12.0).reshape(3, 4) / 2}},
        {"neighbours": (np.array([1]), np.array([0]), np.array([1, 2]))},
        {"neighbours": ()},
    ],
)
def test_whatever_a_forecast_can_hang_on_changes_the_digest(more):
    assert panel_digest(replace(panel(), **more)) != panel_digest(panel())


def test_names_notes_and_layout_in_memory_do_not():
    same = replace(panel(), names=(), notes=(), values=np.asfortranarray(panel().values))
    assert panel_digest(same) == panel_digest(panel())


def test_what_is_asked_for_comes_back_from_a_record():
    asked = Asked(None, "group", "events", ("one-sided",), ("b", "a"), ("PAK",))
    again = Asked.of(asked.to_dict())
    assert again.to_dict() == asked.to_dict() and again.actors == ("a", "b")
    assert asked.options("my case") == (
        "--case 'my case' --unit group --target events --type one-sided --actor b --actor a --country PAK"
    )


def test_code_and_packages_are_named():
    found = saving.made_by()
    assert len(found["code"]) == 64 and {"numpy", "lightgbm", "scikit-learn"} <= set(found["packages"])


# -- records ----------------------------------------------------------------------------------------------------------


def test_a_record_comes_back_with_places_as_seen_from_it(tmp_path):
    (tmp_path / "data").mkdir()
    path = saving.write(tmp_path / "out" / "r.json", run(), {"x": "1"}, {"panel": tmp_path / "data" / "p.csv"})
    saved = saving.read(path)
    assert saved.run == run() and saved.outputs == {"x": "1"} and saved.places == {"panel": "../data/p.csv"}
    assert saved.place("panel").resolve() == (tmp_path / "data" / "p.csv").resolve() and saved.place("case") is None
    assert (
        saving.write(
            tmp_path / "out" / "s.json", run(), {"x": "1"}, {"panel": tmp_path / "data" / "p.csv"}
        ).read_bytes()
        == path.read_bytes()
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "spillover-run/9"}', '{"format": "spillover-run/1"}', "\x00"]
)
def test_what_is_no_record_is_an_error(tmp_path, text):
    (tmp_path / "r.json").write_text(text, "utf-8")
    with pytest.raises(ForecastError, match=r"r\.json: this is no record"):
        saving.read(tmp_path / "r.json")


def test_a_record_is_found_by_file_folder_or_the_beginning_of_its_id(tmp_path):
    runs = tmp_path / "case" / "runs"
    for name in ("ab12", "ab34", "cd56"):
        saving.write(runs / f"{name}.json", run(), {})
    saving.write(tmp_path / "bt" / saving.MANIFEST, run(), {})
    case = tmp_path / "case"
    assert saving.find("cd", case) == runs / "cd56.json" and saving.find("ab34", case) == runs / "ab34.json"
    assert saving.find(str(tmp_path / "bt"), None) == tmp_path / "bt" / saving.MANIFEST
    assert saving.find(str(runs / "ab12.json"), None) == runs / "ab12.json"
    for said, words in (("ab", "2 runs begin with 'ab'"), ("x", "there is no record 'x'"), ("", "there is no record")):
        with pytest.raises(ForecastError, match=words):
            saving.find(said, case)
    with pytest.raises(ForecastError, match="no case is named"):
        saving.find("ab12", None)


# -- folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_is_claimed_once_and_kept_by_its_own(tmp_path):
    folder = tmp_path / "bt"
    assert saving.claim(folder, run(), {}) == {}
    (folder / "2018-10.parquet").write_bytes(b"draws")
    files = saving.in_folder(folder)
    saving.write(folder / saving.MANIFEST, run(), files)
    assert saving.claim(folder, run(), {}) == files
    (folder / "2018-10.parquet").unlink()
    assert saving.claim(folder, run(), {}) == {}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"seed": 2}, "other seed"),
        ({"inputs": {"p.csv": "z", "values": "b"}}, r"other input p\.csv"),
        ({"inputs": {"p.csv": "a", "values": "z"}}, "other values of the panel"),
        ({"parameters": {"origins": [], "made_by": 1}}, "other origins"),
        ({"parameters": {"origins": ["2018-10"], "made_by": 2}}, "other code or packages"),
        ({"version": "0"}, "other version of Spillover"),
    ],
)
def test_another_run_is_refused_with_what_differs(tmp_path, more, words):
    saving.claim(tmp_path / "bt", run(), {})
    before = (tmp_path / "bt" / saving.MANIFEST).read_bytes()
    with pytest.raises(ForecastError, match=words):
        saving.claim(tmp_path / "bt", run(**more), {})
    assert (tmp_path / "bt" / saving.MANIFEST).read_bytes() == before


def test_hidden_files_do_not_hinder_and_a_file_in_its_place_does(tmp_path):
    (tmp_path / "bt").mkdir()
    (tmp_path / "bt" / ".spillover-1-1.tmp").write_bytes(b"half")
    assert saving.claim(tmp_path / "bt", run(), {}) == {}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaseError, match="a file stands where a folder should be"):
        saving.claim(tmp_path / "file", run(), {})
