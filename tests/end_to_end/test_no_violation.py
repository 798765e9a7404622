"""Whatever is read, no statement breaks the evidence gate's rules, and nothing crashes."""

from __future__ import annotations

import json

import pytest
from gate_rules import violations

import bundled
import same_article
from spillover.reading.documents import load


def check(reader, source, name=None):
    """Read, and hold every statement against the rules; how many there were."""
    document = load(source, name=name)
    lines = [json.loads(line) for line in reader.read(document).to_json().splitlines()]
    assert violations(lines, document.text) == []
    return len(lines)


def test_the_bundled_example(reader):
    assert check(reader, bundled.PATH) >= 40


@pytest.mark.parametrize("form", ["text", "markdown", "page", "pdf", "docx"])
def test_an_article_in_every_format(reader, form):
    name = "article.md" if form == "markdown" else "article"
    assert check(reader, getattr(same_article, f"as_{form}")(), name) >= 10


def test_an_article_without_capitals(reader):
    assert check(reader, same_article.as_text().lower(), "lower.txt") >= 10


@pytest.mark.shared
def test_the_gold_articles(reader, shared):
    articles = [shared / "gold" / "seed" / "article.txt", *sorted((shared / "gold" / "dev").glob("*/article.txt"))]
    assert len(articles) > 1
    for article in articles:
        assert check(reader, article) > 0, article.parent.name


@pytest.mark.shared
@pytest.mark.slow
def test_two_hundred_wire_reports_in_lower_case(reader, shared):
    lines = (shared / "data" / "muc4_dev.jsonl").read_text("utf-8").splitlines()[:200]
    documents = [json.loads(line) for line in lines]
    assert len(documents) == 200
    found = [check(reader, d["doctext"].encode(), f"{d['docid']}.txt") for d in documents]
    assert sum(found) > 200
