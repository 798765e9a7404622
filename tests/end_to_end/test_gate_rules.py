"""The independent gate finds each kind of fault when there is one."""

from __future__ import annotations

import copy

import pytest
from gate_rules import violations

TEXT = "Alpha men killed 12 villagers in Borno on Monday, police said. They fled."
GOOD = {
    "id": "st_0123456789", "kind": "count", "type": "killed",
    "subject": {"surface": "Alpha men", "start": 0, "end": 9, "actor": None, "kind": "group", "how": "ner",
                "antecedent": None},
    "object": {"surface": "villagers", "start": 20, "end": 29, "actor": None, "kind": "community", "how": "ner",
               "antecedent": None},
    "place": [{"surface": "Borno", "start": 33, "end": 38, "place": "NG-BO", "level": "admin1", "lat": 11.5,
               "lon": 13.0, "candidates": []}],
    "time": {"surface": "Monday", "start": None, "end": None, "precision": None},
    "quantity": {"surface": "12", "low": 12, "high": 12, "unit": "person", "bound": "exact"},
    "instrument": None, "text": None, "effect": None, "condition": None,
    "status": "fact", "phase": "occurred", "polarity": "affirmed", "likelihood": None,
    "attribution": [{"surface": "police", "name": "police", "cue": "said"}],
    "evidence": {"start": 0, "end": 62, "quote": TEXT[:62]}, "also": [],
    "document": "sha256:" + "0" * 64, "engine": "rules", "rule": "count.killed",
}  # fmt: skip


def changed(**changes):
    statement = copy.deepcopy(GOOD)
    for path, value in changes.items():
        at, *rest = path.split("__")
        if rest:
            statement[at][rest[0]] = value
        else:
            statement[at] = value
    return statement


def test_a_good_statement_passes():
    assert violations([GOOD], TEXT) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"kind": "tale"}, "schema"),
        ({"status": "perhaps"}, "schema"),
        ({"subject__start": 1}, "the text has"),
        ({"object__end": 900}, "outside the text"),
        ({"evidence": {"start": 13, "end": 62, "quote": TEXT[13:62]}}, "outside the evidence"),
        ({"object": {**GOOD["object"], "surface": "They", "start": 63, "end": 67, "how": "coreference"}}, "antecedent"),
        ({"quantity__surface": "13"}, "not in the evidence"),
        ({"quantity__low": 2}, "2 is not in"),
        ({"instrument": "knives"}, "not in the evidence"),
        ({"time__surface": "Tuesday"}, "not in the text"),
        ({"attribution": [{"surface": "army", "name": "army", "cue": "said"}]}, "not in the text"),
    ],
)
def test_a_fault_is_found(changes, what):
    assert any(what in violation for violation in violations([changed(**changes)], TEXT))


def test_an_id_used_twice_is_found():
    assert any("2 times" in violation for violation in violations([GOOD, GOOD], TEXT))
