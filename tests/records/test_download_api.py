"""UCDP's API: pages into one table, where it goes on, and where the token goes."""

from __future__ import annotations

import csv
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from download_server import Server, answers, in_turn, only_loopback, quick

from spillover.errors import RecordsError
from spillover.records.download import fetch
from spillover.records.downloads import table

PATH = "/api/gedevents/25.1"
TOKEN = "sesame-0451"


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    only_loopback(monkeypatch)


@pytest.fixture
def server():
    with Server() as server:
        yield server


def event(i, **more):
    return {
        "id": i, "relid": f"AFG-{i}", "year": 2023, "active_year": True, "type_of_violence": 1, "latitude": 34.50,
        "where_description": 'near the "old" bridge,\nKunar' if i % 2 else None, "side_a": "Kunaṟ", "best": i % 3,
        "date_start": "2023-10-02T00:00:00", "date_end": "2023-10-02T00:00:00", **more,
    }  # fmt: skip


class Api:
    """The API's pages. ``first``: the number of the first page; ``broken``: behaviours by page, used up in turn."""

    def __init__(self, n, size=4, first=0, total=None, link_base="http://elsewhere.invalid", **more):
        self.events = [event(i, **more) for i in range(n)]
        self.size, self.first, self.total, self.link_base = size, first, n if total is None else total, link_base
        self.broken = {}

    def __call__(self, handler):
        query = parse_qs(urlsplit(handler.path).query)
        assert query["pagesize"] == ["1000"]
        page = int(query.get("page", [self.first])[0])
        if self.broken.get(page):
            self.broken[page].pop(0)(handler)
            return
        at = (page - self.first) * self.size
        more = at + self.size < len(self.events)
        body = {
            "TotalCount": self.total, "TotalPages": -(-len(self.events) // self.size), "PreviousPageUrl": "",
            "NextPageUrl": f"{self.link_base}{PATH}?pagesize=1000&page={page + 1}" if more else "",
            "Result": self.events[at : at + self.size],
        }  # fmt: skip
        handler.answer(200, {"Content-Type": "application/json"}, json.dumps(body).encode())


def get(server, folder, *delays, **more):
    return fetch(
        "ucdp-ged", "25.1", folder, **{"base": server.base, "token": TOKEN, "patience": quick(*delays)[0], **more}
    )


def refused(words, server, folder, *delays, **more):
    with pytest.raises(RecordsError) as caught:
        get(server, folder, *delays, **more)
    for word in words:
        assert word in str(caught.value)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


def ids(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("n", [1, 4, 9])
def test_pages_become_one_table(first, n, server, tmp_path):
    server.routes[PATH] = Api(n, first=first, link_base=server.base)
    seen = []
    made = get(server, tmp_path, progress=lambda done, total: seen.append((done, total)))
    with made.path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == table("api")["columns"]
    assert ids(made.path) == [str(i) for i in range(n)]
    first_row = dict(zip(header, rows[0], strict=True))
    assert (first_row["active_year"], first_row["latitude"], first_row["side_a"]) == ("true", "34.5", "Kunaṟ")
    assert (first_row["where_description"], first_row["gwnoa"]) == ("", "")
    assert seen[-1] == (made.size, made.size)
    assert made.size == made.path.stat().st_size
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ucdp-ged-25.1.csv", "ucdp-ged-25.1.csv.download.json"]
    assert {r.headers["x-ucdp-access-token"] for r in server.requests} == {TOKEN}
    assert TOKEN not in "".join(p.read_text() for p in tmp_path.iterdir())
    assert get(server, tmp_path).already


def test_numbers_stay_as_they_are_written(server, tmp_path):
    body = json.dumps({"TotalCount": 1, "NextPageUrl": None, "Result": [event(1)]}).replace("34.5", "34.500000")
    server.routes[PATH] = answers(200, body.encode())
    assert ",34.500000," in get(server, tmp_path).path.read_text()


def test_columns_beyond_those_of_ged_come_last(server, tmp_path):
    server.routes[PATH] = Api(5, iso3="AFG", libyear=2)
    header = get(server, tmp_path).path.read_text().splitlines()[0].split(",")
    assert header == [*table("api")["columns"], "iso3", "libyear"]


def test_without_a_token_the_api_is_not_asked(server, tmp_path):
    server.routes[PATH] = Api(3)
    refused(["404", "ged251-csv.zip"], server, tmp_path, token=None)


def test_a_data_set_that_the_api_does_not_have_is_asked_for_without_the_token(server, tmp_path):
    with pytest.raises(RecordsError, match="404"):
        fetch("ucdp-actor", "25.1", tmp_path, base=server.base, token=TOKEN)
    assert not any("x-ucdp-access-token" in r.headers for r in server.requests)


def test_it_goes_on_with_the_page_where_it_was(server, tmp_path):
    server.routes[PATH] = api = Api(12)
    api.broken = {2: [answers(500), answers(500)]}
    refused(["answered 500", "are kept", "goes on from there"], server, tmp_path, 0)
    with (tmp_path / "ucdp-ged-25.1.csv.api.part").open("ab") as file:
        file.write(b"half a row of a page that was not fin")
    before = len(server.requests)
    made = get(server, tmp_path)
    assert made.resumed
    assert ids(made.path) == [str(i) for i in range(12)]
    assert [r.path.partition("page=")[2] for r in server.requests[before:]] == ["2"] or len(
        server.requests
    ) == before + 1


@pytest.mark.parametrize("harm", ["no rows", "no state", "bad state", "short rows"])
def test_rows_of_unknown_origin_are_not_continued(harm, server, tmp_path):
    server.routes[PATH] = api = Api(12)
    api.broken = {2: [answers(500)]}
    refused(["are kept"], server, tmp_path)
    rows, state = (tmp_path / f"ucdp-ged-25.1.csv.api.part{end}" for end in ("", ".json"))
    if harm == "no rows":
        rows.unlink()
    elif harm == "no state":
        state.unlink()
    elif harm == "bad state":
        state.write_text("{")
    else:
        rows.write_bytes(rows.read_bytes()[:-1])
    made = get(server, tmp_path)
    assert not made.resumed
    assert ids(made.path) == [str(i) for i in range(12)]


def test_a_release_revised_meanwhile_is_read_anew(server, tmp_path):
    server.routes[PATH] = api = Api(12)
    api.broken = {2: [answers(500)]}
    refused(["are kept"], server, tmp_path)
    server.routes[PATH] = Api(13)
    assert ids(get(server, tmp_path).path) == [str(i) for i in range(13)]


def test_a_release_that_keeps_changing(server, tmp_path):
    apis = [Api(n) for n in range(8, 30)]
    server.routes[PATH] = in_turn(*apis)
    refused(["keep changing"], server, tmp_path)


@pytest.mark.parametrize("total", [7, 10, 1000])
def test_the_number_of_rows_must_be_the_one_announced(total, server, tmp_path):
    server.routes[PATH] = Api(9, total=total)
    refused(["rows", f"{total} were announced"], server, tmp_path)
    assert not (tmp_path / "ucdp-ged-25.1.csv").exists()


def test_a_page_got_twice(server, tmp_path):
    server.routes[PATH] = api = Api(8)
    api.events[4:] = api.events[:4]
    refused(["4 events came in 8 rows"], server, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_release_that_the_api_does_not_have(server, tmp_path):
    refused(["no such file", "404", "25.1"], server, tmp_path)
    server.routes[PATH] = Api(0)
    refused(["no such file", "no rows"], server, tmp_path)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted(status, server, tmp_path):
    server.routes[PATH] = answers(status)
    refused(["refuses", "Check the token"], server, tmp_path)


def page(result, total=1, link=""):
    return json.dumps({"TotalCount": total, "NextPageUrl": link, "Result": result}).encode()


@pytest.mark.parametrize(("body", "words"), [
    (b"<html>", ["not JSON"]),
    (b'{"TotalCount": 1, "NextPageUrl": "", "Result": [', ["not JSON"]),
    (b"\xff\xfe\xfd", ["not JSON"]),
    (b"[" * 200_000, ["not JSON"]),
    (b"9" * 5000, ["not JSON"]),
    (b"NaN", ["not JSON"]),
    (b"[]", ["not a page of rows"]),
    (b"{}", ["not a page of rows"]),
    (b'{"TotalCount": "1", "Result": []}', ["not a page of rows"]),
    (b'{"TotalCount": true, "Result": []}', ["not a page of rows"]),
    (page([1]), ["not a page of rows"]),
    (page([{"id": 1}]), ["row 1", "no type_of_violence"]),
    (page([event(1, id=None)]), ["row 1", "no id"]),
    (page([event(1, side_b=["x"])]), ["row 1", "cell"]),
    (page([event(1, side_b="x" * 200_000)]), ["row 1", "cell"]),
    (page([], total=5, link="/x?page=1"), ["0 rows", "5 were announced"]),
    (page([event(1)], total=2, link="/x?page=7"), ["no page that would follow"]),
    (page([event(1)], total=2, link="/x?page=-1"), ["no page that would follow"]),
    (page([event(1)], total=2, link="/x"), ["no page that would follow"]),
    (page([event(1)], total=2, link=5), ["no page that would follow"]),
    (page([event(1)], total=9, link="/x?page=1"), ["no page that would follow"]),
])  # fmt: skip
def test_answers_that_are_no_pages(body, words, server, tmp_path):
    server.routes[PATH] = answers(200, body)
    refused(words, server, tmp_path)
    assert not (tmp_path / "ucdp-ged-25.1.csv").exists()


def test_rows_that_change_their_shape(server, tmp_path):
    server.routes[PATH] = api = Api(8)
    api.events[6]["surprise"] = 1
    refused(["row 7", "'surprise'"], server, tmp_path)


def test_a_page_that_never_ends(server, tmp_path, monkeypatch):
    monkeypatch.setitem(table("api"), "page_bytes", 500_000)

    def endless(handler):
        handler.head(200, {"Transfer-Encoding": "chunked"})
        while not handler.server.ended.is_set():
            handler.wfile.write(b"10000\r\n" + b" " * 65536 + b"\r\n")

    server.routes[PATH] = endless
    refused(["a page of the API has more than"], server, tmp_path)


def test_more_rows_than_the_limit(server, tmp_path):
    server.routes[PATH] = Api(40)
    refused(["more than the limit"], server, tmp_path, limit=2000)
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------------------------------------------ the token


def test_the_token_stays_with_its_host(server, tmp_path):
    with Server() as other:
        server.routes[PATH] = answers(302, Location=f"{other.base}/moved")
        other.routes["/moved"] = answers(302, Location=f"{server.base}/back?pagesize=1000")
        server.routes["/back"] = Api(2)
        get(server, tmp_path)
        assert [r.headers.get("x-ucdp-access-token") for r in server.requests] == [TOKEN, TOKEN]
        assert [r.headers.get("x-ucdp-access-token") for r in other.requests] == [None]


def test_the_next_page_is_asked_of_the_same_host_whatever_the_answer_says(server, tmp_path):
    with Server() as other:
        server.routes[PATH] = Api(9, link_base=other.base)
        assert len(ids(get(server, tmp_path).path)) == 9
        assert not other.requests


@pytest.mark.parametrize("token", ["a b", "a\nX-Evil: 1", "ключ", "\x7f"])
def test_a_token_that_is_none(token, server, tmp_path):
    with pytest.raises(RecordsError, match="the token has characters") as caught:
        get(server, tmp_path, token=token)
    assert token not in str(caught.value)
    assert not server.requests


def test_the_token_does_not_go_over_the_net_unencrypted(server, tmp_path):
    refused(["unencrypted to mirror.example"], server, tmp_path, base="http://mirror.example")
