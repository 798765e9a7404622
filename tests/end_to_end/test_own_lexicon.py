"""Actors and places of a case's own ``lexicon.toml`` are found by the real reader."""

from __future__ import annotations

import json

LEXICON = """
[[actor]]
id = "lake-guards"
name = "Lake Guards"
kind = "group"

[[place]]
id = "tumbun-wells"
name = "Tumbun Wells"
level = "town"
country = "NGA"
lat = 13.1
lon = 13.9
"""


def test_a_group_and_a_village_that_nobody_else_knows(command, tmp_path):
    (tmp_path / "a.txt").write_text("The Lake Guards attacked a convoy in Tumbun Wells on 3 May 2021.\n")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "lexicon.toml").write_text(LEXICON)
    code, out, errors = command("read", "a.txt", "--case", "case", "--json")
    assert code == 0, errors
    lines = [json.loads(line) for line in out.splitlines()]
    attack = next(s for s in lines if s["type"] == "attack")
    assert attack["subject"]["actor"] == "lake-guards"
    assert [(p["surface"], p["place"], p["lat"]) for p in attack["place"]] == [("Tumbun Wells", "tumbun-wells", 13.1)]
