"""What can be downloaded, and from where: ``downloads.toml`` filled in for one release of one data set."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spillover.errors import RecordsError

_TABLES = ("unpacking", "api")  # the tables that are no data sets
_SAFE_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ANY_CSV = re.compile(r".*\.csv", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A release that can be downloaded. Sizes are in bytes; ``urls`` are tried in order; ``api_url`` may be missing."""

    dataset: str
    release: str
    title: str
    urls: tuple[str, ...]
    api_url: str | None
    member: re.Pattern[str]
    bytes: int
    unpacked_bytes: int
    known: tuple[str, ...]

    @property
    def name(self) -> str:
        """Data set and release, for messages."""
        return f"{self.dataset} {self.release}"

    @property
    def file_name(self) -> str:
        """The name of the CSV file that a download ends in."""
        return f"{self.dataset}-{self.release}.csv"


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("downloads.toml").read_text("utf-8"))


def datasets() -> dict[str, str]:
    """The titles of all data sets that can be downloaded, by id."""
    return {id: table["title"] for id, table in _tables().items() if id not in _TABLES}


def table(name: str) -> dict[str, Any]:
    """The settings ``api`` or ``unpacking``."""
    settings: dict[str, Any] = _tables()[name]
    return settings


def find(dataset: str, release: str, *, url: str | None = None, base: str | None = None) -> Source:
    """Where ``release`` of ``dataset`` is. ``url`` is asked instead; ``base`` is in place of scheme and host.

    :class:`RecordsError` where there is no such data set, or where no release of it can have that name.
    """
    if dataset not in datasets():
        raise RecordsError(
            f"there is no download for {dataset!r}",
            to_do=f"Known are {', '.join(datasets())}; other files go in with: spillover events add FILE",
        )
    data = _tables()[dataset]
    layout, parts = _layout(data["layouts"], release)
    if not (layout if url is None else _SAFE_RELEASE.fullmatch(release)):
        raise RecordsError(
            f"{release!r} is no release of {dataset}",
            to_do=f"A release is written like {data['example']}; known are {', '.join(data['known'])}",
        )
    if url is not None:
        base, urls, member = None, [url], _ANY_CSV  # what lies at an address of the user's own may be named in any way
    else:
        urls = [u.format(**parts) for u in layout["urls"]]
        member = re.compile(layout["member"].format(**parts), re.IGNORECASE)
    api = _tables()["api"]["url"].format(release=release) if data["api"] and url is None else None
    return Source(
        dataset=dataset,
        release=release,
        title=data["title"],
        urls=tuple(_rebased(u, base) for u in urls),
        api_url=api and _rebased(api, base),
        member=member,
        bytes=data["bytes"],
        unpacked_bytes=data["unpacked_bytes"],
        known=tuple(data["known"]),
    )


def _layout(layouts: list[dict[str, Any]], release: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The layout that the release is of, and the parts of its name; empty where it is of none."""
    for layout in layouts:
        if found := re.fullmatch(layout["release"], release, re.ASCII):
            return layout, {"release": release, **found.groupdict()}
    return {}, {}


def _rebased(url: str, base: str | None) -> str:
    if base is None:
        return url
    rest = url.split("://", 1)[1]
    return base.rstrip("/") + "/" + rest.partition("/")[2]
