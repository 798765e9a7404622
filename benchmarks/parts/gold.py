"""Articles with gold statements, the scorer of the shared folder, and figures summed over articles."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spillover.reading import Reader

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


class NoScorer(Exception):
    """The shared folder, or the scorer in it, is not there."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text and its gold statements. ``part``: ``seed``, ``dev``, ``example``, ``own`` or ``given``."""

    name: str
    part: str
    text: Path
    gold: Path


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scorer says of one article. ``gate``: violations; ``kinds``: predicted statements by kind."""

    article: Article
    words: int
    figures: dict[str, Any]
    gate: int
    kinds: Counter[str]


def shared() -> Path:
    """The folder of shared data: ``SPILLOVER_SHARED``, else the folder ``shared`` beside the repository."""
    return Path(os.environ.get("SPILLOVER_SHARED", ROOT.parent / "shared"))


@cache
def scorer(name: str = "score_statements") -> ModuleType:
    """A module of the shared folder's ``eval``; :class:`NoScorer` where it is absent."""
    path = shared() / "eval" / f"{name}.py"
    if not path.is_file():
        raise NoScorer(f"there is no {path.parent.name}/{path.name} in the shared folder (SPILLOVER_SHARED names it)")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # the shared folder is for looking only
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def bundled() -> list[Article]:
    """The bundled example."""
    return in_folder(EXAMPLES, "example")


def everything() -> list[Article]:
    """The project's articles, and those of the shared folder where it is there."""
    gold = shared() / "gold"
    return (
        bundled()
        + in_folder(ROOT / "tests" / "gold" / "articles", "own")
        + in_folder(gold / "seed", "seed")
        + in_folder(gold / "dev", "dev")
    )


def in_folder(folder: Path, part: str) -> list[Article]:
    """Articles in ``folder`` or one below: ``article.txt`` beside ``gold.jsonl``, ``X.txt`` beside ``X.gold.jsonl``."""
    found = []
    for gold in sorted([*folder.glob("*gold.jsonl"), *folder.glob("*/*gold.jsonl")]):
        plain = gold.name == "gold.jsonl"
        stem = "article" if plain else gold.name.removesuffix(".gold.jsonl")
        name = gold.parent.name if plain else stem
        text = gold.with_name(f"{stem}.txt")
        if text.is_file():
            found.append(Article(name, part, text, gold))
    return found


def score(article: Article, reader: Reader) -> Scored:
    """Read the article in this process and score what was read, the evidence gate included."""
    from spillover.reading.documents import load

    reading = reader.read(load(article.text))
    predicted = [s.to_dict() for s in reading.statements]
    # the scorer sees what a file of the command line would hold, nothing of Python's own types
    predicted = json.loads(json.dumps(predicted))
    module = scorer()
    figures = module.score(module.load(article.gold), predicted)
    violations = len(scorer("statements_gate").gate(predicted, reading.document.text))
    kinds = Counter(str(p["kind"]) for p in predicted)
    return Scored(article, len(reading.document.text.split()), figures, violations, kinds)


def mean(scored: Sequence[Scored], level: str) -> dict[str, float]:
    """Mean over articles of precision, recall and F1; ``level`` is ``core`` or ``strict``."""
    keys = ("precision", "recall", "f1")
    return {k: sum(s.figures[level][k] for s in scored) / len(scored) for k in keys}


def by_kind(scored: Iterable[Scored]) -> dict[str, dict[str, float]]:
    """Core figures by kind over all articles together: a long article counts for more than a short one."""
    right: Counter[str] = Counter()
    spurious: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for s in scored:
        for kind, k in s.figures["kinds"].items():
            right[kind] += k["tp"]
            spurious[kind] += k["fp"]
            missing[kind] += k["fn"]
            # the scorer's precision weighs each predicted statement 1, its recall each gold one by its weight
            hits[kind] += s.kinds[kind] - k["fp"]
    out = {}
    for kind in right:
        p, r = _share(hits[kind], hits[kind] + spurious[kind]), _share(right[kind], right[kind] + missing[kind])
        out[kind] = {
            "gold": right[kind] + missing[kind],
            "read": hits[kind] + spurious[kind],
            "precision": p,
            "recall": r,
            "f1": _share(2 * p * r, p + r),
        }
    return out


def by_attribute(scored: Iterable[Scored]) -> dict[str, dict[str, float | None]]:
    """Shares of matched statements with the attribute right, over all articles together.

    ``marked``: the same among those where the gold asks for more than the default, so that the point is not free.
    """
    sums: dict[str, Counter[str]] = {}
    for s in scored:
        for name, a in s.figures["attributes"].items():
            counts = {k: a[k] for k in ("n", "right", "partial", "marked", "marked_right")}
            sums.setdefault(name, Counter()).update(counts)
    return {
        name: {
            **{k: float(c[k]) for k in ("n", "right", "partial", "marked", "marked_right")},
            "accuracy": _share(c["right"], c["n"]),
            "marked_accuracy": c["marked_right"] / c["marked"] if c["marked"] else None,
        }
        for name, c in sums.items()
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
