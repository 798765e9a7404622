"""A reading made by hand (``sample/``): an invented group in the Sahel, every kind of statement, nested evidence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spillover.reading.document import Block, Document, Metadata
from spillover.reading.statement import Rejected, Statement

SAMPLE = Path(__file__).parent / "sample"


@dataclass(frozen=True)
class SampleMention:
    start: int
    end: int
    surface: str
    type: str
    ref: str | None
    how: str | None


@dataclass(frozen=True)
class SampleReading:
    """As much of a reading as the report needs."""

    document: Document
    statements: tuple[Statement, ...]
    rejected: tuple[Rejected, ...]
    mentions: tuple[SampleMention, ...] = ()
    engine: str = "rules"
    ruleset: str = "2021.1"


@dataclass(frozen=True)
class SampleActor:
    """An actor with the lexicon's fields."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    parent: str | None = None
    founded: int | None = None
    ended: int | None = None
    region: str | None = None
    countries: tuple[str, ...] = ()
    ucdp_id: int | None = None
    ucdp_name: str | None = None


ACTORS = {actor["id"]: SampleActor(**actor) for actor in json.loads((SAMPLE / "actors.json").read_text("utf-8"))}


def document() -> Document:
    data = json.loads((SAMPLE / "document.json").read_text("utf-8"))
    text, blocks = "", []
    for block in data["blocks"]:
        text += "\n\n" if text else ""
        blocks.append(Block(len(text), len(text) + len(block["text"]), block["kind"], repeat_of=block["repeat_of"]))
        text += block["text"]
    about = data["metadata"] | {"date": date.fromisoformat(data["metadata"]["date"])}
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    warnings = tuple(data["warnings"])
    return Document(sha256, data["name"], data["format"], text, tuple(blocks), (), Metadata(**about), "en", warnings)


def reading() -> SampleReading:
    doc = document()
    lines = (SAMPLE / "statements.jsonl").read_text("utf-8").splitlines()
    statements = tuple(Statement.from_dict(json.loads(line) | {"document": doc.id}) for line in lines)
    for s in statements:
        assert doc.text[s.evidence.start : s.evidence.end] == s.evidence.quote
    at = doc.text.index("Niger army")
    mention = SampleMention(at, at + 10, "Niger army", "actor", "NER", "lexicon")
    refused = (
        Rejected(statements[0], "the number 3 is not in the quote"),
        Rejected(statements[5], "the subject is not in the quote"),
    )
    return SampleReading(doc, statements, refused, (mention,))


def bare_reading(text: str = "The harvest was good this year.") -> SampleReading:
    """A reading without any statement."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return SampleReading(Document(sha256, "harvest.txt", "txt", text, (Block(0, len(text), "paragraph"),)), (), ())
