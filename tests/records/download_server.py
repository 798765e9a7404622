"""A server on the loopback that can do what servers should not: cut, stall, lie, redirect, never end."""

from __future__ import annotations

import io
import itertools
import ssl
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from spillover.records.http import Patience

HEADER = b"id,type_of_violence,date_start,date_end,best,where_description\n"
GED = "/downloads/ged/ged251-csv.zip"
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CANDIDATE = "/downloads/candidateged/GEDEvent_v23_0_10.csv"


def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the environment; and certificates, which nothing here needs, are not read for each client."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, verify=_NO_CERTIFICATES))


def rows(n: int) -> bytes:
    """A CSV file of ``n`` events; every third has line breaks and quotes in a cell."""
    cells = ('"near the ""old"" bridge,\nsouth bank"', "town", "")
    lines = (f"{i},1,2023-10-{i % 28 + 1:02},2023-10-28,{i % 7},{cells[i % 3]}\n".encode() for i in range(n))
    return HEADER + b"".join(lines)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def quick(*delays: float, **more: float) -> tuple[Patience, list[float]]:
    """Patience that does not sleep, and the list of what it would have slept."""
    slept: list[float] = []
    return Patience(**{"connect": 2.0, "silence": 2.0, "delays": delays, "sleep": slept.append, **more}), slept


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class File:
    """A file behind an address, and what goes wrong with it: ``cuts`` are positions where answers end, one each."""

    body: bytes
    etag: str | None = '"one"'
    modified: str | None = "Wed, 01 Oct 2025 10:00:00 GMT"
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    kind: str = "application/octet-stream"
    announced: int | None = None
    content_range: str | None = None
    status_of_range: int = 206
    chunked: bool = False

    def __call__(self, handler: Handler) -> None:
        start, same = 0, handler.headers.get("If-Range") in (self.etag, self.modified)
        if self.ranges and same and (asked := handler.headers.get("Range")):
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        if start >= len(self.body) and start:
            handler.answer(416, {"Content-Range": f"bytes */{len(self.body)}"})
            return
        headers = {"Content-Type": self.kind, "ETag": self.etag, "Last-Modified": self.modified}
        if self.chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str((self.announced or len(self.body)) - start)
        if start:
            whole = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
            headers["Content-Range"] = self.content_range or whole
        handler.head(self.status_of_range if start else 200, headers)
        end = max(self.cuts.pop(0), start) if self.cuts else len(self.body)
        data = self.body[start:end]
        if data:  # an empty chunk would be the end
            handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n" if self.chunked else data)
        if self.chunked and end == len(self.body):
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True


def answers(status: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    """Always this answer."""
    return lambda handler: handler.answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, body)


def in_turn(*behaviours: Callable[[Handler], None]) -> Callable[[Handler], None]:
    """One behaviour a request; the last one stays."""
    turns = itertools.chain(behaviours, itertools.repeat(behaviours[-1]))
    return lambda handler: next(turns)(handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 5
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}))
        behaviour = self.server.routes.get(self.path.partition("?")[0], answers(404, b"not here"))
        behaviour(self)

    def head(self, status: int, headers: dict[str, str | None]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.head(status, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Started at once; a context manager. ``routes``: path to behaviour; ``requests``: all that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Callable[[Handler], None]] = {}
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()
        self._thread.join(5)

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no error here."""
