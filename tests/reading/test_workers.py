"""Work on several processes: the same results in the same order, whatever happens to a process."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from spillover.errors import DocumentError, ModelMissing
from spillover.reading.workers import Fault, run


def build():
    return work


def work(task):
    match task:
        case "die":
            os.kill(os.getpid(), 9)
        case "fail":
            raise DocumentError("bad", where="here", to_do="Do this")
        case "fault":
            raise KeyError("x")
    return task * 2


def build_nothing():
    raise ModelMissing("no model", to_do="Install one")


def build_dead():
    os.kill(os.getpid(), 9)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order_and_errors_in_their_place(jobs):
    tasks = [1, "fail", 2, "fault", *range(3, 20)]
    results = list(run(tasks, build, jobs=jobs))
    assert [r.task for r in results] == tasks
    assert [r.value for r in results] == [2, None, 4, None, *range(6, 40, 2)]
    assert isinstance(results[1].error, DocumentError) and str(results[1].error) == "here: bad. Do this"
    assert isinstance(results[3].error, Fault) and "KeyError" in str(results[3].error)


def test_unordered_results_are_the_same_set():
    assert sorted(r.value for r in run(list(range(10)), build, jobs=2, ordered=False)) == list(range(0, 20, 2))


def test_a_process_that_dies_costs_one_task():
    results = list(run([1, "die", 2, "die", 3, 4], build, jobs=2))
    assert [r.value for r in results] == [2, None, 4, None, 6, 8]
    assert "signal 9" in str(results[1].error) and isinstance(results[3].error, Fault)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_makes_all_work_impossible_is_raised(jobs):
    with pytest.raises(ModelMissing, match="no model"):
        list(run([1, 2, 3], build_nothing, jobs=jobs))


def test_processes_that_never_begin_are_not_started_for_ever():
    with pytest.raises(Fault, match="before they begin"):
        list(run([1, 2, 3], build_dead, jobs=2))


def test_no_process_is_left_when_the_caller_stops_early():
    results = run(list(range(100)), build, jobs=2)
    next(results)
    results.close()
    assert multiprocessing.active_children() == []


def test_no_tasks_no_work():
    assert list(run([], build_nothing, jobs=4)) == []
