"""The evidence gate's rules, written anew from ``docs/statements.md``: what every line of ``read --json`` must fulfil.

Nothing of the package is used but the published JSON Schema, so that a fault in the package's own gate shows here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

import spillover

# a quotation is the sentence that says it, two at the most, not a page
LONGEST_QUOTE = 900


@cache
def _validator() -> Any:
    path = Path(spillover.__file__).parent / "reading" / "statement.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text("utf-8")))


def violations(statements: list[dict[str, Any]], text: str) -> list[str]:
    """What is wrong with the statements, each with its id; ``text``: the clean text that the offsets count in."""
    found = [f"{id}: id used {n} times" for id, n in Counter(s["id"] for s in statements).items() if n > 1]
    for statement in statements:
        found += [f"{statement['id']}: {what}" for what in _of_one(statement, text)]
    return found


def _of_one(s: dict[str, Any], text: str) -> list[str]:
    found = [f"schema: {error.message}" for error in _validator().iter_errors(s)]
    proofs = [s["evidence"], *s["also"]]
    quotes = [proof["quote"] for proof in proofs]
    spans = [("evidence", {**proof, "surface": proof["quote"]}) for proof in proofs]
    spans += [("place", place) for place in s["place"]]
    for name in ("subject", "object"):
        role = s[name]
        if role is None:
            continue
        spans.append((name, role))
        inside = any(p["start"] <= role["start"] and role["end"] <= p["end"] for p in proofs)
        if role["how"] == "coreference":
            if role["antecedent"] is None:
                found.append(f"{name}: {role['surface']!r} is marked as coreference without an antecedent")
            else:
                spans.append((f"{name}'s antecedent", role["antecedent"]))
        elif not inside:
            found.append(f"{name}: {role['surface']!r} lies outside the evidence")
    for name, span in spans:
        if not 0 <= span["start"] < span["end"] <= len(text):
            found.append(f"{name}: offsets {span['start']}, {span['end']} are outside the text")
        elif text[span["start"] : span["end"]] != span["surface"]:
            found.append(f"{name}: the text has {text[span['start'] : span['end']]!r}, not {span['surface']!r}")
    if len(quotes[0]) > LONGEST_QUOTE:
        found.append(f"evidence of {len(quotes[0])} characters")
    words = {name: s[name] for name in ("instrument", "text", "effect", "condition")}
    words["quantity"] = s["quantity"] and s["quantity"]["surface"]
    found += [f"{n}: {w!r} is not in the evidence" for n, w in words.items() if w and not any(w in q for q in quotes)]
    elsewhere = [("time", s["time"]), *(("attribution", a) for a in s["attribution"])]
    found += [f"{n}: {w['surface']!r} is not in the text" for n, w in elsewhere if w and w["surface"] not in text]
    return found + _numbers(s["quantity"])


def _numbers(quantity: dict[str, Any] | None) -> list[str]:
    """A number in digits must be there digit by digit; one in words ("two million", "dozens") at least in words."""
    if quantity is None:
        return []
    said = quantity["surface"].replace(",", "")
    digits = {float(n) for n in re.findall(r"\d+(?:\.\d+)?|\.\d+", said)}
    in_words = re.search(r"[A-Za-z]{3,}", said)
    return [
        f"quantity: {value:g} is not in {quantity['surface']!r}"
        for value in (quantity["low"], quantity["high"])
        if value is not None and value not in digits and not in_words
    ]
