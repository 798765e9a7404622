"""``spillover spread``: what is on which stream, files, bad input, Ctrl-C. Made-up events, and Pakistan's."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_commands import run
from test_start import modules_after

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "lake-chad-events.synthetic"
HEADER = (
    "id,type_of_violence,side_a,side_a_new_id,side_b,side_b_new_id,where_prec,where_coordinates,adm_1,latitude,longitude,"
    "country,country_id,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low"
)
TITLES = ["What changed lately", "Tempo", "Footprint", "First hits", "Across borders", "Lethality", "Left out"]


def spread(case, *arguments):
    return run("spread", "--case", case, *arguments)


def said(result):
    """Standard error as one line, without the frame around a usage error."""
    return " ".join(result.stderr.replace("│", " ").split())


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The bundled example's events: 86, in four countries."""
    case = tmp_path_factory.mktemp("spread") / "case"
    added = run("events", "add", f"{EXAMPLE}.csv", "--map", f"{EXAMPLE}.toml", "--case", case)
    assert added.exit_code == 0, added.stderr
    return case


def rows(n, *, day=None, point=None, side="Alpha", seed=1):
    draw = random.Random(seed)
    for id in range(n):
        on = day or date(2020, 1, 1) + timedelta(draw.randrange(700))
        lat, lon = point or (f"{12 + draw.random():.4f}", f"{13 + draw.random():.4f}")
        where = f"1,Town,Borno state,{lat},{lon},Nigeria,475"
        yield f"{id},1,Government of Nigeria,1,{side},2,{where},1,{on},{on},0,0,0,0,1,1,1"


@pytest.fixture
def made(tmp_path):
    def make(lines):
        path = tmp_path / "events.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        added = run("events", "add", path, "--case", tmp_path / "case")
        assert added.exit_code == 0, added.stderr
        return tmp_path / "case"

    return make


# -- the page ---------------------------------------------------------------------------------------------------------


def test_a_page_with_every_part_and_the_sources(example):
    result = spread(example, "--no-contagion")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "All actors, 2018-01-01 to 2023-12-31: 86 events"
    assert [line for line in lines if line in TITLES] == TITLES
    assert "No event in it took place" in lines[-1]
    assert "Contagion" not in result.stdout
    assert max(map(len, lines[:-1])) <= 100
    assert "recorded in" in result.stderr


def test_json_is_one_object_with_the_same_and_nothing_else(example):
    result = spread(example, "--no-contagion", "--json", "--seed", 4)
    (line,) = result.stdout.splitlines()
    made = json.loads(line)
    assert made["seed"] == made["tempo"]["seed"] == 4
    assert made["selection"]["events"] == 86
    assert {s["title"] for s in made["sections"]} >= set(TITLES)
    assert "No event in it took place" in made["attribution"][0]
    assert json.loads(spread(example, "--no-contagion", "--json", "--seed", 4).stdout) == made


def test_what_is_asked_for_is_what_is_measured(example):
    made = json.loads(
        spread(
            example, "--no-contagion", "--json", "--actor", "islamic-state-west-africa-province", "--type",
            "state-based", "--country", "NGA,ner", "--since", "2020", "--until", "2022-02", "--by", "week",
        ).stdout
    )  # fmt: skip
    chosen = made["selection"]
    assert (chosen["since"], chosen["until"]) == ("2020-01-01", "2022-02-28")
    assert "state-based violence, in NGA, NER" in chosen["words"]
    assert made["tempo"]["by"] == "week"
    assert 0 < chosen["events"] < 86
    assert "by anybody" in made["first_hits"]["risk"]


def test_lately_alone_with_its_tables(example):
    result = spread(example, "--lately", "--as-of", "2022-12", "--weeks", 8)
    assert result.exit_code == 0
    assert "In the 8 weeks to 2022-12-31" in result.stdout
    assert "clustering allowed for" in result.stdout and "first-order division" in result.stdout
    assert "Lethality" not in result.stdout
    made = json.loads(spread(example, "--lately", "--json").stdout)
    assert (made["measure"], made["as_of"]) == ("lately", "2023-12-31")


def test_help_has_examples(example):
    shown = run("spread", "--help").stdout
    assert "Examples" in shown and "--no-contagion" in shown


# -- files and records ------------------------------------------------------------------------------------------------


def test_tables_and_figures_are_written_and_recorded(example, tmp_path):
    result = spread(example, "--no-contagion", "--tables", tmp_path / "t", "--plots", tmp_path / "p", "--json")
    made = json.loads(result.stdout)
    record = json.loads((example / "runs" / f"{made['run']}.json").read_text("utf-8"))
    names = {p.name for p in [*(tmp_path / "t").iterdir(), *(tmp_path / "p").iterdir()]}
    assert {"tempo.csv", "tempo.png", "tempo.svg", "lately.png"} <= names
    assert set(record["outputs"]) == names | {"result"}
    assert record["command"] == "spread" and record["seed"] == 1
    assert any("lake-chad" in name for name in record["inputs"])


def test_another_question_is_another_run(example):
    runs = {json.loads(spread(example, "--lately", "--json", *o).stdout)["run"] for o in ((), ("--weeks", 5), ())}
    assert len(runs) == 2


def test_formula_cells_of_the_data_are_guarded(made, tmp_path):
    case = made(rows(60, side="=HYPERLINK(1)"))
    assert spread(case, "--no-contagion", "--tables", tmp_path / "t").exit_code == 0
    for path in (tmp_path / "t").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for line in csv.reader(file) for cell in line if cell.startswith(("=", "+", "@"))]


def test_a_case_that_cannot_be_written_is_measured_all_the_same(example, monkeypatch):
    monkeypatch.setattr("spillover.runs.writable", lambda _: None)
    result = spread(example, "--no-contagion")
    assert result.exit_code == 0 and "no record of this run" in result.stderr


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--actor", "Boko Harm"), 2, "no actor is called 'Boko Harm'. Near: "),
        (("--actor", "xqzw"), 2, "spillover actors lists those known"),
        (("--actor", "tehrik-i-taliban-pakistan"), 1, "no event of Tehrik-i-Taliban Pakistan"),
        (("--admin1", "Borno"), 2, "Near: Borno state"),
        (("--country", "Narnia"), 2, "no ISO 3166-1 alpha-3 code"),
        (("--country", "AFG"), 1, "no event of all actors, in AFG"),
        (("--type", "riots"), 2, "Use one of state-based, non-state, one-sided"),
        (("--since", "2022", "--until", "2021"), 2, "the window ends (2021-12-31) before it begins (2022-01-01)"),
        (("--since", "2021-13"), 2, "no day, month or year"),
        (("--until", "0000"), 2, "no day, month or year"),
        (("--since", "2021-02-30"), 2, "no day, month or year"),
        (("--since", "2030"), 2, "the event data cover 2018-01-01 to 2023-12-31"),
        (("--as-of", "2021"), 2, "belong to --lately"),
        (("--lately", "--as-of", "2030"), 1, "is not within"),
        (("--lately", "--since", "2022-06", "--until", "2022-08"), 1, "days of data before the last 4 weeks"),
        (("--bandwidth", "30"), 2, "at least three times the longest wait"),
        (("--longest", "0"), 2, "1 to 3650 days"),
        (("--by", "day"), 2, "month"),
        (("--seed", "-1"), 2, "--seed"),
    ],
)
def test_a_wrong_question_has_a_clear_answer(example, options, code, message):
    result = spread(example, "--no-contagion", *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in said(result)


def test_no_case_and_no_event_data(tmp_path):
    assert spread(tmp_path / "none").exit_code == 4
    (tmp_path / "a.txt").write_text("Alpha attacked Beta.", "utf-8")
    run("read", tmp_path / "a.txt", "--case", tmp_path / "case")
    result = spread(tmp_path / "case")
    assert result.exit_code == 1 and "spillover events add" in result.stderr


def test_a_folder_for_tables_that_cannot_be_made_is_known_before_the_work(example, tmp_path):
    (tmp_path / "file").write_text("x")
    result = spread(example, "--tables", tmp_path / "file" / "t")
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (rows(49), "There is no contagion model: 49 events can be used, and a contagion model needs 50"),
        (rows(60, day=date(2021, 5, 1)), "There is no contagion model: all events lie within a year"),
        (rows(60, point=("", "")), "There is no contagion model: 0 events can be used"),
        (rows(1), "1 event"),
    ],
    ids=["49 events", "one day", "no coordinates", "one event"],
)
def test_too_little_for_a_model_still_gives_the_measures(made, lines, message):
    result = spread(made(lines), "--quick")
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert message in shown and "Lethality" in shown and "Traceback" not in result.stderr


def test_all_events_at_one_point(made):
    result = spread(made(rows(50, point=("12.0", "13.0"))), "--no-contagion")
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "all events are on one day or at one point" in shown


def test_events_that_end_before_they_begin_are_named_when_they_are_added(tmp_path):
    path = tmp_path / "events.csv"
    good = list(rows(3))
    bad = good[0].replace(",0,0,0,0,1,1,1", "").rsplit(",", 1)[0] + ",2019-01-01,0,0,0,0,1,1,1"
    path.write_text("\n".join([HEADER, *good, bad.replace("0,1,", "9,1,", 1)]) + "\n", "utf-8")
    added = run("events", "add", path, "--case", tmp_path / "case")
    assert "1 left out" in added.stdout
    assert spread(tmp_path / "case", "--no-contagion").exit_code == 0


# -- long work --------------------------------------------------------------------------------------------------------


def command(case, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "spillover", "spread", "--case", str(case), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        # a shell hands on its deafness to Ctrl-C to what it runs in the background, these tests among them
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(made):
    case = made(rows(150))
    stopped = command(case, "--quick", "--json")
    deadline = time.monotonic() + 120
    while not (kept := list(case.glob("runs/contagion-*.jsonl"))) or kept[0].stat().st_size < 10_000:
        assert stopped.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=120)
    assert (stopped.returncode, out) == (130, "")
    assert "stopping after this part" in err
    assert f"is kept in {kept[0]}; run the same command again to go on" in err and "Traceback" not in err
    first = kept[0].read_text("utf-8").splitlines()
    again = spread(case, "--quick", "--json")
    assert again.exit_code == 0 and "of an earlier run is taken from there" in again.stderr
    assert kept[0].read_text("utf-8").splitlines()[: len(first)] == first
    assert json.loads(again.stdout)["contagion"]["events"] == 150


def test_commands_that_measure_nothing_load_no_numbers():
    for words in (("--help",), ("spread", "--help"), ("check", "--help")):
        imported, _ = modules_after("-m", "spillover", *words)
        assert not imported & {"numba", "scipy", "matplotlib", "numpy", "polars"}


def test_check_loads_neither_numba_nor_scipy(example):
    imported, _ = modules_after("-c", "import spillover.checking, spillover.records, spillover.cli.app")
    assert not imported & {"numba", "scipy", "matplotlib"}


# -- real data --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pakistan(shared, tmp_path_factory):
    case = tmp_path_factory.mktemp("pakistan") / "case"
    assert run("events", "add", shared / "data" / "ged_pakistan.csv", "--case", case).exit_code == 0
    return case


@pytest.mark.shared
def test_pakistan_without_the_model(pakistan):
    result = spread(pakistan, "--no-contagion")
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "All actors, 1989-01-01 to 2021-12-31: 6,416 events" in shown
    assert "2021-01-01 to 2021-12-31 had 189 events, the same days a year earlier 145" in shown
    assert "The first of the 7 first-order divisions" in shown
    assert "CC BY 4.0" in shown


@pytest.mark.shared
@pytest.mark.slow
def test_pakistan_with_the_quick_model(pakistan):
    result = spread(pakistan, "--quick")
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "in placebos without triggering the model finds" in shown
    assert "no proof" in shown or "not proof of cause" in shown
