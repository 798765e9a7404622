"""The example that comes with the project."""

from __future__ import annotations

from pathlib import Path

from same_article import Article

PATH = Path(__file__).resolve().parents[1] / "examples" / "lake-chad-after-shekau.txt"


def article() -> Article:
    """Its title, and all that stands under it; the kicker above the title is left out."""
    _, title, *paragraphs = PATH.read_text("utf-8").strip().split("\n\n")
    return Article(title, tuple(" ".join(p.split()) for p in paragraphs))
