"""HTTP for downloads: redirects that stay honest, a token that stays with its host, and trying again.

The proxies and certificates that the environment names (``HTTPS_PROXY``, ``SSL_CERT_FILE`` …) are used.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx

from spillover import __version__
from spillover.errors import RecordsError

T = TypeVar("T")

_MOST_REDIRECTS = 5
_LONGEST_WAIT = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)
# so many new bytes show that a connection is of use, and the count of failures begins again
_PROGRESS = 1 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to try again (once after each of ``delays``).

    ``silence``: without a single byte. A server that sends fewer than ``least`` bytes in ``window`` seconds counts as
    silent too.
    """

    connect: float = 20.0
    silence: float = 45.0
    window: float = 90.0
    least: int = 4096
    delays: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
    sleep: Callable[[float], None] = time.sleep


class Interrupted(Exception):
    """An exchange ended before its time; another try may succeed, not before ``wait`` seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Interrupted):
    """No connection to the server."""


class NotThere(Exception):
    """The server has no such file; the message says how it said so."""


@dataclass(frozen=True, slots=True)
class Token:
    """A secret sent as ``header`` to the origin of ``url`` and to no other."""

    url: str
    header: str
    value: str

    def headers_for(self, url: httpx.URL) -> dict[str, str]:
        """The header, where ``url`` is of the token's own origin."""
        return {self.header: self.value} if origin(url) == origin(httpx.URL(self.url)) else {}


class Web:
    """A client for a few requests; a context manager. ``where`` begins each error."""

    def __init__(self, where: str, patience: Patience, token: Token | None = None) -> None:
        self.where, self.patience, self._token = where, patience, token
        if token is not None:
            self._check_token(token)
        timeout = httpx.Timeout(patience.silence, connect=patience.connect)
        agent = {"User-Agent": f"spillover/{__version__}", "Accept": "*/*"}
        try:
            self._client = httpx.Client(timeout=timeout, headers=agent, follow_redirects=False)
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise self.error(
                f"the environment's settings for proxies or certificates cannot be used ({error})",
                "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR",
            ) from error

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def error(self, what: str, to_do: str) -> RecordsError:
        """The error to raise for what this client was asked for."""
        return RecordsError(what, where=self.where, to_do=to_do)

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The open answer (200, 206 or 416) at the end of at most five redirects, its body not yet read.

        :class:`Interrupted` where another try may help, :class:`NotThere` for 404 and 410, else :class:`RecordsError`.
        """
        try:
            response = self._follow(self._parsed(url), headers)
            try:
                self._check_status(response)
                yield response
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise Unreachable(f"no connection to {host(url)} ({error or type(error).__name__})") from error
        except httpx.TimeoutException as error:
            raise Interrupted(f"{host(url)} sent nothing for {self.patience.silence:g} seconds") from error
        except httpx.RequestError as error:
            raise Interrupted(f"the connection to {host(url)} broke ({error or type(error).__name__})") from error

    def _follow(self, url: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        for _ in range(_MOST_REDIRECTS + 1):
            own = self._token.headers_for(url) if self._token else {}
            request = self._client.build_request("GET", url, headers={**headers, **own})
            try:
                response = self._client.send(request, stream=True)
            except httpx.InvalidURL as error:
                # the client looks at where an answer redirects to, although it does not follow
                raise self._bad_redirect(url, "an address that is none") from error
            except (UnicodeError, OverflowError) as error:
                # names and ports that no resolver takes
                raise self.error(f"{shown(str(url))} is no address ({error})", "Give another with --url") from error
            if response.status_code not in _REDIRECTS:
                return response
            response.close()
            url = self._redirected(url, response.headers.get("location", ""))
        raise self.error(
            f"{host(str(url))} redirects more than {_MOST_REDIRECTS} times",
            "Open the address in a browser, and give the one where it ends with --url",
        )

    def _redirected(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            to = url.join(location)
        except httpx.InvalidURL as error:
            raise self._bad_redirect(url, "an address that is none") from error
        if not location or to.scheme not in ("http", "https") or not to.host:
            raise self._bad_redirect(url, f"{to.scheme}:" if location else "nowhere")
        if url.scheme == "https" and to.scheme == "http":
            raise self._bad_redirect(url, f"{shown(str(to))}, which is not encrypted while the first address was")
        return to

    def _bad_redirect(self, url: httpx.URL, to: str) -> RecordsError:
        return self.error(
            f"{url.host} redirects to {to}", "This is not followed; download the file in a browser and look at it"
        )

    def _check_status(self, response: httpx.Response) -> None:
        status, server = response.status_code, response.url.host
        if status in (200, 206, 416):
            return
        if status in (404, 410):
            raise NotThere(f"{server} answered {status}")
        if status in _TRY_AGAIN:
            wait = response.headers.get("retry-after", "")
            raise Interrupted(f"{server} answered {status}", min(float(wait), _LONGEST_WAIT) if wait.isdecimal() else 0)
        if status in (401, 403, 407):
            to_do = "Check the token" if self._token else "It may want a login; download the file in a browser"
            raise self.error(f"{server} refuses the request ({status})", to_do)
        raise self.error(f"{server} answered {status}", "Try later, or give another address with --url")

    def _parsed(self, url: str) -> httpx.URL:
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise self.error(f"{shown(url)} is no address ({error})", "Give one that begins with https://") from error
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise self.error(f"{shown(url)} is no address of the web", "Give one that begins with https://")
        return parsed

    def _check_token(self, token: Token) -> None:
        if not token.value.isascii() or not token.value.isprintable() or " " in token.value:
            raise self.error("the token has characters in it that no token has", "Copy it again, without blanks")
        url = self._parsed(token.url)
        if url.scheme != "https" and not _is_loopback(url.host):
            raise self.error(
                f"the token would go unencrypted to {url.host}", "Give an address that begins with https://"
            )


def persistently(attempt: Callable[[], T], patience: Patience, have: Callable[[], int]) -> T:
    """What ``attempt`` gives, tried again after each :class:`Interrupted`; the last one is raised.

    ``have`` is the number of bytes got so far: as long as it grows, so does patience. A server that cannot be reached
    at the very first try is given up at once: that is how being offline looks.
    """
    failures, first = 0, True
    best = have()
    while True:
        try:
            return attempt()
        except Interrupted as cut:
            if have() >= best + _PROGRESS:
                failures, best = 0, have()
            if failures >= len(patience.delays) or (first and isinstance(cut, Unreachable)):
                raise
            first = False
            patience.sleep(max(patience.delays[failures], cut.wait))
            failures += 1


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def shown(url: str) -> str:
    """An address as it may be shown and kept: without user name, password, query or fragment, any of them a secret."""
    try:
        parsed = httpx.URL(url)
        bare = parsed.copy_with(userinfo=b"", query=None, fragment=None)
    except (httpx.InvalidURL, TypeError):
        return "what was given"
    return str(bare)


def host(url: str) -> str:
    """The host of an address, for messages."""
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return "the server"


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
