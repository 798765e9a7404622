"""UCDP's API, page by page, into a CSV file with the columns of GED.

An answer is ``{"TotalCount", "TotalPages", "PreviousPageUrl", "NextPageUrl", "Result": [row, …]}``
(ucdp.uu.se/apidocs). Of ``NextPageUrl`` only the page's number is used: it may name another scheme or host. After each
page the part is whole rows, and the state beside it says how many; a later run goes on with the next page.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from spillover.errors import RecordsError
from spillover.files import unwritable, write_atomic
from spillover.records.downloads import table
from spillover.records.http import Interrupted, NotThere, Patience, Web, persistently
from spillover.records.transfer import Progress

_AGAIN = "Run the same command again; if that does not help, download the file instead: run it without a token"
_LONGEST_CELL = 100_000  # characters; readers of CSV give up at 131 072
_JSON = {"Accept": "application/json", "Accept-Encoding": "gzip"}


@dataclass(slots=True)
class State:
    """How far a download is: pages and rows got, bytes of whole rows, and the page to ask for (``None``: the first)."""

    url: str
    total: int | None = None
    pages: int = 0
    rows: int = 0
    bytes: int = 0
    page: int | None = None
    done: bool = False
    columns: list[str] = field(default_factory=list)


class Rows:
    """The CSV file on its way, and how far it is."""

    def __init__(self, target: Path, url: str) -> None:
        self.path = target.with_name(target.name + ".api.part")
        self._state_path = target.with_name(target.name + ".api.part.json")
        self._url = url
        self.state = self._load()

    def _load(self) -> State:
        try:
            state = State(**json.loads(self._state_path.read_text("utf-8")))
            if state.url == self._url and self.path.stat().st_size >= state.bytes:
                return state
        except (OSError, ValueError, TypeError):
            pass
        return State(self._url)

    def add(self, rows: list[dict[str, Any]], state: State) -> None:
        """Write a page's rows after those that the present state counts, then make ``state`` the present one."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not self.state.bytes:
            writer.writerow(state.columns)
        writer.writerows([_cell(row.get(column)) for column in state.columns] for row in rows)
        data = text.getvalue().encode("utf-8", "replace")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("r+b" if self.state.bytes else "wb") as file:
                file.seek(self.state.bytes)
                file.truncate()
                file.write(data)
        except OSError as error:
            raise unwritable(self.path, error) from error
        state.bytes = self.state.bytes + len(data)
        write_atomic(self._state_path, json.dumps(asdict(state)).encode(), durable=False)
        self.state = state

    def drop(self) -> None:
        """Remove the rows and the state."""
        for path in (self._state_path, self.path):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        self.state = State(self._url)


def fetch_rows(web: Web, rows: Rows, *, limit: int, patience: Patience, progress: Progress | None) -> None:
    """Get all pages into ``rows``. ``limit``: bytes that the CSV file may have.

    :class:`Interrupted` where the connection broke too often (the pages got stay), NotThere where the API does not have
    the release, :class:`RecordsError` where an answer is not what it should be or rows are missing or twice there.
    """
    restarts = 0
    while not rows.state.done:
        page = persistently(lambda: _page(web, rows.state), patience, lambda: rows.state.bytes)
        if rows.state.total not in (None, page["TotalCount"]):
            # the release was revised between two pages: pages of both do not make one
            rows.drop()
            restarts += 1
            if restarts > 1:
                raise web.error("the data keep changing while they are read", _AGAIN)
            continue
        rows.add(page["Result"], _next(web, rows.state, page))
        state = rows.state
        if state.bytes > limit:
            rows.drop()
            raise web.error(f"the rows come to more than the limit of {limit / 1e6:.0f} MB; nothing is kept", _AGAIN)
        if progress is not None:
            progress(state.bytes, round(state.bytes / state.rows * (state.total or 0)) if state.rows else None)
    try:
        _check_ids(web, rows)
    except RecordsError:
        rows.drop()
        raise


def _page(web: Web, state: State) -> dict[str, Any]:
    """The next page, its shape checked."""
    most = table("api")["page_bytes"]
    data = bytearray()
    url = state.url if state.page is None else str(httpx.URL(state.url).copy_merge_params({"page": state.page}))
    with web.get(url, _JSON) as response:
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > most:
                raise web.error(f"a page of the API has more than {most / 1e6:.0f} MB", _AGAIN)
    try:
        # numbers stay as they are written: a coordinate keeps its last zeros
        page = json.loads(data, parse_float=str, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Interrupted(f"the API's answer is not JSON ({str(error)[:80] or type(error).__name__})") from error
    if not isinstance(page, dict) or not _is_count(page.get("TotalCount")) or not _are_rows(page.get("Result")):
        raise web.error("the API's answer is not a page of rows (TotalCount, Result)", _AGAIN)
    return page


def _next(web: Web, state: State, page: dict[str, Any]) -> State:
    """The state after ``page``."""
    rows, total = page["Result"], page["TotalCount"]
    if not total:
        raise NotThere("the API has no rows of it")
    columns = state.columns or _columns(rows)
    for n, row in enumerate(rows, state.rows + 1):
        if missing := [name for name in table("api")["required"] if row.get(name) is None]:
            raise web.error(f"row {n} of the API has no {missing[0]}", _AGAIN)
        if unknown := sorted(row.keys() - set(columns)):
            raise web.error(f"row {n} of the API has a column {unknown[0][:40]!r} that the first page lacks", _AGAIN)
        if any(isinstance(cell, dict | list) or len(str(cell)) > _LONGEST_CELL for cell in row.values()):
            raise web.error(f"row {n} of the API has a table, or a whole book, within a cell", _AGAIN)
    after = State(state.url, total, state.pages + 1, state.rows + len(rows), 0, None, False, columns)
    link = page.get("NextPageUrl")
    after.done = after.rows >= total or not link
    if after.rows != total and (after.done or not rows):
        raise web.error(f"the API gave {after.rows} rows, {total} were announced", _AGAIN)
    if not after.done:
        after.page = _number(link)
        # the first page may count as 0 or as 1
        if after.page is None or after.page not in ((1, 2) if state.page is None else (state.page + 1,)):
            raise web.error(f"after {after.pages} pages the API names no page that would follow", _AGAIN)
    return after


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    """The columns of GED in their order, then those that the rows have beyond them."""
    known: list[str] = table("api")["columns"]
    return [*known, *dict.fromkeys(name for row in rows for name in row if name not in known)]


def _check_ids(web: Web, rows: Rows) -> None:
    """No id stands twice in a release of GED: it would be a page got twice in place of another."""
    try:
        with rows.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            at = next(reader, ["id"]).index("id")
            ids = [row[at] for row in reader]
    except OSError as error:
        raise unwritable(rows.path, error) from error
    except (csv.Error, IndexError, ValueError) as error:
        raise web.error(f"the rows got from the API cannot be read again ({error})", _AGAIN) from error
    if len(ids) != rows.state.total or len(set(ids)) != len(ids):
        raise web.error(f"{len(set(ids))} events came in {len(ids)} rows, {rows.state.total} were announced", _AGAIN)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _number(link: Any) -> int | None:
    try:
        number = httpx.URL(link).params.get("page")
    except (httpx.InvalidURL, TypeError):
        return None
    return int(number) if isinstance(number, str) and number.isdecimal() and len(number) < 9 else None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
