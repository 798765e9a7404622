"""A quick reader in place of the real one, for tests of what happens around reading, not of reading itself.

It knows one sentence: ``<A> attacked <B>.`` Other processes get it by ``python tests/quick.py ARGUMENTS``, which is the
command ``spillover`` with this reader; a spawned process imports this file as its main module and has it, too.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from spillover.errors import DamagedDocument, EmptyDocument
from spillover.reading.document import Block, Document
from spillover.reading.reading import Mention, Reading
from spillover.reading.statement import Evidence, Role, Statement

_SENTENCE = re.compile(r"(?P<a>[A-Z][\w ]*?) (?P<verb>attacked|may attack) (?P<b>[\w ]+)\.")


@dataclass(frozen=True)
class Skipped:
    path: Path
    reason: str


def load(source: Path | bytes, *, name: str | None = None, format: str | None = None) -> Document:
    data = source if isinstance(source, bytes) else source.read_bytes()
    name = name or (source.name if isinstance(source, Path) else "bytes")
    if b"\0" in data:
        raise DamagedDocument("the file is not text", where=name, to_do="Save it as text")
    if b"die now" in data:
        os.kill(os.getpid(), 9)
    if b"raise now" in data:
        raise KeyError("unforeseen")
    text = data.decode()
    if not text.strip():
        raise EmptyDocument("there is no text", where=name, to_do="Leave it out")
    blocks = tuple(Block(m.start(), m.end(), "paragraph") for m in re.finditer(r"[^\n]+", text))
    return Document(hashlib.sha256(data).hexdigest(), name, "txt", text, blocks)


def find(folder: Path) -> tuple[list[Path], list[Skipped]]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    good = [p for p in files if p.suffix in (".txt", ".md", ".html")]
    return good, [Skipped(p, "no loader for this kind of file") for p in files if p not in good]


class Reader:
    def __init__(self, case_lexicon: Path | None = None, engine: str = "rules") -> None:
        self.engine, self.ruleset = engine, os.environ.get("QUICK_RULESET", "quick-1")

    def read(self, document: Document) -> Reading:
        found = [self._statement(document, m, n) for n, m in enumerate(_SENTENCE.finditer(document.text))]
        mentions = tuple(
            Mention(r.start, r.end, r.surface, "actor", r.actor, "lexicon")
            for s in found
            for r in (s.subject, s.object)
        )
        return Reading(document, tuple(found), (), mentions, self.engine, self.ruleset)

    def _statement(self, document: Document, match: re.Match[str], n: int) -> Statement:
        def role(group: str) -> Role:
            surface = match[group]
            return Role(
                surface, *match.span(group), actor=surface.lower().replace(" ", "-"), kind="group", how="lexicon"
            )

        hedged = match["verb"] == "may attack" and self.ruleset != "quick-1"
        id = hashlib.sha256(f"{document.sha256}{n}".encode()).hexdigest()[:10]
        return Statement(
            f"st_{id}", "event", "attack", role("a"), role("b"), (), None, None, None, None, None, None,
            "forecast" if hedged else "fact", "occurred", "affirmed", None, (), Evidence(*match.span(), match[0]), (),
            document.id, self.engine, "quick.attack",
        )  # fmt: skip


def install(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Put the quick reader in place of the real one; ``put`` may be monkeypatch's ``setattr``."""
    package = import_module("spillover.reading")
    documents = import_module("spillover.reading.documents")
    for owner, name, value in ((package, "Reader", Reader), (documents, "load", load), (documents, "find", find)):
        put(owner, name, value)


if __name__ in ("__main__", "__mp_main__"):
    install()

if __name__ == "__main__":
    from spillover.cli import main

    # a shell hands on its deafness to Ctrl-C to what it runs in the background, these tests among them
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
