"""How well the reader reads: statements against gold statements, and three larger sets, in this process.

    python benchmarks/accuracy.py [--gold DIR...] [--articles-only] [--write docs/accuracy.md] [--quick]

Articles: the bundled ones and, where the shared folder (``SPILLOVER_SHARED``, else ``../shared``) is there, its seed
and dev articles; ``--gold`` names other folders instead. The scorer is the shared folder's. ``--quick``: the bundled
article alone, and the figures have to be shares.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from parts.accuracy_page import Made, articles, attributes, kinds, page
from parts.gold import NoScorer, Scored, bundled, everything, in_folder, score, scorer
from parts.larger_sets import Larger, run


def checked(scored: Sequence[Scored]) -> None:
    """Figures that are no shares, or a violated gate, stop the program: something is broken, not just poor."""
    for s in scored:
        for level in ("core", "strict"):
            for name, value in s.figures[level].items():
                if not 0.0 <= value <= 1.0:
                    raise SystemExit(f"{s.article.name}: {level} {name} is {value}")
        if s.figures["strict"]["f1"] > s.figures["core"]["f1"]:
            raise SystemExit(f"{s.article.name}: more is right in the strict sense than at the core")
        if s.gate:
            raise SystemExit(f"{s.article.name}: {s.gate} violations of the evidence gate")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print or write the page. 0 if all is well, 1 without the scorer or without articles."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--gold", nargs="+", type=Path, metavar="DIR", help="folders of articles with gold statements")
    parser.add_argument("--articles-only", action="store_true", help="leave the larger sets out")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page instead of printing it")
    parser.add_argument("--quick", action="store_true", help="the bundled article alone, in seconds")
    given = parser.parse_args(arguments)
    try:
        scorer()
    except NoScorer as missing:
        print(f"accuracy: nothing measured: {missing}", file=sys.stderr)
        return 0 if given.quick else 1

    from spillover.reading import Reader

    if given.quick:
        found = bundled()
    else:
        found = [a for folder in given.gold for a in in_folder(folder, "given")] if given.gold else everything()
    if not found:
        print("accuracy: no article.txt with gold.jsonl, no X.txt with X.gold.jsonl in the folders", file=sys.stderr)
        return 1
    reader = Reader()
    scored = [score(article, reader) for article in found]
    if given.quick:
        print(articles(scored), kinds(scored), attributes(scored), sep="\n\n")
        checked(scored)
        return 0
    larger: list[Larger] = [] if given.articles_only else list(run(reader))
    command = [".venv/bin/python", "benchmarks/accuracy.py", *(sys.argv[1:] if arguments is None else arguments)]
    text = page(scored, larger, Made.by(reader.ruleset, shlex.join(command)))
    if given.write:
        given.write.write_text(text, encoding="utf-8")
        print(f"written: {given.write}")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
