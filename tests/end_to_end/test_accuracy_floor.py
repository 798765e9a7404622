"""On the shared gold statements the reader does not fall below the floor that it was released with."""

from __future__ import annotations

import importlib.util
import json
import statistics

import pytest

from spillover.reading.documents import load

SEED_FLOOR = {"core": 0.80, "strict": 0.60}
DEV_FLOOR = {"core": 0.55, "strict": 0.35}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def score(shared, reader):
    """F1 of the reader on a gold folder, by the shared scorer."""
    spec = importlib.util.spec_from_file_location("score_statements", shared / "eval" / "score_statements.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)

    def run(folder):
        lines = reader.read(load(folder / "article.txt")).to_json().splitlines()
        result = scorer.score(scorer.load(folder / "gold.jsonl"), [json.loads(line) for line in lines])
        return {figure: result[figure]["f1"] for figure in ("core", "strict")}

    return run


def test_the_seed_article(score, shared):
    result = score(shared / "gold" / "seed")
    assert all(result[figure] >= floor for figure, floor in SEED_FLOOR.items()), result


def test_the_mean_of_the_dev_articles(score, shared):
    results = [score(gold.parent) for gold in sorted((shared / "gold" / "dev").glob("*/gold.jsonl"))]
    means = {figure: statistics.mean(result[figure] for result in results) for figure in DEV_FLOOR}
    assert all(means[figure] >= floor for figure, floor in DEV_FLOOR.items()), means
