"""The gold statements beside the bundled example say only what the article says, in the vocabulary of the contract."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from spillover.reading.statement import TYPES, Polarity, Status

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = (ROOT / "examples" / "lake-chad-after-shekau.txt").read_text(encoding="utf-8")
GOLD: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "examples" / "lake-chad-after-shekau.gold.jsonl").read_text(encoding="utf-8").splitlines()
]
BY_ID = pytest.mark.parametrize("gold", GOLD, ids=[g["id"] for g in GOLD])
NUMBER_WORDS = {"two million": 2_000_000, "nine": 9}


def variants(gold: dict[str, Any]) -> list[dict[str, Any]]:
    """The statement itself and each accepted alternative, which replaces the fields that it names."""
    return [gold, *({**gold, **a} for a in gold["alternatives"])]


def roles(gold: dict[str, Any]) -> list[dict[str, Any]]:
    return [v[r] for v in variants(gold) for r in ("subject", "object") if v[r]]


def numbers(text: str) -> set[float]:
    digits = {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", text)}
    return digits | {n for word, n in NUMBER_WORDS.items() if word in text}


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def test_ids_are_unique_and_the_list_is_of_the_size_of_the_article() -> None:
    assert len({g["id"] for g in GOLD}) == len(GOLD) > 60
    assert 600 <= len(ARTICLE.split()) <= 900


def test_every_kind_status_and_polarity_occurs() -> None:
    assert {g["kind"] for g in GOLD} == set(TYPES)
    assert {g["status"] for g in GOLD} == set(get_args(Status))
    assert {g["polarity"] for g in GOLD} == set(get_args(Polarity))


@BY_ID
def test_words_are_the_contracts(gold: dict[str, Any]) -> None:
    for v in variants(gold):
        assert v["type"] in TYPES[v["kind"]]
        assert {v["status"], *v.get("status_also", [])} <= set(get_args(Status))
        assert {v["polarity"], *v.get("polarity_also", [])} <= set(get_args(Polarity))
    assert gold["weight"] in (0.5, 1)


@BY_ID
def test_quote_is_a_whole_clause_or_sentence_of_the_article(gold: dict[str, Any]) -> None:
    assert ARTICLE.count(gold["quote"]) >= 1
    assert gold["quote"].endswith(".")
    before = ARTICLE[: ARTICLE.index(gold["quote"])].rstrip()
    assert before.endswith((".", "–")) or ARTICLE[len(before) :].startswith("\n")


@BY_ID
def test_names_are_words_of_the_article_and_one_stands_in_the_quote(gold: dict[str, Any]) -> None:
    for role in [*roles(gold), *(p for v in variants(gold) for p in v["place"])]:
        assert all(name in ARTICLE for name in role["names"]), role["names"]
        assert role.get("optional") or any(name in gold["quote"] for name in role["names"]), role["names"]
    for source in gold["attribution"]:
        assert source in ARTICLE


@BY_ID
def test_spans_and_cues_stand_in_the_quote(gold: dict[str, Any]) -> None:
    for v in variants(gold):
        for span in [*(v["text"] or []), *(v["effect"] or []), *v.get("condition", [])]:
            assert span in ARTICLE
    assert any(span in gold["quote"] for span in gold["text"] or [""])
    cue = gold["likelihood_cue"]
    for word in cue if isinstance(cue, list) else [cue]:
        assert word is None or word in gold["quote"]


@BY_ID
def test_numbers_that_must_be_read_stand_in_the_quote(gold: dict[str, Any]) -> None:
    quantity = gold["quantity"]
    if gold["kind"] in ("count", "strength"):
        assert quantity and not quantity.get("optional")
    if quantity and not quantity.get("optional"):
        assert {n for n in (quantity["low"], quantity["high"]) if n is not None} <= numbers(gold["quote"])


@BY_ID
def test_times_are_intervals(gold: dict[str, Any]) -> None:
    for v in variants(gold):
        time = v["time"]
        for start, end in [(time["start"], time["end"]), *time.get("also", [])] if time else []:
            assert start or end
            assert date.fromisoformat(start or "0001-01-01") <= date.fromisoformat(end or "9999-12-31")


def test_ids_of_actors_are_in_the_lexicon_or_slugs_of_a_name() -> None:
    folder = ROOT / "src" / "spillover" / "lexicon" / "actors"
    rows = [row for path in folder.glob("*.csv") for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    named = [r for g in GOLD for r in roles(g) if r["actor"]]
    known = {row["id"] for row in rows} | {slug(name) for r in named for name in r["names"]}
    assert rows
    assert {id for r in named for id in (r["actor"], *r.get("actor_also", []))} <= known
