"""The part of the report's data that holds findings, the outlook ledger and the data sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from spillover.checking.coverage import described

if TYPE_CHECKING:
    from spillover.checking import Checks, Outlook
    from spillover.reading.reading import Reading
    from spillover.records import DataSet


@cache
def verdict_words() -> dict[str, dict[str, str]]:
    """The words that people read for verdicts (``verdicts.json``)."""
    found: dict[str, dict[str, str]] = json.loads(
        resources.files(__package__).joinpath("verdicts.json").read_text("utf-8")
    )
    return found


def checks_data(checks: Checks, ledger: Outlook, readings: Sequence[Reading]) -> dict[str, Any] | None:
    """What the page carries of the checks of these readings; ``None`` where the case has no event data."""
    if not checks.sets:
        return None
    there = {(s.id, s.document) for r in readings for s in r.statements}
    return {
        "sets": [_set(entry) for entry in checks.sets],
        "findings": [f.to_dict() for f in checks.findings if (f.statement, f.document) in there],
        "outlook": ledger.to_dict(),
        "words": {"verdicts": verdict_words()},
    }


def _set(entry: DataSet) -> dict[str, Any]:
    return {
        "id": entry.id, "dataset": entry.dataset, "name": entry.name, "release": entry.release, "what": entry.what,
        "rows": entry.kept, "skipped": sum(entry.skipped.values()), "coverage": described([entry]).partition(": ")[2],
        "licence": entry.licence, "attribution": entry.attribution, "fatal_only": entry.fatal_only,
        "provisional": entry.provisional,
        "notes": [*(f"{n:,} rows left out: {reason}" for reason, n in entry.skipped.items()), *entry.notes],
    }  # fmt: skip
