"""A headless Chromium that watches itself: console, requests, breaches of the page's policy."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "test-output" / "report"
sys.path.insert(0, str(ROOT / "tests" / "publishing"))

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.__breaches = [];
addEventListener('securitypolicyviolation', e => __breaches.push(e.violatedDirective + ' ' + e.blockedURI));
"""


@dataclass
class Watched:
    """A page, and what it did that it should not have done."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def assert_clean(self) -> None:
        assert self.complaints == []
        assert self.page.evaluate("window.__breaches") == []
        # the icon is a data: URL, which asks nobody
        assert [url for url in self.requests[1:] if not url.startswith("data:")] == []

    def shot(self, name: str, **options: Any) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", **options)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three reports: one document, two documents, a document without statements."""
    from report_sample import ACTORS, bare_reading, reading

    from spillover.errors import SpilloverError
    from spillover.publishing.report import write_report

    folder = tmp_path_factory.mktemp("reports")
    try:
        return {
            "one": write_report([reading()], folder / "one.html", actors=ACTORS),
            "two": write_report([reading(), bare_reading()], folder / "two.html", actors=ACTORS),
            "bare": write_report([bare_reading()], folder / "bare.html"),
        }
    except SpilloverError as error:
        pytest.skip(str(error))


@pytest.fixture
def visit(chromium: Any, reports: dict[str, Path]) -> Iterator[Callable[..., Watched]]:
    """``visit("one", width=360, scheme="dark", fragment="kind=tie")``; each visit is its own browser context."""
    contexts = []

    def go(
        name: str = "one",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        fragment: str = "",
        **options: Any,
    ) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        watched = Watched(context.new_page())
        watched.page.set_default_timeout(10_000)
        watched.page.on("request", lambda r: watched.requests.append(r.url))
        watched.page.on("console", lambda m: watched.complaints.append(f"{m.type}: {m.text}"))
        watched.page.on("pageerror", lambda e: watched.complaints.append(str(e)))
        watched.page.goto(reports[name].as_uri() + (f"#{fragment}" if fragment else ""))
        return watched

    yield go
    for context in contexts:
        context.close()
