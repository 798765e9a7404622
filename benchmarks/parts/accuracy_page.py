"""The page ``docs/accuracy.md``: the figures as Markdown, the poor ones like the good ones, without a date."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from parts.gold import Scored, by_attribute, by_kind, mean
from parts.larger_sets import Larger, details, main_figures

HERE = Path(__file__).resolve().parent
PARTS = {"seed": "seed", "dev": "dev", "example": "bundled", "own": "own", "given": "given"}
SET_TITLES = {
    "ties": "Ties between groups (Mapping Militants, dev half)",
    "plover": "Who did what to whom (PLOVER gold standard records, dev half)",
    "muc4": "Incidents (MUC-4, dev split, all in lower case), without weapons",
}


WITHIN = {"ties": "type of tie", "plover": "what has to agree", "muc4": "incident's slot"}


@dataclass(frozen=True, slots=True)
class Made:
    """What made the figures."""

    ruleset: str
    model: str
    command: str

    @classmethod
    def by(cls, ruleset: str, command: str) -> Made:
        """With the name and version of the language model that is installed."""
        from spillover.reading.language import model_name

        name = model_name() or "none"
        try:
            return cls(ruleset, f"{name} {version(name.replace('_', '-'))}", command)
        except PackageNotFoundError:
            return cls(ruleset, name, command)


def page(scored: Sequence[Scored], larger: Sequence[Larger], made: Made) -> str:
    """The whole page; what was not measured is left out."""
    words = (HERE / "accuracy_page.md").read_text(encoding="utf-8")
    tables = {
        "ruleset": made.ruleset,
        "model": made.model,
        "command": made.command,
        "articles": articles(scored),
        "kinds": kinds(scored),
        "attributes": attributes(scored),
        "sets": "\n\n".join(_set(one) for one in larger) or "The sets were not there when this page was written.",
        "reference": reference(scored, larger),
        "gate": _gate(scored, larger),
    }
    for name, table in tables.items():
        words = words.replace("{{" + name + "}}", table)
    return words


def articles(scored: Sequence[Scored]) -> str:
    """One row an article, and the mean over each part that has several."""
    rows = []
    for part in PARTS:
        of_part = [s for s in scored if s.article.part == part]
        for s in of_part:
            f = s.figures
            rows.append([PARTS[part], s.article.name, str(s.words), str(f["gold"]), str(f["predicted"]),
                         *_prf(f["core"]), *_prf(f["strict"])])  # fmt: skip
        if len(of_part) > 1:
            levels = [_prf(mean(of_part, level)) for level in ("core", "strict")]
            rows.append([PARTS[part], f"**mean of {len(of_part)}**", "", "", "", *levels[0], *levels[1]])
    head = ["part", "article", "words", "gold", "read", "core P", "R", "F1", "strict P", "R", "F1"]
    return table(head, rows, left=2)


def kinds(scored: Sequence[Scored]) -> str:
    """Core figures by kind, a block of columns for each part."""
    parts = _parts(scored)
    figures = {p: by_kind(s for s in scored if s.article.part == p) for p in parts}
    rows = []
    for kind in dict.fromkeys(k for p in parts for k in figures[p]):
        row = [f"`{kind}`"]
        for p in parts:
            k = figures[p].get(kind)
            there = k is not None and k["gold"] + k["read"] > 0
            row += [f"{k['gold']:g}", *_prf(k)] if k is not None and there else ["0", "–", "–", "–"]
        rows.append(row)
    head = ["kind", *(h for p in parts for h in (f"{PARTS[p]}: gold", "P", "R", "F1"))]
    return table(head, rows)


def attributes(scored: Sequence[Scored]) -> str:
    """Attributes of the matched statements, two columns for each part."""
    parts = _parts(scored)
    figures = {p: by_attribute(s for s in scored if s.article.part == p) for p in parts}
    rows = []
    for name in dict.fromkeys(a for p in parts for a in figures[p]):
        row = [name]
        for p in parts:
            a = figures[p].get(name)
            row += ["–", "–"] if a is None else [_of(a["right"], a["n"]), _of(a["marked_right"], a["marked"])]
        rows.append(row)
    head = ["attribute", *(h for p in parts for h in (f"{PARTS[p]}: right", "marked"))]
    return table(head, rows)


def reference(scored: Sequence[Scored], larger: Sequence[Larger]) -> str:
    """The same figures of other systems, and Spillover's own below them."""
    data = tomllib.loads((HERE / "reference.toml").read_text(encoding="utf-8"))
    names: dict[str, str] = data["figures"]
    rows = [[s["name"], *(_figure(s.get(key)) for key in names)] for s in data["system"]]
    own: dict[str, float] = {}
    for part in ("seed", "dev"):
        of_part = [s for s in scored if s.article.part == part]
        if of_part:
            own[part] = mean(of_part, "core")["f1"]
    for one in larger:
        found = main_figures(one)
        own |= {key: found[names[key]] for key in names if key.split("_")[0] == one.name}
    rows.append(["**Spillover**", *(_figure(own.get(key)) for key in names)])
    return table(["system", *(f"{key.split('_')[0]}: {what}" for key, what in names.items())], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table; all columns but the first ``left`` are set right."""
    marks = ["---" if n < left else "---:" for n in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def _set(one: Larger) -> str:
    main = table(["figure", "value"], [[k, _figure(v)] for k, v in main_figures(one).items()])
    rows = [[k, *(_figure(float(v[x])) for x in ("p", "r", "f1"))] for k, v in details(one).items()]
    inner = table([WITHIN[one.name], "P", "R", "F1"], rows)
    size = f"{one.texts} texts, {one.words:,} words, {one.statements:,} statements read."
    return f"### {SET_TITLES[one.name]}\n\n{size}\n\n{main}\n\n{inner}"


def _gate(scored: Sequence[Scored], larger: Sequence[Larger]) -> str:
    texts = len(scored) + sum(one.texts for one in larger)
    statements = sum(s.figures["predicted"] for s in scored) + sum(one.statements for one in larger)
    bad = sum(s.gate for s in scored) + sum(one.gate for one in larger)
    failed = [f for one in larger for f in one.failed]
    told = f"{statements:,} statements of {texts} texts: {bad} violations, {len(failed)} texts that could not be read."
    return told + "".join(f"\n- {f}" for f in failed)


def _parts(scored: Sequence[Scored]) -> list[str]:
    order = ("dev", "seed", "example", "own", "given")
    return [p for p in order if any(s.article.part == p for s in scored)]


def _prf(figures: Mapping[str, Any]) -> list[str]:
    return [f"{figures[k]:.2f}" for k in ("precision", "recall", "f1")]


def _of(right: float | None, whole: float | None) -> str:
    return f"{right:g}/{whole:g} = {right / whole:.2f}" if whole and right is not None else "–"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"
